"""Checks a form's templates without data: Word tags against the fields, then every format on a specimen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from perfgen import render
from perfgen.build import specimen
from perfgen.findings import Finding, FindingsError, FormError, by_place
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project import faults
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.listing import Entry, Listing
from perfgen.report.report import Edition, Report
from perfgen.report.summary import AmountSummary, MeasureSummary, Summary
from perfgen.report.unit_reports import UnitReports
from perfgen.table import lint, template
from perfgen.table.referred_names import template_fields


def check_templates(form: Form, project: Project) -> list[Finding]:
    """Everything wrong with the templates of a form that can be seen without data.

    Raises DataError for broken settings of the site, ToolError where a library is missing.
    """
    with faults.in_hand(form.templates):
        return _template_findings(form, project)


def _template_findings(form: Form, project: Project) -> list[Finding]:
    """Everything wrong with the templates of a form: the tags first, then the formats."""
    try:
        findings = _tag_findings(form, project)
    except FormError as error:
        return error.findings
    if findings:
        return by_place(findings)
    settings = specimen.published(site.load_site(project), project)
    for full in (True, False):
        editions = report.assemble(project, specimen.specimen(project, form, full=full), settings)
        findings += _format_findings(form, project, editions)
    return by_place(findings)


def _tag_findings(form: Form, project: Project) -> list[Finding]:
    """What is wrong with the tags of the Word template; none where the form has no such template.

    Raises FormError for a template that cannot be read.
    """
    word = form.template(report.TABLE_TEMPLATE)
    if not project.holds(word):
        return []
    table = template.read_template(project, word)
    return list(lint.lint(table, template_fields(project, form)))


def _format_findings(form: Form, project: Project, editions: Mapping[Edition, Report]) -> Iterator[Finding]:
    """What is wrong when a form's templates are filled with a specimen, in every format that has templates."""
    for renderer in map(render.find, render.names()):
        if (
            renderer.scope is not render.Scope.FILE
            or not renderer.module.NEEDS
            or not renderer.serves(project, form.templates)
        ):
            continue
        for edition, edition_report in editions.items():
            if edition.value in renderer.targets:
                yield from _try(renderer, edition_report)


def check_site(project: Project) -> list[Finding]:
    """Everything wrong with the templates of the pages about all units, tried on three made-up entries."""
    entries = tuple(Entry(str(year), "样张", "样张", f"{year}/样张", f"{year}-02-10") for year in (2024, 2025, 2026))
    settings = site.shown(project, site.load_site(project))
    summaries = {entry.stem: _summary(entry) for entry in entries}
    page = Listing(project, render.SITE_TEMPLATES, settings, entries, summaries)
    findings: list[Finding] = []
    for renderer in map(render.find, render.names()):
        if render.SITE in renderer.targets and renderer.serves(project, page.templates):
            findings += _site_findings(renderer, page)
    return by_place([*findings, *_unit_findings(project)])


def _site_findings(renderer: render.Renderer, page: Listing) -> Iterator[Finding]:
    """What is wrong with all that a format makes about all units."""
    try:
        paths = list(renderer.outputs(page))
    except FindingsError as error:
        yield from error.findings
        return
    for path in paths:
        yield from _try(renderer, replace(page, path=path))


def _summary(entry: Entry) -> Summary:
    """The summary of a made-up entry: a row with everything that a row may have, and an amount with a part."""
    year, past = entry.year, ((str(int(entry.year) - 1), "90%"),)
    row = MeasureSummary("样张[1]", "样张", ("样张",), "≥95%", "不低于", "95", "%", past, "96%", "达到", highlight=True)
    part = AmountSummary("样张.甲", "样张", "20000", "万元", "", (), ())
    amount = AmountSummary("样张.合计", "样张", "20000", "万元", "", ((past[0][0], "1"),), (part,))
    return Summary(
        "specimen", entry.form, year, entry.unit, "", entry.stem, entry.unit, f"{entry.unit}{year}年{entry.form}",
        f"{year}-01-20", entry.published, has_pdf=True, amounts=(amount,), measures=(row,),
    )  # fmt: skip


def _unit_findings(project: Project) -> list[Finding]:
    """Everything wrong with the templates of what is made of a unit's year, tried on a specimen of every form."""
    serving = [one for one in map(render.find, render.names()) if one.scope is render.Scope.UNIT and one.module.NEEDS]
    if not any(renderer.serves(project, render.UNIT_TEMPLATES) for renderer in serving):
        return []
    settings = specimen.published(site.load_site(project), project)
    filings = [specimen.specimen(project, form, full=True) for form in forms.loaded(project)]
    made = [report.assemble(project, filing, settings) for filing in filings]
    findings: list[Finding] = []
    for renderer in serving:
        for edition in (edition for edition in Edition if edition.value in renderer.targets):
            of_edition = tuple(editions[edition] for editions in made)
            first = of_edition[0]
            unit = UnitReports(project, render.UNIT_TEMPLATES, edition, first.year, first.unit, first.site, of_edition)
            findings += _try(renderer, unit)
    return findings


def _try(renderer: render.Renderer, content: Report | UnitReports | Listing) -> list[Finding]:
    """The findings of a renderer for some content."""
    try:
        renderer.prove(renderer.render(content), content)
    except FindingsError as error:
        return error.findings
    return []
