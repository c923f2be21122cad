"""The short base style sheet says of the elements of a form's page what WeasyPrint's own says, and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from perfgen.render.parts.pdf_layout import STYLE
from perfgen.render.parts.pdf_styles import is_plain, short_sheet, shortened
from tests.conftest import REPOSITORY

PRINT = (REPOSITORY / "templates/shared" / STYLE).read_text("utf-8")


def test_only_rules_for_covered_elements_are_kept():
    sheet = (
        "p, li { a: b } li { c: d } :is(p, td)[hidden] { e: f } ::marker { g: h } br::before { i: j } @page { k: l }"
    )
    assert shortened(sheet).split("\n") == ["p { a: b }", "br::before { i: j }", "@page { k: l }"]


@pytest.mark.pdf
def test_what_weasyprint_says_of_elements_is_still_said():
    from weasyprint.html import UA

    text = shortened(UA)
    assert "td, th { display: table-cell }" in text and "h1 { bookmark-level: 1 }" in text
    assert "collapse }" not in text and "::marker" not in text and "@counter-style" not in text
    assert short_sheet().page_rules


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><table><tr><td>甲</td></tr></table></body></html>",
        '<html><body><p style="color: red">甲</p></body></html>',
    ],
)
def test_a_page_of_tables_and_paragraphs_is_plain(page):
    assert is_plain(ET.fromstring(page), [PRINT])


@pytest.mark.parametrize(
    ("page", "style"),
    [
        ("<html><body><ol><li>甲</li></ol></body></html>", ""),
        ("<html><body><p hidden=''>甲</p></body></html>", ""),
        ("<html><body><p>甲</p></body></html>", "p { display: list-item }"),
        ("<html><body><p style='float: footnote'>甲</p></body></html>", ""),
        ("<html><head><style>p::marker { color: red }</style></head></html>", ""),
        ("<html><head><link rel='stylesheet' href='lists.txt'/></head></html>", ""),
    ],
)
def test_a_page_with_marks_or_notes_gets_the_whole_sheet(page, style):
    assert not is_plain(ET.fromstring(page), [style])


def test_columns_are_as_wide_as_the_word_file_has_them():
    """`table-layout: auto` costs ten times as much, and other columns."""
    assert "table-layout: fixed" in PRINT.partition(".official {")[2].partition("}")[0]
    for name in ("shared/form.html", "shared/table.html"):
        assert "table-layout" not in (REPOSITORY / "templates" / name).read_text("utf-8")
