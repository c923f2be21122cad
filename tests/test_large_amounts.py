"""The large amounts of a form: which they are, of what they are the sums, and what stands beside them."""

from __future__ import annotations

from perfgen.comparison.large_amounts import large_amounts
from perfgen.form import forms
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot


def test_a_large_amount_has_its_parts_and_its_earlier_years():
    project = snapshot(REPOSITORY)
    form = forms.find(project, "department-target")
    assert form is not None
    found = large_amounts(form)
    assert list(found) == [("收入构成", "合计", "当年"), ("支出构成", "合计", "当年")]
    income = found["收入构成", "合计", "当年"]
    assert income.label == "收入合计 › 当年金额" and income.field.unit == "万元"
    assert income.past == {1: ("收入构成", "合计", "上年"), 2: ("收入构成", "合计", "前年")}
    assert [part.path[1] for part in income.parts] == ["财政拨款", "财政专户管理资金", "单位资金"]
    assert income.parts[0].past[1] == ("收入构成", "财政拨款", "上年") and not income.parts[0].parts


def test_what_is_part_of_a_sum_is_no_large_amount():
    for form in forms.loaded(snapshot(REPOSITORY)):
        found = large_amounts(form)
        assert not {part.path for amount in found.values() for part in amount.parts} & set(found)
