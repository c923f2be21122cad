"""Warns of data files that their review before publication keeps back, at the record, before anybody looks for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from perfgen.check import documents
from perfgen.findings import DataError, Finding, Level, Place
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import disclosure, site
from perfgen.report.site import APPROVED, FILE, Site

RULE = "publication-review"


def held(settings: Site, file: DataFile, form: Form | None, today: str) -> str:
    """Why its review keeps back a file that is approved on a day (ISO), in words.

    Empty for others, and for what is never published.
    """
    if form is None or not form.has_page or not "" < settings.dates(file, form)[APPROVED] <= today:
        return ""
    return settings.obstacle(file, form)


def check(project: Project, files: Collection[DataFile], today: date) -> list[Finding]:
    """A warning for each approved file that will not be published; one for a form that has no place for the record.

    Raises DataError for broken settings.
    """
    settings = site.load_site(project)
    without: dict[str, Finding] = {}
    found: list[Finding] = []
    for file in files:
        form = site.form_of(project, file)
        if form and (why := held(settings, file, form, today.isoformat())):
            if form.fields.find_role("disclosure") is None:
                without.setdefault(form.name, _no_field(form, why))
            else:
                found.append(_of_file(project, file, form, why))
    return [*without.values(), *found]


def _no_field(form: Form, why: str) -> Finding:
    message = f"{why}：{FILE} 里写了要{disclosure.REVIEW}，这张表的文件都不会公开。"
    advice = f"在 schema 里加上 x-role: disclosure 的一项（docs/form.md），或者改 {FILE} 里的{disclosure.REVIEW}。"
    return Finding(Place(form.files[0], 1, 1), RULE, message, advice, Level.WARNING)


def _of_file(project: Project, file: DataFile, form: Form, why: str) -> Finding:
    field, who, day, result = form.fields.find_parts("disclosure", 3)
    line = f"{field}: {{{who}: 姓名, {day}: {file.year}-01-10, {result}: {disclosure.passed(form.fields)}}}"
    advice = f"审查过、可以公开的，写上 {line}"
    place = Place(file.source, 1, 1) if why == disclosure.NO_RECORD else _place(project, file, field)
    return Finding(place, RULE, f"不会公开：{why}。", advice, Level.WARNING, (field,))


def _place(project: Project, file: DataFile, field: str) -> Place:
    """Where the record stands."""
    try:
        return documents.load_document(project, file).place((field,), key=True)
    except DataError:
        return Place(file.source, 1, 1)
