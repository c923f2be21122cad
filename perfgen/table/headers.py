"""Finds the header cells of each cell of a table: those above it and those beside it, merged ones too."""

from __future__ import annotations

from perfgen.table.model import Cell, Table
from perfgen.table.sheet import covered


def headers(table: Table) -> dict[Cell, list[Cell]]:
    """By cell, its header cells: those above it first, then those beside it, from the outside in.

    Above are the cells of the heading rows that its row belongs under; beside are the labels to its left, up to the
    first value that stands between them.
    """
    cells = covered(table)
    heading_rows = sections(table, cells)
    by_cell: dict[Cell, list[Cell]] = {}
    for cell in table.cells():
        above = [header for row in heading_rows[cell.row] for header in table.rows[row].cells if _is_over(header, cell)]
        beside = _beside(cell, cells[cell.row])
        by_cell[cell] = [header for header in dict.fromkeys([*above, *beside]) if header != cell]
    return by_cell


def _is_over(header: Cell, cell: Cell) -> bool:
    """Whether a cell of a heading row is a header that stands above a cell, in one of its columns."""
    overlap = header.column < cell.column + cell.colspan and cell.column < header.column + header.colspan
    return header.kind == "header" and header.row < cell.row and overlap


def _beside(cell: Cell, row: list[Cell]) -> list[Cell]:
    """The labels to the left of a cell in its row, from left to right."""
    labels: list[Cell] = []
    for left in reversed([neighbour for neighbour in row if neighbour.column < cell.column]):
        if left.kind != "value":
            labels.append(left)
        elif labels:
            break
    return labels[::-1]


def sections(table: Table, cells: list[list[Cell]]) -> list[tuple[int, ...]]:
    """By row, the heading rows of its section; a heading row has itself and those right above it."""
    by_row: list[tuple[int, ...]] = []
    run: tuple[int, ...] = ()
    for number, row in enumerate(table.rows):
        if row.is_heading:
            run = (*run, number) if run and run[-1] == number - 1 else (number,)
        elif run and not _under(number, run[-1], cells):
            run = ()
        by_row.append(run)
    return by_row


def _under(row: int, heading: int, cells: list[list[Cell]]) -> bool:
    """Whether a row belongs under a heading row: a merged cell joins them, or their columns agree."""
    if any(cell in cells[heading] for cell in cells[row] if cell.rowspan > 1):
        return True
    joined = any(cell.row + cell.rowspan > heading + 1 for cell in cells[heading])
    return not joined and [cell.column for cell in cells[row]] == [cell.column for cell in cells[heading]]
