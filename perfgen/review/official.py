"""Makes the official report of one version, where it can be made."""

from __future__ import annotations

from perfgen.findings import FindingsError
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.report import Edition, Report
from perfgen.review.file_version import FileVersion


def official(version: FileVersion | None, project: Project) -> Report | None:
    """A version's official report by the forms of the work tree; None for a version that is not there,
    does not have the form's shape, or whose form has no Word template."""
    if version is None or not version.is_sound or version.filing is None:
        return None
    if not project.holds(version.filing.form.template(report.TABLE_TEMPLATE)):
        return None
    try:
        return report.assemble(project, version.filing, site.Site({}))[Edition.OFFICIAL]
    except FindingsError:
        return None
