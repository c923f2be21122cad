"""Makes the official report of one version, where it can be made."""

from __future__ import annotations

from perfgen.check import loading
from perfgen.check.filing import Filing
from perfgen.findings import FindingsError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.report import Edition, Report
from perfgen.review.file_version import FileVersion
from perfgen.table.numbering import numbered_texts


def official(version: FileVersion | None, project: Project) -> Report | None:
    """A version's official report by the forms it was read by and the templates of a project; None for a version that
    is not there, does not have the form's shape, or whose form has no Word template."""
    if version is None or not version.is_sound or version.filing is None:
        return None
    return _assembled(project, version.filing)


def official_of_its_own(version: FileVersion | None, before: Project) -> Report | None:
    """The official report of an old version by its own forms and templates, which `before` has with its data; None
    where these cannot make it."""
    if version is None:
        return None
    try:
        filing = loading.well_formed(before, DataFile.at(version.file))
        filing.number(numbered_texts(before, filing.form, filing.document.data))
        made = _assembled(before, filing)
        return made if made and made.table else None
    except FindingsError:
        return None


def _assembled(project: Project, filing: Filing) -> Report | None:
    if not project.holds(filing.form.template(report.TABLE_TEMPLATE)):
        return None
    try:
        return report.assemble(project, filing, site.Site({}))[Edition.OFFICIAL]
    except FindingsError:
        return None
