"""A repository with several forms: each command knows which one is meant, and each form has its own book of rules."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import rule_book
from perfgen.repository import contents
from tests.conftest import REPOSITORY
from tests.helpers import more_forms, tiny
from tests.helpers.projects import snapshot

SHIPPED = contents.form_names()
SAMPLE, ORCHARD = "data/2025/示例市档案馆.yaml", "data/2025/东园.yaml"


@pytest.fixture
def several(tmp_path) -> Path:
    """The shipped forms and two made-up ones, of which one has no rules."""
    root = tmp_path / "几张表"
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    (root / "data/2025").mkdir(parents=True)
    shutil.copy(REPOSITORY / SAMPLE, root / SAMPLE)
    tiny.write_unit(more_forms.add(root), "东园")
    return root


def said(capsys, root: Path, *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert cli.main(["-C", str(root), *arguments]) == code
    output = capsys.readouterr()
    return output.err if code else output.out


def test_a_rule_is_explained_as_the_form_of_the_file_has_it(several, capsys):
    """Two forms have a rule of one id."""
    assert "果园登记办法" in said(capsys, several, "explain", "A02", ORCHARD)
    assert "果园登记办法" not in said(capsys, several, "explain", "A02", SAMPLE)
    both = said(capsys, several, "explain", "A02", SAMPLE, ORCHARD)
    assert both.count("A02 ") == 2 and "果园登记办法" in both and both.index(SAMPLE) < both.index(ORCHARD)
    assert "--form" in said(capsys, several, "explain", "A02", code=2)
    assert "果园登记办法" in said(capsys, several, "explain", "A02", "--form", "fruit")


def test_a_rule_that_one_form_has_needs_no_form(several, capsys):
    assert said(capsys, several, "explain", "A08").startswith("A08 ")
    wrong = said(capsys, several, "explain", "A08", ORCHARD, code=2)
    assert ORCHARD in wrong and "department-target" in wrong
    assert said(capsys, several, "explain", "schema-type").startswith("schema-type ")
    assert said(capsys, several, "explain", "schema-type", ORCHARD).startswith("schema-type ")
    assert "没有 Z99 这条规则" in said(capsys, several, "explain", "Z99", code=2)


def test_a_rule_that_several_forms_include_is_explained_once(several, capsys):
    """The others are named; a form in which the rule is its own one is another matter."""
    shared = "审核:\n  Q1: {名称: 写了, 级别: 警告, 公式: 年 > 2000, 说法: 甲, 改法: 乙, 依据: 丙}\n"
    (several / "schema/both.rules.yaml").write_text(shared, "utf-8")
    for name in more_forms.NAMES:
        path = several / f"schema/{name}.rules.yaml"
        own = path.read_text("utf-8") if path.exists() else ""
        path.write_text(f"包括: [both.rules.yaml]\n{own}", "utf-8")
    told = said(capsys, several, "explain", "Q1")
    assert told.startswith("几张表合用：fruit、grain。") and told.count("Q1 ") == 1
    assert said(capsys, several, "explain", "Q1", "--form", "grain").startswith("Q1 ")
    assert "没有 q1 这条规则。是不是“Q1”？" in said(capsys, several, "explain", "q1", code=2)


def test_all_rules_are_listed_below_their_forms(several, capsys):
    lines = said(capsys, several, "explain").splitlines()
    heads = [line for line in lines if "  " in line and line.split()[0] in ("department-target", *more_forms.NAMES)]
    assert [head.split()[0] for head in heads] == ["department-target", "fruit", "grain"]
    assert lines.count("A02   错误  写了果园") == 1


def test_each_form_has_its_book(several, capsys):
    (several / "docs").mkdir()
    told = said(capsys, several, "explain", "--book", "--write").split()
    assert sorted(told) == sorted(["docs/rules.md", *(f"docs/rules/{name}.md" for name in (*SHIPPED, "fruit"))])
    page = (several / "docs/rules.md").read_text("utf-8")
    assert "[fruit登记表](rules/fruit.md)" in page and "grain" not in page
    assert (several / "docs/rules/fruit.md").read_text("utf-8").startswith("# fruit登记表：规则说明")
    assert not (several / "docs/rules/grain.md").exists()


def test_a_broken_form_keeps_its_book(several, capsys):
    said(capsys, several, "explain", "--book", "--write")
    before = (several / "docs/rules/fruit.md").read_bytes()
    (several / "schema/fruit.rules.yaml").write_text("审核: [", "utf-8")
    (several / "docs/rules/department-target.md").write_text("旧的", "utf-8")
    assert "schema/fruit.rules.yaml:1" in said(capsys, several, "explain", "--book", "--write", code=2)
    assert (several / "docs/rules/fruit.md").read_bytes() == before
    assert (several / "docs/rules/department-target.md").read_text("utf-8") != "旧的"
    assert "(rules/fruit.md)" in (several / "docs/rules.md").read_text("utf-8")


def test_the_only_form_has_the_page_itself(tiny_project, capsys):
    assert said(capsys, tiny_project, "explain", "--book", "--write").split() == ["docs/rules.md"]
    page = (tiny_project / "docs/rules.md").read_text("utf-8")
    assert page == rule_book.books(snapshot(tiny_project))[0]["docs/rules.md"] and "求和" in page
    (tiny_project / "schema/fruit.rules.yaml").write_text("计算: {合计: 没有}", "utf-8")
    assert "没有" in said(capsys, tiny_project, "explain", "--book", "--write", code=2)
    assert (tiny_project / "docs/rules.md").read_text("utf-8") == page
    (tiny_project / "schema/fruit.rules.yaml").unlink()
    assert "没有写说明" in said(capsys, tiny_project, "explain", "--book", "--write")
    assert (tiny_project / "docs/rules.md").read_text("utf-8") == page


@pytest.mark.long
@pytest.mark.nightly  # it is about the tests
def test_the_tests_do_not_take_the_first_form_for_the_only_one(tmp_path):
    """Some of them, in a copy of the repository with two more forms: those that once failed there."""
    for name in ("perfgen", "schema", "templates", "data", "tests", "docs", "scripts", ".vscode"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    more_forms.add(tmp_path)
    assert cli.main(["-C", str(tmp_path), "explain", "--book", "--write"]) == 0
    chosen = ["tests/test_new.py", "tests/test_explain.py", "tests/test_templates.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-m",
         "not (libreoffice or browser or node or pdf or long)", *chosen],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
