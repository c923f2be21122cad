"""The table as the faces of a PDF can set it: they have a tick, and no box with a tick in it."""

from __future__ import annotations

from dataclasses import replace

from perfgen.table.filters import TICKED
from perfgen.table.model import Block, Table, TableRow

TICK = "√"


def with_ticks(table: Table) -> Table:
    """The table with a tick in place of each ticked box; the table itself where there is none."""
    texts = [block.text for block in (*table.above, *table.below)] + [cell.text for cell in table.cells()]
    if not any(TICKED in text for text in texts):
        return table
    above, below = (tuple(map(_block, blocks)) for blocks in (table.above, table.below))
    return replace(table, above=above, rows=tuple(map(_row, table.rows)), below=below)


def _block(block: Block) -> Block:
    return replace(block, text=block.text.replace(TICKED, TICK))


def _row(row: TableRow) -> TableRow:
    cells = (
        replace(cell, paragraphs=tuple(each.replace(TICKED, TICK) for each in cell.paragraphs)) for cell in row.cells
    )
    return replace(row, cells=tuple(cells))
