"""How a text is understood while it is typed: direction, number and unit, a grade, a date, or nothing of the kind."""

from __future__ import annotations

import pytest

from perfgen.filling.edits import Put
from perfgen.filling.last_year import last_year
from perfgen.filling.meant import edit_for
from perfgen.filling.slots import SlotKind, printed_slots
from perfgen.filling.understood import Understood, understood
from perfgen.values import parse
from tests.test_filling_formula import form_of
from tests.test_filling_reasons import SAMPLES

SOURCE = "data/2025/示例市档案馆.yaml"


@pytest.fixture(scope="module")
def form():
    return form_of(SOURCE)[1]


@pytest.fixture(scope="module")
def target(form):
    """The path of a target value."""
    return next(slot.path for slot in printed_slots(form) if slot.kind is SlotKind.MEASURE)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("≥80%", {"方向": "≥（不低于）", "数": "80", "单位": "%"}),
        ("不超过1.2万元", {"方向": "≤（不超过）", "数": "1.2", "单位": "万元，就是 12000元"}),
        ("60-80项", {"数": "60 到 80", "单位": "项"}),
        ("增长≥5%", {"变化": "要增加", "方向": "≥（不低于）", "数": "5", "单位": "%"}),
        ("2025年9月底前", {"期限": "不晚于 2025年9月30日"}),
        ("规范", {"等级": "规范（规范、较规范、基本规范、不规范，从好到差）"}),
        ("—", {"没有": "写明了这一处没有"}),
    ],
)
def test_a_target_value_is_told_in_its_parts(form, target, text, parts):
    found = understood(form, target, text)
    assert dict(found.parts) == parts
    assert not found.trouble


@pytest.mark.parametrize("text", ["有效提升", "9月底前", "大概80%左右"])
def test_what_cannot_be_held_against_anything_is_said(form, target, text):
    found = understood(form, target, text)
    assert found.trouble.endswith("。")
    assert not found.parts


def test_nothing_typed_and_a_place_that_is_not_typed_in_say_nothing(form, target):
    assert understood(form, target, "  ") == Understood()
    assert understood(form, ("收入构成", "合计", "当年"), "12") == Understood()


def test_a_number_says_what_it_is_without_its_commas(form):
    path = ("项目支出", 0, "本年度预算")
    assert understood(form, path, "1,234.50").parts == (("数", "1234.5"),)
    assert understood(form, path, "12").parts == ()
    assert understood(form, path, "十二万").trouble


@pytest.mark.parametrize("source", SAMPLES)
def test_every_target_value_of_the_samples_is_understood_as_it_is_checked(source):
    _, form = form_of(source)
    for slot in printed_slots(form):
        if slot.kind is SlotKind.MEASURE and slot.typed:
            found = understood(form, slot.path, slot.typed)
            measure = parse(slot.typed)
            names = {name for name, _ in found.parts}
            assert ("数" in names) == (measure.is_number and "期限" not in names)
            assert bool(found.trouble) == (not names)


def test_what_stood_last_year_is_found_by_the_name_of_the_row(form):
    document = form.filing.document
    here = {path: value for path in document.values if (value := last_year(form.filing, path))}
    before = form.filing.earlier(1).document
    row = ("项目支出", 0, "项目名称")
    name = document.value(row)
    number = [one["项目名称"] for one in before.data["项目支出"]].index(name)
    assert here["项目支出", 0, "本年度预算"] == f"{before.value(('项目支出', number, '本年度预算')):f}"
    assert last_year(form.filing, ("项目支出", 99, "本年度预算")) == ""


def test_a_first_year_has_none_before():
    _, form = form_of("data/2024/示例市档案馆.yaml")
    assert last_year(form.filing, ("项目支出", 0, "本年度预算")) == ""


def test_a_text_that_stands_for_a_computed_text_is_understood_as_it_is_saved():
    form = form_of("data/2025/项目目标/示例市档案馆/馆库与数字档案系统运行维护.yaml")[1]
    computed = [
        slot
        for slot in printed_slots(form)
        if slot.kind is SlotKind.TEXT and form.filing.form.figures.at(slot.path) is not None
    ]
    assert computed
    for slot in computed:
        assert understood(form, slot.path, "另一个部门") == Understood()
        assert edit_for(form, slot.path, "另一个部门").edit == Put(slot.path, "另一个部门")
