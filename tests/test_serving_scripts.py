"""The scripts of the window: what their types say holds, and nothing is fetched or built for them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.helpers.browsing import TOOLS, need
from tests.helpers.projects import REPOSITORY

STATIC = REPOSITORY / "perfgen/serving/static"
PAGES = REPOSITORY / "perfgen/serving/pages"
OPTIONS = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--noUnusedLocals", "--noUnusedParameters",
           "--target", "es2022", "--module", "es2022",
           "--moduleResolution", "bundler", "--lib", "es2023,dom,dom.iterable"]  # fmt: skip


def checked(*scripts: Path) -> tuple[int, str]:
    """What TypeScript says of some scripts."""
    program = TOOLS / "typescript/bin/tsc"
    need(program.is_file(), "TypeScript")
    command = ["node", str(program), *OPTIONS, *map(str, scripts)]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return said.returncode, said.stdout


@pytest.mark.node
def test_the_types_of_all_scripts_hold():
    scripts = sorted(STATIC.glob("*.js"))
    assert len(scripts) > 8
    assert checked(*scripts) == (0, "")


def test_the_page_on_testing_says_how_long_they_are():
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in STATIC.glob("*.js"))
    text = (REPOSITORY / "docs/testing.md").read_text("utf-8")
    said = int(re.search(r"they are ([\d,]+) lines", text)[1].replace(",", ""))
    assert abs(lines - said) <= 0.1 * lines, f"docs/testing.md: {lines:,} lines"


@pytest.mark.node
def test_a_wrong_type_would_be_found(tmp_path):
    wrong = tmp_path / "wrong.js"
    wrong.write_text("/** @param {number} one */\nexport const half = (one) => one / 2;\nhalf('1');\n", "utf-8")
    code, said = checked(wrong)
    assert code
    assert "TS2345" in said


@pytest.mark.parametrize("file", sorted([*STATIC.rglob("*"), *PAGES.rglob("*")]), ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere_and_nothing_is_run_that_is_text(file):
    if file.suffix not in (".js", ".css", ".html"):
        return
    text = file.read_text("utf-8")
    assert not re.search(r"(?<!xmlns=\")https?://(?!www\.w3\.org/)|@import|url\((?!data:|#)", text), file.name
    assert not re.search(r"\beval\(|new Function|document\.write|insertAdjacentHTML|outerHTML\s*=", text)
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=\"", text)


def test_pages_escape_what_they_show():
    for page in PAGES.glob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", page.read_text("utf-8")), page.name
