"""Writes a page for each name of a row that several units or years have, units beside years, and the list of these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from perfgen.prove import summary_places
from perfgen.prove.summary_places import PUBLIC, PrintedPlace
from perfgen.render.parts import site_pages
from perfgen.report import over_years, search_names, spelling
from perfgen.report.listing import Listing, unit_page
from perfgen.report.over_years import RowOverYears, Source
from perfgen.report.shared_measures import FOLDER, INDEX, MOST, MeasurePage, letters, shared_measures
from perfgen.report.summary import Summary

SCOPE = "site"
LIST, TEMPLATE = "measures.html", "measure.html"
TARGETS = {"site": f"public/{FOLDER}/"}
AFTER = ("summary",)
NEEDS = (LIST, TEMPLATE)
READS = site_pages.READS
PACKAGES = (*site_pages.PACKAGES, spelling.PACKAGE)
STYLES: tuple[str, ...] = ()


def outputs(report: Listing) -> dict[str, str]:
    """By path under build/, what each page is made of: the rows of its name; of the list, the names."""
    found = {path: page.state for path, page in report.once(_pages).items()}
    if found:
        counts = [(one.name, one.page, one.units, one.years) for one in shared_measures(report)]
        found[PUBLIC + INDEX] = f"{counts}{search_names.path(report)}"
    return found


def _pages(report: Listing) -> dict[str, MeasurePage]:
    return {PUBLIC + page.path: page for one in shared_measures(report) for page in one.pages}


def render(report: Listing) -> bytes:
    """The page at the listing's path as UTF-8. Raises FormError when a template is broken."""
    if report.path == PUBLIC + INDEX:
        return _list(report)
    page = report.once(_pages)[report.path]
    sources = [Source(entry.stem, report.summary(entry.stem)) for entry in page.entries]
    rows = sorted(over_years.rows_over_years(sources, page.measure.name), key=_order)
    context = {
        "measure": page.measure,
        "page": page,
        "lists": list(map(_List.of, _by_list(rows))),
        "pages": {unit: unit_page(unit) for unit in page.units},
        "list": INDEX,
    }
    return site_pages.filled(report, TEMPLATE, context)


class _Column(NamedTuple):
    """A column of a table."""

    year: str
    is_outcome: bool
    is_past: bool
    """Whether only later files speak of the year."""


class _List(NamedTuple):
    """The rows that stand in lists of one title, and the columns of their table."""

    title: str
    groups: tuple[str, ...]
    """The further groups that all rows stand in; empty where they differ."""
    rows: list[RowOverYears]
    columns: list[_Column]

    @classmethod
    def of(cls, rows: list[RowOverYears]) -> _List:
        """The list that some rows make up."""
        columns = []
        for year in over_years.years_of(rows):
            there = [one for row in rows if (one := row.years.get(year))]
            columns.append(_Column(year, is_outcome=False, is_past=all(one.is_past for one in there)))
            if any(one.outcomes for one in there):
                columns.append(_Column(year, is_outcome=True, is_past=False))
        groups = rows[0].key.groups[1:]
        return cls(_title(rows[0]), groups if all(row.key.groups[1:] == groups for row in rows) else (), rows, columns)


def _title(row: RowOverYears) -> str:
    return row.key.groups[0] if row.key.groups else ""


def _by_list(rows: Iterable[RowOverYears]) -> list[list[RowOverYears]]:
    """Rows by the title of the list that they stand in, that of most rows first."""
    found: dict[str, list[RowOverYears]] = {}
    for row in rows:
        found.setdefault(_title(row), []).append(row)
    return sorted(found.values(), key=len, reverse=True)


def _order(row: RowOverYears) -> tuple[object, ...]:
    key = row.key
    return spelling.order(key.unit), key.subject != "", spelling.order(key.subject), key.groups, key.turn


def _list(report: Listing) -> bytes:
    measures = shared_measures(report)
    first = [spelling.first_letter(one.name) for one in measures]
    context = {
        "shared": sorted((one for one in measures if one.units > 1), key=lambda one: -one.units),
        "letters": list(letters(measures, first)), "names": search_names.path(report), "count": len(measures),
        "is_cut": len(measures) == MOST,
    }  # fmt: skip
    return site_pages.filled(report, LIST, context)


def prove(content: bytes, report: Listing) -> int:
    """Compares texts and links with the published reports, and gives the number of places.

    Raises ProofError where one differs or is of a row of another name, and where a report of the name is left out.
    """
    if report.path == PUBLIC + INDEX:
        _, found, compared = site_pages.proven(content, report, LIST)
        _require(report, LIST, {PUBLIC + one.page for one in shared_measures(report)}, found)
        return compared
    shown = report.once(_pages)[report.path]
    page, _, compared = site_pages.proven(content, report, TEMPLATE, _heads)
    for place in page.places:
        row = report.summary(place.source).measures[int(place.at[1:].partition(":")[0])]
        if row.name != shown.measure.name:
            raise summary_places.disproof(report, TEMPLATE, "名称", shown.measure.name, row.name)
    _require(report, TEMPLATE, _said(report, shown), {place.text for place in page.places})
    return compared


def _said(report: Listing, page: MeasurePage) -> set[str]:
    """All that the reports of a page say of the rows of its name."""
    name = page.measure.name
    rows = [row for entry in page.entries for row in report.summary(entry.stem).measures if row.name == name]
    return {text for row in rows for text in (row.value, row.outcome) if text}


def _require(report: Listing, template: str, wanted: Iterable[str], found: set[str]) -> None:
    for missing in sorted(set(wanted) - found):
        raise summary_places.disproof(report, template, "内容", missing, "没有")


def _heads(summary: Summary, _: PrintedPlace) -> Iterable[str]:
    return summary.unit, summary.subject
