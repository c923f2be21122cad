"""A bureau's repository with a change in it, and a forge that answers what scripts ask of one."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.versions import CASES


def repository(root: Path) -> Path:
    """A bureau's repository with a changed target on a branch, and the tools already installed."""
    for name in ("schema", "templates", "scripts"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, root / name)
    (root / "requirements").mkdir()
    (root / "requirements/run.txt").write_text("")
    (root / ".gitignore").write_text("/.venv/\n/build/\n")
    (root / "data/2025").mkdir(parents=True)
    (root / versions.FILE).write_bytes(CASES.joinpath("weaker-and-stricter/old.yaml").read_bytes())
    versions.git(root, "init", "-q", "-b", "main")
    versions.commit(root)
    (root / versions.FILE).write_bytes(CASES.joinpath("weaker-and-stricter/new.yaml").read_bytes())
    versions.git(root, "switch", "-qc", "支")
    versions.commit(root)
    (root / ".venv/bin").mkdir(parents=True)
    program = root / ".venv/bin/perfgen"
    program.write_text(
        f'#!/bin/sh\nPYTHONSAFEPATH=1 PYTHONPATH="{REPOSITORY}" exec "{sys.executable}" -m perfgen "$@"\n'
    )
    program.chmod(0o755)
    (root / ".venv/run.ok").touch()
    return root


def make(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=120,
        env={**os.environ, **environment},
    )  # fmt: skip


class Forge(http.server.BaseHTTPRequestHandler):
    """A forge with one request; remembers what it was asked."""

    comments: list[dict[str, Any]]
    asked: list[tuple[str, str, Any]]
    requests: list[dict[str, Any]]
    address: str

    def _answer(self, content: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def do_GET(self) -> None:
        self.asked.append(("GET", self.path, None))
        if "/pulls?" in self.path:
            assert "head=%E9%99%8C%E7%94%9F%3A%E6%94%AF%2F%26x" in self.path
            self._answer(self.requests)
        elif "/7/" in self.path:
            page = int(self.path.rpartition("page=")[2])
            self._answer(self.comments[100 * (page - 1) : 100 * page])
        else:
            self.send_error(404)

    def _write(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.command, self.path, body["body"]))
        assert "secret" in (self.headers.get("Authorization", "") + self.headers.get("PRIVATE-TOKEN", ""))
        self._answer({})

    do_POST = do_PATCH = do_PUT = _write

    def log_message(self, *_: Any) -> None:
        pass


REQUESTS = [{"number": 7, "head": {"sha": "abc"}}, {"number": 8, "head": {"sha": "old"}}]


@contextlib.contextmanager
def running() -> Iterator[type[Forge]]:
    """A forge on this machine; what it is asked stands in `asked`."""
    kind = type("OneForge", (Forge,), {"comments": [], "asked": [], "requests": REQUESTS})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kind.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield kind
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
