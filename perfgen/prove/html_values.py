"""Reads a page back and compares each value with the view, each table cell with the table, and looks at its links."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from perfgen.form.forms import PAGE_TEMPLATE
from perfgen.prove import html_reader
from perfgen.prove.html_reader import Page
from perfgen.prove.paths import path_attribute, step_of
from perfgen.prove.proof import ComparedPlace, compare_places, disproof, everything_printed
from perfgen.report.page_facts import Wanted
from perfgen.report.report import TABLE_TEMPLATE, Report
from perfgen.table.filters import shown_as
from perfgen.table.view import Text, printed_values, text_at

TEMPLATE = PAGE_TEMPLATE
_NOT_IN_FRAGMENTS = re.compile(r"<(?:script|style|link|meta|base|html|head|body|main|iframe)\b[^>]*", re.IGNORECASE)


def prove(content: bytes, report: Report) -> int:
    """Compares a page with the report and gives the number of values, cells and other texts compared.

    What the page leaves out stands in the table, which is always made beside it (`prove_table`). Raises ProofError for
    a value, cell or text that differs or should not be there, and for a link to a page that is not public.
    """
    page = read(content, report)
    _lead_to_public_pages(page, report)
    compare_places(report, _values(page, report))
    compare_places(report, _facts(page, report))
    compare_places(report, _descriptions(page, report))
    if page.cells:
        compare_places(report, cells(page, report))
    return len(page.values) + len(page.facts) + len(page.cells)


def prove_fragment(content: bytes, report: Report) -> int:
    """Compares a fragment as a page, and holds it to be one: nothing in it changes the page that it is pasted into."""
    if found := _NOT_IN_FRAGMENTS.search(content.decode()):
        raise disproof(report, "片段", "没有脚本、样式和框架", found[0])
    return prove(content, report)


def prove_table(content: bytes, report: Report) -> int:
    """Compares the page of the official table with the table and gives the number of cells.

    Raises ProofError for a cell that differs, is missing, or should not be there, and for a value that the form is to
    print and the table does not.
    """
    page = read(content, report)
    _lead_to_public_pages(page, report)
    compare_places(report, cells(page, report))
    everything_printed(report, report.table.paths(), TABLE_TEMPLATE)
    return len(page.cells)


def read(content: bytes, report: Report) -> Page:
    """A page that is read to its end. Raises ProofError for tags that do not come in pairs."""
    try:
        return html_reader.read(content.decode())
    except ValueError as error:
        raise disproof(report, "网页", "标签成对", str(error)) from error


def _lead_to_public_pages(page: Page, report: Report) -> None:
    """Holds the links of a page to the public ones of the files that it refers to. Raises ProofError."""
    hidden = {posixpath.dirname(_place(address, report)): address for address in report.hidden_pages}
    for link in page.links if hidden else ():
        if address := hidden.get(posixpath.dirname(_place(link, report))):
            raise disproof(report, "链接", "没有公开的网页没有链接", unquote(address))


def _place(link: str, report: Report) -> str:
    """Where a link of a page leads, as a path below the public root."""
    site = report.site.address("")
    path = link.removeprefix(site) if site and link.startswith(site) else posixpath.join(quote(report.file.stem), link)
    return posixpath.normpath(unquote(urlsplit(path).path))


def _descriptions(page: Page, report: Report) -> Iterator[ComparedPlace]:
    """What a page says of itself in data blocks, with what the report says."""
    for described in page.described:
        yield "网页里的数据说明", json.dumps(report.facts.dataset), json.dumps(json.loads(described)), ()


def _values(page: Page, report: Report) -> Iterator[ComparedPlace]:
    """Each value of a page, with the text that the view has at its path."""
    others: dict[str, Text] = {}
    for path, how, printed in page.values:
        text = text_at(report.seen, map(step_of, path.split("/")))
        if text is None:  # a group's label has the path of its group, which is no value of its own
            others = others or {path_attribute(text.path): text for text in printed_values(report.seen)}
            text = others.get(path)
        wanted = "（没有这个值）" if text is None else str(shown_as(text, how))
        yield f"“{path}”", wanted, printed, text.path if text is not None else ()


def _facts(page: Page, report: Report) -> Iterator[ComparedPlace]:
    """Each text of a page that the engine made, with what the report says at its place."""
    known = Wanted(report)
    for at, printed in page.facts:
        wanted = known.text(at)
        yield f"“{at}”", "（没有这一句）" if wanted is None else wanted, printed, ()


def cells(page: Page, report: Report) -> Iterator[ComparedPlace]:
    """The cells of a page's table: first that they are all there, then each with its text."""
    cells = {f"{cell.row},{cell.column}": cell for cell in report.table.cells()}
    yield "表格的单元格", str(sorted(cells)), str(sorted(key for key, _ in page.cells)), ()
    for key, printed in page.cells:
        yield f"表格单元格 {key}", cells[key].text, printed, cells[key].paths[0] if cells[key].paths else ()
