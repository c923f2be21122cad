"""What the template of a page knows of its report beside the values; `said` says how a page prints it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from perfgen.report.changes import YearChange
from perfgen.report.overview import Counted, MeasureList, counted, measure_lists
from perfgen.report.report import Facts, Report
from perfgen.report.said import SaidFacts, said


@dataclass(frozen=True)
class PageFacts(Facts):
    """What a page template knows of its report, beside the values."""

    measure_lists: tuple[MeasureList, ...] = ()
    """The rows with a target value as they stand in lists and groups."""
    measure_counts: tuple[Counted, ...] = ()
    """How many of them came to what was promised, and how many did not; nothing where nobody has said."""
    changes: tuple[YearChange, ...] = ()
    """What changed against last year's file, the most important first."""
    compared_with: str = ""
    """The year of that file; empty where there is none, or none that may be shown."""
    change_counts: tuple[Counted, ...] = ()
    """How many changes there are of each kind."""


def facts(report: Report) -> SaidFacts:
    """What a page may say of a report, by name."""
    measures = report.measures
    outcomes = [row.reached or (row.result.reached if row.result else "") for row in measures]
    return {
        "amounts": report.amounts,
        "measures": measures,
        "measure_counts": counted(outcomes),
        "changes": report.changes,
        "compared_with": report.compared_with,
        "change_counts": counted(change.kind for change in report.changes),
    }


def for_pages(report: Report) -> PageFacts:
    """What a page template knows of a report beside its values: each text has its place."""
    made = {name: said(part, name) for name, part in facts(report).items()}
    known = report.facts
    own = {each.name: getattr(known, each.name) for each in fields(known)}
    return PageFacts(**own | made, measure_lists=measure_lists(made["measures"]))
