"""What a version of a data file publishes, whenever: as a report of its public edition, and of the official one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perfgen.check import loading
from perfgen.findings import DataError
from perfgen.form.forms import Form
from perfgen.project import faults
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.publication import Publication
from perfgen.report.report import Edition, Report
from perfgen.report.site import Site
from perfgen.table.numbering import numbered_texts
from perfgen.table.referred_names import printed_references
from perfgen.verifying import sources
from perfgen.verifying.content import Heads

_LAST_DAY = "9999-12-31"
"""On this day all is published that has dates."""


@dataclass(frozen=True)
class _AsPublished(Site):
    """Settings by which one file is published even where they set no dates for it: the schema says what is public."""

    file: DataFile | None = None

    def publication(self, file: DataFile, form: Form | None) -> Publication | None:
        """The dates of a data file; of the file itself whatever its review says, empty ones where it has none."""
        if file != self.file:
            return super().publication(file, form)
        return self.dated(file, form) or Publication("", "")


def reports(project: Project, file: DataFile, heads: Iterable[Heads]) -> Iterator[Report]:
    """The reports that a published file may have been made from; none for a version that is about something else.

    What others show may have changed after the file was published: it is looked at on that day, and after all days.
    Raises DataError for a version that cannot be read, FormError for a broken form.
    """
    with faults.in_hand(file.source):
        if not sources.fits_in(project, file, heads):
            return
        filing = loading.well_formed(project, file)
        filing.number(numbered_texts(project, filing.form, filing.document.data))
        filing.print_references(printed_references(project, filing.form))
        settings = _settings(project)
        publication = settings.publication(file, filing.form)
        days = [_LAST_DAY]
        if publication and (filing.form.references or filing.figure_sources):
            days.append(publication.published)
        for day in days:
            made = report.assemble(project, filing, _AsPublished(settings.settings, day, settings.project, file))
            yield made[Edition.PUBLIC]
        yield made[Edition.OFFICIAL]


def _settings(project: Project) -> Site:
    """The settings of a version; none where they cannot be read, which others say."""
    try:
        return site.load_site(project)
    except DataError:
        return Site({})
