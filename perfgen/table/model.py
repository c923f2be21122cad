"""The expanded table: rows of cells with their text, spans and the paths of their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from perfgen.data import ValuePath

Align = Literal["left", "center", "right", "both"]
CellKind = Literal["header", "group", "name", "value"]
"""A fixed heading; a label over a group of rows; the value that names its row among like rows;
a cell that holds other data (or nothing)."""


@dataclass(frozen=True)
class PageSetup:
    """The page of the Word template, in twentieths of a point."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int


@dataclass(frozen=True)
class Cell:
    """One cell of the expanded table, at its first row and first column."""

    row: int
    column: int
    rowspan: int
    colspan: int
    kind: CellKind
    paragraphs: tuple[str, ...]
    paths: tuple[ValuePath, ...]
    """The paths of the values printed in it, in order."""
    align: Align = "left"

    @property
    def text(self) -> str:
        """What is printed in it, paragraphs apart by a line break."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class TableRow:
    """A row: its own cells, and the columns where a cell from above goes on."""

    cells: tuple[Cell, ...]
    continued: tuple[int, ...]
    """First columns of the cells that go on from the row above."""
    splits: bool = False
    """Whether the row may be broken by a page's end, as prose may."""
    keeps: bool = False
    """Whether it must stand on one page with the next row, as a heading must."""

    @property
    def is_heading(self) -> bool:
        """Whether it begins headings and nothing else."""
        return bool(self.cells) and all(cell.kind == "header" for cell in self.cells)


@dataclass(frozen=True)
class Block:
    """A paragraph outside the table."""

    text: str
    align: Align
    paths: tuple[ValuePath, ...] = ()


@dataclass(frozen=True)
class Table:
    """The official form with its data: what stands above, the grid, what stands below."""

    above: tuple[Block, ...]
    rows: tuple[TableRow, ...]
    below: tuple[Block, ...]
    widths: tuple[int, ...]
    """Column widths in twentieths of a point."""
    page: PageSetup
    left_out: tuple[int, ...] = ()
    """Where rows were left out because all their values are withheld: their numbers, had they stayed."""

    def cells(self) -> Iterator[Cell]:
        """Every cell, in reading order."""
        for row in self.rows:
            yield from row.cells

    def paths(self) -> set[ValuePath]:
        """The paths of all values printed anywhere on the form."""
        blocks = (*self.above, *self.below)
        return {p for c in self.cells() for p in c.paths} | {p for b in blocks for p in b.paths}
