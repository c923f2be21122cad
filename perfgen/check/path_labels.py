"""What a place in the data is called: keys as they are, rows by their names and not by their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.data import Data, ValuePath, value_at
from perfgen.display import show
from perfgen.fields import Field


def path_labels(data: Data, fields: Field, path: ValuePath) -> tuple[str, ...]:
    """One name for each step of a path, from the root: a key, the value of a row's `x-identity`, the text of a
    row that is one; empty for a row without a name, and where the data does not reach."""
    return tuple(
        _name(value, field) if isinstance(step, int) else step for step, value, field in along(data, fields, path)
    )


def along(data: Data, fields: Field, path: ValuePath) -> Iterator[tuple[str | int, Data, Field | None]]:
    """Each step of a path from the root, with the value that it leads to and the field of what it was taken in."""
    here: Field | None = fields
    for step in path:
        data = value_at(data, (step,))
        yield step, data, here
        here = (here.item if isinstance(step, int) else here.member(step)) if here else None


def _name(row: Data, field: Field | None) -> str:
    if isinstance(row, dict):
        return show(row.get(field.identity)) if field and field.identity else ""
    return show(row) if isinstance(row, str) else ""
