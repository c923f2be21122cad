"""Measures a table: makes a sheet of one endless page, then reads heights and places of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from perfgen.table.model import Cell, Table
from perfgen.table.sheet import (
    Segment,
    Sheet,
    SheetCell,
    SheetPage,
    SheetParagraph,
    SheetRow,
    has_label,
    plain,
    with_breaks,
)

_BREAKABLE = 160
"""A cell with more characters may be broken between pages even where its row does not allow it. In the narrowest
column so many characters take less than a page."""
_PIECE = re.compile(r"[^。；！？，、：;!?,\s]{1,40}[。；！？，、：;!?,\s]*|[。；！？，、：;!?,\s]+")
START, END = "table", "end"

Key = tuple[int, int]
"""A cell's row and column."""


@dataclass(frozen=True)
class MeasuredPiece:
    """A part of a paragraph, and the top of the line that it begins on."""

    text: str
    top: float


@dataclass(frozen=True)
class Measures:
    """Sizes of a table set without page breaks, all in one unit."""

    above: float
    """The height of what stands above the table."""
    rows: tuple[float, ...]
    labels: Mapping[Key, float]
    """By cell, the height of its label where it is repeated on a later page."""
    pieces: Mapping[Key, tuple[tuple[MeasuredPiece, ...], ...]]
    """Paragraphs of cells that may be broken; each ends in an empty piece on its last line."""
    line: float
    """The height of a line of prose."""


def breakable(table: Table, cell: Cell) -> bool:
    """Whether a cell's text may be broken between two pages."""
    long = len(cell.text) > _BREAKABLE
    return cell.rowspan == 1 and not has_label(cell) and (table.rows[cell.row].splits or long) and bool(cell.text)


def endless(table: Table) -> Sheet:
    """The sheet to measure a table on: all rows on one page, with an anchor on each part whose place is asked."""
    rows = []
    for number, row in enumerate(table.rows):
        cells = tuple(SheetCell(cell, cell.rowspan, _segments(table, cell)) for cell in row.cells)
        rows.append(SheetRow(number, cells, row.splits, anchor=f"row-{number}"))
    labels = [
        SheetCell(cell, 1, tuple(map(plain, cell.paragraphs)), again=True, continued=True) for cell in _labels(table)
    ]
    return Sheet((SheetPage(tuple(rows), START),), tuple(labels), measuring=True)


def _labels(table: Table) -> list[Cell]:
    """The cells whose label may be repeated on a later page."""
    return [cell for cell in table.cells() if has_label(cell) and (cell.rowspan > 1 or _beside_prose(table, cell))]


def _beside_prose(table: Table, cell: Cell) -> bool:
    return any(breakable(table, neighbour) for neighbour in table.rows[cell.row].cells)


def _segments(table: Table, cell: Cell) -> tuple[SheetParagraph, ...]:
    """The paragraphs of a cell; where it may be broken, each in parts that have an anchor."""
    if not breakable(table, cell):
        return tuple(map(plain, cell.paragraphs))
    paragraphs = []
    for number, text in enumerate(cell.paragraphs):
        parts = [*_PIECE.findall(with_breaks(text)), ""]
        anchor = f"piece-{cell.row}-{cell.column}-{number}"
        paragraphs.append(tuple(Segment(part, f"{anchor}-{i}") for i, part in enumerate(parts)))
    return tuple(paragraphs)


def line_of(pieces: Mapping[Key, tuple[tuple[MeasuredPiece, ...], ...]]) -> float:
    """The height of a line of prose: the smallest distance between the lines of a cell."""
    return min((step for paragraphs in pieces.values() for step in _steps(paragraphs)), default=0.0)


def _steps(paragraphs: tuple[tuple[MeasuredPiece, ...], ...]) -> list[float]:
    """The distances between the lines of a cell."""
    tops = sorted({piece.top for paragraph in paragraphs for piece in paragraph})
    return [after - before for before, after in pairwise(tops) if after - before > 1]


def read_measures(table: Table, tops: Mapping[str, float]) -> Measures:
    """The measures of a table. `tops` holds the top of each anchor of its endless sheet, by the anchor's name.

    Raises KeyError where an anchor is missing.
    """
    sheet = endless(table)
    row_tops = [*(tops[f"row-{number}"] for number in range(len(table.rows))), tops[END]]
    pieces = _pieces(sheet, tops)
    keys = [(label.cell.row, label.cell.column) for label in sheet.labels]
    label_tops = [tops[f"label-{number}"] for number in range(len(keys) + 1)] if keys else []
    return Measures(
        above=tops[START],
        rows=_distances(row_tops),
        labels=dict(zip(keys, _distances(label_tops), strict=True)),
        pieces=pieces,
        line=line_of(pieces),
    )


def _pieces(sheet: Sheet, tops: Mapping[str, float]) -> dict[Key, tuple[tuple[MeasuredPiece, ...], ...]]:
    """By cell that may be broken, its paragraphs in measured pieces."""
    return {
        (row.row, cell.cell.column): tuple(
            tuple(MeasuredPiece(segment.text, tops[segment.anchor]) for segment in paragraph)
            for paragraph in cell.paragraphs
        )
        for row in sheet.pages[0].rows
        for cell in row.cells
        if cell.measured
    }


def _distances(tops: Sequence[float]) -> tuple[float, ...]:
    """The distance from each top to the next one."""
    return tuple(after - before for before, after in pairwise(tops))


def tallest(table: Table, measures: Measures) -> tuple[Cell, float] | None:
    """The cell that needs most room on a page and cannot be broken, with its height; None where there is none.

    In a row, it is the one with the longest text for its columns.
    """
    known = [(cell, measures.labels.get((cell.row, cell.column), 0.0)) for cell in table.cells()]
    for row, height in zip(table.rows, measures.rows, strict=True):
        whole = [cell for cell in row.cells if cell.rowspan == 1 and not breakable(table, cell)]
        known += [(cell, height) for cell in sorted(whole, key=lambda cell: -len(cell.text) / cell.colspan)[:1]]
    return max(known, key=lambda found: found[1], default=None)
