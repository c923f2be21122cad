"""The proof of an import: what was read is printed again and compared with the original, cell for cell."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sized
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
    """How many cells of the original come out the same, and how many cells there are on either side."""

    same: int
    cells: int
    changed: int
    """Of the same, those that come out in the spelling that was told."""


def compare_with_original(
    match: Match, table: Table, held: dict[FormCell, list[Data]], private: set[int], notes: Notes
) -> Proof:
    """Compares a form with the table that its data makes; `held` are the values read from each cell.

    A cell that was told to be changed must come out with the values that were read from it. A row of the template
    that has one of the `private` numbers, and was told to be missing, is not missed a second time.
    """
    left_out = {spot.row.number for _, spot in match.missing if spot.number in private}
    comparison = _Comparison(held, notes, is_published=bool(left_out))
    for placed, printed in _aligned(match.placed, table.rows, notes):
        if placed is not None:
            comparison.row(placed, printed)
        elif printed is not None and printed.template_row not in left_out:
            comparison.extra_row(printed)
    left_over = sum(bool(cell.text) for row in match.unplaced for cell in row.cells)
    return Proof(comparison.same, comparison.cells + left_over, comparison.changed)


class _Comparison:
    """Compares row after row, and counts."""

    def __init__(self, held: dict[FormCell, list[Data]], notes: Notes, *, is_published: bool) -> None:
        self.held = held
        self.is_published = is_published
        """Whether the form lacks private rows: figures that they would tell are blank, too."""
        self.notes = notes
        self.told = set(notes.changed)
        """The cells that were told to be changed; what is told from now on does not count."""
        self.same = self.cells = self.changed = 0

    def extra_row(self, row: TableRow) -> None:
        """Counts a row that only the printed table has."""
        texts = "，".join(cell.text for cell in row.cells if cell.text)
        self.cells += sum(bool(cell.text) for cell in row.cells)
        self.notes.say(DIFFERENT, f"印出来多一行：{shortened(texts, 40)}")

    def row(self, placed: Placed, row: TableRow | None) -> None:
        """Compares a form's row with the one printed again, column by column of the template."""
        printed = {cell.column: squeezed(cell.text) for cell in row.cells} if row else {}
        for pair in placed.fit.pairs:
            if pair.cell is None or pair.cell.continues:
                continue
            texts = [printed[pattern.cell.column] for pattern in pair.patterns if pattern.cell.column in printed]
            own = squeezed(pair.cell.text)
            # of several cells that the form has merged into one, the one that was read
            text = own if own in texts else next(iter(texts), None)
            # a changed cell that is not printed was told to be merged, or one too many
            if text is not None or pair.cell not in self.told:
                self.cell(pair.cell, text)
        paired = {pattern.cell.column for pair in placed.fit.pairs if pair.cell for pattern in pair.patterns}
        for column, text in printed.items():
            if column not in paired and text:
                self.cells += 1
                self.notes.say(DIFFERENT, f"再印出来多一格：第 {column + 1} 列“{shortened(text)}”。", placed.row)

    def cell(self, cell: FormCell, printed: str | None) -> None:
        """Compares a cell with its text printed again, which is None where it is not printed."""
        original = squeezed(cell.text)
        self.cells += 1
        if printed == original or (self.is_published and not original):
            self.same += 1
        elif printed is not None and cell in self.told and _holds(printed, self.held.get(cell, [])):
            self.same += 1
            self.changed += 1
        elif cell in self.notes.unplaced:
            # was told, and why
            pass
        elif printed is not None or original:
            shown = "没有这一格" if printed is None else f"是“{shortened(printed)}”"
            self.notes.say(DIFFERENT, f"原来是“{shortened(original)}”，再印出来{shown}。", cell)


def _holds(text: str, values: list[Data]) -> bool:
    """Whether a cell printed again holds every value that was read from it."""
    return all(squeezed(show(value)) in text for value in values if value is not None)


def _aligned(
    rows: tuple[Placed, ...], printed: tuple[TableRow, ...], notes: Notes
) -> list[tuple[Placed | None, TableRow | None]]:
    """Rows of the form beside printed rows; None where one of them has no partner.

    The schema gives groups an order, so a form that has them in another order comes out rearranged.
    """
    partners = _partners(rows, printed)
    pairs = sorted(partners.items())
    moved = [rows[row].row for (row, at), (_, after) in itertools.pairwise(pairs) if after < at]
    if moved:
        where = "、".join(notes.row(row.table, row.number) for row in moved[:_NAMED])
        notes.say(CHANGED, f"{where}以下的次序和表规定的不一样，再印出来按表的次序。")
    aligned: list[tuple[Placed | None, TableRow | None]] = [
        (placed, printed[partners[number]] if number in partners else None) for number, placed in enumerate(rows)
    ]
    return aligned + [(None, printed[number]) for number in _without_partner(partners, printed)]


def _partners(rows: tuple[Placed, ...], printed: tuple[TableRow, ...]) -> dict[int, int]:
    """By a form's row, the printed row that comes from the same row of the template."""
    by_template: dict[int, tuple[list[int], list[int]]] = {}
    for number, placed in enumerate(rows):
        by_template.setdefault(placed.spot.row.number, ([], []))[0].append(number)
    for number, row in enumerate(printed):
        by_template.setdefault(row.template_row, ([], []))[1].append(number)
    partners: dict[int, int] = {}
    for own, again in by_template.values():
        originals = [tuple(squeezed(cell.text) for cell in rows[n].row.cells if not cell.continues) for n in own]
        texts = [tuple(squeezed(cell.text) for cell in printed[n].cells) for n in again]
        partners |= {own[row]: again[at] for row, at in _partners_of_turns(originals, texts).items()}
    return partners


def _partners_of_turns(originals: list[tuple[str, ...]], printed: list[tuple[str, ...]]) -> dict[int, int]:
    """By a form's row, the printed row: the same in place, else the same elsewhere, else the next that is left."""
    in_place = enumerate(zip(originals, printed, strict=False))
    partners = {number: number for number, (original, again) in in_place if original == again}
    elsewhere: dict[tuple[str, ...], deque[int]] = {}
    for number in _without_partner(partners, printed):
        elsewhere.setdefault(printed[number], deque()).append(number)
    for number, texts in enumerate(originals):
        if number not in partners and elsewhere.get(texts):
            partners[number] = elsewhere[texts].popleft()
    remaining = [number for number in range(len(originals)) if number not in partners]
    partners.update(zip(remaining, _without_partner(partners, printed), strict=False))
    return partners


def _without_partner(partners: dict[int, int], printed: Sized) -> list[int]:
    """The numbers of the printed rows that are no row's partner."""
    return sorted(set(range(len(printed))) - set(partners.values()))
