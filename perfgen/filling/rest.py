"""The fields of a form that it does not print: they are filled in below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.data import Data, ValuePath, as_group, as_list, leaves, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.filling.labels import label_of
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
    rows: ValuePath | None = None
    """The list of which these are the rows; None where they are none."""
    count: int = 0
    """How many members or rows there are in the data."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filled in."""
        return not self.count and not any(one.typed for one in self.slots)

    def in_rows(self) -> list[tuple[ValuePath, list[Slot]]]:
        """The slots of each row of the list, with its path."""
        found: dict[ValuePath, list[Slot]] = {}
        for one in self.slots:
            found.setdefault(one.path[:2], []).append(one)
        return list(found.items())


@dataclass(frozen=True)
class Stranger:
    """Something in a file that its form does not have."""

    path: ValuePath
    label: str
    text: str
    """What stands there; of a group or list its beginning."""


def unprinted(sheet: Sheet) -> tuple[Unprinted, ...]:
    """By top-level field, in the schema's order, the values that the form does not print and that somebody types.

    What the data has comes with what it could have: an empty value for each field that the schema names.
    """
    printed = sheet.table.paths()
    found = []
    for name, field in sheet.filing.form.fields.members.items():
        given = sheet.filing.document.value((name,))
        below = _leaves(given, field, (name,), sheet)
        slots = tuple(slot(sheet, path) for path in below if path not in printed)
        editable = tuple(one for one in slots if one.is_editable)
        opens = (name,) if field.other is not None and field.other.kind == "value" else None
        if editable or opens:
            is_list = field.kind == "array" and all(len(one.path) > 1 for one in editable)
            count = len(given) if isinstance(given, dict | list) else 0
            found.append(Unprinted(name, field, editable, opens, (name,) if is_list else None, count))
    return tuple(found)


def strangers(sheet: Sheet) -> tuple[Stranger, ...]:
    """The members of a file that its form does not have, the outermost of each, in the order of the file."""
    return tuple(_strangers(sheet.filing.document.data, sheet.filing.form.fields, (), sheet))


def _strangers(data: Data, field: Field, path: ValuePath, sheet: Sheet) -> Iterator[Stranger]:
    if isinstance(data, dict) and field.kind == "object":
        for name, value in data.items():
            member = field.member(name)
            if member is None:
                yield Stranger((*path, name), label_of(sheet.filing, (*path, name)), _shortly(value))
            else:
                yield from _strangers(value, member, (*path, name), sheet)
    elif isinstance(data, list) and field.item:
        for number, item in enumerate(data):
            yield from _strangers(item, field.item, (*path, number), sheet)


def _shortly(value: Data) -> str:
    texts = (show(leaf.value) for leaf in leaves(value) if leaf.value is not None)
    text = "、".join(text for text, _ in zip(texts, range(5), strict=False))
    return text if len(text) <= 60 else f"{text[:60]}……"


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
