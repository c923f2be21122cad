"""How well a form's row fits a row of the template: its cells paired with the template's, at a cost.

A row that fits costs nothing. What people do to a row costs little (a cell too many, a merge
undone, a heading reworded); another row's content costs much. The numbers only have to put
these in order: MISSING in `pattern` is the cost of a whole row that is not there.
"""

from __future__ import annotations

import copy
import difflib
import functools
import math
import re
from collections.abc import Iterator
from itertools import accumulate

from perfgen.fields import Field
from perfgen.importing.folding import folded, is_dash
from perfgen.importing.matching.columns import Columns
from perfgen.importing.matching.fit import ODD, SLIGHT, WRONG, CellPair, CellPattern, Fit, continued_cost
from perfgen.importing.matching.names import Meaning, meaning
from perfgen.importing.matching.pattern import Pattern, Spot
from perfgen.importing.matching.template_line import line_pattern, value_prints
from perfgen.importing.paper.word_table import KEY_LENGTH, FormCell, FormRow
from perfgen.notation import narrow
from perfgen.table.tags import Literal_, Print
from perfgen.table.template import Repeat, TemplateCell, TemplateParagraph

STRAY_BLANK, STRAY, ABSENT = 0.8, 3.0, 1.0
_ABSENT_HEADING = 2.0
_GAPS = 4
"""How many cells a row may have more or less than the template's."""
_HEADING, _ODD_VALUE = 1.0, 0.7
_MERGED = 0.5
"""The cost of each cell that the form has merged into the one on its left."""
_BLANK_ROW = 1.0
"""The cost of a blank row where only values stand: nothing tells that it is this row."""
_COLUMN_OFF, _MOST_COLUMNS_OFF = 0.05, 5
"""A cell in another column costs so much for each column, for so many at most."""
_NUMBER = re.compile(r"[-+]?[\d,.。·\s]*\d\s*(%|[^\d\s]{0,3})\Z")


