"""All that a renderer sees of a unit's year: the reports of its files, whatever their forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfgen.project.snapshot import Project
    from perfgen.report.report import Edition, Report
    from perfgen.report.site import Site


@dataclass(frozen=True, eq=False)
class UnitReports:
    """The reports of a unit's year in one edition; in the public one, of those files only that are published."""

    project: Project
    templates: str
    """The folder of the templates, as a path of the project."""
    edition: Edition
    year: str
    unit: str
    site: Site
    """Of the settings what may be published."""
    reports: tuple[Report, ...]
    """In the order of their files; there is at least one."""
