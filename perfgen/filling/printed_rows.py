"""The rows of the printed form with all cells that stand in each: those that reach into it from above, too."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.data import ValuePath
from perfgen.table.model import Cell, Table, Turn


@dataclass(frozen=True)
class PrintedRow:
    """A row of the form."""

    cells: tuple[Cell, ...]
    """From the left."""
    turns: tuple[Turn, ...]
    """The turns of the loops that made it, from the outermost."""

    def behind(self, column: int) -> tuple[Cell, ...]:
        """The cells from a column of the table on."""
        return tuple(cell for cell in self.cells if cell.column >= column)


def printed_rows(table: Table) -> list[PrintedRow]:
    """The rows of a table, in order."""
    rows: list[PrintedRow] = []
    reaching: list[Cell] = []
    for number, row in enumerate(table.rows):
        reaching = [*(cell for cell in reaching if cell.row + cell.rowspan > number), *row.cells]
        rows.append(PrintedRow(tuple(sorted(reaching, key=lambda cell: cell.column)), row.turns))
    return rows


def place_of(rows: list[PrintedRow], path: ValuePath) -> tuple[int, Cell] | None:
    """The first row and cell in which a value is printed; a cell that is not its only one comes last."""
    found = [
        (len(set(cell.paths)), number, cell)
        for number, row in enumerate(rows)
        for cell in row.cells
        if path in cell.paths and cell.row == number
    ]
    if not found:
        return None
    _, number, cell = min(found, key=lambda one: one[:2])
    return number, cell
