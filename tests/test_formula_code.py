"""A formula as functions: each part that a formula may have is computed, and as Jinja would compute it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from jinja2 import Environment

from perfgen.fields import Field
from perfgen.form import formula_code, formula_types
from perfgen.form.formulas import Undecided, compile_formula

_NUMBER, _TEXT = Field("value", "数", numeric=True), Field("value", "字", textual=True)
_FIELDS = Field("object", "表", members={"甲": _NUMBER, "乙": _NUMBER, "丙": _NUMBER, "字": _TEXT})
_NAMES = {"甲": Decimal(3), "乙": Decimal(8), "丙": None, "字": "三级"}


def test_all_that_the_types_allow_is_computed():
    assert set(formula_types._METHODS) <= set(formula_code._MAKERS)


@pytest.mark.parametrize(
    "text",
    [
        "甲 + 乙 * 2 - 乙 / 2", "-甲", "+甲 - -乙", "甲 < 乙", "1 < 甲 < 乙 <= 8", "9 < 甲 < 乙", "甲 == 3 == 乙",
        "甲 != 乙 > 2",
        "甲 in [1, 3]", "甲 not in (1, 3)", "'级' in 字", "甲 > 1 and 乙 > 1", "甲 > 5 or 乙 > 5", "not 甲 > 5",
        "甲 if 甲 > 乙 else 乙",
        "'多' if 甲 < 乙 else '少'", "字 == '三级'", "[甲, 乙]", "字 and 甲", "(甲 - 3) and 字",
        "(甲 - 3) or 字",
    ],
)  # fmt: skip
def test_a_formula_gives_what_jinja_gives(text):
    found = compile_formula(text, _FIELDS)(_NAMES)
    assert found == Environment(autoescape=True).compile_expression(text)(**_NAMES)
    assert not isinstance(found, float)


def test_a_choice_without_else_says_nothing():
    found = compile_formula("字 if 甲 > 乙", _FIELDS)(_NAMES)
    assert not found
    assert not str(found)


@pytest.mark.parametrize("text", ["丙 + 1", "丙 < 1", "甲 < 丙", "甲 < 乙 < 丙", "-丙"])
def test_what_is_needed_and_absent_is_said_by_its_name(text):
    with pytest.raises(Undecided, match="“丙”没有填"):
        compile_formula(text, _FIELDS)(_NAMES)


def test_a_comparison_in_a_row_stops_where_it_does_not_hold():
    assert compile_formula("甲 > 5 > 丙", _FIELDS)(_NAMES) is False
