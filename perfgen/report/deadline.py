"""The last day for publication: twenty days after approval (预算法第十四条), and what is late or has no date."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from perfgen.data import ValuePath
from perfgen.findings import Finding, Level
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.site import APPROVED, FILE, PUBLISHED, Site

RULE = "publication-late"
DAYS = 20
_NAMED = 5
"""How many units are named; of more it says how many they are."""


@dataclass(frozen=True, order=True)
class _Dates:
    """What is written about some units: the year, the dates as they are typed, and where that of approval stands."""

    year: str
    approved: str
    published: str
    place: ValuePath
    """In the settings, the path of the date of approval."""


def last_day(approved: str) -> date:
    """The last day on which what was approved on a day (ISO) is published in time."""
    return date.fromisoformat(approved) + timedelta(days=DAYS)


def check(project: Project, files: Collection[DataFile], today: date) -> list[Finding]:
    """A warning for each date of approval whose units are not public yet and have no day for it in time.

    Raises DataError for broken settings.
    """
    settings = site.load_site(project)
    units: dict[_Dates, list[str]] = {}
    for file in files:
        dates = _dates(project, settings, file)
        if dates.approved and dates.approved <= today.isoformat() < (dates.published or "9"):
            form = site.form_of(project, file)
            units.setdefault(dates, []).append(form.name_in(file.path) if form else file.name)
    return [finding for dates in sorted(units) for finding in _findings(project, dates, sorted(units[dates]), today)]


def _dates(project: Project, settings: Site, file: DataFile) -> _Dates:
    form = site.form_of(project, file)
    dates = settings.dates(file, form)
    return _Dates(file.year, dates[APPROVED], dates[PUBLISHED], settings.place(APPROVED, file, form))


def _findings(project: Project, dates: _Dates, names: list[str], today: date) -> Iterator[Finding]:
    """The warning about units with the same dates; none where they will be published in time."""
    last = last_day(dates.approved)
    if dates.published and dates.published <= last.isoformat():
        return
    more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
    about = f"{dates.year} 年的{'、'.join(names[:_NAMED])}{more}，{dates.approved} 批复，{DAYS} 日内公开，最晚 {last}"
    if dates.published:
        late = (date.fromisoformat(dates.published) - last).days
        about += f"；公开日期 {dates.published} 晚了 {late} 天。"
    else:
        left = (last - today).days
        about += f"；还没有公开日期，{f'还有 {left} 天' if left >= 0 else f'已经过了 {-left} 天'}。"
    advice = f"在 {FILE} 里把{PUBLISHED}定在 {last} 以前（含当天）；已经过了的，写实际公开的那一天。"
    place = site.document(project).place(dates.place, key=True)
    yield Finding(place, RULE, about, advice, Level.WARNING)
