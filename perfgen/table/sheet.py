"""What a table on pages is made of: which rows stand on which page, and what is repeated there."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.table.model import Cell, Table


@dataclass(frozen=True)
class Segment:
    """A part of a paragraph; with an anchor when its place on the page is to be measured."""

    text: str
    anchor: str = ""


SheetParagraph = tuple[Segment, ...]


@dataclass(frozen=True)
class SheetCell:
    """A cell as it stands on one page."""

    cell: Cell
    rowspan: int
    """How many rows it has on this page."""
    paragraphs: tuple[SheetParagraph, ...]
    again: bool = False
    """Whether it only repeats, for the eye, a cell of an earlier page."""
    continued: bool = False
    """Whether it repeats a label because the label's rows continue from the page before."""
    joins: bool = False
    """Whether its first paragraph began on the page before."""


@dataclass(frozen=True)
class SheetRow:
    """A row, or a part of one, on one page."""

    row: int
    """Its number in the table."""
    cells: tuple[SheetCell, ...]
    splits: bool
    anchor: str = ""


@dataclass(frozen=True)
class SheetPage:
    """The rows of the table that stand on one page."""

    rows: tuple[SheetRow, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Sheet:
    """The table on its pages; or on one endless page, where it is to be measured."""

    pages: tuple[SheetPage, ...]
    labels: tuple[SheetCell, ...] = ()
    """The labels to be measured as they stand where they are repeated."""

    @property
    def measuring(self) -> bool:
        """Whether it is made to be measured, not to be printed."""
        return bool(self.pages) and bool(self.pages[0].rows) and bool(self.pages[0].rows[0].anchor)


def plain(text: str) -> SheetParagraph:
    """A paragraph of one part."""
    return (Segment(text),)


def has_label(cell: Cell) -> bool:
    """Whether a cell's text is a label, which is repeated on each page that its rows reach."""
    return cell.kind in ("header", "group")


def covered(table: Table) -> list[list[Cell]]:
    """By row, the cells that stand in it, by column: those that begin there and those that began above."""
    by_row: list[list[Cell]] = [[] for _ in table.rows]
    for cell in table.cells():
        for row in range(cell.row, cell.row + cell.rowspan):
            by_row[row].append(cell)
    return [sorted(cells, key=lambda cell: cell.column) for cells in by_row]
