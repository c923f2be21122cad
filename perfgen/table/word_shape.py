"""Brings the body of a Word document into the plain shape that all readers understand.

Content controls and custom XML may stand around rows, cells and paragraphs (ECMA-376 Part 1, 17.5), and some programs
write no table grid (17.4.48). What is read, and what is filled in, has neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from perfgen.table.word_xml import Element, W, child, number_of

_WRAPPERS = (f"{W}sdt", f"{W}customXml")
_BLOCKS = {f"{W}body", f"{W}tbl", f"{W}tr", f"{W}tc"}
_COLUMN = 1000
"""The width, in twentieths of a point, of a column of which no cell tells."""


def straighten(body: Element) -> None:
    """Takes rows, cells and paragraphs out of what is around them, and gives each table a grid that fits its rows."""
    for wrapper in list(body.iter(*_WRAPPERS)):
        if _stands_around_blocks(wrapper) or wrapper.find(f"{W}sdtPr/{W}dataBinding") is not None:
            # Word shows in place of the content of a bound control what its store holds
            _unwrap(wrapper)
    for table in body.findall(f"{W}tbl"):
        _fit_grid(table)


def _stands_around_blocks(wrapper: Element) -> bool:
    parent = next((above for above in wrapper.iterancestors() if above.tag not in (*_WRAPPERS, f"{W}sdtContent")), None)
    return parent is not None and parent.tag in _BLOCKS


def _unwrap(wrapper: Element) -> None:
    """Puts what a wrapper holds in its place."""
    parent = wrapper.getparent()
    if parent is None:
        return
    content = child(wrapper, "sdtContent") if wrapper.tag == f"{W}sdt" else wrapper
    parts = [part for part in content if part.tag != f"{W}customXmlPr"] if content is not None else []
    at = parent.index(wrapper)
    parent.remove(wrapper)
    for number, part in enumerate(parts):
        parent.insert(at + number, part)


@dataclass(frozen=True)
class _Span:
    """The columns of a cell, from one to before another, and its width where it says one (0: it does not)."""

    begin: int
    end: int
    width: int


def _fit_grid(table: Element) -> None:
    """Makes the grid of a table from its rows where it has none, or fewer columns than they have."""
    spans = [span for tr in table.findall(f"{W}tr") for span in _spans(tr)]
    columns = max((span.end for span in spans), default=0)
    grid = child(table, "tblGrid")
    if grid is not None and len(grid.findall(f"{W}gridCol")) >= columns:
        return
    if grid is not None:
        table.remove(grid)
    grid = etree.Element(f"{W}tblGrid")
    for width in _widths(spans, columns):
        etree.SubElement(grid, f"{W}gridCol", {f"{W}w": str(width)})
    properties = child(table, "tblPr")
    table.insert(table.index(properties) + 1 if properties is not None else 0, grid)


def _spans(tr: Element) -> Iterator[_Span]:
    """The cells of a row by their columns."""
    properties = child(tr, "trPr")
    column = number_of(child(properties, "gridBefore"), 0)
    for tc in tr.findall(f"{W}tc"):
        end = column + number_of(child(child(tc, "tcPr"), "gridSpan"), 1)
        yield _Span(column, end, _width(child(child(tc, "tcPr"), "tcW")))
        column = end
    after = number_of(child(properties, "gridAfter"), 0)
    if after:
        yield _Span(column, column + after, 0)


def _width(element: Element | None) -> int:
    """A width in twentieths of a point; 0 for one in other units, or none."""
    text = element.get(f"{W}w", "") if element is not None and element.get(f"{W}type", "dxa") == "dxa" else ""
    return int(text) if text.isdecimal() else 0


def _widths(spans: list[_Span], columns: int) -> list[int]:
    """The widths of columns, from the cells that say theirs; what none tells is shared out evenly."""
    edges = {0: 0}
    while True:
        before = len(edges)
        for span in spans:
            if span.width and span.begin in edges:
                edges.setdefault(span.end, edges[span.begin] + span.width)
            elif span.width and span.end in edges:
                edges.setdefault(span.begin, edges[span.end] - span.width)
        if len(edges) == before:
            break
    last = max(edges)
    edges.setdefault(columns, edges[last] + (columns - last) * _COLUMN)
    told = sorted(edges)
    widths: list[int] = []
    for begin, end in pairwise(told):
        widths += [max(1, (edges[end] - edges[begin]) // (end - begin))] * (end - begin)
    return widths
