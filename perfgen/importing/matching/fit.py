"""A form's row beside a row of the template: which cell of the one is printed by which cell of the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from perfgen.importing.matching.names import Meaning
from perfgen.importing.paper.word_table import FormCell
from perfgen.table.tags import Literal_
from perfgen.table.template import TemplateCell, TemplateParagraph

WRONG, ODD, SLIGHT = 3.0, 1.5, 0.3
_NAMELESS_GROUP = 2.0


@dataclass(frozen=True, eq=False)
class CellPattern:
    """A cell of the template, and what it says about the cells it can print."""

    cell: TemplateCell
    heading: str | None
    """Its text, folded, where it prints nothing else."""
    line: re.Pattern[str] | None
    """Its text with places for values, where it has both in one paragraph."""
    meaning: Meaning | None
    """What it prints, where that is one value."""
    merge_depth: int | None
    """The depth of the loop one turn of which it is merged over."""
    label: str | None = None
    """The heading of the cell that it continues, folded."""

    @property
    def title(self) -> str:
        """What it is called: its heading, or its value's title."""
        if self.heading:
            return self.heading
        return "组名" if self.merge_depth is not None else self.meaning.field.title if self.meaning else ""

    def begins_group(self, turned: int | None) -> bool:
        """Whether it is merged over a turn, and begins where the loop at depth `turned` begins one."""
        return self.merge_depth is not None and turned is not None and turned <= self.merge_depth

    def continues(self, turned: int | None) -> bool:
        """Whether it is merged with the cell above, where the loop at depth `turned` begins a turn."""
        return self.cell.continues or (self.merge_depth is not None and not self.begins_group(turned))


class CellPair(NamedTuple):
    """A form's cell and the template's cell that prints it; None where one of them has no partner."""

    cell: FormCell | None
    pattern: CellPattern | None
    also: tuple[CellPattern, ...] = ()
    """The cells to the right of `pattern` that the form has merged into the same cell."""

    @property
    def patterns(self) -> tuple[CellPattern, ...]:
        """All the template's cells in it, from the left."""
        return (self.pattern, *self.also) if self.pattern is not None else ()


def is_whole(pairs: tuple[CellPair, ...]) -> bool:
    """Whether each cell of both rows has a partner of its own."""
    return all(pair.cell and pair.pattern and not pair.also for pair in pairs)


@dataclass(frozen=True)
class Fit:
    """A row's cells paired with the template's, and what that costs without its merged groups."""

    pairs: tuple[CellPair, ...]
    cost: float
    by_columns: bool = False
    """Whether the form's grid tells the pairs; else they are the likeliest."""

    def group_cost(self, turned: int | None) -> float:
        """The cost of the merged cells when the outermost loop that turns has this depth."""
        return sum(_group_cost(pair.cell, pair.patterns, turned) for pair in self.pairs if pair.cell is not None)


def _group_cost(cell: FormCell, patterns: tuple[CellPattern, ...], turned: int | None) -> float:
    """The cost of a cell where merged groups begin, or where they continue."""
    begins = [pattern.begins_group(turned) for pattern in patterns if pattern.merge_depth is not None]
    if not begins:
        return 0.0
    if any(begins):
        return ODD if cell.continues else 0.0 if cell.text else _NAMELESS_GROUP
    return continued_cost(cell)


def continued_cost(cell: FormCell) -> float:
    """The cost of a cell that the template merges with the one above."""
    if cell.continues:
        return 0.0
    return SLIGHT if not cell.text else WRONG


def fixed_text(cell: TemplateCell) -> str:
    """The fixed text of a cell of the template, outside its loops."""
    return "".join(
        piece.text
        for part in cell.paragraphs
        if isinstance(part, TemplateParagraph)
        for piece in part.pieces
        if isinstance(piece, Literal_)
    )
