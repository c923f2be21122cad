"""What the template of a page knows of its report beside the values; `said` says how a page prints it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from perfgen.report import overview
from perfgen.report.amounts import Amount
from perfgen.report.facts import Facts
from perfgen.report.measure_rows import MeasureRow
from perfgen.report.overview import Counted, MeasureList, PageChange, PublicationDates
from perfgen.report.report import Report
from perfgen.report.said import said, text_in


class PageFacts(Facts):
    """The same with a place at each text that is no value; what a page does not print is not looked for."""

    @functools.cached_property
    def dates(self) -> PublicationDates | None:
        """When it was approved and published."""
        return said(overview.publication_dates(self._report.publication), "dates")

    @functools.cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """The large sums of money."""
        return said(self._report.amounts, "a")

    @functools.cached_property
    def measures(self) -> tuple[MeasureRow, ...]:
        """All rows with a target value."""
        return said(self._report.measures, "m")

    @functools.cached_property
    def highlights(self) -> tuple[MeasureRow, ...]:
        """The measures that the page says first: those that were not reached come before the others."""
        return overview.highlights(self.measures)

    @functools.cached_property
    def measure_lists(self) -> tuple[MeasureList, ...]:
        """The rows with a target value as they stand in lists and groups."""
        return overview.measure_lists(self.measures)

    @functools.cached_property
    def measure_counts(self) -> tuple[Counted, ...]:
        """How many of them came to what was promised, and how many did not; nothing where nobody has said."""
        return said(_measure_counts(self._report), "measure_counts")

    @functools.cached_property
    def changes(self) -> tuple[PageChange, ...]:
        """What changed against last year's file, the most important first."""
        return said(_changes(self._report), "c")

    @functools.cached_property
    def compared_with(self) -> str:
        """The year of that file; empty where there is none, or none that may be shown."""
        return said(self._report.compared_with, "compared_with")

    @functools.cached_property
    def change_counts(self) -> tuple[Counted, ...]:
        """How many changes of promises there are of each kind."""
        return said(_change_counts(self._report), "change_counts")


class Wanted:
    """What a report says at each place, for whoever reads a page back."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._made: dict[str, Any] = {}

    def text(self, at: str) -> str | None:
        """The text at a place; None where the report says nothing."""
        name, _, rest = at.partition("/")
        if name not in _MADE:
            return None
        if name not in self._made:
            self._made[name] = _MADE[name](self.report)
        return text_in(self._made[name], rest)


def _changes(report: Report) -> tuple[PageChange, ...]:
    return overview.page_changes(report.changes, report.measures)


def _change_counts(report: Report) -> tuple[Counted, ...]:
    return overview.counted(change.kind for change in report.changes if change.is_promise)


def _measure_counts(report: Report) -> tuple[Counted, ...]:
    return overview.counted(row.verdict for row in report.measures)


_MADE: Mapping[str, Callable[[Report], Any]] = {
    "dates": lambda report: overview.publication_dates(report.publication),
    "a": lambda report: report.amounts,
    "m": lambda report: report.measures,
    "measure_counts": _measure_counts,
    "c": _changes,
    "compared_with": lambda report: report.compared_with,
    "change_counts": _change_counts,
}
"""By name, what a page may say of a report; a text's place begins with the name, a short one where there are many."""


def for_pages(report: Report) -> PageFacts:
    """What a page template knows of a report beside its values."""
    return PageFacts(report, report.table)
