"""What a report says as its page shows it: measures in lists and groups, changes, dates, how many of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from perfgen.comparison.labels import BETWEEN
from perfgen.report.changes import YearChange
from perfgen.report.measure_rows import MeasureRow
from perfgen.report.publication import Publication


@dataclass(frozen=True)
class MeasureGroup:
    """Measures that stand in one group of a list."""

    name: str
    """Empty for those that stand right in the list."""
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class MeasureList:
    """Measures that stand in one list, and serve one goal."""

    title: str
    about: str
    """The goal; empty where the form has no such words."""
    is_of_year: bool
    groups: tuple[MeasureGroup, ...]


@dataclass(frozen=True)
class Counted:
    """How many there are of a kind."""

    words: str
    number: str


@dataclass(frozen=True)
class PageChange(YearChange):
    """A change against last year's file, whose label is in two parts."""

    name: str
    """What it is about: the row, where it is about one."""
    place: str
    """Where that stands, in words: 上级 › 下级; empty for what stands in nothing."""


@dataclass(frozen=True)
class PublicationDates:
    """When a report was approved and published, and whether that was in time."""

    approved: str
    published: str
    deadline: str
    day_number: str
    """How many days after the approval it was published."""
    days_late: str
    """Empty for what was in time."""


def highlights(measures: Iterable[MeasureRow]) -> tuple[MeasureRow, ...]:
    """The measures that a page says first: those that were not reached come before the others."""
    return tuple(sorted((row for row in measures if row.highlight), key=lambda row: not row.is_missed))


def page_changes(changes: Iterable[YearChange], measures: Iterable[MeasureRow]) -> tuple[PageChange, ...]:
    """Changes as a page says them."""
    rows = {row.path: str(row.name) for row in measures}
    return tuple(_page_change(change, rows.get(change.row or (), "")) for change in changes)


def _page_change(change: YearChange, row: str) -> PageChange:
    name, place = _name_and_place(change.label, row)
    return PageChange(**vars(change), name=name, place=place)


def _name_and_place(label: str, row: str) -> tuple[str, str]:
    """A label in two parts: from its row on, or its last step alone, and what stands before it."""
    before, found, behind = f"{BETWEEN}{label}{BETWEEN}".rpartition(f"{BETWEEN}{row}{BETWEEN}") if row else ("", "", "")
    if found:
        name = BETWEEN.join(filter(None, (row, behind.removesuffix(BETWEEN))))
        return name, before.removeprefix(BETWEEN)
    place, _, name = label.rpartition(BETWEEN)
    return name, place


def publication_dates(publication: Publication | None) -> PublicationDates | None:
    """The dates of a publication in words; None where there is none."""
    if publication is None:
        return None
    number, late = str(publication.day_number), str(publication.days_late or "")
    return PublicationDates(publication.approved, publication.published, publication.deadline, number, late)


def measure_lists(measures: Iterable[MeasureRow]) -> tuple[MeasureList, ...]:
    """Measures by what they stand in, in their order."""
    by_list = groupby(measures, lambda row: (_step(row, 0), row.about, row.is_of_year))
    return tuple(MeasureList(*key, _groups(rows)) for key, rows in by_list)


def _groups(rows: Iterable[MeasureRow]) -> tuple[MeasureGroup, ...]:
    by_group = groupby(rows, lambda row: _step(row, 1))
    return tuple(MeasureGroup(name, tuple(inside)) for name, inside in by_group)


def _step(row: MeasureRow, number: int) -> str:
    """A group that a measure stands in; empty where it stands in no such one."""
    return row.groups[number] if number < len(row.groups) else ""


def counted(words: Iterable[str]) -> tuple[Counted, ...]:
    """How often each word is said, in the order in which they are said first."""
    return tuple(Counted(word, str(number)) for word, number in Counter(filter(None, words)).items())
