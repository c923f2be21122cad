"""The table laid on pages: which rows stand on which page, and what is said again there."""

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
    """Rows on this page."""
    paragraphs: tuple[SheetParagraph, ...]
    again: bool = False
    """Said again for the eye; the cell itself stands on an earlier page."""
    continued: bool = False
    """A label said again over rows that go on from the page before."""
    joins: bool = False
    """Its first paragraph goes on in the middle from the page before."""


@dataclass(frozen=True)
class SheetRow:
    """A row, or a part of one, on one page."""

    row: int
    """The row of the table it is."""
    cells: tuple[SheetCell, ...]
    splits: bool
    anchor: str = ""


@dataclass(frozen=True)
class SheetPage:
    """What one page holds of the table."""

    rows: tuple[SheetRow, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Sheet:
    """The table on its pages; or, to be measured, on one page without end."""

    pages: tuple[SheetPage, ...]
    labels: tuple[SheetCell, ...] = ()
    """Labels to be measured as they would be said again."""

    @property
    def measuring(self) -> bool:
        """Whether it is to be measured, and not to be seen."""
        return bool(self.pages) and bool(self.pages[0].rows) and bool(self.pages[0].rows[0].anchor)


def plain(text: str) -> SheetParagraph:
    """A paragraph of one part."""
    return (Segment(text),)


def has_label(cell: Cell) -> bool:
    """Whether a cell's text is a label, to be said again where its rows go on."""
    return cell.kind in ("header", "group")


def covered(table: Table) -> list[list[Cell]]:
    """By row, the cells that stand in it, whether they begin there or go on."""
    found: list[list[Cell]] = [[] for _ in table.rows]
    for cell in table.cells():
        for row in range(cell.row, cell.row + cell.rowspan):
            found[row].append(cell)
    return [sorted(cells, key=lambda cell: cell.column) for cells in found]
