"""How well a form's row fits a row of the template: its cells paired with the template's, at a cost.

A row that fits costs nothing. What people do to a row costs little (a cell too many, a merge
undone, a heading reworded); another row's content costs much. The numbers only have to put
these in order: MISSING in `pattern` is what a row weighs that is not there at all.
"""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass

from perfgen.fields import Field
from perfgen.importing.folding import folded, is_dash, narrow
from perfgen.importing.matching.names import Meaning, meaning
from perfgen.importing.matching.pattern import Pattern, Spot
from perfgen.importing.matching.template_line import line_pattern
from perfgen.importing.paper.word_table import KEY_LENGTH, FormCell, FormRow
from perfgen.table.tags import Literal_, Print
from perfgen.table.template import Repeat, TemplateCell

STRAY_BLANK, STRAY, ABSENT = 0.8, 3.0, 1.0
_GAPS = 4
"""How many cells a row may have more or less than the template's."""
_WRONG, _ODD, _HEADING, _SLIGHT = 3.0, 1.5, 1.0, 0.3
_NUMBER = re.compile(r"[-+]?[\d,.。·\s]*\d\s*(%|[^\d\s]{0,3})\Z")


@dataclass(frozen=True, eq=False)
class Shape:
    """A cell of the template, and what it says about the cells it can print."""

    cell: TemplateCell
    fixed: str | None
    """Its text, folded, where it prints nothing else."""
    line: re.Pattern[str] | None
    """Its text with places for values, where it has both in one paragraph."""
    meaning: Meaning | None
    """What it prints, where that is one value."""
    until: int | None
    """The depth of the loop one turn of which it is merged over."""


CellPair = tuple[FormCell | None, Shape | None]


@dataclass(frozen=True)
class Fit:
    """A row's cells paired with the template's, and what that costs without its merged groups."""

    pairs: tuple[CellPair, ...]
    cost: float

    def group_cost(self, turned: int | None) -> float:
        """What the merged cells cost when the outermost loop that turns has a depth."""
        return sum(
            _group_cost(cell, begins(shape, turned))
            for cell, shape in self.pairs
            if cell and shape and shape.until is not None
        )


def begins(shape: Shape, turned: int | None) -> bool:
    """Whether a merged group's cell begins anew where the loop at a depth begins a turn."""
    return shape.until is not None and turned is not None and turned <= shape.until


def _group_cost(cell: FormCell, anew: bool) -> float:
    if anew:
        return _ODD if cell.continues else 0.0 if cell.text else 2.0
    if cell.continues:
        return 0.0
    return _SLIGHT if not cell.text else _WRONG


