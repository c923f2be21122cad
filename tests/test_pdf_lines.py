"""Lines broken with Pango alone are those that WeasyPrint makes, or it is said that they may be others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import weasyprint

from perfgen.render.parts.pdf_layout import STYLE
from perfgen.render.parts.pdf_lines import LineBreaker, Lines, TextPart, can_break
from perfgen.table.sheet import with_breaks
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.pdf

PRINT = (REPOSITORY / "templates/shared" / STYLE).read_text("utf-8")
ALONE = (
    (64.4, "人次，）88884and", 2),
    (64.4, "全年88186，万元（GB/T 85897%%", 6),
    (64.4, "约64712.5km/h%35989.521277.5）全年PDF", 8),
    (93.3, "A4and72325）%PDF70168GB/T ", 4),
    (58.4, "≥档案km/h54949.567576.5万元GB/T GB/T ", 7),
    (93.3, "22634.595141.5and334934050≥万元45218.5全年", 5),
    (58.4, with_breaks("见https://www.example.cn/1W,1l.7W7,471.17/W1.1W，有"), None),
    (93.3, "占74.1%……——其中7.17and4.47项———————————————另有1.1AV", None),
)
"""The width of a column, a text, and its lines, of which Pango makes others where it gets the whole text.

Digits and signs have no script of their own: where a line begins with them, they are set like what follows.
"""
IN_PARTS = (
    (93.3, "PDFGB/T ，", "95699.5万元万元and约21354"),
    (93.3, "，", "79946.5，）%km/hGB/T "),
    (72.7, "%PDF档案万元", "68693GB/T "),
    (64.4, "PDF≥（（PDF万元万元，", "GB/T "),
    (64.4, "，", "km/h（11181万元≥≥）16840.5"),
)
"""The width of a column, and two parts that WeasyPrint sets one by one."""


def set_by_weasyprint(parts: Sequence[TextPart], width: float) -> tuple[object, int]:
    """The style of a cell of some width, and how many lines the layout makes of a paragraph in it."""
    content = "".join(f'<span class="{"whole" if whole else "part"}">{text}</span>' for text, whole in parts)
    cell = f'<table class="official" style="width: {width}px"><tr><td style="padding: 0; border: 0">{content}'
    (page,) = weasyprint.HTML(string=f'<html lang="zh-CN">{cell}').render(
        stylesheets=[weasyprint.CSS(string=PRINT)]
    ).pages  # fmt: skip
    boxes = list(page._page_box.descendants())
    (block,) = [box for box in boxes if type(box).__name__ == "TableCellBox"]
    inside = [inner for box in boxes if type(box).__name__ == "InlineBlockBox" for inner in box.descendants()]
    lines = [box for box in block.descendants() if type(box).__name__ == "LineBox" and box not in inside]
    return block.style, len(lines)


def compare(parts: Sequence[TextPart], width: float) -> Lines:
    """The lines of a paragraph, which are those of the layout where it is said that they are."""
    style, count = set_by_weasyprint(parts, width)
    assert can_break(style)
    lines = LineBreaker(style).lines(parts, width)
    assert lines.count == count or not lines.certain, (width, parts)
    return lines


@pytest.mark.parametrize(("width", "text", "count"), ALONE)
def test_a_text_alone_is_broken_as_the_layout_breaks_it(width, text, count):
    lines = compare([(text, False)], width)
    assert lines.certain and count in (lines.count, None)


@pytest.mark.parametrize(("width", "before", "behind"), IN_PARTS)
def test_of_parts_that_are_set_one_by_one_other_lines_are_not_promised(width, before, behind):
    assert not compare([(before, False), (behind, False)], width).certain


@pytest.mark.parametrize("width", [58.4, 72.7, 93.3, 121.1])
def test_parts_that_fit_as_pango_says_are_certain(width):
    """Ideographs are as wide as they are; a word that stands far from the end of a line, too."""
    parts = [("全年共接待查阅利用", False), ("11260", True), ("卷（件）", True), ("以上，群众满意。", False)]
    assert compare(parts, width).certain


def test_a_latin_word_among_parts_is_certain():
    assert compare([("按A4纸计，全年", False), ("1771.5", True), ("万页，均为PDF档案。", False)], 72.7).certain
