"""Which header cells each cell of a table stands under and beside, over merged groups too."""

from __future__ import annotations

from perfgen.table.model import Cell, Table
from perfgen.table.sheet import covered


def headers(table: Table) -> dict[Cell, list[Cell]]:
    """By cell, its header cells: those above it first, then those beside it, from the outside in.

    Above are the heading rows its row belongs under; beside are the labels to its left, up to the
    first value that stands between them.
    """
    cells = covered(table)
    heading_rows = sections(table, cells)
    found: dict[Cell, list[Cell]] = {}
    for cell in table.cells():
        above = [
            header
            for row in heading_rows[cell.row]
            for header in table.rows[row].cells
            if header.row < cell.row and _overlap(header, cell) and header.kind == "header"
        ]
        beside = _beside(cell, cells[cell.row])
        found[cell] = [header for header in dict.fromkeys([*above, *beside]) if header != cell]
    return found


def _overlap(one: Cell, other: Cell) -> bool:
    return one.column < other.column + other.colspan and other.column < one.column + one.colspan


def _beside(cell: Cell, row: list[Cell]) -> list[Cell]:
    labels: list[Cell] = []
    for other in reversed([other for other in row if other.column < cell.column]):
        if other.kind == "value":
            if labels:
                break
        else:
            labels.append(other)
    return labels[::-1]


def sections(table: Table, cells: list[list[Cell]]) -> list[tuple[int, ...]]:
    """By row, all heading rows of its section; for a heading row, those above it in its own run."""
    found: list[tuple[int, ...]] = []
    run: tuple[int, ...] = ()
    for number, row in enumerate(table.rows):
        if row.is_heading:
            run = (*run, number) if run and run[-1] == number - 1 else (number,)
        elif run and not _under(number, run[-1], cells):
            run = ()
        found.append(run)
    return found


def _under(row: int, heading: int, cells: list[list[Cell]]) -> bool:
    """Whether a row belongs under a heading row: a merged cell joins them, or their columns agree."""
    if any(cell in cells[heading] for cell in cells[row] if cell.rowspan > 1):
        return True
    joined = any(cell.row + cell.rowspan > heading + 1 for cell in cells[heading])
    return not joined and [c.column for c in cells[row]] == [c.column for c in cells[heading]]
