"""What `init` lays into a bureau's repository can be followed there: links lead to files, and commands can be typed."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from posixpath import normpath

import pytest

from perfgen import cli
from perfgen.project import shipped
from perfgen.repository import contents
from tests.conftest import REPOSITORY

MANUALS = ("docs/manual.md", "docs/maintenance.md")
DEVELOPMENT = re.compile(r"(?:tests|benchmarks|perfgen|scripts|\.ci|\.github)/[\w./-]+")
"""The paths of perfgen's own repository; in a bureau's repository only those that are laid may be named."""
LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def laid() -> dict[str, bytes]:
    """What `init` lays into a repository, by path, without the wheel of the program."""
    return contents.total([contents.program_part(), contents.all_forms(), contents.first_data()])


@cache
def pages() -> dict[str, str]:
    """The pages of it that people read."""
    return {path: content.decode() for path, content in laid().items() if path.endswith(".md")}


@cache
def makefile() -> str:
    """The bureau's Makefile."""
    return laid()["Makefile"].decode()


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as the forges make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(path: str, text: str) -> list[str]:
    """The links of a page that lead to no file that is laid, or to no heading of it."""
    dead = []
    for link in LINK.findall(text):
        file, _, anchor = link.partition("#")
        if file.startswith(("http://", "https://")):
            continue
        target = normpath(f"{path}/../{file}") if file else path
        if target not in laid() or (anchor and anchor not in anchors(pages()[target])):
            dead.append(link)
    return dead


def commands(text: str) -> Iterator[str]:
    """The commands that a page shows: lines of code, and code within a line."""
    for line in text.splitlines():
        shown = [line.strip()] if re.match(r" {4,}\S", line) else re.findall(r"`([^`]+)`", line)
        for command in shown:
            for part in re.split(r"\s&&\s", re.sub(r"\s{2,}#.*|\s# .*", "", command)):
                if re.match(r"(make|git|perfgen|\.venv/bin/perfgen|uvx|\.venv\\Scripts\\perfgen) \S", part):
                    yield part.strip()


def recipe(target: str) -> str:
    """The recipe of a target of the bureau's Makefile; empty where there is none."""
    found = re.search(
        rf"^(?:[a-z ]+ )?{target}(?: [a-z ]+)?:(?!=)[^\n]*\n((?:\t[^\n]*\n|#[^\n]*\n)+)", makefile(), re.M
    )
    return found[1] if found else ""


def fault_of_make(words: list[str]) -> str:
    """Why make would refuse the words; empty where it takes them."""
    targets = [word for word in words if "=" not in word]
    for target in targets:
        if not recipe(target) or f"\n{target}:" not in makefile().replace("docx pdf html:", "docx:\npdf:\nhtml:"):
            return f"no target {target}"
    for name in (word.partition("=")[0] for word in words if "=" in word):
        if not any(f",{name}" in recipe(target) or f"$({name})" in recipe(target) for target in targets):
            return f"{name} does nothing there"
    return ""


def fault_of_perfgen(words: list[str]) -> str:
    """Why the program's parser would refuse the words; empty where it takes them."""
    words = [word for word in words if word != "…"]
    if words and words[-1] in ("check", "build"):
        return ""
    try:
        cli._parser(words).parse_args(words)
    except cli.UsageError as error:
        return str(error)
    return ""


def fault(command: str) -> str:
    """Why a command of a page could not be typed; empty where it could."""
    program, *words = shlex.split(command.replace("\\", "/").partition(" > ")[0])
    if program == "make":
        return fault_of_make(words)
    if program == "git":
        known = subprocess.run(["git", "--list-cmds=main"], capture_output=True, text=True, check=True).stdout.split()
        words = words[2:] if words[0] == "-C" else words
        return "" if words[0] in known else f"git has no {words[0]}"
    return fault_of_perfgen(words[words.index("perfgen") + 1 :] if program == "uvx" else words)


def test_every_page_that_is_laid_leads_to_what_is_laid():
    assert len(pages()) > 8
    assert {path: dead for path, text in pages().items() if (dead := dead_links(path, text))} == {}


def test_a_new_repository_has_the_rule_book_of_every_form():
    laid = contents.program_part()
    listed = laid["docs/rules.md"].decode()
    for name in contents.form_names():
        assert f"(rules/{name}.md)" in listed
        assert laid[f"docs/rules/{name}.md"].decode().rstrip().endswith("|")


def test_a_dead_link_would_be_seen():
    assert dead_links("docs/x.md", "[a](pdf.md) [b](../README.md) [c](import.md#没有)") == ["pdf.md", "import.md#没有"]


def test_no_page_that_is_laid_speaks_of_perfgens_own_files():
    named = {(path, name) for path, text in pages().items() for name in DEVELOPMENT.findall(text)}
    assert {(path, name) for path, name in named if not any(there.startswith(name) for there in laid())} == set()
    assert ("docs/install.md", "scripts/setup.sh") in named


@pytest.mark.parametrize("path", MANUALS)
def test_every_command_of_the_manual_can_be_typed(path):
    shown = list(commands(pages()[path]))
    assert len(shown) > 15
    assert {command: why for command in shown if (why := fault(command))} == {}


@pytest.mark.parametrize(
    "command",
    ["make cheek", "make check UNIT=x", "make new NAME=x", "perfgen nosuch x", "perfgen status 26", "git chekout x",
     "perfgen import --raport x", "make 2026"],
)  # fmt: skip
def test_a_wrong_command_would_be_seen(command):
    assert fault(next(commands(f"    {command}")))


def test_what_the_manual_says_is_said_is_said():
    section = pages()["docs/manual.md"].partition("## 说了一句话")[2]
    quoted = re.findall(r"^\| [^|]*?“(.+?)”", section, re.MULTILINE)
    code = "".join(path.read_text("utf-8") for path in (REPOSITORY / "perfgen").rglob("*.py"))
    code += laid()["scripts/setup.sh"].decode()
    assert len(quoted) > 5 and [text for text in quoted if text not in code] == []


def test_the_name_that_is_to_be_filled_in_is_not_published(capsys, tiny_project):
    """A new repository works at once; with dates, its pages would have the placeholder as their title."""
    site = tiny_project / "data/site.yaml"
    site.write_bytes(laid()["data/site.yaml"])
    assert cli.main(["-C", str(tiny_project), "check"]) == 0
    dates = "公开: {2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}}\n"
    site.write_text(site.read_text("utf-8") + dates, "utf-8")
    capsys.readouterr()
    assert cli.main(["-C", str(tiny_project), "check"]) == 1
    assert "请填写网站名称" in capsys.readouterr().out
    site.write_text(site.read_text("utf-8").replace("请填写网站名称", "果园"), "utf-8")
    assert cli.main(["-C", str(tiny_project), "check"]) == 0


def test_the_manual_is_short_and_is_found():
    for path in MANUALS:
        assert len(pages()[path].splitlines()) <= 150, path
        assert f"]({path})" in pages()["README.md"]
        assert path in (REPOSITORY / "README.md").read_text("utf-8"), path
    assert {path for path in pages() if path.startswith("docs/")} <= set(shipped.paths("docs"))
