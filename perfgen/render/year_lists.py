"""Writes the lists of all units of a year, with their money and their reports; a long one in pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from perfgen.project.snapshot import digest
from perfgen.prove import summary_places
from perfgen.prove.summary_places import PUBLIC, PrintedPlace
from perfgen.render.parts import site_pages
from perfgen.report import site_lists, unit_money
from perfgen.report.listing import Listing
from perfgen.report.site_lists import UnitEntries, YearEntries, YearPage
from perfgen.report.summary import Summary
from perfgen.report.unit_money import YearSums

SCOPE = "site"
TEMPLATE = "year.html"
TARGETS = {"site": "public/"}
AFTER = ("summary",)
NEEDS = (TEMPLATE,)
READS = site_pages.READS
PACKAGES = site_pages.PACKAGES
STYLES: tuple[str, ...] = ()


class _Page(NamedTuple):
    year: YearEntries
    page: YearPage


def outputs(report: Listing) -> dict[str, str]:
    """By path under build/, what each page is made of: the reports of its year."""
    years = [year.year for year in site_lists.years(report)]
    states = {year.year: f"{years} {_state(report, year)}" for year in site_lists.years(report)}
    return {path: states[one.year.year] for path, one in report.once(_pages).items()}


def _state(report: Listing, year: YearEntries) -> str:
    """A text that changes when a report of a year does: the money of all of them is added up on each page."""
    states = site_lists.states(report, (entry for unit in year.units for entry in unit.entries))
    return digest(states.encode("utf-8", "surrogatepass"))


def _pages(report: Listing) -> dict[str, _Page]:
    return {
        PUBLIC + page.path: _Page(year, page)
        for year in site_lists.years(report) for page in year.pages
    }  # fmt: skip


def render(report: Listing) -> bytes:
    """The page at the listing's path as UTF-8. Raises FormError when the template is broken."""
    year, page = report.once(_pages)[report.path]
    sums = report.once(_sums)[year.year]
    by_unit = {row.summary.unit: row for row in sums.rows if not row.summary.subject} if sums else {}
    context = {
        "year": year,
        "page": page,
        "sums": sums,
        "rows": [(unit, by_unit[unit.unit].values if unit.unit in by_unit else {}) for unit in page.units],
        "has_money": bool(by_unit),
        "years": site_lists.years(report),
    }
    return site_pages.filled(report, TEMPLATE, context)


def _sums(report: Listing) -> dict[str, YearSums | None]:
    """The sums of each year; read when the first page of them is made."""
    return {year.year: unit_money.year_sums(report, year) for year in site_lists.years(report)}


def prove(content: bytes, report: Listing) -> int:
    """Compares texts and links with the published reports, and gives the number of places.

    Raises ProofError where one differs, where a link leads to what is not public, and where a report of the units
    cannot be reached from here.
    """
    _, found, compared = site_pages.proven(content, report, TEMPLATE, _heads)
    page = report.once(_pages)[report.path].page
    for unit in page.units:
        for missing in _missing(unit, found):
            raise summary_places.disproof(report, TEMPLATE, "链接", missing, "没有")
    return compared + len(page.units)


def _missing(unit: UnitEntries, found: set[str]) -> Iterable[str]:
    """The reports that no link leads to; those about subjects may be reached by the unit's page."""
    linked = {entry.page for entry in (unit.own if unit.page else unit.entries)}
    return sorted((linked | ({unit.page} if unit.page else set())) - {path.removeprefix(PUBLIC) for path in found})


def _heads(summary: Summary, place: PrintedPlace) -> Iterable[str]:
    return (summary.unit, summary.amounts[int(place.at[1:])].label) if place.at.startswith("a") else ()
