"""Tries a form's templates without data: Word tags against the fields, then every format on a specimen."""

from __future__ import annotations

from pathlib import Path

from perfgen import render
from perfgen.build import specimen
from perfgen.findings import Finding, FindingsError, FormError, by_place
from perfgen.form.forms import Form
from perfgen.form.formula_view import formula_fields
from perfgen.project import TEMPLATE_FOLDER
from perfgen.render import SITE_TEMPLATES
from perfgen.report import report, site
from perfgen.report.listing import Entry, Listing
from perfgen.table import lint, template


def check_templates(form: Form, root: Path) -> list[Finding]:
    """Everything wrong with the templates of a form that can be seen without data.

    Raises DataError for broken settings of the site, ToolError where a library is missing.
    """
    word = form.templates / report.TABLE_TEMPLATE
    findings: list[Finding] = []
    if word.exists():
        try:
            findings += lint.lint(
                template.read_template(word, root), formula_fields(form.figures.fields, measures=False)
            )
        except FormError as error:
            return error.findings
    if findings:
        return by_place(findings)
    settings = site.load_site(root).publishing(str(specimen.YEAR))
    for full in (True, False):
        editions = report.assemble(root, specimen.specimen(form, full=full), settings)
        for renderer in map(render.find, render.names()):
            if not renderer.module.NEEDS or not renderer.serves(form):
                continue
            for edition, one in editions.items():
                if edition.value in renderer.targets:
                    findings += _try(renderer, one)
    return by_place(findings)


def check_site(root: Path) -> list[Finding]:
    """Everything wrong with the templates of the pages about all units, tried on three made-up entries."""
    folder = root / TEMPLATE_FOLDER / SITE_TEMPLATES
    entries = tuple(Entry(str(y), "样张", "样张", f"{y}/样张", f"{y}-02-10") for y in (2024, 2025, 2026))
    findings: list[Finding] = []
    for renderer in map(render.find, render.names()):
        if render.SITE in renderer.targets and all((folder / name).exists() for name in renderer.module.NEEDS):
            findings += _try(renderer, Listing(root, folder, site.load_site(root), entries))
    return by_place(findings)


def _try(renderer: render.Renderer, one: report.Report | Listing) -> list[Finding]:
    try:
        renderer.prove(renderer.render(one), one)
    except FindingsError as error:
        return error.findings
    return []
