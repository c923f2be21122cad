"""Says what a template may know of its report, beside the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from perfgen.report.listing import unit_page
from perfgen.table.model import Table

if TYPE_CHECKING:
    from perfgen.report.amounts import Amount
    from perfgen.report.changes import YearChange
    from perfgen.report.correction_rows import CorrectionRow
    from perfgen.report.measure_rows import MeasureRow
    from perfgen.report.publication import Publication
    from perfgen.report.report import Report
    from perfgen.report.tags import Tag


@dataclass(frozen=True, eq=False)
class Facts:
    """What a template knows of its report, beside the values; what takes time is found when it is asked for."""

    _report: Report = field(repr=False)
    table: Table

    @property
    def unit(self) -> str:
        """The unit's name."""
        return self._report.unit

    @property
    def year(self) -> str:
        """The report's own year."""
        return self._report.year

    @property
    def title(self) -> str:
        """What the form is called."""
        return self._report.form.title

    @property
    def name(self) -> str:
        """The name of its files without suffix."""
        return self._report.file.name

    @property
    def home(self) -> str:
        """The way up to the public root, as a relative link."""
        return self._report.home

    @property
    def publication(self) -> Publication | None:
        """When it was approved and published; None without both dates."""
        return self._report.publication

    @property
    def paged(self) -> bool:
        """Whether there is a PDF beside it."""
        return self._report.is_paged

    @property
    def subject(self) -> str:
        """What it is about beside its unit, as far as this edition may say so; empty where a unit has one file."""
        return self._report.subject

    @property
    def heading(self) -> str:
        """Its name in one line: unit, year, title, subject."""
        return self._report.heading

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """The large sums of money."""
        return self._report.amounts

    @property
    def measures(self) -> tuple[MeasureRow, ...]:
        """All rows with a target value."""
        return self._report.measures

    @property
    def changes(self) -> tuple[YearChange, ...]:
        """What changed against last year's file, the most important first."""
        return self._report.changes

    @property
    def compared_with(self) -> str:
        """The year of that file; empty where there is none, or none that this edition may show."""
        return self._report.compared_with

    @property
    def corrections(self) -> tuple[CorrectionRow, ...]:
        """What was corrected after publication, in the order of the data."""
        return self._report.corrections

    @property
    def tags(self) -> tuple[Tag, ...]:
        """What its page carries in its head; none of what is not published."""
        return self._report.tags

    @property
    def dataset(self) -> Mapping[str, object] | None:
        """The description of its data for search engines (see `linked_data`); None for what is not published."""
        return self._report.dataset

    @property
    def unit_page(self) -> str:
        """The address of the page about the unit and all its years; empty for a name that no file can have."""
        page = unit_page(self._report.unit)
        return f"{self._report.home}{quote(page)}" if page else ""
