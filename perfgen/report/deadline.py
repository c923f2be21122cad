"""The last day for publication: twenty days after approval (预算法第十四条), and what is late, has no date, or is held.

A form that has no public page is not published, so that it is asked for no date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from perfgen.data import ValuePath
from perfgen.findings import Finding, Level
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site, unreviewed
from perfgen.report.publication import DAYS, Publication, last_day
from perfgen.report.site import APPROVED, FILE, PUBLISHED, Site

RULE, EARLY = "publication-late", "publication-early"
_NAMED = 5
"""How many units are named; of more it says how many they are."""


@dataclass(frozen=True, order=True)
class _Dates:
    """What is written about some units: the year, the dates as they are typed, and where that of approval stands."""

    year: str
    approved: str
    published: str
    is_held: bool
    """Whether their review keeps them back, whatever the dates."""
    place: ValuePath
    """In the settings, the path of the date of approval."""

    @property
    def is_early(self) -> bool:
        """Whether they are said to be public before they were approved."""
        return bool(self.approved and self.published) and self.published < self.approved

    def is_out(self, day: str) -> bool:
        """Whether they are public on a day (ISO)."""
        return not self.is_held and bool(self.published) and self.published <= day


def check(project: Project, files: Collection[DataFile], today: date) -> list[Finding]:
    """A warning for each date of approval whose units are not public yet and have no day for it in time.

    Also for dates of publication before it. Raises DataError for broken settings.
    """
    settings = site.load_site(project)
    units: dict[_Dates, list[str]] = {}
    for file in files:
        form = site.form_of(project, file)
        dates = _dates(settings, file, form, today.isoformat())
        if (form is None or form.has_page) and dates.approved:
            units.setdefault(dates, []).append(form.name_in(file.path) if form else file.name)
    return [finding for dates in sorted(units) for finding in _findings(project, dates, sorted(units[dates]), today)]


def _dates(settings: Site, file: DataFile, form: Form | None, today: str) -> _Dates:
    dates = settings.dates(file, form)
    is_held = bool(unreviewed.held(settings, file, form, today))
    return _Dates(file.year, dates[APPROVED], dates[PUBLISHED], is_held, settings.place(APPROVED, file, form))


def _findings(project: Project, dates: _Dates, names: list[str], today: date) -> Iterator[Finding]:
    """The warning about units with the same dates; none where they are public, or will be in time."""
    more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
    begin = f"{dates.year} 年的{'、'.join(names[:_NAMED])}{more}，{dates.approved} 批复，"
    place = site.document(project).place(dates.place, key=True)
    if dates.is_early:
        about = f"{begin}公开日期 {dates.published} 还在批复以前。"
        yield Finding(place, EARLY, about, f"在 {FILE} 里改对{APPROVED}或{PUBLISHED}。", Level.WARNING)
    elif dates.approved <= today.isoformat() and not dates.is_out(today.isoformat()) and (end := _late(dates, today)):
        last = last_day(dates.approved)
        about = f"{begin}{DAYS} 日内公开，最晚 {last}；{end}"
        advice = f"在 {FILE} 里把{PUBLISHED}定在 {last} 以前（含当天）；已经过了的，写实际公开的那一天。"
        yield Finding(place, RULE, about, _REVIEW_FIRST if dates.is_held else advice, Level.WARNING)


_REVIEW_FIRST = "先做公开审查，把结果记在数据文件里；通过了再公开。"


def _late(dates: _Dates, today: date) -> str:
    """What is late about units that are not public, as the end of a sentence; empty where they will be in time."""
    left = (last_day(dates.approved) - today).days
    passed = f"还有 {left} 天" if left >= 0 else f"已经过了 {-left} 天"
    if not dates.published:
        return f"还没有公开日期，{passed}。"
    if dates.is_held and dates.published <= today.isoformat():
        return f"公开日期 {dates.published} 到了，公开审查没有通过，没有公开，{passed}。"
    late = Publication(dates.approved, dates.published).days_late
    return f"公开日期 {dates.published} 晚了 {late} 天。" if late else ""
