"""What stood last year where somebody types now: the value of the same row, found by its name."""

from __future__ import annotations

from perfgen.check.filing import Filing
from perfgen.check.path_labels import path_labels
from perfgen.data import ValuePath, as_scalar, row_of
from perfgen.display import show
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
    value = before.figures.get(there) if before.form.figures.at(there) else None
    return show(value if value is not None else as_scalar(before.document.value(there)))


def _same(filing: Filing, before: Filing, path: ValuePath) -> ValuePath | None:
    """The path in the earlier file: the same groups, and the row of the same name; None where there is not just one.

    Of several rows of that name the one counts that stands in rows of the same names.
    """
    row = row_of(path)
    if not row:
        return path
    names = _names(filing, row)
    shape = _shape(row)
    rows = dict.fromkeys(row_of(one[: len(row)]) for one in before.document.values if _shape(one[: len(row)]) == shape)
    named = [one for one in rows if names[-1] and _names(before, one)[-1] == names[-1]]
    found = named if len(named) == 1 else [one for one in named if _names(before, one) == names]
    return (*found[0], *path[len(row) :]) if len(found) == 1 else None


def _shape(path: ValuePath) -> tuple[str | None, ...]:
    """A path without the numbers of its rows."""
    return tuple(step if isinstance(step, str) else None for step in path)


def _names(filing: Filing, path: ValuePath) -> tuple[str, ...]:
    return tuple(map(plain_name, path_labels(filing.document.data, filing.form.fields, path)))
