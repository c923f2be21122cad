"""What a template's names mean: from a dotted name and the loops around it to a field of the schema.

Templates see groups as lists (see `form.grouping`), so a name leads through loops that the schema does
not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from perfgen.fields import Field
from perfgen.form.grouping import grouping, groups_of, list_name
from perfgen.table.template import Repeat

NameRole = Literal["plain", "groups", "group", "label", "shown"]
"""What a name stands for: a field itself, the list of an object's groups, one of these, or a group's name; `shown`
is a field that is printed otherwise than it is."""


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
        meanings = [meaning for field in self.fields for meaning in _members(field, self.role, name)]
        if not meanings:
            return None
        role = meanings[0].role
        return Meaning(tuple(field for meaning in meanings if meaning.role == role for field in meaning.fields), role)

    def item(self) -> Meaning | None:
        """What each turn of a loop over it is; None where it is no list."""
        if self.role == "groups":
            return Meaning(self.fields, "group")
        items = tuple(field.item for field in self.fields if field.kind == "array" and field.item)
        return Meaning(items) if items else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts it may hold, where the schema says so."""
        if self.role == "shown":
            return ()
        if self.role != "label":
            return self.field.choices
        names = [name for field in self.fields for name, _ in groups_of(field)]
        return () if None in names else tuple(name for name in names if name is not None)

    @property
    def is_number(self) -> bool:
        """Whether it may hold nothing but a number."""
        return self.role == "plain" and self.field.numeric and not self.field.textual


def _members(field: Field, role: NameRole, name: str) -> Iterator[Meaning]:
    """What `name` may mean in a field of some role."""
    names = grouping(field)
    if role == "group":
        if names and name == names.label:
            yield Meaning((field,), "label")
        else:
            yield from _group_members(field, name)
    elif names and name == names.rows:
        yield Meaning((field,), "groups")
    elif field.kind == "object" and (member := field.member(name)):
        yield Meaning((member,))


def _group_members(field: Field, name: str) -> Iterator[Meaning]:
    """What `name` may mean in one of an object's groups."""
    for _, group in groups_of(field):
        listed = list_name(group)
        if listed is None:
            yield from _members(group, "plain", name)
        elif listed == name:
            yield Meaning((group,))


def meaning(path: tuple[str, ...], loops: tuple[Repeat, ...], fields: Field) -> Meaning | None:
    """What a printed name means inside some loops; None for `loop.index` and unknown names."""
    variables: dict[str, Meaning] = {}
    for loop in loops:
        if loop.open.variable is None:
            continue
        source = _resolve(loop.open.source, variables, fields)
        item = source.item() if source else None
        variables.pop(loop.open.variable, None)
        if item:
            variables[loop.open.variable] = item
    return _resolve(path, variables, fields)


def _resolve(path: tuple[str, ...], variables: Mapping[str, Meaning], fields: Field) -> Meaning | None:
    """What a dotted name means, where the variables of loops mean something."""
    current = variables.get(path[0])
    rest = path[1:]
    if current is None:
        current, rest = Meaning((fields,)), path
    for name in rest:
        current = current.member(name) if current else None
    return current
