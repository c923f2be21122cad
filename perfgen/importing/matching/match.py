"""Which row of the template printed each row of a form: the cheapest way through its pattern.

A form as it was printed is matched at no cost, as a regular expression is matched. Any other form
is matched at the least cost. Rows of either side may be left over; those are told, not forced. The
search (Viterbi) keeps only the ways that cost at most so much more than the best (the beam), so its
time grows in proportion to the rows. Costs only grow: what was cut off costs more than the beam, so
a match that costs no more than the beam is the cheapest there is. Else the beam is made wider.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from perfgen.importing.matching.fit import Fit
from perfgen.importing.matching.pattern import END, MISSING, START, Pattern, Spot, Step
from perfgen.importing.matching.score import Scorer
from perfgen.importing.paper.word_table import FormRow

_UNPLACED, _UNPLACED_BLANK = 5.0, 0.4
_BEAMS, _BEAM_OF_MANY = (10.0, 100.0), 40.0
MANY_ROWS = 2_000
"""A form of very many rows is not searched as widely, so that the time it takes is bounded."""


@dataclass(frozen=True)
class Placed:
    """A form's row, the template's row that prints it, and the outermost loop that begins a turn there."""

    row: FormRow
    spot: Spot
    turned: int | None
    fit: Fit
    cost: float


@dataclass(frozen=True)
class Match:
    """A form's rows in order, those that have no place, and the template's rows that are not there."""

    placed: tuple[Placed, ...]
    unplaced: tuple[FormRow, ...]
    missing: tuple[tuple[FormRow | None, Spot], ...]
    """Each with the form's row before which it was expected, None at the end."""
    cost: float


@dataclass(frozen=True)
class _Way:
    """The best way so far that ends at some spot, as a linked list backwards."""

    cost: float
    spot: int
    before: _Way | None
    row: int
    step: Step | None
    """None where the row was left over."""
    fit: Fit | None = None
    own: float = 0.0
    """The cost of its last row alone."""


def match(rows: tuple[FormRow, ...], scorer: Scorer) -> Match:
    """The cheapest match of a form's rows with the pattern of a scorer."""
    found = match_within(rows, scorer, math.inf)
    assert found is not None, "nothing costs more than any cost"
    return found


def match_within(rows: tuple[FormRow, ...], scorer: Scorer, most: float) -> Match | None:
    """The cheapest match of a form's rows with the pattern of a scorer; None where it costs more than `most`.

    The search ends as soon as that is known: a form of another kind is told from its first rows.
    """
    narrow, wide = _BEAMS
    way = _search(rows, scorer, (narrow, min(narrow, most)))
    if way is None and most > narrow:
        way = _search(rows, scorer, (wide if len(rows) <= MANY_ROWS else _BEAM_OF_MANY, most))
    return _traced(way, rows, scorer.pattern) if way else None


def _search(rows: tuple[FormRow, ...], scorer: Scorer, within: tuple[float, float]) -> _Way | None:
    """The cheapest way through all rows to the pattern's end; None where all that the beam keeps cost too much.

    `within` is the beam, and the most that a way may cost.
    """
    beam, most = within
    ways = {START: _Way(0.0, START, None, -1, None)}
    for number, row in enumerate(rows):
        ways = _next(ways, (number, row), scorer, beam)
        if min(way.cost for way in ways.values()) > most:
            return None
    ends = [
        _Way(way.cost + step.cost, END, way, len(rows), step)
        for way in ways.values()
        for step in scorer.pattern.steps[way.spot]
        if step.target == END
    ]
    last = min(ends, key=lambda way: way.cost)
    return last if last.cost <= most else None


def _next(ways: dict[int, _Way], numbered: tuple[int, FormRow], scorer: Scorer, beam: float) -> dict[int, _Way]:
    """The best ways that take one more row, by the spot where they end."""
    number, row = numbered
    left_over = _UNPLACED_BLANK if row.is_blank else _UNPLACED
    longer = {way.spot: _Way(way.cost + left_over, way.spot, way, number, None) for way in ways.values()}
    limit = min(way.cost for way in longer.values()) + beam
    fits: dict[int, Fit | None] = {}
    for way in ways.values():
        for step in scorer.pattern.steps[way.spot]:
            target, cost = step.target, way.cost + step.cost
            if target == END or cost > limit or (target in longer and longer[target].cost <= cost):
                continue
            if target not in fits:
                fits[target] = scorer.fit(row, target)
            fit = fits[target]
            if fit is None:
                continue
            own = fit.cost + fit.group_cost(step.turned)
            if own < left_over + MISSING and (target not in longer or cost + own < longer[target].cost):
                longer[target] = _Way(cost + own, target, way, number, step, fit, own)
    best = min(way.cost for way in longer.values())
    return {spot: way for spot, way in longer.items() if way.cost <= best + beam}


def _traced(last: _Way, rows: tuple[FormRow, ...], pattern: Pattern) -> Match:
    """The match that a way describes, read from its end."""
    placed: list[Placed] = []
    unplaced: list[FormRow] = []
    missing: list[tuple[FormRow | None, Spot]] = []
    way: _Way | None = last
    while way is not None and way.before is not None:
        row = rows[way.row] if way.row < len(rows) else None
        if way.step is not None:
            missing += [(row, pattern.spots[spot]) for spot in reversed(way.step.skipped)]
        if way.step is None and row is not None:
            unplaced.append(row)
        elif way.fit is not None and way.step is not None and row is not None:
            placed.append(Placed(row, pattern.spots[way.spot], way.step.turned, way.fit, way.own))
        way = way.before
    return Match(tuple(reversed(placed)), tuple(reversed(unplaced)), tuple(reversed(missing)), last.cost)
