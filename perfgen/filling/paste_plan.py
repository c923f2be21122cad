"""A table that is pasted into a form: which text goes into which place, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.data import ValuePath
from perfgen.filling.edits import Edit, Many


@dataclass(frozen=True)
class PlannedCell:
    """A place that gets a text of the pasted table; one whose value stays as it is comes too."""

    path: ValuePath
    """Where it will be once the edit is made; it may lie in a row that is not there yet."""
    row: int
    column: int
    """Which cell of the pasted table it is, counted from 0."""
    label: str
    """What the place is called, for people: the row and the field."""
    before: str
    """What is typed there now; empty for a new row."""
    after: str
    """What is typed there afterwards."""
    remarks: tuple[str, ...] = ()
    """How the text was read, where that is not as it stands: Chinese sentences."""
    is_new: bool = False
    """Whether it lies in a row or group that the edit adds."""
    is_name: bool = False
    """Whether it is the name of a group: the group is renamed, or added under it."""

    @property
    def is_change(self) -> bool:
        """Whether the value changes."""
        return self.before != self.after


@dataclass(frozen=True)
class NewRow:
    """A row or group that the edit adds."""

    path: ValuePath
    label: str
    """What it is called, for people, as `turns.Place` has it."""


@dataclass(frozen=True)
class LeftOver:
    """A text of the pasted table that goes nowhere."""

    row: int
    column: int
    """Which cell of the pasted table it is, counted from 0; both -1 for a text that stood beside the table."""
    text: str
    why: str
    """The reason, a Chinese sentence."""


@dataclass(frozen=True)
class Plan:
    """What pasting a table would do; nothing is done yet."""

    cells: tuple[PlannedCell, ...] = ()
    """In the order of the pasted table."""
    new_rows: tuple[NewRow, ...] = ()
    left_over: tuple[LeftOver, ...] = ()
    edit: Edit = field(default_factory=Many)
    """All of it as one change; `Many()` where nothing would change."""
