"""Writes the public start page: search, years and forms, the money of all units, what is new, and who has published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from perfgen.display import show
from perfgen.prove import summary_places
from perfgen.prove.summary_places import PUBLIC, SummaryPage
from perfgen.render.parts import site_pages
from perfgen.report import search_names, site_lists, tags, unit_money
from perfgen.report.datum import Datum
from perfgen.report.listing import Entry, Listing, unit_page
from perfgen.report.shared_measures import INDEX, shared_measures
from perfgen.report.site_lists import YearEntries
from perfgen.report.summary import Summary
from perfgen.report.unit_money import UnitSums, YearSums

TEMPLATE = "index.html"
TARGETS = {"site": "public/index.html"}
AFTER = ("summary",)
NEEDS = (TEMPLATE,)
READS = site_pages.READS
PACKAGES = site_pages.PACKAGES
STYLES: tuple[str, ...] = ()
NEWEST = 10
"""How many reports stand under what is new."""
LARGEST = 20
"""How many units the picture has; the others are added up."""
LISTED = 300
"""Up to how many reports the page lists all; of more, it leads to the lists of each year."""
_YEARS_OF_MONEY = 2


class _Row(NamedTuple):
    """A line of the picture."""

    summary: Summary
    value: Datum
    length: str


def outputs(report: Listing) -> dict[str, str]:
    """The one page, and what it is made of."""
    of_years = _years_of_money(report)
    with_money = [entry for year in of_years for unit in year.units for entry in unit.entries]
    text = f"{report.entries}\n{site_lists.states(report, with_money)}\n{search_names.path(report)}"
    return {TARGETS["site"]: text}


def _years_of_money(report: Listing) -> tuple[YearEntries, ...]:
    """The years that the money may be of: the latest, else the one before."""
    return site_lists.years(report)[:_YEARS_OF_MONEY]


def render(report: Listing) -> bytes:
    """The page as UTF-8.

    Raises FormError when the template is broken.
    """
    years = site_lists.years(report)
    context = {
        "tags": tags.start(report.site),
        "years": years,
        "units": len(site_lists.by_unit(report)),
        "is_short": len(report.entries) <= LISTED,
        "newest": site_lists.newest(report, NEWEST),
        "money": _money(unit_money.latest_sums(report, _years_of_money(report))),
        "names": search_names.path(report),
        "measures": INDEX if shared_measures(report) else "",
    }
    return site_pages.filled(_placed(report), TEMPLATE, context)


def _placed(report: Listing) -> Listing:
    return replace(report, path=report.path or TARGETS["site"])


def _money(sums: YearSums | None) -> dict[str, object]:
    """What the picture shows: the largest with the lengths of their bars, and the others added up."""
    if sums is None:
        return {}
    shown, others = sums.rows[:LARGEST], sums.rows[LARGEST:]
    lengths = unit_money.lengths([row.number(sums.main) for row in shown])
    return {
        "sums": sums,
        "rows": [_Row(row.summary, row.values[sums.main], length) for row, length in zip(shown, lengths, strict=True)],
        "others": len(others),
        "rest": show(_added(others, sums)),
        "total": show(sums.total),
    }


def _added(rows: Iterable[UnitSums], sums: YearSums) -> Decimal:
    return sum((row.number(sums.main) for row in rows), Decimal(0))


def prove(content: bytes, report: Listing) -> int:
    """Compares texts, bars, sums and links with the published reports, and gives the number of places.

    Raises ProofError where one differs, where a link leads to what is not public, and where a report cannot be reached.
    """
    listing = _placed(report)
    page, found, compared = site_pages.proven(content, listing, TEMPLATE)
    for entry in report.entries:
        _reached(entry, found, listing)
    return compared + len(report.entries) + _compare_sums(page, listing)


def _reached(entry: Entry, found: set[str], listing: Listing) -> None:
    """Holds the page to leading to a report: itself, by its unit's page, or by the list of its year."""
    ways = {entry.page, unit_page(entry.unit), f"{entry.year}/index.html"} - {""}
    if not found & {PUBLIC + way for way in ways}:
        raise summary_places.disproof(listing, TEMPLATE, "链接", entry.page, "没有")


def _compare_sums(page: SummaryPage, listing: Listing) -> int:
    """Adds up once more what the page has added up, from all summaries of the year; gives the number of sums."""
    if not page.added:
        return 0
    first = next(place for place in page.places if place.at.startswith("a"))
    summary = listing.summary(first.source)
    amount = summary.amounts[int(first.at[1:])]
    alike = []
    for entry in listing.entries:
        if entry.year == summary.year and entry.stem in listing.summaries:
            other = listing.summary(entry.stem)
            same = (one for one in other.amounts if (other.form, one.label, one.unit) == (
                summary.form, amount.label, amount.unit))  # fmt: skip
            alike += [Decimal(one.value) for one in list(same)[:1] if (not other.subject) == (not summary.subject)]
    shown = [Decimal(place.text) for place in page.places if place.at.startswith("a")]
    wanted = {"total": sum(alike, Decimal(0)), "rest": sum(alike, Decimal(0)) - sum(shown, Decimal(0))}
    for name, text in page.added:
        if Decimal(text) != wanted[name]:
            raise summary_places.disproof(listing, TEMPLATE, "合起来的数", str(wanted[name]), text)
    return len(page.added)
