"""Pages in a real browser: opened from a file or a server, heard out, and looked at for what shuts readers out."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.projects import REPOSITORY

TOOLS = REPOSITORY / ".ci/node/node_modules"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
_PATIENCE = 90_000
"""Milliseconds to wait for something in a page: how long that takes is the machine's business."""
_PAUSE = 25
"""Milliseconds between two looks."""


def need(there: bool, what: str) -> None:
    """Skips, saying why; in CI nothing may skip."""
    if not there:
        if os.environ.get("PERFGEN_TESTS_REQUIRE") == "all":
            pytest.fail(f"{what} is required here")
        pytest.skip(f"没有 {what}；.ci/run 会装")


@contextmanager
def launched(*flags: str) -> Iterator[Any]:
    """A browser, until the end of the block; `flags` are given to it beside those that all get."""
    program = shutil.which("chromium")
    need(program is not None and TOOLS.is_dir(), "Chromium 和 axe-core")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
        yield browser
        browser.close()


def opened(browser: Any, address: Path | str, **options: Any) -> Any:
    """A page, with everything it asked for and everything it said."""
    page = browser.new_page(**options)
    page.set_default_timeout(_PATIENCE)
    page.said = []
    page.asked = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address if isinstance(address, str) else address.as_uri())
    return page


def until(page: Any, test: str) -> None:
    """Waits until a test of the page is true; the policy of the window's pages keeps playwright's own wait out."""
    for _ in range(_PATIENCE // _PAUSE):
        if page.evaluate(f"!!({test})"):
            return
        page.wait_for_timeout(_PAUSE)
    raise AssertionError(test)


def violations(browser: Any, address: Path | str, **options: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds in a page, everything folded away opened: each rule with the first elements that break it."""
    # the policy lets no script in but the site's own; the checker comes from outside
    page = browser.new_page(bypass_csp=True, **options)
    page.goto(address if isinstance(address, str) else address.as_uri())
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.add_script_tag(content=(TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    page.close()
    assert len(result["passes"]) > 15
    return [(found["id"], [node["html"][:120] for node in found["nodes"][:3]]) for found in result["violations"]]


def nu_checker(*files: Path) -> tuple[int, str]:
    """The exit code of the Nu HTML checker, and the errors that it finds in some pages."""
    jar = TOOLS / "vnu-jar/build/dist/vnu.jar"
    need(jar.exists() and shutil.which("java") is not None, "Nu HTML 检查器和 Java")
    command = ["java", "-jar", str(jar), "--errors-only", "--format", "gnu", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True)
    return said.returncode, said.stderr


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder on a server of this machine, below a path of its own; the address ends with a slash."""
    handler = functools.partial(_Quiet, directory=str(folder.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing of each request."""
