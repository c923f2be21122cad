"""The fields of a form that it does not print: they are filled in below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.data import Data, ValuePath, as_group, as_list, value_at
from perfgen.fields import Field
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import Slot, slot


@dataclass(frozen=True)
class Unprinted:
    """Some values below one top-level field, that the form does not print."""

    name: str
    field: Field
    slots: tuple[Slot, ...]
    opens: ValuePath | None = None
    """The group to which people may add members of names of their own; None where they may not."""


def unprinted(sheet: Sheet) -> tuple[Unprinted, ...]:
    """By top-level field, in the schema's order, the values that the form does not print and that somebody types.

    What the data has comes with what it could have: an empty value for each field that the schema names.
    """
    printed = sheet.table.paths()
    found = []
    for name, field in sheet.filing.form.fields.members.items():
        below = _leaves(sheet.filing.document.value((name,)), field, (name,), sheet)
        slots = tuple(slot(sheet, path) for path in below if path not in printed)
        editable = tuple(one for one in slots if one.is_editable)
        opens = (name,) if field.other is not None and field.other.kind == "value" else None
        if editable or opens:
            found.append(Unprinted(name, field, editable, opens))
    return tuple(found)


def _leaves(data: Data, field: Field, path: ValuePath, sheet: Sheet) -> Iterator[ValuePath]:
    """The paths of the single values that stand in a field or could stand there."""
    if field.kind == "array" and field.item:
        rows = as_list(data)
        for number in range(max(len(rows), 1)):
            yield from _leaves(value_at(rows, (number,)), field.item, (*path, number), sheet)
    elif field.kind == "object":
        given = as_group(data)
        for name in [*field.members, *(name for name in given if name not in field.members)]:
            member = field.member(name)
            is_group = field.groups is not None and member is not None and member.kind != "value"
            if member is not None and (name in given or not is_group):
                yield from _leaves(given.get(name), member, (*path, name), sheet)
    else:
        yield path
