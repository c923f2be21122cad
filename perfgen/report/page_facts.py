"""What the template of a page knows of its report beside the values; `said` says how a page prints it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from perfgen.report import overview
from perfgen.report.measure_rows import MeasureRow
from perfgen.report.overview import Counted, MeasureList, PageChange, PublicationDates
from perfgen.report.report import Facts, Report
from perfgen.report.said import SaidFacts, said


@dataclass(frozen=True)
class PageFacts(Facts):
    """What a page template knows of its report, beside the values."""

    dates: PublicationDates | None = None
    """When it was approved and published."""
    highlights: tuple[MeasureRow, ...] = ()
    """The measures that the page says first."""
    measure_lists: tuple[MeasureList, ...] = ()
    """The rows with a target value as they stand in lists and groups."""
    measure_counts: tuple[Counted, ...] = ()
    """How many of them came to what was promised, and how many did not; nothing where nobody has said."""
    changes: tuple[PageChange, ...] = ()
    """What changed against last year's file, the most important first."""
    compared_with: str = ""
    """The year of that file; empty where there is none, or none that may be shown."""
    change_counts: tuple[Counted, ...] = ()
    """How many changes of promises there are of each kind."""


def facts(report: Report) -> SaidFacts:
    """What a page may say of a report, by name."""
    changes = overview.page_changes(report.changes, report.measures)
    return {
        "dates": overview.publication_dates(report.publication),
        "amounts": report.amounts,
        "measures": report.measures,
        "measure_counts": overview.counted(row.verdict for row in report.measures),
        "changes": changes,
        "compared_with": report.compared_with,
        "change_counts": overview.counted(change.kind for change in changes if change.is_promise),
    }


def for_pages(report: Report) -> PageFacts:
    """What a page template knows of a report beside its values: each text has its place."""
    made = {name: said(part, name) for name, part in facts(report).items()}
    known = report.facts
    own = {each.name: getattr(known, each.name) for each in fields(known)}
    measures = made["measures"]
    return PageFacts(
        **own | made, highlights=overview.highlights(measures), measure_lists=overview.measure_lists(measures)
    )
