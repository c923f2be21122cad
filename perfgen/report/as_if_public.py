"""The settings of a site as they would be if one data file were public: for a look at its page before it is."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.report.site import APPROVED, PUBLISHED, Site


@dataclass(frozen=True)
class AsIfPublic(Site):
    """Settings that differ for one file: it has both dates, and no review keeps it back. Others stay as they are."""

    file: DataFile | None = None
    given: str = ""
    """The day (ISO) that stands for a date that nobody set."""
    known: Site = field(default_factory=lambda: Site({}))

    @classmethod
    def of(cls, settings: Site, file: DataFile, given: str) -> AsIfPublic:
        """The settings of a site for a look at a file's page."""
        own = {one.name: getattr(settings, one.name) for one in fields(Site)}
        return cls(**own, file=file, given=given, known=settings)

    def dates(self, file: DataFile, form: Form | None) -> dict[str, str]:
        """As `Site.dates`; of the file itself, a day for each that is not there: the approval is the earlier one."""
        set_dates = self.known.dates(file, form)
        if file != self.file:
            return set_dates
        published = set_dates[PUBLISHED] or max(self.given, set_dates[APPROVED])
        return {APPROVED: set_dates[APPROVED] or published, PUBLISHED: published}

    def obstacle(self, file: DataFile, form: Form | None) -> str:
        """As `Site.obstacle`; none for the file itself."""
        return "" if file == self.file else self.known.obstacle(file, form)


def not_public_yet(settings: Site, file: DataFile, form: Form) -> str:
    """Why a file is not public on the day of the settings, in words; empty where it is."""
    dates = settings.dates(file, form)
    missing = [name for name, day in dates.items() if not day]
    if missing:
        return f"没有{'和'.join(missing)}"
    if obstacle := settings.obstacle(file, form):
        return obstacle
    return "" if dates[PUBLISHED] <= settings.day else f"公开日期是 {dates[PUBLISHED]}，还没有到"
