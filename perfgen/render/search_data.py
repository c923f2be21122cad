"""Writes the names that can be searched, with their spelling, as a script that a page loads when it is asked."""

from __future__ import annotations

from perfgen.prove import summary_places
from perfgen.prove.summary_places import PUBLIC
from perfgen.render.parts import site_pages
from perfgen.report import search_names, spelling
from perfgen.report.listing import Listing

SCOPE = "site"
TARGETS = {"site": "public/assets/"}
AFTER = ("summary",)
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES = (spelling.PACKAGE,)
STYLES: tuple[str, ...] = ()
_PLACE = "search-data"


def outputs(report: Listing) -> dict[str, str]:
    """The one script; its path changes with the names."""
    path = PUBLIC + search_names.path(report)
    return {path: path}


def render(report: Listing) -> bytes:
    """The script as UTF-8."""
    return search_names.script(report).encode()


def prove(content: bytes, report: Listing) -> int:
    """Compares the names with those that the reports have, and gives their number.

    Raises ProofError for a name that is missing or too many, for a page that is not public, and for a spelling that has
    not a reading for each Chinese character.
    """
    try:
        rows = search_names.rows_of(content.decode())
    except ValueError as error:
        raise summary_places.disproof(report, _PLACE, "脚本", "一列名称", str(error)) from error
    wanted = {entry.unit for entry in report.entries} | {entry.subject for entry in report.entries if entry.subject}
    wanted |= {entry.form for entry in report.entries}
    names = [str(row[1]) for row in rows]
    if missing := sorted(wanted - set(names)):
        raise summary_places.disproof(report, _PLACE, "名称", missing[0], "没有")
    stems = {entry.page for entry in report.entries} | site_pages.pages(report)
    for _, name, _, page, spelt in rows:
        if page not in stems:
            raise summary_places.disproof(report, _PLACE, f"“{name}”的网页", "公开的网页", str(page))
        count = sum("\u4e00" <= character <= "\u9fff" for character in str(name))
        if len(str(spelt).split()) < count:
            raise summary_places.disproof(report, _PLACE, f"“{name}”的读音", f"{count} 个", str(spelt))
    return len(rows)
