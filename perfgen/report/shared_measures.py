"""The names of rows with target values that several units, or several years, have: each may have a page of its own."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from perfgen.project import names
from perfgen.report import site_lists
from perfgen.report.listing import Entry, Listing
from perfgen.report.site_lists import with_summaries
from perfgen.report.spelling import order

FOLDER = "measures"
INDEX = f"{FOLDER}/index.html"
"""The page that lists them, below the public root."""
MOST = 1000
"""How many of them have pages: first those that most units share."""


@dataclass(frozen=True)
class SharedMeasure:
    """A name, and the published reports with a row of that name."""

    name: str
    slug: str
    """What its page is called."""
    entries: tuple[Entry, ...]
    states: Mapping[str, str]
    """By the stem of each, a text that changes when its rows of that name do."""

    @property
    def page(self) -> str:
        """Where its page lies, the first of several, below the public root."""
        return f"{FOLDER}/{self.slug}/index.html"

    @functools.cached_property
    def units(self) -> int:
        """How many units have it."""
        return len({entry.unit for entry in self.entries})

    @functools.cached_property
    def pages(self) -> tuple[MeasurePage, ...]:
        """Its pages, each with some of the units."""
        by_unit: dict[str, list[Entry]] = {}
        for entry in self.entries:
            by_unit.setdefault(entry.unit, []).append(entry)
        units = sorted(by_unit, key=order)
        found = []
        for number, at in enumerate(range(0, len(units), site_lists.ON_A_PAGE), 1):
            some = units[at : at + site_lists.ON_A_PAGE]
            path = self.page if number == 1 else f"{FOLDER}/{self.slug}/units-{number}.html"
            found.append(MeasurePage(self, path, tuple(some), tuple(one for unit in some for one in by_unit[unit])))
        return tuple(found)

    @functools.cached_property
    def years(self) -> tuple[str, ...]:
        """The years that have it, the latest first."""
        return tuple(sorted({entry.year for entry in self.entries}, reverse=True))

    @functools.cached_property
    def outline(self) -> str:
        """A text that changes when what each of its pages says of all of them does: found once, not for each page."""
        whole = [self.units, self.years, [(page.path, page.first, page.last) for page in self.pages]]
        return hashlib.sha256(repr(whole).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class MeasurePage:
    """A page about a name, with the reports of some units."""

    measure: SharedMeasure
    path: str
    """Where it lies, below the public root."""
    units: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def state(self) -> str:
        """A text that changes when what the page says does."""
        measure = self.measure
        return "\n".join([measure.outline, *(f"{entry}{measure.states[entry.stem]}" for entry in self.entries)])

    @property
    def first(self) -> str:
        """The first of its units."""
        return self.units[0]

    @property
    def last(self) -> str:
        """The last of its units."""
        return self.units[-1]


def shared_measures(listing: Listing) -> tuple[SharedMeasure, ...]:
    """The names that two units have, or one in two years, in order; not more than `MOST`."""
    return listing.once(_shared)


def _shared(listing: Listing) -> tuple[SharedMeasure, ...]:
    by_name: dict[str, list[Entry]] = {}
    states: dict[str, dict[str, str]] = {}
    for entry in with_summaries(listing, listing.entries):
        for name, state in listing.measure_states(entry.stem).items():
            by_name.setdefault(name, []).append(entry)
            states.setdefault(name, {})[entry.stem] = state
    chosen = sorted(_chosen(by_name), key=order)
    slugs = _slugs(chosen)
    return tuple(SharedMeasure(name, slugs[name], tuple(by_name[name]), states[name]) for name in chosen)


def _chosen(by_name: Mapping[str, list[Entry]]) -> list[str]:
    """The names that have a page: those of the most units, then of the most years."""
    counts = {
        name: (len({entry.unit for entry in entries}), len({entry.year for entry in entries}))
        for name, entries in by_name.items()
    }
    shared = [name for name, (units, years) in counts.items() if units > 1 or years > 1]
    return sorted(shared, key=lambda name: (counts[name], name), reverse=True)[:MOST]


def _slugs(chosen: Iterable[str]) -> dict[str, str]:
    """By name what its page is called: the name itself where every system takes it, else a hash of it."""
    folded: dict[str, list[str]] = {}
    for name in chosen:
        folded.setdefault(names.folded(name), []).append(name)
    return {name: name if len(alike) == 1 and _is_safe(name) else _hash(name)
            for alike in folded.values() for name in alike}  # fmt: skip


def _is_safe(name: str) -> bool:
    taken = name.casefold() in {"index.html"} or name.startswith(_HASHED)
    return "/" not in name and not taken and not names.trouble(name)


_HASHED = "name-"
_DIGITS = 16


def _hash(name: str) -> str:
    return _HASHED + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def letters(measures: Iterable[SharedMeasure], first: Iterable[str]) -> Iterator[tuple[str, list[SharedMeasure]]]:
    """Names under the letters that they begin with, in their order; `first` has the letter of each."""
    found: dict[str, list[SharedMeasure]] = {}
    for measure, letter in zip(measures, first, strict=True):
        found.setdefault(letter, []).append(measure)
    yield from sorted(found.items(), key=lambda pair: (pair[0] == "#", pair[0]))
