"""Writes the page about each unit and all its years: its reports, its money, its rows with target values, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from perfgen.prove import summary_places
from perfgen.prove.summary_places import PUBLIC, PrintedPlace
from perfgen.render.parts import site_pages
from perfgen.report import over_years, site_lists, unit_money
from perfgen.report.datum import Datum
from perfgen.report.listing import UNITS, Entry, Listing
from perfgen.report.over_years import AmountOverYears, RowOverYears, Source
from perfgen.report.shared_measures import shared_measures
from perfgen.report.site_lists import UnitEntries
from perfgen.report.summary import Summary

SCOPE = "site"
TEMPLATE = "unit.html"
TARGETS = {"site": f"public/{UNITS}/"}
AFTER = ("summary",)
NEEDS = (TEMPLATE,)
READS = site_pages.READS
PACKAGES = site_pages.PACKAGES
STYLES: tuple[str, ...] = ()
_Years = tuple[tuple[str, UnitEntries], ...]


def outputs(report: Listing) -> dict[str, str]:
    """By path under build/, what each page is made of: the reports of its unit, and which rows have pages."""
    return {path: _state(report, _entries(years)) for path, years in report.once(_pages).items()}


def _state(report: Listing, entries: list[Entry]) -> str:
    known = site_lists.with_summaries(report, entries)
    names = {name for entry in known for name in report.measure_states(entry.stem)}
    shared = report.once(_shared)
    pages = [(name, shared[name]) for name in sorted(names) if name in shared]
    return f"{site_lists.states(report, entries)}\n{pages}"


def _pages(report: Listing) -> dict[str, _Years]:
    pages = {}
    for years in site_lists.by_unit(report).values():
        if years[0][1].page:
            pages[PUBLIC + years[0][1].page] = years
    return pages


def _entries(years: _Years) -> list[Entry]:
    return [entry for _, unit in years for entry in unit.entries]


def render(report: Listing) -> bytes:
    """The page at the listing's path as UTF-8. Raises FormError when the template is broken."""
    years = report.once(_pages)[report.path]
    entries = _entries(years)
    names = {entry.stem: f"{number}" for number, entry in enumerate(entries, 1)}
    sources = [
        Source(names[entry.stem], report.summary(entry.stem)) for entry in site_lists.with_summaries(report, entries)
    ]
    own = [source for source in sources if not source.summary.subject]
    rows = over_years.rows_over_years(sources)
    amounts = over_years.amounts_over_years(own)
    outcomes = over_years.outcomes(sources)
    context = {
        "unit": years[0][1],
        "years": years,
        "names": names,
        "amounts": amounts,
        "main": _with_lengths(amounts[0]) if amounts else [],
        "lists": list(_lists(rows)),
        "columns": over_years.years_of,
        "outcomes": outcomes,
        "words": over_years.words_of(outcomes),
        "weakened": over_years.weakened(sources),
        "pages": report.once(_shared),
    }
    return site_pages.filled(report, TEMPLATE, context)


def _shared(report: Listing) -> Mapping[str, str]:
    """By name, the page that compares the rows of that name."""
    return {one.name: one.page for one in shared_measures(report)}


class _Year(NamedTuple):
    """An amount in a year, with the length of its bar."""

    year: str
    value: Datum
    length: str


def _with_lengths(amount: AmountOverYears) -> list[_Year]:
    """The years of an amount."""
    lengths = unit_money.lengths([unit_money.size(text) for text in amount.years.values()])
    return [_Year(year, text, length) for (year, text), length in zip(amount.years.items(), lengths, strict=True)]


def _lists(rows: Iterable[RowOverYears]) -> Iterable[tuple[str, list[tuple[str, list[RowOverYears]]]]]:
    """Rows by subject, those of the unit itself first, and in it by the first of their groups."""
    ordered = sorted(rows, key=lambda row: row.key.subject != "")
    for subject, of_subject in groupby(_gathered(ordered, lambda row: row.key.subject), lambda row: row.key.subject):
        gathered = _gathered(of_subject, _list_of)
        yield subject, [(title, list(some)) for title, some in groupby(gathered, _list_of)]


def _list_of(row: RowOverYears) -> str:
    return row.key.groups[0] if row.key.groups else ""


def _gathered(rows: Iterable[RowOverYears], key: Callable[[RowOverYears], str]) -> list[RowOverYears]:
    """Rows with those of one key beside each other, in the order in which each key comes first."""
    found: dict[str, list[RowOverYears]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return [row for some in found.values() for row in some]


def prove(content: bytes, report: Listing) -> int:
    """Compares texts, bars and links with the published reports of the unit, and gives the number of places.

    Raises ProofError where one differs, where a report of the unit is not linked or twice in the list, where a text is
    of another unit.
    """
    page, _, compared = site_pages.proven(content, report, TEMPLATE, _heads)
    entries = _entries(report.once(_pages)[report.path])
    wanted = sorted(f"{PUBLIC}{entry.page}" for entry in entries)
    listed = sorted(summary_places.target(report, link) for link in page.files.values())
    if listed != wanted:
        raise summary_places.disproof(report, TEMPLATE, "列出的文件", "、".join(wanted), "、".join(listed))
    return compared + len(wanted)


def _heads(summary: Summary, place: PrintedPlace) -> Iterable[str]:
    """In a table: the name of a row, or of an amount."""
    number = int(place.at[1:].partition(":")[0])
    return (summary.measures[number].name if place.at.startswith("m") else summary.amounts[number].label,)
