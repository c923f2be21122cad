"""A Word file with one table, from its rows as people would draw them in plain text."""

from __future__ import annotations

import io

import docx

LEFT, ABOVE = "<", "^"
"""What stands in a cell that is merged with the one on its left, or with the one above it."""


def typed_table(drawn: str, *, above: tuple[str, ...] = (), below: tuple[str, ...] = ()) -> bytes:
    """A Word file with a table: a line for each row, `|` between cells, `↵` between lines of one cell.

    A row shorter than the widest one ends in a cell that reaches to the right edge.
    """
    rows = [[cell.strip() for cell in line.split("|")] for line in drawn.strip().split("\n")]
    width = max(map(len, rows))
    rows = [row + [LEFT] * (width - len(row)) for row in rows]
    document = docx.Document()
    for line in above:
        document.add_paragraph(line)
    table = document.add_table(len(rows), width)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text not in (LEFT, ABOVE):
                last_row, last_column = _reach(rows, number, column)
                cell = table.cell(number, column).merge(table.cell(last_row, last_column))
                cell.text = text.replace("↵", "\n")
    for line in below:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _reach(rows: list[list[str]], number: int, column: int) -> tuple[int, int]:
    """The last row and column of the cell that begins at a place."""
    last_column = column
    while last_column + 1 < len(rows[number]) and rows[number][last_column + 1] == LEFT:
        last_column += 1
    last_row = number
    while last_row + 1 < len(rows) and rows[last_row + 1][column] == ABOVE:
        last_row += 1
    return last_row, last_column
