"""Says by the values of earlier years whether a row is one of last year's: they move with it when a year begins."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, auto

from perfgen.data import Data, Scalar, as_group, as_scalar
from perfgen.fields import Field
from perfgen.values import MeasureChange, compare_measures, parse

_EVERYWHERE = (Decimal(0), Decimal(1), Decimal(100))
"""Amounts that many rows have, so that they tell no row from another."""


class PastEvidence(Enum):
    """What the past values of two rows say."""

    NOTHING = auto()
    SAME_ROW = auto()
    NEW_ROW = auto()
    """The row says that it has no past, and the other one has."""


def past_names(fields: Field) -> frozenset[str]:
    """The names of the members of rows that hold a value of an earlier year."""
    return frozenset(_past_names(fields, in_row=False))


def _past_names(field: Field, *, in_row: bool) -> Iterator[str]:
    if in_row:
        yield from (name for name, member in field.members.items() if member.is_past)
    for below in (*field.members.values(), *([field.other] if field.other else [])):
        yield from _past_names(below, in_row=False)
    if field.item:
        yield from _past_names(field.item, in_row=True)


def years_back(group: Field, name: str) -> Iterator[tuple[int, str]]:
    """The members of a group that hold what another one held one year before its own, two years, and so on."""
    seen = {name}
    while past := next((other for other, member in group.members.items() if member.source == name), None):
        if past in seen:
            return
        seen.add(past)
        yield len(seen) - 1, past
        name = past


def moved_on(data: Data, field: Field) -> Data:
    """Last year's data with the values of earlier years as this year's file begins with them: each a place further."""
    if isinstance(data, dict):
        return {name: _member(name, value, data, field) for name, value in data.items()}
    if isinstance(data, list) and field.item:
        return [moved_on(row, field.item) for row in data]
    return data


def _member(name: str, value: Data, group: dict[str, Data], field: Field) -> Data:
    member = field.member(name)
    if member is None:
        return value
    return group.get(member.source) if member.source else moved_on(value, member)


def evidence_of(old: Data, new: Data, past: frozenset[str]) -> PastEvidence:
    """What the past values of two rows say; those of `old` were moved on by `moved_on`.

    What was only expected last year is no claim about what came of it, as in `check.last_year`.
    """
    before, after = as_group(old), as_group(new)
    values = [(as_scalar(before.get(name)), as_scalar(after.get(name))) for name in past if name in after]
    if not values:
        return PastEvidence.NOTHING
    if all(parse(_typed(now)).is_blank for _, now in values):
        had_some = any(not parse(_typed(was)).is_blank for was, _ in values)
        return PastEvidence.NEW_ROW if had_some else PastEvidence.NOTHING
    claims = [(was, now) for was, now in values if _is_claim(was, now)]
    agree = all(compare_measures(parse(_typed(was)), parse(_typed(now))) is MeasureChange.SAME for was, now in claims)
    tells = any((amount := parse(_typed(was)).amount) is not None and amount not in _EVERYWHERE for was, _ in claims)
    return PastEvidence.SAME_ROW if agree and tells else PastEvidence.NOTHING


def _is_claim(was: Scalar, now: Scalar) -> bool:
    """Whether a value of last year's file says what this year's must be: it was reached, or still stands there."""
    measure = parse(_typed(was))
    return not measure.is_blank and (not measure.sign or measure == parse(_typed(now)))


def _typed(value: Scalar) -> str | Decimal | None:
    return None if isinstance(value, bool) else value