class Scorer:
    """Fits rows to the spots of one pattern, by their columns where these are known."""

    def __init__(self, pattern: Pattern, fields: Field) -> None:
        self.pattern = pattern
        self.columns: Columns | None = None
        labels: dict[int, str | None] = {}
        self.cells = {
            spot.number: tuple(_cell_pattern(cell, spot, fields, labels) for cell in spot.row.cells)
            for spot in pattern.spots
        }
        """By the spot's number, the cells of its row."""
        headings = [cell.heading for cells in self.cells.values() for cell in cells]
        self.headings = {text for text in headings if text and len(text) > 1}
        looped = [spot.number for spot in pattern.spots if spot.loops]
        self.private = {spot.number for spot in pattern.spots if _is_private(spot, fields)}
        """The rows that print nothing public: a published form does not have them."""
        self.values_only = {number for number in looped if not any(cell.heading for cell in self.cells[number])}

    def with_columns(self, columns: Columns) -> Scorer:
        """The same, for a file whose columns are known."""
        other = copy.copy(self)
        other.columns = columns
        return other

    def fit(self, row: FormRow, spot: int) -> Fit | None:
        """The cheapest pairing of a row's cells with a spot's; None where it cannot be that row."""
        patterns = self.cells[spot]
        if 2 * len(row.cells) < len(patterns) or abs(len(patterns) - len(row.cells)) > _GAPS:
            return None
        blank = _BLANK_ROW if spot in self.values_only and row.is_blank else 0.0
        by_columns = self._by_columns(row, patterns)
        if by_columns is not None:
            return Fit(by_columns.pairs, by_columns.cost + blank, by_columns.by_columns)
        if len(row.cells) == len(patterns):
            pairs = tuple(map(CellPair, row.cells, patterns))
            cost = sum(self.cost(cell, pattern) for cell, pattern in zip(row.cells, patterns, strict=True))
            if cost < ODD:
                return Fit(pairs, cost + blank)
        best = self._align(row.cells, patterns)
        return Fit(best.pairs, best.cost + blank)

    def _by_columns(self, row: FormRow, patterns: tuple[CellPattern, ...]) -> Fit | None:
        """Pairs cells by their columns; None where the grid does not tell, or likeness tells better what is absent."""
        pairs = self.columns.place(row, patterns) if self.columns else None
        if pairs is None:
            return None
        fit = Fit(pairs, sum(map(self._pair_cost, pairs)), by_columns=True)
        if all(pair.cell for pair in pairs):
            return fit
        aligned = self._align(row.cells, patterns)
        return fit if fit.cost <= aligned.cost else aligned

    def _pair_cost(self, pair: CellPair) -> float:
        """The cost of a cell and the template's cells in its columns."""
        if pair.cell is None:
            return sum(map(_absent_cost, pair.patterns))
        if pair.pattern is None:
            return _stray_cost(pair.cell)
        return min(self.cost(pair.cell, pattern) for pattern in pair.patterns) + _MERGED * len(pair.also)

    def _align(self, cells: tuple[FormCell, ...], patterns: tuple[CellPattern, ...]) -> Fit:
        """Pairs cells in order, with gaps on either side: the cheapest edit.

        `costs` and `steps` say for the first cells of both rows what the cheapest way to pair them costs, and its last
        step. Where two cost the same, an absent cell goes before a pair, and that before a stray one.
        """
        absent = [_absent_cost(pattern) for pattern in patterns]
        costs = [list(accumulate(absent, initial=0.0))]
        steps = [[""] + ["absent"] * len(patterns)]
        for cell in cells:
            above, stray = costs[-1], _stray_cost(cell)
            row, last = [above[0] + stray], ["stray"]
            for number, pattern in enumerate(patterns):
                without, beside = row[number] + absent[number], above[number + 1] + stray
                least, column = min(without, beside), _column_cost(cell, pattern)
                # what costs too much already is not looked at: to hold texts against each other takes longest
                pair = (
                    above[number] + self.cost(cell, pattern) + column if above[number] + column <= least else math.inf
                )
                row.append(min(least, pair))
                last.append("absent" if without == row[-1] else "pair" if pair == row[-1] else "stray")
            costs.append(row)
            steps.append(last)
        return Fit(_pairs(steps, cells, patterns), costs[-1][-1])

    def cost(self, cell: FormCell, pattern: CellPattern) -> float:
        """How badly a cell fits a cell of the template, whatever group it is in."""
        if pattern.cell.continues:
            return SLIGHT if pattern.label and cell.key == pattern.label else continued_cost(cell)
        if pattern.merge_depth is not None:
            is_printed = pattern.line is not None and pattern.line.fullmatch(narrow(cell.text))
            return 0.0 if is_printed else self._content_cost(cell, pattern.meaning)
        if cell.continues:
            return ODD
        if pattern.heading is not None:
            return distance(cell.key, pattern.heading)
        if pattern.line is not None:
            return 0.0 if pattern.line.fullmatch(narrow(cell.text)) else ODD
        return self._content_cost(cell, pattern.meaning)

    def _content_cost(self, cell: FormCell, meaning: Meaning | None) -> float:
        """The cost of a text as the value it should be; `meaning` is None where it is not known."""
        text = cell.text
        if not text:
            return 0.0
        choices = meaning.choices if meaning else ()
        if cell.key in self.headings and text not in choices:
            return _HEADING
        if meaning is not None and meaning.is_number and not (is_dash(text) or _NUMBER.match(narrow(text))):
            return _ODD_VALUE
        if choices and not is_dash(text):
            return min(_ODD_VALUE, _smallest_distance(cell.key, choices))
        return 0.0


