"""Reads a PDF back through its tags, cell by cell, and holds it against the expanded table.

WeasyPrint wrote; PDFium reads the text and pikepdf the tags. A row of prose that a
page's end has broken comes back as two rows, which together must be the row.
"""

from __future__ import annotations

import ctypes
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import raw

from perfgen.findings import Path
from perfgen.prove import compare, disproof, everything_printed
from perfgen.report import TABLE_TEMPLATE, Report
from perfgen.table.model import Row

_Cells = list[str]

# Fonts share one glyph between these, so a PDF cannot tell them apart.
_SAME_GLYPH = str.maketrans({"―": "—", "‑": "-", "－": "-", "·": "·", "•": "·"})


def fold(text: str) -> str:
    """Text as far as a PDF keeps it: no white space, one of the characters that share a glyph."""
    decomposed = unicodedata.normalize("NFKC", text).translate(_SAME_GLYPH)
    return re.sub(r"[\s\u00ad\u200b]+", "", decomposed)


@dataclass(frozen=True)
class TaggedRow:
    """A row of a tagged table: the page it begins on (from 0), and the texts of its cells."""

    page: int
    cells: _Cells


def read(content: bytes) -> tuple[str, list[TaggedRow]]:
    """The tagged text outside tables, and the rows of the tagged tables, in the tags' order."""
    texts = _texts_by_mark(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        tree = _Tree(texts, pages)
        root = pdf.Root.get("/StructTreeRoot")
        top = list(tree.children(root)) if root is not None else []
        outside = "".join(tree.text(element, skip="/Table") for element in top)
        rows = [tree.row(row) for element in top for row in tree.descend(element, {"/TR"})]
    return outside, rows


def _texts_by_mark(content: bytes) -> dict[tuple[int, int], str]:
    """The text of each marked content, by page (from 0) and mark, as PDFium reads it."""
    texts: dict[tuple[int, int], str] = {}
    pdf = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(pdf):
            text_page = page.get_textpage()
            for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=1):
                mark = (number, raw.FPDFPageObj_GetMarkedContentID(item.raw))
                texts[mark] = texts.get(mark, "") + _text_of(item.raw, text_page.raw)
    finally:
        pdf.close()
    return texts


def _text_of(item: Any, text_page: Any) -> str:
    """A text object's text: PDFium is asked for its size (in bytes, UTF-16) first."""
    size = raw.FPDFTextObj_GetText(item, text_page, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    raw.FPDFTextObj_GetText(item, text_page, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")


class _Tree:
    """Walks structure elements (ISO 32000-2, 14.7.2); an empty cell is an element too."""

    def __init__(self, texts: dict[tuple[int, int], str], pages: dict[tuple[int, int], int]) -> None:
        self.texts = texts
        self.pages = pages

    def children(self, element: Any) -> Iterator[Any]:
        kids = element.get("/K", [])
        yield from kids if isinstance(kids, pikepdf.Array) else [kids]

    def text(self, node: Any, skip: str = "", page: Any = None) -> str:
        """The text below an element or a marked content, in the tags' order."""
        if isinstance(node, int):
            return self.texts.get((self.pages[page.objgen], node), "") if page is not None else ""
        if not isinstance(node, pikepdf.Dictionary) or (skip and node.get("/S") == skip):
            return ""
        page = node.get("/Pg", page)
        if node.get("/Type") == "/MCR":
            return self.text(int(node.MCID), page=page)
        return "".join(self.text(child, skip, page) for child in self.children(node))

    def descend(self, element: Any, types: set[str]) -> Iterator[Any]:
        """The nearest elements of these types."""
        if isinstance(element, pikepdf.Dictionary):
            if str(element.get("/S", "")) in types:
                yield element
            else:
                for child in self.children(element):
                    yield from self.descend(child, types)

    def row(self, element: Any) -> TaggedRow:
        """A table row."""
        page = next(self.page_numbers(element), -1)
        return TaggedRow(page, [self.text(cell) for cell in self.descend(element, {"/TH", "/TD"})])

    def page_numbers(self, node: Any) -> Iterator[int]:
        """The pages an element has content on, in order."""
        if isinstance(node, pikepdf.Dictionary):
            if "/Pg" in node:
                yield self.pages[node["/Pg"].objgen]
            for child in self.children(node):
                yield from self.page_numbers(child)


def prove(content: bytes, report: Report) -> int:
    """Holds a PDF against the report's table; says how many cells were compared.

    Raises ProofError at the first cell that differs, and for rows too many or too few.
    """
    outside, found = read(content)
    table = report.table
    blocks = "".join(block.text for block in (*table.above, *table.below))
    compare(report, [("表格外的文字", blocks, outside, ())], fold)
    everything_printed(report, table.paths(), TABLE_TEMPLATE)
    position = 0
    for number, row in enumerate(table.rows):
        wanted = [fold(cell.text) for cell in row.cells]
        got, position = _take(found, position, wanted, row)
        compare(report, _places(number, row, got), fold)
    if position != len(found):
        raise disproof(report, "PDF 的行数", str(position), str(len(found)))
    return sum(len(row.cells) for row in table.rows)


def _take(found: list[TaggedRow], position: int, wanted: _Cells, row: Row) -> tuple[_Cells, int]:
    """The cells of the row at hand, put together where a page's end has broken it."""
    got = [""] * len(wanted)
    while position < len(found):
        cells = [fold(text) for text in found[position].cells]
        if len(cells) != len(wanted):
            return cells, position + 1
        got = [before + after for before, after in zip(got, cells, strict=True)]
        position += 1
        if got == wanted or not row.splits or position == len(found):
            break
        turned = found[position].page > found[position - 1].page
        if not turned or not all(w.startswith(g) for w, g in zip(wanted, got, strict=True)):
            break
    return got, position


def _places(number: int, row: Row, got: _Cells) -> Iterator[tuple[str, str, str | None, Path]]:
    yield f"第 {number + 1} 行的格数", str(len(row.cells)), str(len(got)), ()
    for cell, text in zip(row.cells, got, strict=True):
        path = cell.paths[0] if cell.paths else ()
        yield f"第 {number + 1} 行第 {cell.column + 1} 列", cell.text, text, path
