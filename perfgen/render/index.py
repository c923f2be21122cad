"""Writes the public root page, which links to every published year and unit."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from perfgen.findings import Finding, Place
from perfgen.prove.proof import ProofError
from perfgen.render.parts import asset_files
from perfgen.render.parts.html_templates import fill
from perfgen.report import tags
from perfgen.report.listing import Listing

TEMPLATE = "index.html"
TARGETS = {"site": "public/index.html"}
NEEDS = (TEMPLATE,)
READS = ("*.html", "*.css", asset_files.READS)
PACKAGES = ("Jinja2", "MarkupSafe")
STYLES: tuple[str, ...] = ()


def render(report: Listing) -> bytes:
    """The page as UTF-8.

    Raises FormError when the template is broken.
    """
    context = {"site": report.site, "entries": report.entries, "tags": tags.start(report.site)}
    return fill(report.project, report.templates, TEMPLATE, context).encode()


def prove(content: bytes, report: Listing) -> int:
    """Compares the links with the published reports and gives the number of links.

    Raises ProofError when a link is missing, stands there twice, or leads elsewhere.
    """
    links = [unquote(unescape(link)) for link in re.findall(r'<a [^>]*href="([^"#][^"]*)"', content.decode())]
    wanted = sorted(f"{entry.stem}/index.html" for entry in report.entries)
    if sorted(links) != wanted:
        place = Place(f"{report.templates}/{TEMPLATE}")
        raise ProofError(
            [Finding(place, "proof", f"目录应该有 {len(wanted)} 个链接，成品里的不一样。", "请检查模板。")]
        )
    return len(links)
