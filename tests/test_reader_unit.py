"""A large amount in the unit that a reader would say it in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfgen.table import filters
from perfgen.table.view import Text
from perfgen.values import in_reader_unit, parse


@pytest.mark.parametrize(
    ("number", "unit", "wanted"),
    [
        ("14123.4", "万元", "1.41 亿元"), ("14150", "万元", "1.42 亿元"), ("14149.99", "万元", "1.41 亿元"),
        ("10000", "万元", "1 亿元"), ("9999.99", "万元", ""), ("0", "万元", ""), ("99950", "万元", "10 亿元"),
        ("-14123.4", "万元", "-1.41 亿元"), ("123456789", "万元", "1.23 万亿元"), ("12345", "元", "1.23 万元"),
        ("123456789", "元", "1.23 亿元"), ("99995000", "元", "1 亿元"), ("20000", "千元", "2000 万元"),
        ("12000", "件", "1.2 万件"), ("1e9", "户", "10 亿户"), ("20000", "万亿元", ""), ("99999", "亿元", "10 万亿元"),
        ("12000", "%", ""), ("12000", "元/平方米", ""), ("12000", "", ""), ("12000", "m2", ""), ("NaN", "元", ""),
        ("Infinity", "元", ""),
    ],
)  # fmt: skip
def test_to_three_digits_half_up_in_steps_of_ten_thousand(number, unit, wanted):
    assert in_reader_unit(Decimal(number), unit) == wanted


@given(st.decimals("10000", "1e11", places=2), st.sampled_from(["元", "万元", "千元", "亿元", "件", "万户"]))
def test_it_reads_as_the_amount_to_half_a_percent(number, unit):
    said = in_reader_unit(number, unit)
    if said:
        meant, typed = parse(said.replace(" ", "")), parse(f"{number}{unit}")
        assert meant.unit == typed.unit and abs(meant.amount - typed.amount) <= typed.amount / 200
        assert len(said.partition(" ")[0].replace(".", "").strip("0")) <= 3


def test_in_a_page_it_keeps_the_path_and_is_no_print_of_the_whole_value():
    value = Text("14123.4", ("a", "b"))
    shown = filters.PAGE_FILTERS["in_reader_unit"](value, "万元")
    assert (shown, shown.path, shown.shown) == ("1.41 亿元", ("a", "b"), "in_reader_unit|万元")
    assert filters.shown_as(value, shown.shown) == shown and filters.is_rough(shown.shown)
    assert not filters.is_rough("") and not filters.is_rough("数值")
    assert filters.PAGE_FILTERS["in_reader_unit"]("大约", "万元") == ""
    assert "in_reader_unit" not in filters.FILTERS, "a Word form prints the value itself"
