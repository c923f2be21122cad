"""What the expanded table is made of: rows of cells with text, spans and the paths of their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

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


class Turn(NamedTuple):
    """One turn of a loop: the row of a list, or the group of an object, that stands in the rows or lines it makes."""

    variable: str
    number: int
    """Its number, from 0."""
    item: ValuePath
    """The path of the row or group."""
    rows: ValuePath
    """The path of the list, or of the object whose groups are its rows."""

    @property
    def is_group(self) -> bool:
        """Whether its name is a key of the data."""
        return bool(self.item) and isinstance(self.item[-1], str)


class Part(NamedTuple):
    """A piece of what is printed in one go: words of the template, or a value of the data."""

    text: str
    path: ValuePath | None = None
    """The path of the value; None for words of the template. The name of a group has the path of the group."""
    shown: str = ""
    """How a value is printed where it is not printed as it is: see `filters`."""


class Line(NamedTuple):
    """A paragraph in its parts, with the turns of the loops inside the cell that made it."""

    parts: tuple[Part, ...]
    turns: tuple[Turn, ...] = ()

    @property
    def text(self) -> str:
        """What is printed."""
        return "".join(part.text for part in self.parts)


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
    lines: tuple[Line, ...] = field(default=(), repr=False, compare=False)
    """Its paragraphs in their parts."""

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
    turns: tuple[Turn, ...] = ()
    """The turns of the loops that made it, from the outermost."""

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
    parts: tuple[Part, ...] = field(default=(), repr=False, compare=False)


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
