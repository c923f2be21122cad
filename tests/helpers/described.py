"""A Word form's table in lines of text, as docs/form.md shows it: a line for a row, with its spans."""

from __future__ import annotations

from pathlib import Path

from perfgen.prove import docx_cells
from perfgen.prove.docx_cells import PhysicalCell


def described(path: Path) -> str:
    """The rows of a template: cells parted by ｜, [3] for columns, ↓ for what goes on below, ⏎ between paragraphs."""
    return in_lines(path.read_bytes())


def in_lines(content: bytes) -> str:
    """The same of a Word file's bytes."""
    _, rows = docx_cells.read_cells(content)
    return "\n".join("｜".join(_cells(rows, number)) for number in range(len(rows)))


def _cells(rows: list[list[PhysicalCell]], number: int) -> list[str]:
    """The cells that begin in a row."""
    below = rows[number + 1] if number + 1 < len(rows) else []
    found = []
    for cell in rows[number]:
        if not cell.continues:
            goes_on = any(other.column == cell.column and other.continues for other in below)
            span = f"[{cell.colspan}]" if cell.colspan > 1 else ""
            found.append(cell.text.replace("\n", "⏎") + ("↓" if goes_on else "") + span)
    return found
