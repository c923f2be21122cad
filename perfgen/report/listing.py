"""The published reports of a site, as pages about all of them show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfgen.report.report import Report
    from perfgen.report.site import Site


@dataclass(frozen=True, order=True)
class Entry:
    """A published report: what lists and links need to know of it."""

    year: str
    unit: str
    form: str
    stem: str
    published: str


@dataclass(frozen=True, eq=False)
class Listing:
    """All published reports of a site."""

    root: Path
    templates: Path
    site: Site
    entries: tuple[Entry, ...]


def entry(report: Report) -> Entry:
    """How a published report stands in a listing."""
    assert report.publication is not None
    return Entry(report.year, report.unit, report.form.title, report.stem, report.publication.published)
