"""What need not be filled in: holes that a file may do without, and the edit that takes them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfgen.data import Data, ValuePath, leaves
from perfgen.fields import Field
from perfgen.filling.edits import Drop, Edit, Many, Remove
from perfgen.source.reader import Document


def without_optional(document: Document, fields: Field) -> Many:
    """Takes out each single value that holds nothing and that the group it stands in may do without.

    A group of which nothing would be left goes where it is one of the document's own fields, and else stays whole: its
    name alone would ask for nothing.
    """
    return Many(tuple(Drop(path) for path in _optional(document.data, fields, ())))


def left_out(document: Document, fields: Field, path: ValuePath) -> Edit | None:
    """What it means to leave empty what is not filled in at a path; None where it must be filled in.

    Where a row or group holds nothing at all it goes, with what then holds nothing around it; else what it may do
    without.
    """
    if path not in document.spans:
        return None
    empty = _emptiest(document, path) if _holds_nothing(document.value(path)) else None
    if empty is not None and _may_go(document, fields, empty):
        is_value = not isinstance(document.value(empty), dict | list)
        return Drop(empty) if is_value and isinstance(empty[-1], str) else Remove(empty)
    around = path if isinstance(document.value(path), dict) else path[:-1]
    field = fields.at(around)
    found = tuple(_optional(document.value(around), field, around)) if field else ()
    return Many(tuple(Drop(one) for one in found)) if found and (around == path or path in found) else None


def all_left_out(document: Document, fields: Field, paths: Iterable[ValuePath]) -> tuple[Edit, ...]:
    """The edits of all paths that need not be filled in, each once, from the last to the first."""
    found = [edit for path in paths if (edit := left_out(document, fields, path)) is not None]
    return tuple(reversed(list(dict.fromkeys(found))))


def _optional(data: Data, field: Field, path: ValuePath) -> Iterator[ValuePath]:
    if isinstance(data, dict):
        for name, value in data.items():
            member = field.member(name)
            if member is None:
                continue
            below = list(_optional(value, member, (*path, name)))
            may_go = name in field.members and name not in field.required
            nothing_left = isinstance(value, dict) and bool(value) and all((*path, name, one) in below for one in value)
            if may_go and (_is_hole(value, member) or (nothing_left and not path)):
                yield (*path, name)
            elif not nothing_left:
                yield from below
    elif isinstance(data, list) and field.item:
        for number, item in enumerate(data):
            yield from _optional(item, field.item, (*path, number))


def _is_hole(value: Data, field: Field) -> bool:
    return value is None and field.kind == "value"


def _emptiest(document: Document, path: ValuePath) -> ValuePath:
    """The largest thing around a path that holds nothing."""
    while len(path) > 1 and _holds_nothing(document.value(path[:-1])):
        path = path[:-1]
    return path


def _holds_nothing(value: Data) -> bool:
    return all(leaf.value is None for leaf in leaves(value) if not leaf.is_name)


def _may_go(document: Document, fields: Field, path: ValuePath) -> bool:
    """Whether a file may do without what stands at a path: a row of several, or what its group does not require."""
    around, field = document.value(path[:-1]), fields.at(path[:-1])
    if isinstance(path[-1], int):
        return isinstance(around, list) and len(around) > 1
    return field is not None and path[-1] not in field.required
