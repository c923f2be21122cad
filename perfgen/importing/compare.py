"""The proof of an import: what was read, printed again, held against the original cell for cell."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass

from perfgen.data import Data
from perfgen.display import show
from perfgen.importing.folding import shortened, squeezed
from perfgen.importing.matching.match import Match, Placed
from perfgen.importing.notes import CHANGED, DIFFERENT, Notes
from perfgen.importing.paper.word_table import FormCell
from perfgen.table.model import Table, TableRow

_NAMED = 5
"""How many places are named where rows come out in another order."""


@dataclass(frozen=True)
class Proof:
    """How many cells of the original come out the same, of how many on either side."""

    same: int
    cells: int
    changed: int
    """Of the same, those that come out in the spelling that was told."""


def compare_with_original(match: Match, table: Table, held: dict[FormCell, list[Data]], notes: Notes) -> Proof:
    """Compares a form with the table that its data makes; `held` are the values read from each cell.

    A cell that was told to be changed must come out with the values that were read from it.
    """
    comparison = _Comparison(held, notes)
    for placed, row in _aligned(match.placed, table.rows, notes):
        if placed is None:
            assert row is not None
            texts = "，".join(cell.text for cell in row.cells if cell.text)
            comparison.cells += sum(bool(cell.text) for cell in row.cells)
            notes.say(DIFFERENT, f"印出来多一行：{shortened(texts, 40)}")
        else:
            comparison.row(placed, row)
    left = sum(bool(cell.text) for row in match.unplaced for cell in row.cells)
    return Proof(comparison.same, comparison.cells + left, comparison.changed)


class _Comparison:
    def __init__(self, held: dict[FormCell, list[Data]], notes: Notes) -> None:
        self.held = held
        self.notes = notes
        self.told = set(notes.changed)
        self.same = self.cells = self.changed = 0

    def row(self, placed: Placed, row: TableRow | None) -> None:
        """Compares a form's row with the one printed again, column by column of the template."""
        again = {cell.column: squeezed(cell.text) for cell in row.cells} if row else {}
        paired = set()
        for cell, shape in placed.fit.pairs:
            if shape is not None and cell is not None:
                paired.add(shape.cell.column)
            if cell is None or cell.continues:
                continue
            now = again.get(shape.cell.column) if shape else None
            if now is None and cell in self.told:
                # it was told that this cell is merged, or one too many
                continue
            self.cell(cell, now)
        for column, text in again.items():
            if column not in paired and text:
                self.cells += 1
                said = f"再印出来多一格：第 {column + 1} 列“{shortened(text)}”。"
                self.notes.say(DIFFERENT, said, placed.row)

    def cell(self, cell: FormCell, now: str | None) -> None:
        was = squeezed(cell.text)
        self.cells += 1
        if now == was:
            self.same += 1
        elif now is not None and cell in self.told and _holds(now, self.held.get(cell, [])):
            self.same += 1
            self.changed += 1
        elif cell in self.notes.unplaced:
            # was told, and why
            pass
        elif now is not None or was:
            shown = "没有这一格" if now is None else f"是“{shortened(now)}”"
            self.notes.say(DIFFERENT, f"原来是“{shortened(was)}”，再印出来{shown}。", cell)


def _holds(text: str, values: list[Data]) -> bool:
    """Whether a cell printed again holds every value that was read from it."""
    return all(squeezed(show(value)) in text for value in values if value is not None)


def _aligned(
    rows: tuple[Placed, ...], again: tuple[TableRow, ...], notes: Notes
) -> list[tuple[Placed | None, TableRow | None]]:
    """Rows of the form beside rows of the table: the same in place, the same elsewhere, the others in order.

    The schema gives groups an order, so a form that has them in another comes out rearranged.
    """
    keys = [tuple(squeezed(cell.text) for cell in placed.row.cells if not cell.continues) for placed in rows]
    others = [tuple(squeezed(cell.text) for cell in row.cells) for row in again]
    partner: dict[int, int] = {n: n for n, (a, b) in enumerate(zip(keys, others, strict=False)) if a == b}
    free: dict[tuple[str, ...], deque[int]] = {}
    for number in sorted(set(range(len(again))) - set(partner.values())):
        free.setdefault(others[number], deque()).append(number)
    for number, key in enumerate(keys):
        if number not in partner and free.get(key):
            partner[number] = free[key].popleft()
    left = iter(sorted(set(range(len(again))) - set(partner.values())))
    for number in range(len(rows)):
        if number not in partner and (following := next(left, None)) is not None:
            partner[number] = following
    pairs = sorted(partner.items())
    moved = [rows[a].row.number for (a, b), (_, after) in itertools.pairwise(pairs) if after < b]
    if moved:
        where = "、".join(map(str, moved[:_NAMED]))
        notes.say(CHANGED, f"第 {where} 行以下的次序和表规定的不一样，再印出来按表的次序。")
    made: list[tuple[Placed | None, TableRow | None]] = []
    for number, placed in enumerate(rows):
        made.append((placed, again[partner[number]] if number in partner else None))
    return made + [(None, again[number]) for number in left]
