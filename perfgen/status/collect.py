"""Who has handed in what of a year: what a check of its files found, counted by unit and form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfgen.check import units
from perfgen.check.looked import Looked
from perfgen.check.units import UnitList
from perfgen.findings import Finding, Level, UsageError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site, unreviewed
from perfgen.report.publication import Publication
from perfgen.report.site import APPROVED, PUBLISHED, Site
from perfgen.status import owed
from perfgen.status.owed import Owed
from perfgen.status.rows import PUBLIC_WITHIN, Row, Status
from perfgen.system.day import Day

LATE = f"公开日期晚于批复后 {PUBLIC_WITHIN} 日"
DIFFERENT = "几个文件的日期不一样，写的是最晚的"


def newest_year(project: Project) -> str:
    """The last year that has data files. Raises UsageError where none has."""
    years = [file.year for file in project.data_files()[0] if file.year.isdigit()]
    if not years:
        raise UsageError(f"{DATA}/ 里还没有数据文件，不知道看哪一年；写上年度。")
    return max(years, key=int)


def file_row(
    project: Project, settings: Site, listed: UnitList, looked: Looked, *, findings: Iterable[Finding], today: Day
) -> Row:
    """The row of one file alone, by what a check of it found. Raises FormError for a broken form."""
    form = forms.find(project, looked.form) if looked.form else None
    unit = owed.unit_of(project, looked, listed)
    desk = _Desk(_counts(findings), {looked.form: form} if form else {}, settings, today, is_newest=True)
    return desk.row(Owed(unit, looked.form, (looked,), listed.units.get(unit)))


def counts(findings: Iterable[Finding], file: DataFile) -> tuple[int, int]:
    """How many errors, beside holes, and how many warnings without a written reason there are in a file."""
    counted = _counts(findings)
    return counted[file.source, _ERROR], counted[file.source, _OPEN]


@dataclass(frozen=True)
class Year:
    """A year whose status is asked for, with the settings that say what there should be."""

    project: Project
    year: str
    today: Day
    listed: UnitList
    settings: Site
    files: tuple[DataFile, ...]
    """The year's files: those to be checked."""
    misnamed: tuple[Finding, ...]
    """What is wrong with the names of other files of the year."""
    is_newest: bool
    """Whether no later year has files: a deadline is one of the year that is worked on."""

    def status(self, findings: Iterable[Finding], looked: Iterable[Looked]) -> Status:
        """The rows as they stand, by what a check of the year's files found. Raises FormError for a broken form."""
        findings, own = list(findings), {file.source for file in self.files}
        known = {form.name: form for form in forms.loaded(self.project)}
        wanted = owed.owed(self.project, self.year, self.listed, looked)
        desk = _Desk(_counts(findings), known, self.settings, self.today, self.is_newest)
        rows = tuple(desk.row(one) for one in wanted if not one.excuse)
        excused = {one.unit: one.excuse for one in wanted if one.excuse}
        elsewhere = [finding for finding in findings if finding.place.file not in own]
        said = tuple(map(str, [*self.misnamed, *elsewhere]))
        return Status(self.year, self.today, rows, bool(self.listed.units), excused, said)


def of_year(project: Project, year: str, today: Day) -> Year:
    """A year as it stands on a day; its files are still to be checked.

    Raises DataError for a list of units or settings of the site that are wrong.
    """
    files, misnamed = project.data_files()
    later = any(file.year.isdigit() and int(file.year) > int(year) for file in files)
    return Year(
        project,
        year,
        today,
        units.load_units(project),
        site.load_site(project),
        tuple(file for file in files if file.year == year),
        tuple(finding for finding in misnamed if finding.place.file.startswith(f"{DATA}/{year}/")),
        not later,
    )


_Counts = Mapping[tuple[str, str], int]
"""By the path of a file and what is counted, how many there are."""
_ERROR, _OPEN = "error", "open"


def _counts(findings: Iterable[Finding]) -> _Counts:
    kinds = ((finding.place.file, _kind(finding)) for finding in findings)
    return Counter((file, kind) for file, kind in kinds if kind)


def _kind(finding: Finding) -> str:
    """What a finding counts as; empty for one that asks for nothing, or is a hole, which is counted by itself."""
    if finding.level is Level.ERROR:
        return "" if finding.unfilled else _ERROR
    return _OPEN if finding.is_open else ""


@dataclass(frozen=True)
class _Desk:
    """What rows are made with."""

    counts: _Counts
    forms: Mapping[str, Form]
    settings: Site
    today: Day
    is_newest: bool

    def row(self, one: Owed) -> Row:
        """A unit and a form, counted."""
        files = tuple(looked.file for looked in one.looked)
        approved, published, remark = self._dates(files, self.forms.get(one.form))
        holes = sum(looked.holes for looked in one.looked)
        errors = sum(self.counts[file.source, _ERROR] for file in files)
        wrong = tuple(one_file for one_file in one.looked if self._is_wrong(one_file))
        form = self.forms.get(one.form)
        has_page = form is None or form.has_page
        dated = [found for file in files if has_page and (found := self.settings.dated(file, form))]
        held = sum(bool(unreviewed.held(self.settings, file, form, self.today.iso)) for file in files)
        return Row(
            one.unit,
            one.form,
            form.title if form else one.form,
            self.today,
            group=one.listed.group if one.listed else "",
            files=files,
            holes=holes,
            # what fails by its form has no error of its own
            errors=errors or (0 if holes else sum(looked.fails for looked in one.looked)),
            warnings=sum(self.counts[file.source, _OPEN] for file in files),
            records=sum(looked.records for looked in one.looked),
            approved=approved,
            published=published,
            held=held,
            has_page=has_page,
            deadline=one.listed.deadline if one.listed and self.is_newest else "",
            remarks=tuple(filter(None, (one.remark, remark, _late(dated), _uncounted(one), _before(one)))),
            number=None if one.last_year is None else len(files),
            to_open=None if one.last_year is None else tuple(looked.file for looked in wrong),
        )

    def _is_wrong(self, looked: Looked) -> bool:
        """Whether somebody has to open a file."""
        kinds = (_ERROR, _OPEN)
        return bool(looked.holes or looked.fails or any(self.counts[looked.file.source, kind] for kind in kinds))

    def _dates(self, files: tuple[DataFile, ...], form: Form | None) -> tuple[str, str, str]:
        """When some files were approved and published, empty where one of them was not; a remark where they differ."""
        dates = [self.settings.dates(file, form) for file in files]
        found = [[of_file[name] for of_file in dates] for name in (APPROVED, PUBLISHED)]
        approved, published = (max(of_all) if of_all and all(of_all) else "" for of_all in found)
        is_mixed = any(len(set(of_all)) > 1 for of_all in found)
        return approved, published, DIFFERENT if is_mixed else ""


def _before(one: Owed) -> str:
    """How many files there were the year before, where nobody can say how many there should be."""
    return f"上年 {one.last_year} 份" if one.last_year else ""


def _uncounted(one: Owed) -> str:
    """How many records of approval do not count, in words; empty for none."""
    number = sum(looked.uncounted for looked in one.looked)
    return f"另有 {number} 条审核记录不算，或者不知道算不算" if number else ""


def _late(dated: Iterable[Publication]) -> str:
    """That one of some files is, or will be, published late; empty where none is."""
    return "" if all(one.in_time for one in dated) else LATE
