"""What a merge takes and what it gives: the two sides, the data wanted, and what was not changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.importing.evidence import Evidence


class Why(StrEnum):
    """Why something was not changed though the form has it otherwise."""

    UNSURE = "unsure"
    """What was read is unsure."""
    NO_CELL = "no cell"
    """The form has no place for a value that it should print."""
    ROWS_OPEN = "rows open"
    """A row is not on the form, but something on the form could not be placed, which may be that row."""
    COMPUTED = "computed"
    """The form prints another figure than is computed."""
    NOT_ADDED = "not added"
    """A row or group whose name is unsure is on the form, and may be one that stands."""


@dataclass(frozen=True)
class Spot:
    """A place on all sides: its path in the data that stands, that was read, and that is wanted."""

    old: ValuePath
    new: ValuePath
    path: ValuePath

    def to(self, name: str) -> Spot:
        """The place of a member."""
        return Spot((*self.old, name), (*self.new, name), (*self.path, name))


@dataclass(frozen=True)
class Kept:
    """A place where the data was not changed, and why."""

    why: Why
    field: Field
    spot: Spot


@dataclass
class Merged:
    """The data wanted, and where its parts come from. Paths are those of the data wanted."""

    data: dict[str, Data] = field(default_factory=dict)
    origin: dict[ValuePath, ValuePath] = field(default_factory=dict)
    """By path of a list's item, the path of the item that stood."""
    taken: dict[ValuePath, ValuePath] = field(default_factory=dict)
    """By path of what the form changed or brought, its path in what was read."""
    kept: list[Kept] = field(default_factory=list)
    reordered: list[ValuePath] = field(default_factory=list)
    """The lists whose items the form has in another order."""


@dataclass(frozen=True)
class Sides:
    """The data that stands, the data that was read, and what is known of both."""

    old: Data
    new: Data
    partner: Mapping[ValuePath, ValuePath]
    """By path of a list's item that was read, the path of the item that it was."""
    moved: frozenset[ValuePath]
    """Those of these items that were read in another list than they stand in."""
    shown: frozenset[ValuePath]
    """The paths of the values that stand and that the form prints, and of the groups and lists around them."""
    evidence: Evidence
