"""Computes the heights of a table's rows from the number of lines in its cells, as the layout would measure them.

How many lines a text takes is asked of a ruler. The rest is arithmetic over spans: a row ends where the lowest of the
cells that end in it ends, so a label over several rows gives its room to the last of them (CSS 2.1, 17.5.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from perfgen.table.measure import Key, MeasuredPiece, Measures, endless, line_of
from perfgen.table.model import Cell, Table
from perfgen.table.sheet import Sheet, SheetCell, SheetPage

Spans = Sequence[Sequence[tuple[int, float]]]
"""By row, the cells that begin in it: how many rows each has, and how high it is."""


@dataclass(frozen=True)
class Frame:
    """What a cell needs beside the number of its lines; all in one unit."""

    around: float
    """Its padding and its share of the borders."""
    line: float
    gap: float
    """What stands between two paragraphs."""
    marked: float
    """The height of a line with the mark of a label that is said again."""


@dataclass(frozen=True)
class LaidOutCell:
    """A cell that a layout has measured."""

    height: float
    tops: tuple[tuple[float, ...], ...]
    """By paragraph, the tops of its measured parts, from any point."""


class Ruler(Protocol):
    """Says how texts are set in the cells of a table."""

    def frame(self, cell: Cell) -> Frame:
        """The frame of a cell."""

    def lines(self, cell: SheetCell, number: int) -> int:
        """How many lines a paragraph of a cell takes, with the mark of a label said again where it has one."""

    def starts(self, cell: SheetCell, number: int) -> Sequence[int]:
        """The lines (from 0) on which the parts of a paragraph begin."""

    def laid_out(self, cell: SheetCell) -> LaidOutCell | None:
        """A cell as a layout has measured it, where that was needed."""


def compute_measures(table: Table, above: float, edge: float, ruler: Ruler) -> Measures:
    """The measures of a table, given the height of what stands above it, and of the border below its last row."""
    sheet = endless(table)
    pieces = dict(_pieces(sheet.pages[0], ruler))
    (bottoms,) = planned_bottoms(sheet, ruler)
    heights = [bottom - top for top, bottom in zip([0.0, *bottoms], bottoms, strict=False)]
    labels = [height_of(label, ruler) for label in sheet.labels]
    keys = [(label.cell.row, label.cell.column) for label in sheet.labels]
    return Measures(
        above=above,
        rows=_with_edge(heights, edge),
        labels=dict(zip(keys, _with_edge(labels, edge), strict=True)),
        pieces=pieces,
        line=line_of(pieces),
    )


def _with_edge(heights: Sequence[float], edge: float) -> tuple[float, ...]:
    """The distances between the tops of some rows, and from the last of them to what stands below their table."""
    return (*heights[:-1], *(height + edge for height in heights[-1:]))


def planned_bottoms(sheet: Sheet, ruler: Ruler) -> list[list[float]]:
    """By page, where its rows should end below the top of the first one."""
    return [
        row_bottoms([[(cell.rowspan, height_of(cell, ruler)) for cell in row.cells] for row in page.rows])
        for page in sheet.pages
    ]


def row_bottoms(rows: Spans) -> list[float]:
    """Where each row ends below the top of the first one."""
    ending: list[list[tuple[int, float]]] = [[] for _ in rows]
    for number, cells in enumerate(rows):
        for rowspan, height in cells:
            ending[number + rowspan - 1].append((number, height))
    bottoms: list[float] = []
    for cells in ending:
        top = bottoms[-1] if bottoms else 0.0
        ends = [(bottoms[first - 1] if first else 0.0) + height for first, height in cells]
        bottoms.append(max([top, *ends]))
    return bottoms


def height_of(cell: SheetCell, ruler: Ruler) -> float:
    """The height of a cell as it stands on a page."""
    if known := ruler.laid_out(cell):
        return known.height
    frame = ruler.frame(cell.cell)
    filled = [height for number in range(len(cell.paragraphs)) if (height := _paragraph_height(cell, number, ruler))]
    return frame.around + sum(filled) + frame.gap * max(0, len(filled) - 1)


def _paragraph_height(cell: SheetCell, number: int, ruler: Ruler) -> float:
    """The height of a paragraph; an empty one has none."""
    frame = ruler.frame(cell.cell)
    if cell.is_marked(number):
        return (ruler.lines(cell, number) - 1) * frame.line + frame.marked
    return ruler.lines(cell, number) * frame.line if any(part.text for part in cell.paragraphs[number]) else 0.0


def _pieces(page: SheetPage, ruler: Ruler) -> Iterator[tuple[Key, tuple[tuple[MeasuredPiece, ...], ...]]]:
    """The cells of an endless page that may be broken, with their paragraphs in measured pieces."""
    for row in page.rows:
        for cell in row.cells:
            if cell.measured:
                yield (row.row, cell.cell.column), tuple(_measured(cell, ruler))


def _measured(cell: SheetCell, ruler: Ruler) -> Iterator[tuple[MeasuredPiece, ...]]:
    """A cell's paragraphs in measured pieces."""
    known = ruler.laid_out(cell)
    tops = known.tops if known else _tops(cell, ruler)
    for paragraph, of_paragraph in zip(cell.paragraphs, tops, strict=True):
        yield tuple(MeasuredPiece(part.text, top) for part, top in zip(paragraph, of_paragraph, strict=True))


def _tops(cell: SheetCell, ruler: Ruler) -> Iterator[list[float]]:
    """By paragraph of a cell, where the lines begin on which its parts begin, below the top of the first line."""
    frame = ruler.frame(cell.cell)
    top = 0.0
    for number in range(len(cell.paragraphs)):
        yield [top + line * frame.line for line in ruler.starts(cell, number)]
        if height := _paragraph_height(cell, number, ruler):
            top += height + frame.gap