class Scorer:
    """Fits rows to the spots of one pattern; remembers what it has judged."""

    def __init__(self, pattern: Pattern, fields: Field) -> None:
        self.shapes = {spot.number: self._shapes(spot, fields) for spot in pattern.spots}
        fixed = [shape.fixed for shapes in self.shapes.values() for shape in shapes]
        self.headings = {text for text in fixed if text and len(text) > 1}
        self.values_only = {
            spot.number for spot in pattern.spots if spot.loops and not any(s.fixed for s in self.shapes[spot.number])
        }  # fmt: skip

    def _shapes(self, spot: Spot, fields: Field) -> tuple[Shape, ...]:
        return tuple(self._shape(cell, spot, fields) for cell in spot.row.cells)

    def _shape(self, cell: TemplateCell, spot: Spot, fields: Field) -> Shape:
        lines = [part for part in cell.paragraphs if not isinstance(part, Repeat)]
        pieces = [piece for line in lines for piece in line.pieces]
        prints = [piece for piece in pieces if isinstance(piece, Print)]
        literal = "".join(piece.text for piece in pieces if isinstance(piece, Literal_))
        looped = len(lines) < len(cell.paragraphs)
        variables = [loop.open.variable for loop in spot.loops]
        return Shape(
            cell,
            folded(literal) if not prints and not looped and not cell.continues else None,
            line_pattern(tuple(pieces)) if prints and literal.strip() and not looped else None,
            meaning(prints[0].path, spot.loops, fields) if len(prints) == 1 and not looped else None,
            variables.index(cell.merge) if cell.merge in variables else None,
        )

    def fit(self, row: FormRow, spot: int) -> Fit | None:
        """The cheapest pairing of a row's cells with a spot's; None where it cannot be that row."""
        shapes = self.shapes[spot]
        if 2 * len(row.cells) < len(shapes) or abs(len(shapes) - len(row.cells)) > _GAPS:
            return None
        blank = 1.0 if spot in self.values_only and row.is_blank else 0.0
        if len(row.cells) == len(shapes):
            pairs = tuple(zip(row.cells, shapes, strict=True))
            cost = sum(self.cost(cell, shape) for cell, shape in pairs)
            if cost < _ODD:
                return Fit(pairs, cost + blank)
        best = self._align(row, shapes)
        return Fit(best.pairs, best.cost + blank)

    def _align(self, row: FormRow, shapes: tuple[Shape, ...]) -> Fit:
        """Cells and shapes in order, with gaps on either side: the cheapest edit."""
        cells = row.cells
        best: list[list[tuple[float, str]]] = [[(0.0, "")] * (len(shapes) + 1) for _ in range(len(cells) + 1)]
        for i in range(len(cells) + 1):
            for j in range(len(shapes) + 1):
                ways: list[tuple[float, str]] = []
                if i and j:
                    off = min(abs(cells[i - 1].column - shapes[j - 1].cell.column), 5) * 0.05
                    ways.append((best[i - 1][j - 1][0] + self.cost(cells[i - 1], shapes[j - 1]) + off, "pair"))
                if i:
                    ways.append((best[i - 1][j][0] + _stray_cost(cells[i - 1]), "stray"))
                if j:
                    ways.append((best[i][j - 1][0] + _absent_cost(shapes[j - 1]), "absent"))
                if ways:
                    best[i][j] = min(ways)
        pairs: list[CellPair] = []
        i, j = len(cells), len(shapes)
        while i or j:
            way = best[i][j][1]
            i -= way != "absent"
            j -= way != "stray"
            pairs.append((cells[i] if way != "absent" else None, shapes[j] if way != "stray" else None))
        return Fit(tuple(reversed(pairs)), best[-1][-1][0])

    def cost(self, cell: FormCell, shape: Shape) -> float:
        """How ill a cell fits a shape, whatever group it is in."""
        if shape.cell.continues:
            return 0.0 if cell.continues else _SLIGHT if not cell.text else _WRONG
        if shape.until is not None:
            return self._odd_content(cell, shape)
        if cell.continues:
            return _ODD
        if shape.fixed is not None:
            return distance(cell.key, shape.fixed)
        if shape.line is not None:
            return 0.0 if shape.line.fullmatch(narrow(cell.text)) else _ODD
        return self._odd_content(cell, shape)

    def _odd_content(self, cell: FormCell, shape: Shape) -> float:
        text = cell.text
        if not text:
            return 0.0
        known = shape.meaning
        if cell.key in self.headings and not (known and text in known.choices):
            return _HEADING
        if known is not None and known.is_number and not (is_dash(text) or _NUMBER.match(narrow(text))):
            return 0.7
        if known is not None and known.choices:
            return 0.0 if is_dash(text) else min(0.7, _smallest_distance(cell.key, known.choices))
        return 0.0


def _stray_cost(cell: FormCell) -> float:
    return STRAY_BLANK if cell.continues or not cell.text else STRAY


def _absent_cost(shape: Shape) -> float:
    return STRAY_BLANK if shape.cell.continues or shape.until is not None else 2.0 if shape.fixed else ABSENT


@functools.lru_cache(maxsize=4096)
def _similarity(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def distance(given: str, fixed: str) -> float:
    """What a heading costs that is worded otherwise; both folded."""
    if given == fixed:
        return 0.0
    if not given or not fixed:
        return _ODD if fixed else _WRONG
    likeness = _similarity(given, fixed[:KEY_LENGTH])
    return _SLIGHT + 1 - likeness if likeness >= 0.5 or given in fixed or fixed in given else _WRONG


@functools.lru_cache(maxsize=4096)
def _smallest_distance(given: str, choices: tuple[str, ...]) -> float:
    """How far a folded text is from the nearest of some choices: 0 for one of them, 1 for none at all."""
    return min((0.0 if given == (one := folded(choice)) else 1 - _similarity(given, one)) for choice in choices)
