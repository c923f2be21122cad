"""Which row of the template printed each row of a form: the cheapest way through its pattern.

A form as it was printed is matched at no cost, which is matching a regular expression. Any other
is matched at the least cost, with rows of either side left over; those are told, not forced. The
search (Viterbi) keeps only ways that cost at most so much more than the best (its beam), so it
takes time in a straight line with the rows. Costs only grow: what was cut off costs more than
the beam, so a match that costs no more than the beam is the cheapest there is; else the beam is
made wider.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.importing.matching.pattern import END, MISSING, START, Pattern, Spot, Step
from perfgen.importing.matching.score import Fit, Scorer
from perfgen.importing.paper.word_table import FormRow

_UNPLACED, _UNPLACED_BLANK = 5.0, 0.4
_BEAMS, _BEAM_OF_MANY, _MANY = (10.0, 100.0), 40.0, 2_000
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


def match(rows: tuple[FormRow, ...], pattern: Pattern, scorer: Scorer) -> Match:
    """The cheapest match of a form's rows with a pattern."""
    narrow, wide = _BEAMS
    found = _search(rows, pattern, scorer, narrow)
    if found.cost > narrow:
        found = _search(rows, pattern, scorer, wide if len(rows) <= _MANY else _BEAM_OF_MANY)
    return _traced(found, rows, pattern)


def _search(rows: tuple[FormRow, ...], pattern: Pattern, scorer: Scorer, beam: float) -> _Way:
    ways = {START: _Way(0.0, START, None, -1, None)}
    for number, row in enumerate(rows):
        ways = _next(ways, (number, row), pattern, scorer, beam)
    ends = []
    for way in ways.values():
        for step in pattern.steps[way.spot]:
            if step.target == END:
                ends.append(_Way(way.cost + step.cost, END, way, len(rows), step))
    return min(ends, key=lambda way: way.cost)


def _next(
    ways: dict[int, _Way], numbered: tuple[int, FormRow], pattern: Pattern, scorer: Scorer, beam: float
) -> dict[int, _Way]:
    """The best ways that take one more row."""
    number, row = numbered
    left_over = _UNPLACED_BLANK if row.is_blank else _UNPLACED
    found: dict[int, _Way] = {}
    for way in ways.values():
        found[way.spot] = _Way(way.cost + left_over, way.spot, way, number, None)
    limit = min(way.cost for way in found.values()) + beam
    fits: dict[int, Fit | None] = {}
    for way in ways.values():
        for step in pattern.steps[way.spot]:
            target, cost = step.target, way.cost + step.cost
            if target == END or cost > limit or (target in found and found[target].cost <= cost):
                continue
            if target not in fits:
                fits[target] = scorer.fit(row, target)
            fit = fits[target]
            if fit is None:
                continue
            own = fit.cost + fit.group_cost(step.turned)
            if own < left_over + MISSING and (target not in found or cost + own < found[target].cost):
                found[target] = _Way(cost + own, target, way, number, step, fit, own)
    best = min(way.cost for way in found.values())
    return {spot: way for spot, way in found.items() if way.cost <= best + beam}


def _traced(way: _Way, rows: tuple[FormRow, ...], pattern: Pattern) -> Match:
    placed: list[Placed] = []
    unplaced: list[FormRow] = []
    missing: list[tuple[FormRow | None, Spot]] = []
    cost = way.cost
    here: _Way | None = way
    while here is not None and here.before is not None:
        row = rows[here.row] if here.row < len(rows) else None
        if here.step is not None:
            missing += [(row, pattern.spots[spot]) for spot in reversed(here.step.skipped)]
        if here.step is None and row is not None:
            unplaced.append(row)
        elif here.fit is not None and here.step is not None and row is not None:
            placed.append(Placed(row, pattern.spots[here.spot], here.step.turned, here.fit, here.own))
        here = here.before
    return Match(tuple(reversed(placed)), tuple(reversed(unplaced)), tuple(reversed(missing)), cost)
