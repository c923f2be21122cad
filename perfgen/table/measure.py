"""Measuring the table: a sheet of one endless page in, heights and places of its parts out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from perfgen.table.model import Cell, Table
from perfgen.table.sheet import Segment, Sheet, SheetCell, SheetPage, SheetParagraph, SheetRow, has_label, plain

_BREAKABLE = 160
"""Characters from which a cell may be broken between pages even where its row does not ask for it:
set in the narrowest column, less than a page."""
_PIECE = re.compile(r"[^。；！？，、：;!?,\s]{1,40}[。；！？，、：;!?,\s]*|[。；！？，、：;!?,\s]+")
START, END = "table", "end"

Key = tuple[int, int]
"""A cell's row and column."""


@dataclass(frozen=True)
class MeasuredPiece:
    """A part of a paragraph, and the top of the line it begins on."""

    text: str
    top: float


@dataclass(frozen=True)
class Measures:
    """Sizes of a table set without page breaks, all in one unit."""

    above: float
    """What stands above the table."""
    rows: tuple[float, ...]
    labels: Mapping[Key, float]
    """Heights of labels said again, by cell."""
    pieces: Mapping[Key, tuple[tuple[MeasuredPiece, ...], ...]]
    """Paragraphs of cells that may be broken; each ends in an empty piece on its last line."""
    line: float
    """The height of a line of prose."""


def breakable(table: Table, cell: Cell) -> bool:
    """Whether a cell's text may be broken between two pages."""
    long = len(cell.text) > _BREAKABLE
    return cell.rowspan == 1 and not has_label(cell) and (table.rows[cell.row].splits or long) and bool(cell.text)


def endless(table: Table) -> Sheet:
    """The sheet to be measured: every row on one page, anchors on all that may move."""
    rows = []
    for number, row in enumerate(table.rows):
        cells = tuple(SheetCell(cell, cell.rowspan, _segments(table, cell)) for cell in row.cells)
        rows.append(SheetRow(number, cells, row.splits, anchor=f"row-{number}"))
    labels = [SheetCell(c, 1, tuple(map(plain, c.paragraphs)), again=True, continued=True) for c in _labels(table)]
    return Sheet((SheetPage(tuple(rows), START),), tuple(labels))


def _labels(table: Table) -> list[Cell]:
    return [cell for cell in table.cells() if has_label(cell) and (cell.rowspan > 1 or _beside_prose(table, cell))]


def _beside_prose(table: Table, cell: Cell) -> bool:
    return any(breakable(table, other) for other in table.rows[cell.row].cells)


def _segments(table: Table, cell: Cell) -> tuple[SheetParagraph, ...]:
    if not breakable(table, cell):
        return tuple(map(plain, cell.paragraphs))
    found = []
    for number, text in enumerate(cell.paragraphs):
        parts = [*_PIECE.findall(text), ""]
        anchor = f"piece-{cell.row}-{cell.column}-{number}"
        found.append(tuple(Segment(part, f"{anchor}-{i}") for i, part in enumerate(parts)))
    return tuple(found)


def _steps(paragraphs: tuple[tuple[MeasuredPiece, ...], ...]) -> list[float]:
    """The distances between the lines of a cell."""
    tops = sorted({piece.top for paragraph in paragraphs for piece in paragraph})
    return [after - before for before, after in pairwise(tops) if after - before > 1]


def read_measures(table: Table, tops: Mapping[str, float]) -> Measures:
    """The measures of a table, from the tops of the anchors of its endless sheet."""
    sheet = endless(table)
    ends = [*(tops[f"row-{number}"] for number in range(len(table.rows))), tops[END]]
    pieces: dict[Key, tuple[tuple[MeasuredPiece, ...], ...]] = {}
    for row in sheet.pages[0].rows:
        for cell in row.cells:
            if any(segment.anchor for paragraph in cell.paragraphs for segment in paragraph):
                pieces[(row.row, cell.cell.column)] = tuple(
                    tuple(MeasuredPiece(segment.text, tops[segment.anchor]) for segment in paragraph)
                    for paragraph in cell.paragraphs
                )
    keys = [(label.cell.row, label.cell.column) for label in sheet.labels]
    label_tops = [tops[f"label-{number}"] for number in range(len(keys) + 1)] if keys else []
    heights = [after - before for before, after in pairwise(label_tops)]
    return Measures(
        above=tops[START],
        rows=tuple(after - before for before, after in pairwise(ends)),
        labels=dict(zip(keys, heights, strict=True)),
        pieces=pieces,
        line=min((step for paragraphs in pieces.values() for step in _steps(paragraphs)), default=0.0),
    )
