"""What lists, comparisons and tables of all units need to know of a data file, in one edition, as data and as JSON.

The renderer `summary` writes one for each report; what is about all of them reads these instead of every data file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from perfgen.data import path_text
from perfgen.project.layout import page_of
from perfgen.report.amounts import Amount
from perfgen.report.changes import YearChange
from perfgen.report.correction_rows import CorrectionRow
from perfgen.report.measure_rows import MeasureRow

if TYPE_CHECKING:
    from perfgen.report.report import Report

FORMAT = 1
"""Goes up when the JSON changes its meaning."""
_ROWS = b',"measures":['
_ROWS_END = b'],"compared_with":'
_ROW = b'{"path":'
_ROW_NAME = re.compile(rb'","name":(".*?"),"groups":\[')
"""Where the rows stand in what `encoded` writes: in a text no quotation mark stands without a stroke before it."""
_DIGITS = 16
Past = tuple[tuple[str, str], ...]
"""Values of earlier years, each with its year, the latest first."""


@dataclass(frozen=True)
class AmountSummary:
    """An amount of money, with the parts it is the sum of; see `amounts.Amount`."""

    path: str
    label: str
    value: str
    unit: str
    share: str
    past: Past
    parts: tuple[AmountSummary, ...]


@dataclass(frozen=True)
class MeasureSummary:
    """A row with a target value; see `measure_rows.MeasureRow`."""

    path: str
    name: str
    groups: tuple[str, ...]
    value: str
    direction: str
    number: str
    unit: str
    past: Past
    outcome: str
    reached: str
    highlight: bool


@dataclass(frozen=True)
class ChangeSummary:
    """A change against last year's file; see `changes.YearChange`."""

    kind: str
    label: str
    sentence: str
    reason: str
    is_promise: bool


@dataclass(frozen=True)
class CorrectionSummary:
    """What was corrected after publication; see `correction_rows.CorrectionRow`."""

    day: str
    place: str
    before: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """A report in short. All texts are as they are printed."""

    form: str
    """The name of the form in schema/."""
    title: str
    """What the form is called."""
    year: str
    unit: str
    subject: str
    stem: str
    """Where its outputs lie below the folder of an edition."""
    name: str
    """The name of its files without suffix."""
    heading: str
    """Unit, year, form and subject in one line."""
    approved: str
    published: str
    """Dates (ISO); both empty where it has none."""
    has_pdf: bool
    amounts: tuple[AmountSummary, ...] = ()
    measures: tuple[MeasureSummary, ...] = ()
    compared_with: str = ""
    """The year that the changes are against; empty where there is none, or none that may be shown."""
    changes: tuple[ChangeSummary, ...] = ()
    """The most important first."""
    corrections: tuple[CorrectionSummary, ...] = ()

    @property
    def page(self) -> str:
        """Where its page lies, below the public root."""
        return page_of(self.stem)

    @property
    def whose(self) -> str:
        """The unit, and what the file is about where a unit has several."""
        return f"{self.unit} {self.subject}".strip()


def summary(report: Report) -> Summary:
    """The summary of a report."""
    publication = report.publication
    return Summary(
        report.form.name, report.form.title, report.year, report.unit, report.subject, report.file.stem,
        report.file.name, report.heading, publication.approved if publication else "",
        publication.published if publication else "", report.is_paged,
        tuple(map(_amount, report.amounts)), tuple(map(_measure, report.measures)),
        report.compared_with, tuple(map(_change, report.changes)), tuple(map(_correction, report.corrections)),
    )  # fmt: skip


def _amount(amount: Amount) -> AmountSummary:
    parts = tuple(map(_amount, amount.parts))
    return AmountSummary(
        path_text(amount.value.path), amount.label, str(amount.value), amount.unit, str(amount.share),
        _past(amount.past), parts,
    )  # fmt: skip


def _measure(row: MeasureRow) -> MeasureSummary:
    return MeasureSummary(
        path_text(row.path), str(row.name), tuple(map(str, row.groups)), str(row.value), row.direction, row.number,
        row.unit, _past(row.past), str(row.outcome), row.reached, row.highlight,
    )  # fmt: skip


def _change(change: YearChange) -> ChangeSummary:
    return ChangeSummary(change.kind.value, change.label, change.sentence, change.reason, change.is_promise)


def _correction(row: CorrectionRow) -> CorrectionSummary:
    return CorrectionSummary(str(row.day), str(row.place), str(row.before), str(row.reason))


def _past(values: Iterable[tuple[str, str]]) -> Past:
    return tuple((year, str(text)) for year, text in values)


def encoded(summary: Summary) -> bytes:
    """A summary as UTF-8 JSON."""
    content = {"format": FORMAT, **_plain(summary)}
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "surrogatepass")


def decoded(content: bytes) -> Summary:
    """The summary that JSON gives. Raises ValueError for anything that `encoded` does not write."""
    try:
        made = json.loads(content)
        if made.pop("format") != FORMAT:
            raise ValueError("another format")
        rows = {name: made.pop(name) for name in ("amounts", "measures", "changes", "corrections")}
        return Summary(
            **made,
            amounts=_amounts(rows["amounts"]),
            measures=tuple(map(_measure_of, rows["measures"])),
            changes=tuple(ChangeSummary(**change) for change in rows["changes"]),
            corrections=tuple(CorrectionSummary(**correction) for correction in rows["corrections"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no summary") from error


def measure_states(content: bytes) -> dict[str, str]:
    """By name, a text that changes when the rows of that name do or stand elsewhere, of the JSON of a summary.

    Much faster than `decoded`: for what needs those of all files.
    """
    found: dict[str, str] = {}
    rows = content.partition(_ROWS)[2].partition(_ROWS_END)[0]
    for number, row in enumerate(rows.split(_ROW)[1:]):
        written = _ROW_NAME.search(row)
        if written is not None:
            name = json.loads(written[1]) if b"\\" in written[1] else written[1][1:-1].decode()
            state = hashlib.sha256(row.rstrip(b"]},")).hexdigest()[:_DIGITS]
            found[name] = f"{found.get(name, '')} {number}:{state}"
    return found


def _amounts(made: list[dict[str, Any]]) -> tuple[AmountSummary, ...]:
    return tuple(AmountSummary(**one | {"past": _past(one["past"]), "parts": _amounts(one["parts"])}) for one in made)


def _measure_of(made: dict[str, Any]) -> MeasureSummary:
    return MeasureSummary(**made | {"past": _past(made["past"]), "groups": tuple(made["groups"])})


def _plain(value: Any) -> Any:
    """Dataclasses as groups of their fields, all the way down."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, AmountSummary | ChangeSummary | CorrectionSummary | MeasureSummary | Summary):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
