"""How a computed place of a form is explained: in words, by the figures it was computed from, and why not yet."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

from perfgen.check import loading
from perfgen.display import show
from perfgen.filling.formula import explained
from perfgen.filling.sheet import sheet
from perfgen.filling.slots import SlotKind, printed_slots
from perfgen.project.layout import DataFile
from tests.helpers.projects import REPOSITORY, snapshot
from tests.test_filling_reasons import SAMPLES


def form_of(source, text=None):
    project = snapshot(REPOSITORY)
    content = project.read(source) if text is None else text.encode()
    return project, sheet(project, loading.filing_of(project, source, content))


def value_in(project, form, source):
    """What a source says of itself, looked up in the file that it names by the test's own way."""
    filing = form.filing if not source.file else loading.filing(project, DataFile.at(source.file))
    figure = filing.figures.get(source.path) if filing.form.figures.at(source.path) else None
    return figure if figure is not None else filing.document.value(source.path)


@pytest.mark.parametrize("source", SAMPLES)
def test_every_computed_place_names_the_figures_it_is_computed_from(source):
    project, form = form_of(source)
    looked = 0
    for slot in printed_slots(form):
        if slot.kind not in (SlotKind.FIGURE, SlotKind.FOREIGN):
            continue
        how = explained(form, slot.path)
        assert how
        for one in how.sources:
            if one.path:
                value = value_in(project, form, one)
                is_group = isinstance(value, dict | list)
                assert one.value == (str(one.path[-1]) if is_group else show(value)), (how.label, one)
                looked += 1
        if slot.kind is SlotKind.FOREIGN:
            assert [how.value] == [one.value for one in how.sources]
    assert looked or not form.filing.form.figures.figures


def numbers(how):
    """The numbers that a figure was computed from, as they are shown."""
    return [Decimal(one.value.replace(",", "")) for one in how.sources if one.value]


@pytest.mark.parametrize("source", SAMPLES)
def test_the_figures_of_a_sum_add_up_to_what_is_printed(source):
    _, form = form_of(source)
    for path, value in form.figures.items():
        how = explained(form, path)
        formula = form.filing.form.figures.at(path).formula.text
        is_sum = formula.startswith("求和(") or ("| 求和(" in formula and formula.endswith(")"))
        if is_sum and not how.is_default:
            assert sum(numbers(how)) == value, how
        elif formula.startswith("百分比(") and len(how.sources) == 2:
            part, whole = numbers(how)
            share = (100 * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert share == value, how


def test_samples_have_sums_and_shares_enough():
    kinds = {"求和": 0, "百分比": 0}
    for source in SAMPLES:
        _, form = form_of(source)
        for path in form.figures:
            for kind in kinds:
                kinds[kind] += form.filing.form.figures.at(path).formula.text.startswith(f"{kind}(")
    assert min(kinds.values()) > 50


def test_a_formula_is_told_in_words():
    _, form = form_of("data/2025/示例市档案馆.yaml")
    share = explained(form, ("收入构成", "财政拨款", "占比"))
    assert share.words == "收入构成·财政拨款·当年 ÷ 收入构成·合计·当年 × 100"
    assert [one.label for one in share.sources] == ["当年", "合计 · 当年"]
    total = explained(form, ("支出构成", "人员类项目支出", "当年"))
    assert total.words == "项目支出里类别是“人员类项目支出”的每一行本年度预算相加"


def test_a_score_names_the_parts_and_only_the_branch_that_was_taken():
    _, form = form_of("data/2025/部门自评/示例市档案馆.yaml")
    scores = [path for path in form.figures if path[-1] == "得分" and len(path) > 3]
    how = explained(form, scores[0])
    assert [step.name for step in how.steps] == ["算的"]
    assert {"计分", "权重", "小数位"} <= {one.label for one in how.sources}
    assert "每天扣" not in {one.label for one in how.sources}


def test_a_value_of_another_file_leads_there():
    _, form = form_of("data/2025/部门自评/示例市档案馆.yaml")
    targets = [path for path in form.figures if path[-1] == "指标值"]
    (source,) = explained(form, targets[0]).sources
    assert source.file == "data/2025/示例市档案馆.yaml"
    assert source.path[-1] == "指标值"


def test_what_cannot_be_computed_yet_says_why():
    source = "data/2025/部门自评/示例市档案馆.yaml"
    text = snapshot(REPOSITORY).read(source).decode()
    _, form = form_of(
        source,
        text.replace("单位名称: 示例市档案馆", "单位名称: 没有的单位").replace(
            "部门名称: 示例市档案馆", "部门名称: 没有的单位"
        ),
    )
    gaps = [how.gap for slot in printed_slots(form) if (how := explained(form, slot.path)) and how.gap]
    assert any("没有" in gap for gap in gaps)


def test_a_stated_figure_is_told_as_a_claim():
    source = "data/2025/示例市档案馆.yaml"
    text = snapshot(REPOSITORY).read(source).decode() + "前年: 2023\n"
    _, form = form_of(source, text)
    assert explained(form, ("前年",)).claim == "2023"
    assert explained(form, ("年度",)) is None
