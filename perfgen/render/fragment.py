"""Writes what the public page of a data file says for the page of another site; it sees public data only."""

from __future__ import annotations

from perfgen.prove import html_values
from perfgen.prove.html_values import TEMPLATE
from perfgen.render import ANY
from perfgen.render.html import page
from perfgen.render.parts import asset_files
from perfgen.render.parts.fragments import fragment
from perfgen.report.report import Report

TARGETS = {"public": "public/{stem}/fragment.html"}
NEEDS = (TEMPLATE, "form.docx")
READS = ("form.docx", ANY, asset_files.READS)
PACKAGES = ("Jinja2", "MarkupSafe")
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The fragment as UTF-8.

    Raises FormError when a template is broken.
    """
    return fragment(page(report), report.site.address(report.file.page)).encode()


prove = html_values.prove_fragment
