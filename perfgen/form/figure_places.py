"""Where the figures of a form stand: a path as formulas see it leads to a place in the schema, or to one in each group.

A place is a path of the schema's own names, without positions; a group or member whose name the schema leaves open goes
by OPEN there. So a path of the data has one place, however a rules file wrote the figure that is computed there.

    园.区.树.高    is at    园.东.高, 园.西.高    where 东 and 西 are the groups of 园
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.grouping import grouping, groups_of, list_name

OPEN = ""
"""The name, in a place, of what the schema leaves open."""

Place = tuple[str, ...]
"""A path of the schema's own names."""
Change = Callable[["Field | None"], "Field | None"]
"""What stands at a place, or that nothing does → what is to stand there; None to leave it."""


def place_of(fields: Field, path: ValuePath) -> Place:
    """The place of a path of the data, with or without its positions; names that the schema does not know stay."""
    here: Field | None = fields
    place: list[str] = []
    for step in path:
        if here and here.kind == "array":
            here = here.item
        if isinstance(step, str):
            place.append(step if here is None or step in here.members or here.other is None else OPEN)
            here = here.member(step) if here else None
    return tuple(place)


def places_of(fields: Field, path: ValuePath) -> frozenset[Place]:
    """The places of a path of names as formulas see it; none where it leads to no field, as to a group's name."""
    found: set[Place] = set()
    for one in _ways(fields, tuple(map(str, path)), ()):
        found.add(one)
    return frozenset(found)


def _ways(field: Field, path: tuple[str, ...], place: Place) -> Iterator[Place]:
    here = field.item if field.kind == "array" and field.item else field
    if not path:
        yield place
        return
    step, rest = path[0], path[1:]
    names = grouping(here)
    if names and step == names.rows:
        # the name of a group comes before a member of that name, as in `formula_view`
        ways = () if rest[:1] == (names.label,) else _through_groups(here, rest)
        for name, group, below in ways:
            yield from _ways(group, below, (*place, OPEN if name is None else name))
    elif member := here.member(step):
        yield from _ways(member, rest, (*place, step if step in here.members else OPEN))


def _through_groups(field: Field, path: tuple[str, ...]) -> Iterator[tuple[str | None, Field, tuple[str, ...]]]:
    """The groups that a path behind the name of their rows leads on into, each with what is left of the path."""
    for name, group in groups_of(field):
        listed = list_name(group)
        if listed is None or not path:
            yield name, group, path
        elif path[0] == listed:
            yield name, group, path[1:]


def changed(fields: Field, path: ValuePath, change: Change) -> Field | None:
    """Fields with something changed at each place of a path as formulas see it; None where the path leads nowhere."""
    return _changed(fields, tuple(map(str, path)), change)


def _changed(field: Field, path: tuple[str, ...], change: Change) -> Field | None:
    if field.kind == "array" and field.item:
        below = _changed(field.item, path, change)
        return replace(field, item=below) if below else None
    if field.kind != "object" or not path:
        return None
    step, rest = path[0], path[1:]
    names = grouping(field)
    if names and step == names.rows:
        return _with_members(field, _groups_changed(field, rest, change))
    known = field.members.get(step)
    below = change(known) if not rest else _changed(known, rest, change) if known else None
    return _with_members(field, [(step, below)])


def _groups_changed(field: Field, path: tuple[str, ...], change: Change) -> Iterator[tuple[str | None, Field | None]]:
    for name, group, below in _through_groups(field, path):
        yield name, _changed(group, below, change) if below else None


def _with_members(field: Field, members: Iterable[tuple[str | None, Field | None]]) -> Field | None:
    """An object with other members, None for the open one; None where there are none."""
    new = {name: member for name, member in members if member is not None}
    if not new:
        return None
    named = {name: member for name, member in new.items() if name is not None}
    return replace(field, members={**field.members, **named}, other=new.get(None, field.other))


def at_place(fields: Field, place: Place) -> Field | None:
    """The field at a place."""
    here: Field | None = fields
    for step in place:
        here = here.item if here and here.kind == "array" else here
        here = (here.members.get(step) if step != OPEN else here.other) if here else None
    return here


def with_public(fields: Field, place: Place, public: bool) -> Field:
    """Fields in which the one at a place is public, or is not."""
    if not place:
        return replace(fields, public=public)
    if fields.kind == "array" and fields.item:
        return replace(fields, item=with_public(fields.item, place, public))
    step, rest = place[0], place[1:]
    if step == OPEN and fields.other:
        return replace(fields, other=with_public(fields.other, rest, public))
    if step not in fields.members:
        return fields
    return replace(fields, members={**fields.members, step: with_public(fields.members[step], rest, public)})
