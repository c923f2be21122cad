"""Which row of the template printed each row of a form: the cheapest way through its pattern.

A form as it was printed is matched at no cost, which is matching a regular expression. Any other
is matched at the least cost, with rows of either side left over; those are told, not forced. The
search (Viterbi) keeps only ways that are near the best, so it takes time in a straight line with
the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.importing.fit import Fit, Fitter
from perfgen.importing.pattern import END, MISSING, START, Pattern, Spot, Step
from perfgen.importing.word_table import FormRow

_UNPLACED, _UNPLACED_BLANK = 5.0, 0.4
_BEAM = 30.0


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


def match(rows: tuple[FormRow, ...], pattern: Pattern, fitter: Fitter) -> Match:
    """The cheapest match of a form's rows with a pattern."""
    ways = {START: _Way(0.0, START, None, -1, None)}
    for number, row in enumerate(rows):
        ways = _next(ways, number, row, pattern, fitter)
    ends = []
    for way in ways.values():
        for step in pattern.steps[way.spot]:
            if step.target == END:
                ends.append(_Way(way.cost + step.cost, END, way, len(rows), step))
    return _traced(min(ends, key=lambda way: way.cost), rows, pattern)


def _next(ways: dict[int, _Way], number: int, row: FormRow, pattern: Pattern, fitter: Fitter) -> dict[int, _Way]:
    left_over = _UNPLACED_BLANK if row.is_blank else _UNPLACED
    found: dict[int, _Way] = {}
    for way in ways.values():
        found[way.spot] = _Way(way.cost + left_over, way.spot, way, number, None)
    limit = min(way.cost for way in found.values()) + _BEAM
    fits: dict[int, Fit] = {}
    for way in ways.values():
        for step in pattern.steps[way.spot]:
            target, cost = step.target, way.cost + step.cost
            if target == END or cost > limit or (target in found and found[target].cost <= cost):
                continue
            fit = fits.get(target)
            if fit is None:
                fit = fits[target] = fitter.fit(row, target)
            own = fit.cost + fit.group_cost(step.turned)
            if own < left_over + MISSING and (target not in found or cost + own < found[target].cost):
                found[target] = _Way(cost + own, target, way, number, step, fit, own)
    best = min(way.cost for way in found.values())
    return {spot: way for spot, way in found.items() if way.cost <= best + _BEAM}


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
