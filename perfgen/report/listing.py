"""Lists the published reports of a site, for the pages that show all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfgen.project.snapshot import Project
    from perfgen.report.report import Report
    from perfgen.report.site import Site


@dataclass(frozen=True, order=True)
class Entry:
    """What lists and links need to know of a published report."""

    year: str
    unit: str
    form: str
    stem: str
    published: str
    subject: str = ""
    """What the report is about beside its unit, as far as it is public; empty where a unit has one file."""


@dataclass(frozen=True, eq=False)
class Listing:
    """All published reports of a site."""

    project: Project
    templates: str
    """The folder of the templates, as a path of the project."""
    site: Site
    entries: tuple[Entry, ...]


def entry(report: Report) -> Entry:
    """The entry of a published report in a listing."""
    assert report.publication is not None
    published = report.publication.published
    return Entry(report.year, report.unit, report.form.title, report.file.stem, published, report.subject)
