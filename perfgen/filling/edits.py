"""What can be changed in a data file, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from perfgen.data import Data, ValuePath


class EditError(Exception):
    """An edit that cannot be made; the message is Chinese, and says what to do."""


@dataclass(frozen=True)
class Put:
    """A value at a path in place of the one there; groups and rows on the way that are not there are made.

    Without a value the member stays, and holds nothing.
    """

    path: ValuePath
    value: Data


@dataclass(frozen=True)
class Drop:
    """A member of a group goes, name and value."""

    path: ValuePath


@dataclass(frozen=True)
class Rename:
    """A group or a value whose name people choose gets another one; what is in it stays."""

    path: ValuePath
    name: str


@dataclass(frozen=True)
class Add:
    """A row comes into a list, or a group or a value of a name of one's own into an object, at a place from 0.

    Of groups, those are counted whose names people choose; a name that the schema has stands where the schema has it.
    """

    rows: ValuePath
    """The list, or the object whose groups are its rows."""
    at: int
    value: Data = None
    """What is in it; without, a hole for each thing that must be filled in."""
    name: str | None = None
    """The name of a group; None for a row of a list."""


@dataclass(frozen=True)
class Remove:
    """A row or a group goes, with its comments."""

    path: ValuePath


@dataclass(frozen=True)
class Move:
    """A row or a group goes to another place among its likes, counted from 0 as they are without it.

    A group whose name the schema has does not move: it is printed where the schema has it.
    """

    path: ValuePath
    to: int


@dataclass(frozen=True)
class Many:
    """Several changes that are made and taken back as one, in their order."""

    edits: tuple[Edit, ...] = field(default=())


Edit: TypeAlias = "Put | Drop | Rename | Add | Remove | Move | Many"
