"""Rows with target values, and amounts, of several files put side by side by year.

A row is the same as that of another year where unit, subject, groups and name are. A year of which no file is there
shows what a later file says of it, and that it is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from perfgen.comparison.classify import Class
from perfgen.report.datum import WAY, Datum
from perfgen.report.summary import AmountSummary, MeasureSummary, Summary


class Source(NamedTuple):
    """A summary, and what a page calls its file."""

    name: str
    summary: Summary


class RowKey(NamedTuple):
    """What makes rows of different years the same one."""

    unit: str
    subject: str
    groups: tuple[str, ...]
    name: str
    turn: int
    """Which of several that are called the same in a file."""


class Outcome(NamedTuple):
    """What came of a promise."""

    value: Datum
    reached: Datum


@dataclass
class YearOfRow:
    """What the files say of a row in a year."""

    targets: list[Datum] = field(default_factory=list)
    """What is promised: once, unless files differ."""
    outcomes: list[Outcome] = field(default_factory=list)
    is_past: bool = False
    """Whether a later year's file says it."""


@dataclass
class RowOverYears:
    """A row and its years."""

    key: RowKey
    years: dict[str, YearOfRow] = field(default_factory=dict)
    """By year, those of which something is said."""


@dataclass
class AmountOverYears:
    """A large sum and its years."""

    form: str
    title: str
    label: str
    unit: str
    years: dict[str, Datum] = field(default_factory=dict)
    """By year, the latest first."""


def rows_over_years(sources: Iterable[Source], name: str | None = None) -> tuple[RowOverYears, ...]:
    """The rows of some files, those of the latest file first; with `name`, only those of that name."""
    ordered = _latest_first(sources)
    found: dict[RowKey, RowOverYears] = {}
    for source in ordered:
        for at, key, row in _keyed(source.summary, name):
            one = found.setdefault(key, RowOverYears(key))
            _add(one.years.setdefault(source.summary.year, YearOfRow()), source.name, at, row)
    for source in ordered:
        for at, key, row in _keyed(source.summary, name):
            _add_past(found[key].years, source.name, at, row)
    for one in found.values():
        one.years = dict(sorted(one.years.items(), reverse=True))
    return tuple(found.values())


def _latest_first(sources: Iterable[Source]) -> list[Source]:
    return sorted(sources, key=lambda source: source.summary.year, reverse=True)


def _keyed(summary: Summary, name: str | None) -> Iterator[tuple[str, RowKey, MeasureSummary]]:
    """The rows of a file, each with its place and what it is known by."""
    turns: dict[tuple[tuple[str, ...], str], int] = {}
    for number, row in enumerate(summary.measures):
        if name is None or row.name == name:
            turn = turns[row.groups, row.name] = turns.get((row.groups, row.name), 0) + 1
            yield f"m{number}", RowKey(summary.unit, summary.subject, row.groups, row.name, turn), row


def _add(year: YearOfRow, source: str, at: str, row: MeasureSummary) -> None:
    if row.value and row.value not in year.targets:
        year.targets.append(Datum(row.value, source, at))
    if row.outcome:
        outcome = Outcome(Datum(row.outcome, source, f"{at}:outcome"), Datum(row.reached, source, f"{at}:reached"))
        if outcome not in year.outcomes:
            year.outcomes.append(outcome)


def _add_past(years: dict[str, YearOfRow], source: str, at: str, row: MeasureSummary) -> None:
    """Adds what a file says of earlier years, where no other does."""
    for year, text in row.past:
        if year not in years:
            years[year] = YearOfRow([Datum(text, source, f"{at}:{year}")], is_past=True)


def years_of(rows: Iterable[RowOverYears | AmountOverYears]) -> tuple[str, ...]:
    """All years of which rows say something, the latest first."""
    return tuple(sorted({year for row in rows for year in row.years}, reverse=True))


def amounts_over_years(sources: Iterable[Source]) -> tuple[AmountOverYears, ...]:
    """The large sums of some files by form and name, those of the latest file first, each with its years."""
    ordered = _latest_first(sources)
    found: dict[tuple[str, str, str], AmountOverYears] = {}
    for source in ordered:
        for at, key, amount in _sums(source.summary):
            one = found.setdefault(key, AmountOverYears(source.summary.form, source.summary.title, *key[1:]))
            one.years.setdefault(source.summary.year, Datum(amount.value, source.name, at))
    for source in ordered:
        for at, key, amount in _sums(source.summary):
            for year, text in amount.past:
                found[key].years.setdefault(year, Datum(text, source.name, f"{at}:{year}"))
    for one in found.values():
        one.years = dict(sorted(one.years.items(), reverse=True))
    return tuple(found.values())


def _sums(summary: Summary) -> Iterator[tuple[str, tuple[str, str, str], AmountSummary]]:
    for number, amount in enumerate(summary.amounts):
        yield f"a{number}", (summary.form, amount.label, amount.unit), amount


class WeakenedPromise(NamedTuple):
    """A change that makes a promise weaker, or drops it."""

    kind: Datum
    name: Datum
    """What it is about."""
    way: Datum
    """What that stands in."""
    sentence: Datum
    reason: Datum


class Weakened(NamedTuple):
    """What a file promises less than that of the year before, or not any more."""

    source: Source
    changes: tuple[WeakenedPromise, ...]


def weakened(sources: Iterable[Source]) -> tuple[Weakened, ...]:
    """The promises of some files that somebody may ask the reason of, the latest year first.

    What several files of a year say of one name stands at the first: an outcome's file repeats the promise.
    """
    found, said = [], set()
    for source in _latest_first(sources):
        changes = []
        for number, change in enumerate(source.summary.changes):
            way, _, name = change.label.rpartition(WAY)
            told = (source.summary.year, source.summary.subject, change.kind, name)
            if change.is_promise and Class(change.kind).wants_reason and told not in said:
                said.add(told)
                texts = {"kind": change.kind, "name": name, "way": way, "sentence": change.sentence,
                         "reason": change.reason}  # fmt: skip
                changes.append(
                    WeakenedPromise(*(Datum(text, source.name, f"c{number}:{one}") for one, text in texts.items()))
                )
        if changes:
            found.append(Weakened(source, tuple(changes)))
    return tuple(found)


@dataclass(frozen=True)
class Outcomes:
    """How many rows of a file have an outcome, by whether it is what was promised."""

    source: Source
    counts: Mapping[str, int]
    """By the word for it; the empty word where nobody can say."""

    @property
    def count(self) -> int:
        """How many have an outcome."""
        return sum(self.counts.values())


def outcomes(sources: Iterable[Source]) -> tuple[Outcomes, ...]:
    """Of each file with outcomes how many there are, the latest year first."""
    found = []
    for source in _latest_first(sources):
        counts: dict[str, int] = {}
        for row in source.summary.measures:
            if row.outcome:
                counts[row.reached] = counts.get(row.reached, 0) + 1
        if counts:
            ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            found.append(Outcomes(source, dict(ordered)))
    return tuple(found)


def words_of(outcomes: Iterable[Outcomes]) -> tuple[str, ...]:
    """The words for whether rows are what was promised, that of most rows first."""
    counts: dict[str, int] = {}
    for one in outcomes:
        for word, count in one.counts.items():
            counts[word] = counts.get(word, 0) + count
    return tuple(sorted(counts, key=lambda word: (-counts[word], word)))
