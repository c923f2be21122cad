"""The proof of an import: what was read, printed again, held against the original cell for cell."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from perfgen.display import show
from perfgen.importing.folding import shortened, squeezed
from perfgen.importing.match import Match
from perfgen.importing.remarks import DIFFERENT, Remarks
from perfgen.importing.word_table import FormCell
from perfgen.table.model import Table

_MAX_ALIGNED = 600
"""Rows that are aligned when their numbers differ; more are compared by position."""


@dataclass(frozen=True)
class Proof:
    """How many cells of the original come out the same, of how many."""

    same: int
    cells: int
    changed: int
    """Of the same, those that come out in the spelling that was told."""


@dataclass
class _Was:
    cell: FormCell
    text: str


def compare(
    match: Match, table: Table, held: dict[FormCell, list[Any]], told: set[FormCell], remarks: Remarks
) -> Proof:
    """Compares a form with the table that its data makes.

    `held` are the values read from each cell, `told` the cells with a remark that they were changed.
    """
    rows = [_own_cells(placed.fit.pairs, told) for placed in match.placed]
    left = [cell for row in match.unplaced for cell in row.cells if cell.text and not cell.continues]
    again = [[squeezed(cell.text) for cell in row.cells] for row in table.rows]
    same = changed = 0
    for cells, texts in _aligned(rows, again):
        if cells is None:
            remarks.say(DIFFERENT, f"印出来多一行：{shortened('，'.join(filter(None, texts or [])), 40)}")
            continue
        for number, was in enumerate(cells):
            now = texts[number] if texts is not None and number < len(texts) else None
            if now == was.text:
                same += 1
            elif now is not None and was.cell in told and _holds(now, held.get(was.cell, [])):
                same += 1
                changed += 1
            else:
                shown = "没有这一格" if now is None else f"是“{shortened(now)}”"
                remarks.say(DIFFERENT, f"原来是“{shortened(was.text)}”，再印出来{shown}。", was.cell)
        if texts is not None and len(texts) > len(cells):
            remarks.say(DIFFERENT, f"再印出来多 {len(texts) - len(cells)} 格。", cells[0].cell if cells else None)
    total = sum(map(len, rows)) + len(left)
    return Proof(same, total, changed)


def _own_cells(pairs: Any, told: set[FormCell]) -> list[_Was]:
    """The cells that begin in a row, without those that were told to be merged or left out."""
    found = []
    for cell, shape in pairs:
        if cell is None or cell.continues:
            continue
        if (
            cell in told
            and (shape is None or shape.cell.continues or shape.until is not None)
            and not _begins(shape, cell)
        ):
            continue
        found.append(_Was(cell, squeezed(cell.text)))
    return found


def _begins(shape: Any, cell: FormCell) -> bool:
    return shape is not None and not shape.cell.continues and bool(cell.text)


def _holds(text: str, values: list[Any]) -> bool:
    """Whether a cell printed again holds every value that was read from it."""
    return all(squeezed(show(value)) in text for value in values if value is not None)


def _aligned(rows: list[list[_Was]], again: list[list[str]]) -> list[tuple[list[_Was] | None, list[str] | None]]:
    """Rows of the form beside rows of the table; a gap is None."""
    if len(rows) == len(again) or len(rows) + len(again) > _MAX_ALIGNED:
        length = max(len(rows), len(again))
        return [(rows[i] if i < len(rows) else None, again[i] if i < len(again) else None) for i in range(length)]
    made: list[tuple[list[_Was] | None, list[str] | None]] = []
    keys = [tuple(was.text for was in row) for row in rows]
    matcher = difflib.SequenceMatcher(None, keys, [tuple(texts) for texts in again], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        made += [
            (rows[a + i] if a + i < b else None, again[c + i] if c + i < d else None) for i in range(max(b - a, d - c))
        ]
    return made
