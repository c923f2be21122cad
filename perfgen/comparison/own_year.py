"""Compares the files of two years: what each says of its own year.

The columns of earlier years are filled from last year's file; whether they agree with it is for `check` to say
(`check.last_year`). Here they only help to find a row that was renamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.comparison.match import differences
from perfgen.data import Data, as_group, value_at
from perfgen.fields import Field, FieldRole
from perfgen.form.likeness import Budget
from perfgen.form.past_values import moved_on, past_names
from perfgen.form.similarity import Pairer

_OF_THE_FILE: tuple[FieldRole, ...] = ("form", "year", "unit", "former-name", "corrections", "disclosure")
"""Which file it is, and what became of its publication: next year's file says its own, or nothing yet."""


def pairer(fields: Field, budget: Budget) -> Pairer:
    """Pairs the rows of two years."""
    return Pairer(budget, past_names(fields))


def differences_of_years(
    old: Data, new: Data, fields: Field, leave_out: frozenset[str], pairer: Pairer
) -> list[Difference]:
    """What differs between the own years of two files, in the form's order; `pairer` is one of `pairer`.

    What the unit is called is said of the pair (`UnitComparison.before`).
    """
    of_the_file = {name for role in _OF_THE_FILE if (name := fields.find_role(role))}
    found = differences(moved_on(old, fields), new, fields, leave_out | of_the_file, pairer)
    return list(_of_own_year(found, old))


def _of_own_year(found: list[Difference], old: Data) -> Iterator[Difference]:
    for difference in found:
        is_filled = difference.field.is_past and difference.kind is not DifferenceKind.RENAMED
        if not is_filled:
            yield replace(difference, old=_as_it_was(difference, old))


def _as_it_was(difference: Difference, old: Data) -> Data:
    """The old value as last year's file has it: a whole row has its past values moved on."""
    if not isinstance(difference.old, dict) or difference.old_path is None:
        return difference.old
    row = as_group(value_at(old, difference.old_path))
    return {name: row.get(name, value) for name, value in difference.old.items()}