def _cell_pattern(cell: TemplateCell, spot: Spot, fields: Field, labels: dict[int, str | None]) -> CellPattern:
    """What a cell of the template prints; `labels` are the headings begun above it, by column, and kept up here."""
    lines = [part for part in cell.paragraphs if not isinstance(part, Repeat)]
    pieces = [piece for line in lines for piece in line.pieces]
    prints = [piece for piece in pieces if isinstance(piece, Print)]
    literal = "".join(piece.text for piece in pieces if isinstance(piece, Literal_))
    looped = len(lines) < len(cell.paragraphs)
    variables = [loop.open.variable for loop in spot.loops]
    heading = folded(literal) if not prints and not looped and not cell.continues else None
    if not cell.continues:
        labels[cell.column] = heading
    return CellPattern(
        cell,
        heading,
        line_pattern(tuple(pieces)) if prints and literal.strip() and not looped else None,
        _meaning(prints[0], spot, fields) if len(prints) == 1 and not looped else None,
        variables.index(cell.merge) if cell.merge and cell.merge in variables else None,
        labels.get(cell.column) if cell.continues else None,
    )


def _meaning(piece: Print, spot: Spot, fields: Field) -> Meaning | None:
    """What a tag prints; its field's choices say nothing of it where it is printed otherwise than it is."""
    meant = meaning(piece.path, spot.loops, fields)
    return Meaning(meant.fields, "shown") if meant and piece.shown and meant.role == "plain" else meant


def _is_private(spot: Spot, fields: Field) -> bool:
    """Whether a row prints values beside the names of its groups, and none of them is public."""
    parts = [part for cell in spot.row.cells if cell.merge is None for part in cell.paragraphs]
    values = [value for part in parts for value in _printed(part, spot.loops, fields)]
    return bool(values) and not any(value is None or any(field.public for field in value.fields) for value in values)


def _printed(part: TemplateParagraph | Repeat, loops: tuple[Repeat, ...], fields: Field) -> Iterator[Meaning | None]:
    """What a paragraph of the template prints, or the paragraphs of a loop; None for what is not known."""
    if isinstance(part, Repeat):
        for inner in part.body:
            yield from _printed(inner, (*loops, part), fields)
        return
    for piece in value_prints(part.pieces):
        yield meaning(piece.path, loops, fields)


def _pairs(
    steps: list[list[str]], cells: tuple[FormCell, ...], patterns: tuple[CellPattern, ...]
) -> tuple[CellPair, ...]:
    """The pairs of the cheapest edit, read from the end; a step is `pair`, or whose cell has no partner.

    That is `stray` for the form's, `absent` for the template's.
    """
    pairs: list[CellPair] = []
    i, j = len(cells), len(patterns)
    while i or j:
        step = steps[i][j]
        i -= step != "absent"
        j -= step != "stray"
        pairs.append(CellPair(cells[i] if step != "absent" else None, patterns[j] if step != "stray" else None))
    return tuple(reversed(pairs))


def _column_cost(cell: FormCell, pattern: CellPattern) -> float:
    return min(abs(cell.column - pattern.cell.column), _MOST_COLUMNS_OFF) * _COLUMN_OFF


def _stray_cost(cell: FormCell) -> float:
    return STRAY_BLANK if cell.continues or not cell.text else STRAY


def _absent_cost(pattern: CellPattern) -> float:
    if pattern.cell.continues:
        return STRAY_BLANK
    return _ABSENT_HEADING if pattern.heading else ABSENT


@functools.lru_cache(maxsize=4096)
def _similarity(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def distance(given: str, heading: str) -> float:
    """The cost of a heading that is worded otherwise; both folded."""
    if given == heading:
        return 0.0
    if not given or not heading:
        return ODD if heading else WRONG
    likeness = _similarity(given, heading[:KEY_LENGTH])
    is_reworded = likeness >= 0.5 or given in heading or heading in given
    return SLIGHT + 1 - likeness if is_reworded else WRONG


@functools.lru_cache(maxsize=4096)
def _smallest_distance(given: str, choices: tuple[str, ...]) -> float:
    """How far a folded text is from the nearest of some choices: 0 for one of them, 1 for none at all."""
    return min(0.0 if given == choice else 1 - _similarity(given, choice) for choice in map(folded, choices))
