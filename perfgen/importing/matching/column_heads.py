"""What a form says at the head of each column of values: values below the head of another column are not read.

A column is one of the template's: the cells of its rows that begin at the same line of the grid and are as wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.importing.folding import shortened
from perfgen.importing.matching.fit import CellPair, CellPattern
from perfgen.importing.matching.match import Match, Placed
from perfgen.importing.matching.pattern import Spot
from perfgen.importing.matching.score import Scorer, distance
from perfgen.importing.paper.word_table import FormCell, FormRow
from perfgen.table.template import TemplateCell

OTHER = 1.0
"""A heading at this distance (see `score.distance`) or further is another heading, not the same reworded."""


@dataclass(frozen=True)
class Head:
    """A heading of a form that is not the template's at that place."""

    cell: FormCell
    wanted: str
    is_of_another_column: bool
    """Whether it is the heading of another column of the template's."""

    @property
    def sentence(self) -> str:
        """What is wrong."""
        return f"这一列的表头是“{shortened(self.cell.text)}”，表上是“{self.wanted}”"


class ColumnHeads:
    """The wrong heads that are over the columns, as the rows of a form are read one after another."""

    def __init__(self, match: Match, scorer: Scorer) -> None:
        self.scorer = scorer
        self.wrong: dict[tuple[int, int], Head] = {}
        self.replaced = dict(self._replaced(match))

    def pass_row(self, placed: Placed) -> None:
        """Takes the heads that a row has, or the row before it that stands where one of the template's is missing."""
        if placed.row in self.replaced:
            self._take(self.replaced[placed.row])
        if self._is_of_heads(placed.spot):
            self._take(placed.fit.pairs)

    def over(self, cell: TemplateCell) -> Head | None:
        """The wrong head over a cell of the template."""
        return self.wrong.get((cell.column, cell.colspan))

    def _take(self, pairs: tuple[CellPair, ...]) -> None:
        headings = [pattern.heading for pair in pairs for pattern in pair.patterns if pattern.heading]
        for cell, pattern, also in pairs:
            if pattern is None or pattern.heading is None or also:
                continue
            place = pattern.cell.column, pattern.cell.colspan
            self.wrong.pop(place, None)
            if cell is not None and cell.text and distance(cell.key, pattern.heading) >= OTHER:
                others = [heading for heading in headings if heading != pattern.heading]
                is_of_another = any(distance(cell.key, heading) < OTHER for heading in others)
                self.wrong[place] = Head(cell, pattern.heading, is_of_another)

    def _is_of_heads(self, spot: Spot) -> bool:
        """Whether a row of the template has nothing but headings."""
        cells = self.scorer.cells[spot.number]
        return any(map(_is_heading, cells)) and all(cell.cell.continues or cell.heading is not None for cell in cells)

    def _replaced(self, match: Match) -> Iterator[tuple[FormRow, tuple[CellPair, ...]]]:
        """By row, the heads of the row before it that has no place, where one of the template's is missing."""
        before = {(row.table, row.number): row for row in match.unplaced}
        for row, spot in match.missing:
            other = before.get((row.table, row.number - 1)) if row is not None else None
            if row is not None and other is not None and self._is_of_heads(spot):
                yield row, self._beside(other, self.scorer.cells[spot.number])

    def _beside(self, row: FormRow, patterns: tuple[CellPattern, ...]) -> tuple[CellPair, ...]:
        """The cells of a row with the template's cells in their columns; one by one, where the grid does not tell."""
        pairs = self.scorer.columns.place(row, patterns) if self.scorer.columns else None
        if pairs is not None:
            return pairs
        if row.end == sum(pattern.cell.colspan for pattern in patterns):
            begun = {cell.column: cell for cell in row.cells}
            return tuple(CellPair(begun.get(pattern.cell.column), pattern) for pattern in patterns)
        return tuple(CellPair(cell, pattern) for cell, pattern in zip(row.cells, patterns, strict=False))


def _is_heading(pattern: CellPattern) -> bool:
    return bool(pattern.heading) and not pattern.cell.continues
