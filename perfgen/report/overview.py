"""The measures of a report as a page shows them, in lists and groups, and how many there are of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from perfgen.report.measure_rows import MeasureRow


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
