"""What stood last year where somebody types now: the value of the same row, found by its name."""

from __future__ import annotations

from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, as_list, as_scalar, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.formulas import Unavailable
from perfgen.values import plain_name


def last_year(filing: Filing, path: ValuePath) -> str:
    """The value at the same place of the file of the year before, as it is printed.

    Empty where there is no such file, no such row in it, or nothing in that place.
    """
    before = filing.earlier(1)
    if isinstance(before, Unavailable):
        return ""
    there = _same(filing, before, path)
    if there is None:
        return ""
    figure = before.form.figures.at(there)
    value = before.figures.get(there) if figure else None
    return show(value if value is not None else as_scalar(before.document.value(there)))


def _same(filing: Filing, before: Filing, path: ValuePath) -> ValuePath | None:
    """The path in the earlier file, where a row is the one of the same name; None where there is none."""
    field: Field | None = filing.form.fields
    found: ValuePath = ()
    for number, step in enumerate(path):
        if field is None:
            return None
        if isinstance(step, int):
            row = filing.document.value(path[: number + 1])
            same = _same_row(row, as_list(value_at(before.document.data, found)), field.identity)
            if same is None:
                return None
            found, field = (*found, same), field.item
        else:
            found, field = (*found, step), field.member(step)
    return found


def _same_row(row: Data, rows: list[Data], identity: str | None) -> int | None:
    """The number of the row of the same name; of rows without names, that of the only one."""
    name = _name(row, identity)
    if name:
        same = [number for number, other in enumerate(rows) if _name(other, identity) == name]
        if len(same) == 1:
            return same[0]
    return 0 if len(rows) == 1 and not name else None


def _name(row: Data, identity: str | None) -> str:
    return plain_name(show(as_scalar(value_at(row, (identity,))))) if identity else ""
