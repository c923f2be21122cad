"""The official report of one version, as far as it can be made."""

from __future__ import annotations

from pathlib import Path

from perfgen.check.filing import Filing
from perfgen.findings import FindingsError
from perfgen.report import report, site
from perfgen.report.report import Edition, Report
from perfgen.review.versions import FileVersion


def official(side: FileVersion | None, root: Path) -> Report | None:
    """A version's official report by the forms of the work tree; None for a version that is not there,
    does not have the form's shape, or whose form has no Word template."""
    if side is None or not side.is_sound or side.form is None or side.document is None:
        return None
    if not (side.form.templates / report.TABLE_TEMPLATE).exists():
        return None
    try:
        return report.assemble(root, Filing(side.document, side.form), site.Site({}))[Edition.OFFICIAL]
    except FindingsError:
        return None
