"""What a template's names mean: from a dotted name and the loops around it to a field of the schema.

Templates see groups as lists (see `form.grouping`), so a name leads through loops that the schema does
not have; the same way back is what turns a form's cells into data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from perfgen.fields import Field
from perfgen.form.grouping import grouping, groups_of, list_name
from perfgen.table.template import Repeat

NameRole = Literal["plain", "groups", "group", "label"]


@dataclass(frozen=True)
class Meaning:
    """A field as templates see it: itself, the list of its groups, one of these, or a group's name.

    Inside a group it is one of several fields, because groups differ in what they hold.
    """

    fields: tuple[Field, ...]
    role: NameRole = "plain"

    @property
    def field(self) -> Field:
        """The field, or the first of those it may be."""
        return self.fields[0]

    def member(self, name: str) -> Meaning | None:
        """What `name` means in it."""
        found = [meant for field in self.fields for meant in _members(field, self.role, name)]
        if not found:
            return None
        role = found[0].role
        return Meaning(tuple(field for meant in found if meant.role == role for field in meant.fields), role)

    def item(self) -> Meaning | None:
        """What a loop over it turns through."""
        if self.role == "groups":
            return Meaning(self.fields, "group")
        items = tuple(field.item for field in self.fields if field.kind == "array" and field.item)
        return Meaning(items) if items else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts it may hold, where the schema says so."""
        if self.role != "label":
            return self.field.choices
        names = [name for field in self.fields for name, _ in groups_of(field)]
        return () if None in names else tuple(name for name in names if name is not None)

    @property
    def is_number(self) -> bool:
        """Whether it may hold nothing but a number."""
        return self.role == "plain" and self.field.numeric and not self.field.textual


def _members(field: Field, role: NameRole, name: str) -> Iterator[Meaning]:
    names = grouping(field)
    if role == "group":
        if names and name == names.label:
            yield Meaning((field,), "label")
            return
        for _, group in groups_of(field):
            listed = list_name(group)
            if listed is None:
                yield from _members(group, "plain", name)
            elif listed == name:
                yield Meaning((group,))
    elif names and name == names.rows:
        yield Meaning((field,), "groups")
    elif field.kind == "object" and (member := field.member(name)):
        yield Meaning((member,))


def meaning(path: tuple[str, ...], loops: tuple[Repeat, ...], fields: Field) -> Meaning | None:
    """What a printed name means inside some loops; None for `loop.index` and what nobody knows."""
    known: dict[str, Meaning] = {}
    for loop in loops:
        if loop.open.variable is None:
            continue
        source = _resolve(loop.open.source, known, fields)
        item = source.item() if source else None
        known.pop(loop.open.variable, None)
        if item:
            known[loop.open.variable] = item
    return _resolve(path, known, fields)


def _resolve(path: tuple[str, ...], known: Mapping[str, Meaning], fields: Field) -> Meaning | None:
    here: Meaning | None = known.get(path[0])
    rest = path[1:]
    if here is None:
        here, rest = Meaning((fields,)), path
    for name in rest:
        here = here.member(name) if here else None
    return here
