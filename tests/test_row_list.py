"""What is looked up in a list of a formula view is kept: same answers, same steps, no row costs more in a long list."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfgen.fields import Field
from perfgen.form import steps
from perfgen.form.formulas import Unfilled, compile_formula
from perfgen.form.holes import HOLE
from perfgen.form.row_list import RowList

ROW = Field("object", "行", members={
    "名": Field("value", "名", textual=True), "数": Field("value", "数", numeric=True)})  # fmt: skip
FIELDS = Field("object", "", members={
    "名": Field("value", "名", textual=True),
    "组": Field("array", "组", item=Field("object", "组", members={"行": Field("array", "行", item=ROW)})),
})  # fmt: skip
FORMULAS = [
    "组.行 | 选取(名=名) | 计数",
    "(组.行 | 选取(名=名) | 首个) == 无",
    "组.行.名 | 计数(名)",
    "组.行.名 | 重复 | 计数",
]


def as_typed(groups, kind):
    return kind({"行": kind({"名": name, "数": Decimal(1)} for name in group)} for group in groups)


def answer(formula, names):
    with steps.limited(10_000):
        spent = steps._OPEN.get()[-1]
        try:
            return formula(names), spent.left
        except Unfilled:
            return "unfilled", None


@given(groups=st.lists(st.lists(st.sampled_from(["甲", "乙", "", None])), max_size=4), name=st.sampled_from("甲丙"))
def test_what_was_looked_up_before_has_the_same_answer_and_the_same_steps(groups, name):
    plain, kept = ({"名": name, "组": as_typed(groups, kind)} for kind in (list, RowList))
    for text in FORMULAS:
        formula = compile_formula(text, FIELDS)
        assert answer(formula, plain) == answer(formula, kept) == answer(formula, kept), text


@pytest.mark.parametrize("text", FORMULAS)
def test_a_hole_is_met_each_time(text):
    names = {"名": "甲", "组": as_typed([["甲", "乙", HOLE], ["甲"]], RowList)}
    formula = compile_formula(text, FIELDS)
    assert [answer(formula, names)[0] for _ in range(2)] == [answer(formula, names | {"组": list(names["组"])})[0]] * 2
    assert answer(compile_formula("组.行 | 选取(名=名) | 计数", FIELDS), names)[0] == "unfilled"


def test_each_row_looked_for_among_all_takes_a_time_that_grows_with_the_rows():
    rows = [[f"甲{number}"] for number in range(20_000)]
    names = {"组": as_typed(rows, RowList)}
    formula = compile_formula("(组.行 | 选取(名=名) | 计数) == 1", FIELDS)
    begin = time.process_time()
    assert all(formula(names | {"名": name}) for (name,) in rows)
    assert time.process_time() - begin < 10  # it took ten minutes


def test_rows_again_are_found_in_a_time_that_grows_with_the_rows():
    rows = {"组": as_typed([[f"甲{number // 2}" for number in range(60_000)]], RowList)}
    begin = time.process_time()
    assert compile_formula("组.行 | 再次出现('名') | 计数", FIELDS)(rows) == 30_000
    assert time.process_time() - begin < 5
