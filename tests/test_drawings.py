"""Values of some years as a small line, and a share as a length."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfgen.render.parts import drawings

YEARS = ("2024", "2023", "2022", "2021")


def heights(past: list[str], value: str) -> list[Decimal]:
    """How high the points stand, oldest first; past values are the newest first."""
    made = drawings.line(list(zip(YEARS, past, strict=False)), value)
    return [drawings.HEIGHT - Decimal(point.y) for point in made.points] if made else []


def test_a_line_goes_from_the_oldest_value_to_the_target():
    made = drawings.line([("2024", "80%"), ("2023", "70%")], "≥90%")
    assert made.path == "5,27 50,16 95,5" and made.last == made.points[-1]
    assert heights(["80%", "90%"], "70%") == [27, 16, 5]


def test_a_small_change_looks_small():
    """97.9 and 98.5 % differ by 0.6 of at least a tenth of the largest, which the picture is high."""
    low, high = heights(["97.9%"], "98.5%")
    assert 0 < high - low < Decimal("1.5")
    assert len(set(heights(["95%", "95%"], "95%"))) == 1
    assert heights(["0", "0"], "0")


@pytest.mark.parametrize(
    ("past", "value"),
    [
        ([], "≥90%"), (["优秀"], "良好"), (["80%"], "90件"), (["80-90%"], "95%"),
        (["2024年11月底前"], "2025年11月底前"), (["—", ""], "≥90%"), (["80%", "不断提高"], "90%"), (["80%"], ""),
    ],
)  # fmt: skip
def test_what_cannot_stand_beside_each_other_is_not_drawn(past, value):
    assert heights(past, value) == []


def test_a_year_without_a_value_is_left_out():
    assert len(heights(["80%", "—"], "90%")) == 2 and len(heights(["1.2万元", ""], "13000元")) == 2


@given(st.lists(st.integers(-(10**12), 10**12).map(str), min_size=1, max_size=4), st.integers(-(10**12), 10**12))
def test_every_point_is_in_the_picture_and_in_order(past, value):
    points = heights(past, str(value))
    assert all(0 <= point <= drawings.HEIGHT for point in points)
    typed = [Decimal(each) for each in (*reversed(past), str(value))]
    pairs = [(a < b, x <= y) for a, x in zip(typed, points, strict=True) for b, y in zip(typed, points, strict=True)]
    assert all(not lower or below for lower, below in pairs)


@pytest.mark.parametrize(
    ("text", "length"),
    [("7.5%", "7.5"), ("0%", "0"), ("100%", "100"), ("103.2%", "100"), ("-3%", "0"), ("", ""), ("7.5", ""),
     ("多", ""), ("5-8%", ""), ("84.52%", "84.52"), ("\"/><script>", "")],
)  # fmt: skip
def test_a_share_is_a_length_from_0_to_100(text, length):
    assert drawings.share(text) == length
