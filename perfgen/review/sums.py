"""Adds up the large amounts of all units of a year, also of those that did not change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.check import loading
from perfgen.findings import FindingsError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review.totals import Total, add_up, totals


@dataclass(frozen=True)
class UnitAmounts:
    """The large amounts of one unit, before and after; `totals` is None where a version has none."""

    file: str
    span: str
    """The year, or both years as `2025..2026`."""
    totals: tuple[Total, ...] | None
    is_one_of_several: bool = False
    """Whether it is of a form of which a unit has several files."""

    @property
    def has_moved(self) -> bool:
        """Whether an amount is not what it was."""
        return any(total.old != total.new for total in self.totals or ())


@dataclass(frozen=True)
class YearSum:
    """The large amounts of all units of a year, before and after, or in two years."""

    span: str
    """The year, or both years as `2025..2026`."""
    units: int
    """How many units have their amounts in it, those that did not change too."""
    uncounted: int
    """How many files have no amounts that can be added up."""
    totals: tuple[Total, ...]
    are_files: bool = False
    """Whether files are counted: some are of a form of which a unit has several."""

    @property
    def what(self) -> str:
        """What is counted, in words."""
        return "文件" if self.are_files else "单位"


def of_years(span: str, units: Iterable[UnitAmounts]) -> list[YearSum]:
    """The sum over a comparison of two years, which has all units of both."""
    return [_summed(span, units)]


def of_versions(units: Iterable[UnitAmounts], version: Project) -> list[YearSum]:
    """The sums of all years in which an amount moved; `version` is the later one, which has the other units."""
    units = list(units)
    years = sorted({unit.span for unit in units if unit.has_moved and unit.span.isdigit()})
    return [
        _summed(year, [*of_year, *_others(year, of_year, version)]) for year in years if (of_year := _of(year, units))
    ]


def _of(span: str, units: Iterable[UnitAmounts]) -> list[UnitAmounts]:
    return [unit for unit in units if unit.span == span]


def _others(year: str, known: Iterable[UnitAmounts], version: Project) -> list[UnitAmounts]:
    """The units of a year that did not change."""
    known_files = {unit.file for unit in known}
    files = [file for file in version.data_files()[0] if file.year == year and file.source not in known_files]
    return [_amounts(file, version) for file in files]


def _amounts(file: DataFile, version: Project) -> UnitAmounts:
    """The large amounts of a file that did not change."""
    try:
        filing = loading.well_formed(version, file)
    except FindingsError:
        return UnitAmounts(file.source, file.year, None)
    found = tuple(totals(filing.form, filing, filing))
    return UnitAmounts(file.source, file.year, found, is_one_of_several=bool(filing.form.subject))


def _summed(span: str, units: Iterable[UnitAmounts]) -> YearSum:
    units = list(units)
    counted = [unit.totals for unit in units if unit.totals is not None]
    return YearSum(
        span,
        len(counted),
        len(units) - len(counted),
        tuple(add_up(one for all_of in counted for one in all_of)),
        any(unit.is_one_of_several for unit in units),
    )
