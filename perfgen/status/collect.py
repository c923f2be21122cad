"""Who has handed in what of a year: the year's files checked once, and counted by unit and form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from perfgen.build import check_batch
from perfgen.build.check_batch import Checked
from perfgen.check import units
from perfgen.findings import Finding, Level, UsageError
from perfgen.form import forms
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
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


def status(project: Project, year: str, today: Day, jobs: int | None = None) -> Status:
    """The rows of a year as they stand on a day; `jobs` is how many processes check, None chooses.

    Raises DataError for a list of units or settings of the site that are wrong, FormError for a broken form.
    """
    listed, settings = units.load_units(project), site.load_site(project)
    files, misnamed = project.data_files()
    of_year = [file for file in files if file.year == year]
    checked = check_batch.check_files(project, of_year, jobs)
    titles = {form.name: form.title for form in forms.loaded(project)}
    is_newest = not any(file.year.isdigit() and int(file.year) > int(year) for file in files)
    desk = _Desk(_counts(checked), titles, settings, today, is_newest)
    wanted = owed.owed(project, year, listed, checked.looked)
    rows = tuple(desk.row(one) for one in wanted if not one.excuse)
    excused = {one.unit: one.excuse for one in wanted if one.excuse}
    elsewhere = [finding for finding in checked.findings if DataFile.parse(finding.place.file) not in of_year]
    misnamed = [finding for finding in misnamed if finding.place.file.startswith(f"{DATA}/{year}/")]
    return Status(year, today, rows, bool(listed.units), excused, tuple(map(str, [*misnamed, *elsewhere])))


_Counts = Mapping[tuple[str, str], int]
"""By the path of a file and what is counted, how many there are."""
_ERROR, _OPEN = "error", "open"


def _counts(checked: Checked) -> _Counts:
    kinds = ((finding.place.file, _kind(finding)) for finding in checked.findings)
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
    titles: Mapping[str, str]
    settings: Site
    today: Day
    is_newest: bool
    """Whether no later year has files: a deadline is one of the year that is worked on."""

    def row(self, one: Owed) -> Row:
        """A unit and a form, counted."""
        files = tuple(looked.file for looked in one.looked)
        approved, published, remark = self._dates(files)
        holes = sum(looked.holes for looked in one.looked)
        errors = sum(self.counts[file.source, _ERROR] for file in files)
        is_late = bool(approved and published) and published > _days_after(approved, PUBLIC_WITHIN)
        return Row(
            one.unit,
            one.form,
            self.titles.get(one.form, one.form),
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
            deadline=one.listed.deadline if one.listed and self.is_newest else "",
            remarks=tuple(filter(None, (one.remark, remark, LATE if is_late else ""))),
        )

    def _dates(self, files: tuple[DataFile, ...]) -> tuple[str, str, str]:
        """When some files were approved and published, empty where one of them was not; a remark where they differ."""
        dates = [self.settings.dates(file.year, file.name) for file in files]
        found = [[of_file[name] for of_file in dates] for name in (APPROVED, PUBLISHED)]
        approved, published = (max(of_all) if of_all and all(of_all) else "" for of_all in found)
        is_mixed = any(len(set(of_all)) > 1 for of_all in found)
        return approved, published, DIFFERENT if is_mixed else ""


def _days_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
