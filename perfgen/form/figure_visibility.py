"""Whether a figure may be published: only where all that it is computed from may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.formulas import Formula


def with_visibility(fields: Field, figures: Mapping[ValuePath, Formula], typed: Field) -> Field:
    """Makes a figure public exactly when everything it is computed from is; `typed` are the fields without figures.

    `figures` are the formulas by path, each after those it needs.
    A list or an object that is used whole is read whole. A figure of each row tells how many rows there are: in a list
    without anything public it is private.
    """
    computed = frozenset(figures)
    for path, formula in figures.items():
        read = [_leaf(fields, place) for place in formula.reads]
        public = all(leaf is not None and leaf.public for leaf in read)
        public = public and all(_is_wholly_public(typed, place, computed) for place in formula.wholes)
        fields = _replace_leaf(fields, path, public and _shows_its_rows(typed, path))
    return fields


def _is_wholly_public(typed: Field, path: ValuePath, computed: frozenset[ValuePath]) -> bool:
    """Whether all that is typed in the list or object at a path is public, and something is."""
    found = _leaf(typed, path)
    leaves = [leaf.public for place, leaf in _leaves(found, path) if place not in computed] if found else []
    return bool(leaves) and all(leaves)


def _leaves(field: Field, path: ValuePath) -> Iterator[tuple[ValuePath, Field]]:
    """The fields at a path that hold single values, or nothing that is known, with their paths."""
    below = [((*path, name), member) for name, member in field.members.items()]
    below += [(path, part) for part in (field.other, field.item) if part]
    if not below:
        yield path, field
    for place, part in below:
        yield from _leaves(part, place)


def _shows_its_rows(typed: Field, path: ValuePath) -> bool:
    """Whether every list that a path runs through holds something public."""
    above = [_leaf(typed, path[:length]) for length in range(1, len(path))]
    return all(found.holds_public() for found in above if found and found.kind == "array")


def _leaf(field: Field, path: ValuePath) -> Field | None:
    """The field at a path of names, stepping into a list's items on the way."""
    here: Field | None = field
    for step in path:
        if here and here.kind == "array":
            here = here.item
        here = here.member(str(step)) if here else None
    return here


def _replace_leaf(field: Field, path: ValuePath, public: bool) -> Field:
    if field.kind == "array" and field.item:
        return replace(field, item=_replace_leaf(field.item, path, public))
    name = str(path[0])
    below = field.members[name]
    new = replace(below, public=public) if len(path) == 1 else _replace_leaf(below, path[1:], public)
    return replace(field, members={**field.members, name: new})
