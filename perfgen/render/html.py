"""Writes the public page of a unit's year; it sees public data only."""

from __future__ import annotations

from perfgen.prove import html_values
from perfgen.prove.html_values import TEMPLATE
from perfgen.render.parts import asset_files
from perfgen.render.parts.html_templates import fill
from perfgen.report.report import Report
from perfgen.table.headers import headers
from perfgen.table.model import Table
from perfgen.table.view import members

TARGETS = {"public": "public/{stem}/index.html"}
NEEDS = (TEMPLATE, "form.docx")
READS = ("form.docx", "*.html", "*.css", asset_files.READS)
PACKAGES = ("Jinja2", "MarkupSafe")
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The page as UTF-8.

    Raises FormError when a template is broken.
    """
    context = {
        **members(report.seen),
        "report": report.facts,
        "site": report.site.settings,
        "headers": _headers(report.table),
    }
    return fill(report.project, report.form.templates, TEMPLATE, context, home=report.home).encode()


def _headers(table: Table) -> dict[str, str]:
    """By cell, the identifiers of its header cells, as the `headers` attribute of HTML takes them."""
    return {
        f"{cell.row},{cell.column}": " ".join(f"h{header.row}-{header.column}" for header in above)
        for cell, above in headers(table).items()
    }


prove = html_values.prove
