"""Writes the page with the official table of a data file, beside its public page; it sees public data only."""

from __future__ import annotations

from perfgen.prove import html_values
from perfgen.prove.html_values import TEMPLATE as PAGE
from perfgen.render import ANY
from perfgen.render.parts import asset_files
from perfgen.render.parts.html_templates import fill
from perfgen.render.parts.official_headers import OfficialHeaders
from perfgen.report.report import Report

TEMPLATE = "table-page.html"
"""A shared one; a project that has none gets the one that comes with the program."""
TARGETS = {"public": "public/{stem}/table.html"}
NEEDS = (PAGE, "form.docx")
READS = ("form.docx", ANY, asset_files.READS)
PACKAGES = ("Jinja2", "MarkupSafe")
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The page as UTF-8.

    Raises FormError when a template is broken.
    """
    context = {"report": report.facts, "site": report.site.settings, "headers": OfficialHeaders(report)}
    return fill(report.project, report.form.templates, TEMPLATE, context, home=report.home).encode()


prove = html_values.prove_table
