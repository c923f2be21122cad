"""Who has published what: the reports of a site by year, unit and form, and the pages that list them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from perfgen.report.listing import Entry, Listing, unit_page
from perfgen.report.spelling import order

ON_A_PAGE = 150
"""How many units stand on one page."""


@dataclass(frozen=True)
class UnitEntries:
    """The reports of a unit in a year."""

    unit: str
    page: str
    """The page about the unit, below the public root; empty where it has none."""
    own: tuple[Entry, ...]
    """Those about the unit itself."""
    others: tuple[Entry, ...]
    """Those about a subject of its own, such as a project, in its order."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What these are about."""
        return tuple(dict.fromkeys(entry.subject for entry in self.others))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return (*self.own, *self.others)


@dataclass(frozen=True)
class YearEntries:
    """The reports of a year."""

    year: str
    units: tuple[UnitEntries, ...]
    forms: tuple[tuple[str, int], ...]
    """What the forms are called, each with the number of its reports."""

    @functools.cached_property
    def pages(self) -> tuple[YearPage, ...]:
        """The pages that list its units."""
        starts = range(0, len(self.units), ON_A_PAGE)
        return tuple(YearPage(self.year, n, self.units[at : at + ON_A_PAGE]) for n, at in enumerate(starts, 1))

    @property
    def count(self) -> int:
        """How many reports there are."""
        return sum(count for _, count in self.forms)


@dataclass(frozen=True)
class YearPage:
    """A page that lists units of a year."""

    year: str
    number: int
    units: tuple[UnitEntries, ...]

    @property
    def first(self) -> str:
        """The first of its units."""
        return self.units[0].unit

    @property
    def last(self) -> str:
        """The last of its units."""
        return self.units[-1].unit

    @property
    def path(self) -> str:
        """Where it lies, below the public root."""
        return f"{self.year}/index.html" if self.number == 1 else f"{self.year}/units-{self.number}.html"


def years(listing: Listing) -> tuple[YearEntries, ...]:
    """The published reports by year, the latest first, and by unit."""
    return listing.once(_years)


def _years(listing: Listing) -> tuple[YearEntries, ...]:
    by_year = groupby(sorted(listing.entries, key=attrgetter("year"), reverse=True), attrgetter("year"))
    return tuple(_year(year, tuple(entries)) for year, entries in by_year)


def _year(year: str, entries: tuple[Entry, ...]) -> YearEntries:
    counts: dict[str, int] = {}
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        counts[entry.form] = counts.get(entry.form, 0) + 1
        units.setdefault(entry.unit, []).append(entry)
    forms = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], order(pair[0]))))
    return YearEntries(year, tuple(_unit(unit, units[unit]) for unit in sorted(units, key=order)), forms)


def _unit(unit: str, entries: Iterable[Entry]) -> UnitEntries:
    ordered = sorted(entries, key=lambda entry: (order(entry.subject), order(entry.form), entry.stem))
    own = tuple(entry for entry in ordered if not entry.subject)
    return UnitEntries(unit, unit_page(unit), own, tuple(entry for entry in ordered if entry.subject))


def newest(listing: Listing, count: int) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """What was published last, by the dates of the reports, under its date: of one day, the later year first."""
    ordered = sorted(listing.entries, key=lambda entry: (order(entry.unit), order(entry.subject), order(entry.form)))
    ordered.sort(key=lambda entry: (entry.published, entry.year), reverse=True)
    by_date = groupby(ordered[:count], attrgetter("published"))
    return tuple((date, tuple(entries)) for date, entries in by_date)


def by_unit(listing: Listing) -> Mapping[str, tuple[tuple[str, UnitEntries], ...]]:
    """By the name of a unit its reports, year by year, the latest first."""
    return listing.once(_by_unit)


def _by_unit(listing: Listing) -> Mapping[str, tuple[tuple[str, UnitEntries], ...]]:
    found: dict[str, list[tuple[str, UnitEntries]]] = {}
    for year in years(listing):
        for unit in year.units:
            found.setdefault(unit.unit, []).append((year.year, unit))
    return {unit: tuple(found[unit]) for unit in sorted(found, key=order)}


def states(listing: Listing, entries: Iterable[Entry]) -> str:
    """A text that changes when the summary of one of some reports does, or one comes or goes."""
    known = listing.summaries
    return "\n".join(f"{one.stem} {listing.state(one.stem)}" if one.stem in known else repr(one) for one in entries)


def with_summaries(listing: Listing, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Those of some reports that have a summary: after a part of a build one may have none."""
    return (entry for entry in entries if entry.stem in listing.summaries)
