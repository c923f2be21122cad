"""Which rows of several versions of a list are one row, and the order of a list that two people changed.

A row is known by the member that the schema names (`x-identity`), a text by itself. Likeness decides nothing: two
rows that only look alike are two rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from perfgen.data import Data, frozen
from perfgen.fields import Field

Key: TypeAlias = Hashable
T = TypeVar("T")


class CannotJoinError(Exception):
    """Two changes that only a person can join; the message says which, in Chinese, without a full stop."""


def keys(rows: Sequence[Data], identity: str | None) -> list[Key] | None:
    """What tells each row of a list from the others; None where two rows share it, or a row has none."""
    found = [_key(row, identity) for row in rows]
    return found if None not in found and len(set(found)) == len(found) else None


def _key(row: Data, identity: str | None) -> Key | None:
    if identity is None or not isinstance(row, dict):
        return ("value", frozen(row)) if identity is None and row is not None else None
    name = row.get(identity)
    return None if name is None or isinstance(name, dict | list) else ("name", frozen(name))


def rows_of(data: Data, field: Field | None) -> Iterator[Key]:
    """What tells a row from others, for all rows of all lists below a value."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from rows_of(value, field.member(name) if field else None)
    elif isinstance(data, list):
        for row in data:
            if (key := _key(row, field.identity if field else None)) is not None:
                yield key
            yield from rows_of(row, field.item if field else None)


def arranged(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], kept: set[T]) -> list[T]:
    """The order of what is kept, from three orders without doubles: each new one behind the one it stood behind.

    Where both put something at one place, ours comes first. Raises CannotJoinError where both changed the order of
    what was there, each in another way.
    """
    both = set(ours) & set(theirs)
    old = [one for one in base if one in both and one in kept]
    known = set(old)
    orders = [[one for one in side if one in known] for side in (ours, theirs)]
    if orders[0] != old and orders[1] != old and orders[0] != orders[1]:
        raise CannotJoinError("两边都改了次序，各改各的")
    frame = theirs if orders[0] == old else ours
    after_ours = _behind([one for one in ours if one in kept], both)
    after_theirs = _behind([one for one in theirs if one in kept], both)
    result: list[T] = []
    for anchor in (None, *(one for one in frame if one in both and one in kept)):
        result += [] if anchor is None else [anchor]
        result += after_ours.get(anchor, [])
        result += after_theirs.get(anchor, [])
    return result


def _behind(side: Sequence[T], anchors: set[T]) -> Mapping[T | None, list[T]]:
    """What a side has alone, by what it stands behind that both have; None for the head."""
    found: dict[T | None, list[T]] = {}
    anchor: T | None = None
    for one in side:
        if one in anchors:
            anchor = one
        else:
            found.setdefault(anchor, []).append(one)
    return found
