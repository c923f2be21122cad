"""What the expanded table is made of: rows of cells with text, spans and the paths of their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from perfgen.data import ValuePath

Align = Literal["left", "center", "right", "both"]
CellKind = Literal["header", "group", "name", "value"]
"""A fixed heading; a label over a group of rows; the value that names its row among rows of one kind; a cell with other
data, or with none."""


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
        """What is printed in it, with a line break between paragraphs."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True)
class TableRow:
    """A row: the cells that begin in it, and the columns of those that began above."""

    cells: tuple[Cell, ...]
    continued: tuple[int, ...]
    """The first columns of the cells that reach into it from the row above."""
    splits: bool = False
    """Whether the row may be broken between two pages, as prose may."""
    keeps: bool = False
    """Whether it must stand on one page with the next row, as a heading must."""
    template_row: int = 0
    """The row of the template's table that it comes from, counted from 1."""

    @property
    def is_heading(self) -> bool:
        """Whether all cells that begin in it are headings."""
        return bool(self.cells) and all(cell.kind == "header" for cell in self.cells)


@dataclass(frozen=True)
class Block:
    """A paragraph outside the table."""

    text: str
    align: Align
    paths: tuple[ValuePath, ...] = ()


@dataclass(frozen=True)
class Table:
    """The official form with its data: the paragraphs above the table, its rows, the paragraphs below."""

    above: tuple[Block, ...]
    rows: tuple[TableRow, ...]
    below: tuple[Block, ...]
    widths: tuple[int, ...]
    """Column widths in twentieths of a point."""
    page: PageSetup
    left_out: tuple[int, ...] = ()
    """The numbers of the rows left out because all their values are withheld, counted as if none were left out."""

    def cells(self) -> Iterator[Cell]:
        """Every cell, in reading order."""
        for row in self.rows:
            yield from row.cells

    def paths(self) -> set[ValuePath]:
        """The paths of all values printed anywhere on the form."""
        parts: list[Cell | Block] = [*self.above, *self.cells(), *self.below]
        return {path for part in parts for path in part.paths}
