"""Warns of a column that the settings give to a form that is not there: its pages would stand in the usual one."""

from __future__ import annotations

from perfgen.data import as_group
from perfgen.findings import Finding, Level
from perfgen.form import forms
from perfgen.form.nearest import nearest
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.site import COLUMN, FORMS

RULE = "site-column"


def check(project: Project) -> list[Finding]:
    """A warning for each such form. Raises DataError for broken settings."""
    named = as_group(as_group(site.load_site(project).settings.get(COLUMN)).get(FORMS))
    known = forms.names(project)
    return [_finding(project, name, known) for name in named if name not in known]


def _finding(project: Project, name: str, known: list[str]) -> Finding:
    path = (COLUMN, FORMS, name)
    message = f"“{COLUMN}”的“{FORMS}”里有 {name}，没有这张表。"
    return Finding(
        site.document(project).place(path, key=True), RULE, message, nearest(name, known), Level.WARNING, path
    )
