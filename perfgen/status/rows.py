"""What a unit has handed in of a form, and where that stands on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from perfgen.project.layout import DataFile
from perfgen.report import publication
from perfgen.system.day import Day

PUBLIC_WITHIN = publication.DAYS
"""So many days after approval a unit's year is to be public (Budget Law, article 14)."""


class Stage(StrEnum):
    """Where a row stands; in the order in which somebody has to do something about it."""

    MISSING = "没交"
    HOLES = "没填完"
    ERRORS = "有错误"
    WARNINGS = "有警告"
    READY = "可以批复"
    APPROVED = "已批复"
    PUBLISHED = "已公开"

    @property
    def is_handed_in(self) -> bool:
        """Whether the author has nothing left to do."""
        return self in (Stage.READY, Stage.APPROVED, Stage.PUBLISHED)


@dataclass(frozen=True)
class Row:
    """A unit and a form that it owes or has handed in."""

    unit: str
    form: str
    """The form's name; empty where nobody said which one is owed."""
    title: str
    """What the form is called in words."""
    day: Day
    """The day that it is looked at."""
    group: str = ""
    files: tuple[DataFile, ...] = ()
    holes: int = 0
    """Values that are not filled in."""
    errors: int = 0
    """Errors beside these."""
    warnings: int = 0
    """Warnings without a written reason."""
    records: int = 0
    """Records of approval in the files, whoever brought them."""
    approved: str = ""
    """The ISO date of the approval as the settings of the site have it; empty where there is none."""
    published: str = ""
    """The ISO date of the publication, likewise."""
    held: int = 0
    """Files that are not public, whatever the dates: their review keeps them back."""
    has_page: bool = True
    """Whether anything of its form is published."""
    deadline: str = ""
    """The ISO date until which it is to be handed in; empty where there is none, or it is for another year."""
    remarks: tuple[str, ...] = ()
    """What else is to be said of it."""
    number: int | None = None
    """Of a form of which a unit has several files, how many there are; None for any other form."""
    to_open: tuple[DataFile, ...] | None = None
    """The files that somebody has to open; None for all."""

    @cached_property
    def stage(self) -> Stage:
        """Where it stands. What is approved or public stays so, with warnings or without."""
        if not self.files:
            return Stage.MISSING
        if self.holes or self.errors:
            return Stage.HOLES if self.holes else Stage.ERRORS
        if self.approved and self.approved <= self.day.iso:
            return Stage.PUBLISHED if self._is_out else Stage.APPROVED
        return Stage.WARNINGS if self.warnings else Stage.READY

    @property
    def _is_out(self) -> bool:
        """Whether the day of publication has come, and nothing keeps a file back."""
        return self.has_page and not self.held and bool(self.published) and self.published <= self.day.iso

    @property
    def days_to_deadline(self) -> int | None:
        """Days until it is to be handed in, negative when they are over; None where nothing is awaited."""
        return None if self.stage.is_handed_in else _days(self.day, self.deadline)

    @property
    def days_to_publish(self) -> int | None:
        """Days until it has to be public, negative when they are over; None before its approval, and when it is.

        None for a form of which nothing is published.
        """
        is_approved = self.has_page and self.approved and self.approved <= self.day.iso
        left = _days(self.day, self.approved) if is_approved and self.stage is not Stage.PUBLISHED else None
        return None if left is None else left + PUBLIC_WITHIN

    @property
    def is_late(self) -> bool:
        """Whether one of the two is over."""
        return any(days is not None and days < 0 for days in (self.days_to_deadline, self.days_to_publish))


def _days(day: Day, until: str) -> int | None:
    return (date.fromisoformat(until) - day.date).days if until else None


@dataclass(frozen=True)
class Status:
    """All rows of a year, in the order of the list of units."""

    year: str
    day: Day
    rows: tuple[Row, ...]
    is_listed: bool
    """Whether a list of units said who owes what; otherwise the units of the year before stand in."""
    excused: Mapping[str, str]
    """The units of last year that will not hand in, with the written reason."""
    findings: tuple[str, ...] = ()
    """What is wrong beside the files of the year, in words with its place."""

    @property
    def has_forms(self) -> bool:
        """Whether rows are of different forms, so that each has to name its own."""
        return len({row.form for row in self.rows}) > 1

    @cached_property
    def by_stage(self) -> dict[Stage, list[Row]]:
        """The rows of each stage, in the order of the stages; none of an empty one."""
        found = {stage: [row for row in self.rows if row.stage is stage] for stage in Stage}
        return {stage: rows for stage, rows in found.items() if rows}

    @cached_property
    def counts(self) -> Counter[Stage]:
        """How many rows there are of each stage."""
        return Counter(row.stage for row in self.rows)
