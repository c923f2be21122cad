"""docs/security.md tells the truth: each promise is held by tests that are there; SECURITY.md names nobody."""

from __future__ import annotations

import ast
import re

import pytest

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs/security.md").read_text("utf-8")
REPORT = (REPOSITORY / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def promises(page: str) -> list[list[str]]:
    """The rows of the tables of promises, as cells."""
    section = page.partition("\n## 保证什么\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows if not row[0].strip().startswith("保证")]


def test_every_promise_names_a_test():
    rows = promises(PAGE)
    assert len(rows) > 20
    for row in rows:
        assert len(row) == 2 and re.fullmatch(r"(`tests/[\w/]+\.py::test_\w+`、?)+", row[1]), row


def names_in(file: str) -> set[str]:
    tree = ast.parse((REPOSITORY / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_the_named_tests_are_there(file):
    assert {name for in_file, name in NAMED if in_file == file} - names_in(file) == set()


def test_a_test_that_went_would_be_noticed():
    assert "test_a_bomb_is_not_packed" not in names_in("tests/test_import_hostile.py")
    assert promises("\n## 保证什么\n| 保证 | 测试 |\n|---|---|\n| 什么 | 没有 |\n") == [["什么", "没有"]]


def test_every_test_is_named_as_a_test():
    """One that is written another way would not be looked for."""
    assert len(re.findall(r"::", PAGE)) == len(re.findall(r"`tests/[\w/]+\.py::\w+`", PAGE))


def test_how_to_report_is_said_and_nobody_is_named():
    assert "docs/security.md" in REPORT and "SECURITY.md" in PAGE
    assert "Report a vulnerability" in REPORT and "confidential" in REPORT
    assert not re.search(r"\d{7,}|[\w.]+@[\w.]+", REPORT)


@pytest.mark.parametrize("page", ["README.md", "README.en.md", "CONTRIBUTING.md"])
def test_it_is_found(page):
    assert "docs/security.md" in (REPOSITORY / page).read_text("utf-8")
