"""Reads a page back and compares each value with the view, each table cell with the table, and looks at its links."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from perfgen.form.forms import PAGE_TEMPLATE
from perfgen.prove.paths import path_attribute
from perfgen.prove.proof import ComparedPlace, compare_places, disproof, everything_printed
from perfgen.report.linked_data import ELEMENT
from perfgen.report.report import Report
from perfgen.table.filters import is_rough, shown_as
from perfgen.table.view import Text, printed_values

TEMPLATE = PAGE_TEMPLATE

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    """Collects the text of elements with `data-path` and `data-cell`, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str, str]] = []
        """Of each value its path, how it is shown (see `filters`), and its text."""
        self.cells: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.described: list[str] = []
        """What data blocks say of the report."""
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag not in _VOID:
            self._open.append((tag, dict(attrs), []))

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        opened, attributes, texts = self._open.pop()
        if opened != tag:
            raise ValueError(f"<{opened}> is closed by </{tag}>")
        if tag == "p" and self._open and "data-cell" in self._open[-1][1]:
            # paragraphs of a cell are lines of its text
            self._open[-1][2].append("\n")
        if tag == "script" and ELEMENT in attributes:
            self.described.append("".join(texts))
        if path := attributes.get("data-path"):
            self.values.append((path, attributes.get("data-shown") or "", "".join(texts)))
        if (cell := attributes.get("data-cell")) is not None:
            self.cells.append((cell, "".join(texts).removesuffix("\n")))


def prove(content: bytes, report: Report) -> int:
    """Compares a page with the report and gives the number of values and cells compared.

    Raises ProofError for a value or cell that differs, is missing, or should not be there, and for a link to a page
    that is not public.
    """
    reader = _read(content, report)
    _lead_to_public_pages(reader, report)
    texts = {path_attribute(text.path): text for text in printed_values(report.seen)}
    compare_places(report, _values(reader, texts))
    compare_places(report, _descriptions(reader, report))
    printed = {texts[path].path for path, how, _ in reader.values if not is_rough(how)} | (
        report.table.paths() if reader.cells else set()
    )
    everything_printed(report, printed, TEMPLATE)
    if reader.cells:
        compare_places(report, _cells(reader, report))
    return len(reader.values) + len(reader.cells)


def _read(content: bytes, report: Report) -> _Reader:
    """A page that is read to its end. Raises ProofError for tags that do not come in pairs."""
    reader = _Reader()
    try:
        reader.feed(content.decode())
        reader.close()
    except ValueError as error:
        raise disproof(report, "网页", "标签成对", str(error)) from error
    return reader


def _lead_to_public_pages(reader: _Reader, report: Report) -> None:
    """Holds the links of a page to the pages of the files that it refers to. Raises ProofError."""
    hidden = {unquote(address): address for address in report.hidden_pages}
    for link in reader.links:
        if address := hidden.get(posixpath.normpath(unquote(urlsplit(link).path))):
            raise disproof(report, "链接", "没有公开的网页没有链接", unquote(address))


def _descriptions(reader: _Reader, report: Report) -> Iterator[ComparedPlace]:
    """What a page says of itself in data blocks, with what the report says."""
    for described in reader.described:
        yield "网页里的数据说明", json.dumps(report.facts.dataset), json.dumps(json.loads(described)), ()


def _values(reader: _Reader, texts: Mapping[str, Text]) -> Iterator[ComparedPlace]:
    """Each value of a page, with the text that the view has at its path."""
    for path, how, printed in reader.values:
        text = texts.get(path)
        # a group's label has the path of its group, which is no value of its own
        yield (
            f"“{path}”",
            "（没有这个值）" if text is None else str(shown_as(text, how)),
            printed,
            text.path if text else (),
        )


def _cells(reader: _Reader, report: Report) -> Iterator[ComparedPlace]:
    """The cells of a page's table: first that they are all there, then each with its text."""
    cells = {f"{cell.row},{cell.column}": cell for cell in report.table.cells()}
    yield "表格的单元格", str(sorted(cells)), str(sorted(key for key, _ in reader.cells)), ()
    for key, printed in reader.cells:
        yield f"表格单元格 {key}", cells[key].text, printed, cells[key].paths[0] if cells[key].paths else ()
