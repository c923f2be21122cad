"""Tries a form's templates without data: Word tags against the fields, then every format on a specimen."""

from __future__ import annotations

from perfgen import render
from perfgen.build import specimen
from perfgen.findings import Finding, FindingsError, FormError, by_place
from perfgen.form.forms import Form
from perfgen.form.formula_view import formula_fields
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.listing import Entry, Listing
from perfgen.table import lint, template


def check_templates(form: Form, project: Project) -> list[Finding]:
    """Everything wrong with the templates of a form that can be seen without data.

    Raises DataError for broken settings of the site, ToolError where a library is missing.
    """
    word = form.template(report.TABLE_TEMPLATE)
    findings: list[Finding] = []
    if project.holds(word):
        try:
            table = template.read_template(project, word)
            findings += lint.lint(table, formula_fields(form.figures.fields, measures=False))
        except FormError as error:
            return error.findings
    if findings:
        return by_place(findings)
    settings = specimen.published(site.load_site(project))
    for full in (True, False):
        editions = report.assemble(project, specimen.specimen(form, full=full), settings)
        for renderer in map(render.find, render.names()):
            if not renderer.module.NEEDS or not renderer.serves(project, form.templates):
                continue
            for edition, one in editions.items():
                if edition.value in renderer.targets:
                    findings += _try(renderer, one)
    return by_place(findings)


def check_site(project: Project) -> list[Finding]:
    """Everything wrong with the templates of the pages about all units, tried on three made-up entries."""
    entries = tuple(Entry(str(y), "样张", "样张", f"{y}/样张", f"{y}-02-10") for y in (2024, 2025, 2026))
    page = Listing(project, render.SITE_TEMPLATES, site.load_site(project), entries)
    findings: list[Finding] = []
    for renderer in map(render.find, render.names()):
        if render.SITE in renderer.targets and renderer.serves(project, page.templates):
            findings += _try(renderer, page)
    return by_place(findings)


def _try(renderer: render.Renderer, one: report.Report | Listing) -> list[Finding]:
    try:
        renderer.prove(renderer.render(one), one)
    except FindingsError as error:
        return error.findings
    return []
