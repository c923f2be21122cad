"""Figures that may be typed: what the author typed counts, and what is not typed is computed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.check import check, loading
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import report
from perfgen.report.report import Edition
from perfgen.report.site import Site
from tests.helpers import scored_cycle as cycle
from tests.helpers.projects import snapshot

FILE = DataFile("2025", "自评/东园/嫁接")
SCORED = """\
form: score
年: 2025
果园: 东园
项目: 嫁接
负责人: 王园长
执行: 96
行:
  产出:
    数量:
      - {名称: 种树, 完成值: 100棵}
"""
TYPED = "  预算: {公式: 目标表.预算, 填了用填的: 真}\n"


@pytest.fixture
def root(tmp_path):
    """A target of 120, and a review whose budget is that of the target where it is not typed."""
    root = cycle.forms(tmp_path)
    rules = root / "schema/score.rules.yaml"
    text = rules.read_text("utf-8")
    assert "  预算: 目标表.预算\n" in text
    rules.write_text(text.replace("  预算: 目标表.预算\n", TYPED), "utf-8")
    cycle.target(root, "嫁接")
    return root


def filed(root, more: str = "", text: str = SCORED):
    cycle.write(root, "data/2025/自评/东园/嫁接.yaml", text + more)
    return loading.filing(snapshot(root), FILE)


def told(root, more: str = "") -> list[str]:
    return [finding.rule for finding in check.check_filing(filed(root, more)) if finding.rule.startswith("figure")]


@pytest.mark.parametrize(
    ("more", "budget", "rate"),
    [("", "120", "80"), ("预算: 100\n", "100", "96"), ("预算: 0\n", "0", "0")],
    ids=["not typed", "typed", "typed as nought"],
)
def test_what_is_typed_counts_for_all_that_is_computed_from_it(root, more, budget, rate):
    figures = filed(root, more).figures
    assert figures["预算",] == Decimal(budget)
    assert figures["执行率",] == Decimal(rate)


def test_what_is_typed_is_no_claim(root):
    assert told(root, "预算: 100\n") == []


def test_without_the_key_it_is_a_claim(root):
    rules = root / "schema/score.rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace(TYPED, "  预算: 目标表.预算\n"), "utf-8")
    assert told(root, "预算: 100\n") == ["figure-claim"]


def test_where_the_other_file_is_not_there_it_is_typed(root):
    for target in (root / "data").rglob("目标/东园/*.yaml"):
        target.unlink()
    assert filed(root, "预算: 100\n").figures["执行率",] == Decimal(96)
    assert filed(root).figures["预算",] is None


def test_a_hole_is_a_hole(root):
    filing = filed(root, "预算:\n")
    assert [found.rule for found in check.check_filing(filing) if found.path == ("预算",)] == ["schema-type"]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("预算: {公式: 目标表.预算, 填了用填的: 假}", "“填了用填的”只能写 真。"),
        ("预算: {公式: 目标表.预算, 填了用填的: 是}", "“填了用填的”只能写 真。"),
        ("别的: {公式: 目标表.预算, 填了用填的: 真}", "“别的”不是本表 schema 里的一项，没有填的地方。"),
    ],
)
def test_what_is_wrong_in_the_rules_file_is_said(root, written, wrong):
    rules = root / "schema/score.rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace(TYPED, f"  {written}\n"), "utf-8")
    with pytest.raises(FormError) as caught:
        forms.find(snapshot(root), "score")
    assert wrong in [finding.message for finding in caught.value.findings]


@pytest.mark.parametrize("more", ["", "预算: 100\n"], ids=["not typed", "typed"])
def test_a_printed_form_comes_back_as_it_was_typed(root, more):
    """What is printed as it would be computed is left out of the data."""
    filing = filed(root, more)
    project = snapshot(root)
    printed = docx.render(report.assemble(project, filing, Site({}))[Edition.OFFICIAL])
    imported = import_file.import_form(printed, "表.docx", import_file.ImportOrder(project))
    assert imported.data.get("预算") == (Decimal(100) if more else None)
    assert not [note for note in imported.notes if "预算" in note.message]
