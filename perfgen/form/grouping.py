"""An object of groups is seen as a list of rows: the one place that knows how, for data and for fields.

An object with `x-groups` and `x-label` holds groups, each under its own name: a group is an object or a list. Templates
and formulas see a list under the name of `x-groups`, with one row for each group that the data has. A row holds what
its group does: an object's members, or the list under the name of `x-rows`; and the group's name, under the name of
`x-label`. Members that are plain values are no groups.

    东: {数: 1}              [{数: 1, 名称: 东},
    西: [2]        seen as    {行: [2], 名称: 西}]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from perfgen.data import Data, ValuePath
from perfgen.fields import Field

NAMELESS = ""
"""What a row calls a list without `x-rows`: no template says it, so that the template check misses what is in it."""

_Seen = TypeVar("_Seen")


class Grouping(NamedTuple):
    """What the groups of an object are called where they are rows."""

    rows: str
    """The list of the rows."""
    label: str
    """In a row, the name of its group."""


class Member(NamedTuple):
    """A member of an object, there or not."""

    name: str
    field: Field
    path: ValuePath
    value: Data
    is_group: bool
    is_given: bool
    """Whether the data has it, if only as null."""

    @property
    def is_row(self) -> bool:
        """Whether a list of rows shows it: a group that the data has."""
        return self.is_group and self.is_given


def grouping(field: Field) -> Grouping | None:
    """How an object's members are grouped; None for everything else."""
    if field.kind == "object" and field.groups and field.label:
        return Grouping(field.groups, field.label)
    return None


def members_of(data: Data | Mapping[str, Data], field: Field, path: ValuePath) -> Iterator[Member]:
    """The members of an object: those that the schema names, then the open ones that the data has.

    `path` is the object's own. A name that the schema does not allow is left out. Data that is no object counts as
    an empty one.
    """
    given: Mapping[str, Data] = data if isinstance(data, Mapping) else {}
    grouped = grouping(field) is not None
    for name in [*field.members, *(name for name in given if name not in field.members)]:
        if member := field.member(name):
            is_group = grouped and _may_be_group(member)
            yield Member(name, member, (*path, name), given.get(name), is_group, name in given)


def groups_of(field: Field) -> Iterator[tuple[str | None, Field]]:
    """The groups of an object: those that the schema names, then the open one, which goes by None."""
    if grouping(field):
        open_one = [(None, field.other)] if field.other else []
        for name, member in [*field.members.items(), *open_one]:
            if _may_be_group(member):
                yield name, member


def group_named(field: Field, name: str) -> Field | None:
    """The group of an object that goes by a name; None where the name is no group's."""
    member = field.member(name)
    return member if grouping(field) and member and _may_be_group(member) else None


def list_name(group: Field) -> str | None:
    """What a row calls the list that its group is; None for a group that is an object, whose members are the row's."""
    return None if group.kind == "object" else group.rows or NAMELESS


def row(
    group: Field,
    content: _Seen,
    members: Callable[[_Seen], Mapping[str, _Seen]],
    label: tuple[str, _Seen],
) -> dict[str, _Seen]:
    """The members of a group's row.

    `content` is the group as it is seen, `members` opens it where it is an object. `label` is the group's name, after
    what the row calls it; it hides a member of the same name.
    """
    listed = list_name(group)
    return {**(members(content) if listed is None else {listed: content}), **dict([label])}


def _may_be_group(member: Field) -> bool:
    return member.kind != "value"
