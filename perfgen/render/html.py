"""The public page of a unit's year, from public data only."""

from __future__ import annotations

from perfgen.prove import html_values
from perfgen.prove.html_values import TEMPLATE
from perfgen.render._html import fill
from perfgen.report import Report
from perfgen.view import members

TARGETS = {"public": "public/{stem}/index.html"}
NEEDS = (TEMPLATE, "form.docx")
READS = ("form.docx", "*.html", "*.css")
PACKAGES = ("Jinja2", "MarkupSafe")


def render(report: Report) -> bytes:
    """The page as UTF-8.

    Raises FormError when a template is broken.
    """
    context = {**members(report.view), "report": report.facts, "site": report.site.settings}
    return fill(report.form.templates, TEMPLATE, report.root, context).encode()


prove = html_values.prove
