"""Which columns of the template a form's cells cover.

A form has a grid of its own (ECMA-376 Part 1, 17.4.48): programs split columns, add thin ones and give them other
widths. The rows that fit the template cell by cell tell which line of the form's grid is which line of the template's.
Any other row is then placed by the lines between which its cells stand (w:gridSpan, w:gridBefore, w:gridAfter).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from perfgen.importing.matching.fit import CellPair, CellPattern, is_whole
from perfgen.importing.paper.word_table import FormCell, FormRow

Lines = Mapping[int, int]
"""By a line of the form's grid, the line of the template's; lines count from 0 at the left edge."""


class Extent(NamedTuple):
    """Where a cell begins and ends, in the template's widths."""

    begin: float
    end: float

    def shared(self, other: Extent) -> float:
        """The width that two cells have in common."""
        return max(0.0, min(self.end, other.end) - max(self.begin, other.begin))

    def is_mostly_in(self, other: Extent) -> bool:
        """Whether more than half of it is in another."""
        return 2 * self.shared(other) > self.end - self.begin


@dataclass(frozen=True)
class Columns:
    """The lines of a form's grids, table by table, as lines of the template's grid."""

    lines: Mapping[int, Lines]
    """By table; a table whose rows do not tell is not in it."""
    grids: Sequence[Sequence[int]]
    """The widths of the columns of the form's tables; those of the first table first."""
    positions: Sequence[float]
    """Where the template's lines are, from the left edge."""

    def place(self, row: FormRow, patterns: tuple[CellPattern, ...]) -> tuple[CellPair, ...] | None:
        """A row's cells with the cells of a row of the template in their columns; None where the grid does not tell."""
        extents = self._extents(row)
        return _paired(row.cells, extents, patterns, self.positions) if extents else None

    def agree(self, row: FormRow, pairs: tuple[CellPair, ...]) -> bool:
        """Whether the cells of a row stand in the columns of the template's cells they are paired with."""
        lines = self.lines.get(row.table)
        return lines is None or all(lines.get(line) == own for line, own in _votes(pairs))

    def _extents(self, row: FormRow) -> list[Extent]:
        """Where the cells of a row are; empty where the row does not reach from edge to edge of the table."""
        lines = self.lines.get(row.table, {})
        last = len(self.positions) - 1
        if not row.cells or lines.get(0) != 0 or lines.get(row.end) != last:
            return []
        widths = self.grids[row.table - 1] if row.table <= len(self.grids) else ()
        own = (
            [0.0, *accumulate(widths)] if len(widths) >= row.end and all(widths) else [*map(float, range(row.end + 1))]
        )
        return [
            Extent(self._position(cell.column, lines, own), self._position(cell.column + cell.colspan, lines, own))
            for cell in row.cells
        ]

    def _position(self, line: int, lines: Lines, own: Sequence[float]) -> float:
        """Where a line of the form's grid is; `own` says where it is by the form's widths."""
        if line in lines:
            return self.positions[lines[line]]
        before = max(known for known in lines if known < line)
        after = min(known for known in lines if known > line)
        left, right = self.positions[lines[before]], self.positions[lines[after]]
        return left + (right - left) * (own[line] - own[before]) / (own[after] - own[before])


def _paired(
    cells: tuple[FormCell, ...], extents: list[Extent], patterns: tuple[CellPattern, ...], positions: Sequence[float]
) -> tuple[CellPair, ...] | None:
    """Cells paired by where they are; None where some stand across the borders of the template's cells."""
    wanted = [
        Extent(positions[pattern.cell.column], positions[pattern.cell.column + pattern.cell.colspan])
        for pattern in patterns
    ]
    parts = {number: [at for at, place in enumerate(extents) if place.is_mostly_in(own)]
             for number, own in enumerate(wanted)}  # fmt: skip
    covered = {at: [number for number, own in enumerate(wanted) if own.is_mostly_in(place)]
               for at, place in enumerate(extents)}  # fmt: skip
    pairs: list[tuple[float, CellPair]] = []
    taken: set[int] = set()
    for at, numbers in covered.items():
        if len(numbers) > 1:
            first, *others = (patterns[number] for number in numbers)
            pairs.append((extents[at].begin, CellPair(cells[at], first, tuple(others))))
            taken.add(at)
    merged = {number for numbers in covered.values() if len(numbers) > 1 for number in numbers}
    for number, pattern in enumerate(patterns):
        inside = [at for at in parts[number] if at not in taken]
        if number in merged:
            continue
        best = next((at for at in inside if cells[at].text), inside[0] if inside else None)
        if best is not None:
            taken.add(best)
        pairs.append((wanted[number].begin, CellPair(cells[best] if best is not None else None, pattern)))
    for at, cell in enumerate(cells):
        if at not in taken:
            if not any(at in inside for inside in parts.values()):
                return None
            pairs.append((extents[at].begin, CellPair(cell, None)))
    return tuple(pair for _, pair in sorted(pairs, key=lambda placed: placed[0]))


def _votes(pairs: Iterable[CellPair]) -> Iterable[tuple[int, int]]:
    """The lines of the form's grid beside the template's, as pairs of single cells have them."""
    for cell, pattern, also in pairs:
        if cell is not None and pattern is not None and not also:
            yield cell.column, pattern.cell.column
            yield cell.column + cell.colspan, pattern.cell.column + pattern.cell.colspan


PairedRow = tuple[FormRow, tuple[CellPair, ...]]
"""A form's row, and its cells beside the template's."""


def learn(rows: Sequence[PairedRow], grids: Sequence[Sequence[int]], widths: Sequence[int]) -> Columns:
    """The columns that rows tell; `widths` are those of the template's columns.

    Only rows without a gap tell, and of these only those that agree with most others.
    """
    positions = [0.0, *accumulate(float(max(width, 1)) for width in widths)]
    whole = [(row, pairs) for row, pairs in rows if is_whole(pairs)]
    first = Columns(_most_told(whole), grids, positions)
    agreeing = [(row, pairs) for row, pairs in whole if first.agree(row, pairs)]
    lines = {table: told for table, told in _most_told(agreeing).items() if _is_in_order(told)}
    return Columns(lines, grids, positions)


def _most_told(rows: Iterable[PairedRow]) -> dict[int, Lines]:
    """By table and line of the form's grid, the template's line that most rows tell."""
    counts: dict[int, dict[int, Counter[int]]] = {}
    for row, pairs in rows:
        table = counts.setdefault(row.table, {})
        for line, own in _votes(pairs):
            table.setdefault(line, Counter())[own] += 1
    return {
        table: {line: counter.most_common(1)[0][0] for line, counter in lines.items()}
        for table, lines in counts.items()
    }


def _is_in_order(lines: Lines) -> bool:
    """Whether lines further to the right are lines further to the right in the template, too."""
    return all(lines[left] <= lines[right] for left, right in pairwise(sorted(lines)))
