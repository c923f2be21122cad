"""One difference between two versions as data: what happened, the value or row, and its place in each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.values import Measure, parse


class DifferenceKind(StrEnum):
    """What happened to a value or row."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"


@dataclass(frozen=True)
class PathStep:
    """One step of the path to a value: a member by its name, or a row by its identity."""

    name: str
    title: str
    is_row: bool = False
    shown: bool = True
    """Whether a label shows it: the only row of a list is not shown."""


@dataclass(frozen=True)
class Difference:
    """A value or row that is not the same in both versions, and its path in each."""

    kind: DifferenceKind
    field: Field
    steps: tuple[PathStep, ...]
    old_path: ValuePath | None
    new_path: ValuePath | None
    old: Data = None
    new: Data = None
    row: Field | None = None
    """The fields of its row, where it is a row or lies in one."""
    names: tuple[str, ...] = ()
    """What that row is called, in the old version and in the new."""
    came_from: tuple[PathStep, ...] = ()
    """For a row in another group, where it was."""
    years: tuple[int, int] | None = None
    """The years of the two files, where they are of two years."""

    @property
    def measures(self) -> tuple[Measure, Measure]:
        """The values before and after as target values; blank where they are none."""
        old, new = (parse(value if isinstance(value, str | Decimal) else None) for value in (self.old, self.new))
        return (old.about(self.years[0]), new.about(self.years[1])) if self.years else (old, new)


def renamed_file(old: str, new: str) -> Difference:
    """The difference of a file that has another path than before."""
    return Difference(
        kind=DifferenceKind.RENAMED,
        field=Field("value", "文件"),
        steps=(PathStep("", "文件"), PathStep("", "")),
        old_path=(),
        new_path=(),
        old=old,
        new=new,
    )
