"""Reads a page back and holds every value against the view, every table cell against the table."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from perfgen.data import ValuePath
from perfgen.prove.paths import path_attribute
from perfgen.prove.proof import compare_places, disproof, everything_printed
from perfgen.report.report import Report
from perfgen.table.view import printed_values

TEMPLATE = "page.html"

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    """Collects the text of elements with `data-path` and `data-cell`."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.cells: list[tuple[str, str]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
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
        if path := attributes.get("data-path"):
            self.values.append((path, "".join(texts)))
        if (cell := attributes.get("data-cell")) is not None:
            self.cells.append((cell, "".join(texts).removesuffix("\n")))


def prove(content: bytes, report: Report) -> int:
    """Holds a page against the report; says how many values and cells were compared.

    Raises ProofError for a value or cell that differs, is missing, or should not be there.
    """
    reader = _Reader()
    try:
        reader.feed(content.decode())
        reader.close()
    except ValueError as error:
        raise disproof(report, "网页", "标签成对", str(error)) from error
    texts = {path_attribute(text.path): text for text in printed_values(report.view)}

    def values() -> Iterator[tuple[str, str, str | None, ValuePath]]:
        for path, found in reader.values:
            text = texts.get(path)
            # a group's label bears the path of its group, which is no value of its own
            yield f"“{path}”", "（没有这个值）" if text is None else str(text), found, text.path if text else ()

    compare_places(report, values())
    printed = {texts[path].path for path, _ in reader.values} | (report.table.paths() if reader.cells else set())
    everything_printed(report, printed, TEMPLATE)
    cells = {f"{cell.row},{cell.column}": cell for cell in report.table.cells()}
    if reader.cells:
        compare_places(report, [("表格的单元格", str(sorted(cells)), str(sorted(key for key, _ in reader.cells)), ())])
        compare_places(
            report,
            [
                (f"表格单元格 {key}", cells[key].text, found, cells[key].paths[0] if cells[key].paths else ())
                for key, found in reader.cells
            ],
        )
    return len(reader.values) + len(reader.cells)
