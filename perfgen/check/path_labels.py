"""What a place in the data is called: keys as they are, rows by their names and not by their numbers."""

from __future__ import annotations

from perfgen.data import Data, ValuePath, value_at
from perfgen.display import show
from perfgen.fields import Field


def path_labels(data: Data, fields: Field, path: ValuePath) -> tuple[str, ...]:
    """One name for each step of a path, from the root: a key, the value of a row's `x-identity`, the text of a
    row that is one; empty for a row without a name, and where the data does not reach."""
    names: list[str] = []
    here: Field | None = fields
    for step in path:
        data = value_at(data, (step,))
        if isinstance(step, int):
            names.append(_name(data, here))
            here = here.item if here else None
        else:
            names.append(step)
            here = here.member(step) if here and here.kind == "object" else None
    return tuple(names)


def _name(row: Data, field: Field | None) -> str:
    if isinstance(row, dict):
        return show(row.get(field.identity)) if field and field.identity else ""
    return show(row) if isinstance(row, str) else ""
