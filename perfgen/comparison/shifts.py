"""Finds money that went elsewhere: a row in another category, by which the form adds up its amounts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.data import Data, ValuePath, as_group, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.figures import names_of
from perfgen.form.forms import Form


def shifted(difference: Difference, form: Form, old: Data, new: Data) -> str:
    """The sums that a difference moves from one category to another, in words; empty where it moves none.

    `old` and `new` are the data of both versions. A category is a choice that a computed amount looks at, or the
    group that a row with amounts stands in.
    """
    if difference.kind is DifferenceKind.MOVED:
        row, row_field = (difference.old, difference.new), difference.field
        members = _amounts(row_field)
    elif difference.kind is DifferenceKind.CHANGED and difference.field.choices and difference.row:
        row = _row(old, difference.old_path), _row(new, difference.new_path)
        row_field = difference.row
        members = _added_up_by(difference, form) & _amounts(row_field)
    else:
        return ""
    return "，".join(_sums(row, row_field, members))


def _row(data: Data, path: ValuePath | None) -> Data:
    return value_at(data, path[:-1]) if path else None


def _amounts(row: Field) -> set[str]:
    """The members that hold an amount of money of the own year."""
    return {name for name, member in row.members.items() if member.numeric and member.unit and not member.is_past}


def _added_up_by(difference: Difference, form: Form) -> set[str]:
    """The members of a row that computed amounts read together with a member of it."""
    path = names_of(difference.new_path or difference.old_path or ())
    reading = [figure.reads for figure in form.figures.figures if path in figure.reads]
    return {str(read[-1]) for reads in reading for read in reads if read[:-1] == path[:-1] and read != path}


def _sums(rows: tuple[Data, Data], field: Field, members: set[str]) -> Iterator[str]:
    """Each amount that is more than nothing, in the form's order, with what it was where that is another."""
    for name, member in field.members.items():
        old, new = (as_group(row).get(name) for row in rows)
        if name in members and isinstance(new, Decimal) and (new or old):
            was = "" if old == new or old is None else f"（原来 {show(old)} {member.unit}）"
            yield f"{member.title or name} {show(new)} {member.unit}{was}"
