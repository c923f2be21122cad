"""Writes the public page of a data file; it sees public data only."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from perfgen.prove import html_values
from perfgen.prove.html_values import TEMPLATE
from perfgen.render import ANY
from perfgen.render.parts import asset_files
from perfgen.render.parts.html_templates import fill
from perfgen.render.parts.official_headers import OfficialHeaders
from perfgen.report import page_facts
from perfgen.report.report import Report
from perfgen.table.view import members

TARGETS = {"public": "public/{stem}/index.html"}
NEEDS = (TEMPLATE, "form.docx")
READS = ("form.docx", ANY, asset_files.READS)
PACKAGES = ("Jinja2", "MarkupSafe")
STYLES: tuple[str, ...] = ()
_PAGES: WeakKeyDictionary[Report, str] = WeakKeyDictionary()
"""The pages of the reports that are still in use: two formats are made of one."""


def render(report: Report) -> bytes:
    """The page as UTF-8.

    Raises FormError when a template is broken.
    """
    return page(report).encode()


def page(report: Report) -> str:
    """The page; it is made once for a report. Raises FormError when a template is broken."""
    if report not in _PAGES:
        context = {
            **members(report.seen),
            "report": page_facts.for_pages(report),
            "site": report.site.settings,
            "headers": OfficialHeaders(report),
        }
        _PAGES[report] = fill(report.project, report.form.templates, TEMPLATE, context, home=report.home)
    return _PAGES[report]


prove = html_values.prove
