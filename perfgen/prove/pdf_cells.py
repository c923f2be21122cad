"""Reads a PDF back through its tags, cell by cell, and compares it with the expanded table.

WeasyPrint wrote the file. PDFium reads the text, and the tags say which cell it belongs to. Labels and headings that
are repeated on later pages are there for the eye only: they are no content and are not read.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Object
from pypdfium2 import raw

from perfgen.prove.pdf_attachments import prove_attachments
from perfgen.prove.proof import ComparedPlace, compare_places, everything_printed
from perfgen.report.report import TABLE_TEMPLATE, Report
from perfgen.table.model import TableRow

# The Noto CJK faces draw the characters of each of these groups with one glyph, so a PDF cannot
# tell them apart (read from their character maps, version 2.001); they have no ☑, a tick is set for it.
_SHARED = (
    "-\u2011\u00ad", "–‒", "—―", "·•‧・", "…⋯", "／∕", "～〜", "｀‵", "\u3008\u2329", "\u3009\u232a", "√☑",
    *(chr(0x2460 + digit) + chr(0x2780 + digit) for digit in range(10)),
)  # fmt: skip
_HYPHEN_AT_END = "\x02"
"""What PDFium gives for a hyphen at the end of a line (CPDF_TextPage, IsHyphen)."""
_ROOM = 512
"""The bytes that most texts of a line have room in."""
_SAME_GLYPH = {ord(character): group[0] for group in _SHARED for character in group[1:]}


def fold(text: str) -> str:
    """A text as far as a PDF keeps it: without white space, with one character for all that share a glyph."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text.translate(_SAME_GLYPH))


@dataclass(frozen=True)
class TaggedCell:
    """A cell of a tagged table, as its tags describe it."""

    header: bool
    text: str
    colspan: int
    rowspan: int
    identifier: str
    scope: str
    headers: tuple[str, ...]


def read_tagged_cells(content: bytes) -> tuple[str, list[list[TaggedCell]]]:
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
    for page, mark, text in _texts(content):
        texts[page, mark] = texts.get((page, mark), "") + text
    return texts


def read_untagged(content: bytes) -> list[tuple[int, str]]:
    """The texts of the pages that no tag can reach, each with its page (from 0): what is there for the eye only."""
    return [(page, text) for page, mark, text in _texts(content) if mark < 0]


def _texts(content: bytes) -> Iterator[tuple[int, int, str]]:
    """The text objects of all pages: the page, the mark (-1: none), the text."""
    pdf = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(pdf):
            text_page = page.get_textpage()
            for item in _text_objects(page.raw):
                yield number, raw.FPDFPageObj_GetMarkedContentID(item), _text_of(item, text_page.raw)
    finally:
        pdf.close()


def _text_objects(page: object) -> Iterator[object]:
    """The text objects of a page; not those inside forms, which have no marks of the page."""
    for number in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, number)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            yield item


def _text_of(item: object, text_page: object, room: int = _ROOM) -> str:
    """The text of a text object. PDFium gives its size (in bytes, UTF-16), and the text where there is room for it."""
    buffer = ctypes.create_string_buffer(room)
    size = raw.FPDFTextObj_GetText(item, text_page, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), room)
    if size > room:
        return _text_of(item, text_page, size)
    text = buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")
    return text.replace(_HYPHEN_AT_END, "-")


class _Tree:
    """Walks through structure elements (ISO 32000-2, 14.7.2); an empty cell is an element too."""

    def __init__(self, texts: dict[tuple[int, int], str], pages: dict[tuple[int, int], int]) -> None:
        self.texts = texts
        self.pages = pages

    def children(self, element: Object) -> Iterator[Object]:
        kids = element.get("/K")
        if isinstance(kids, Array):
            yield from kids
        elif kids is not None:
            yield kids

    def text(self, node: Object | int, skip: str = "", page: Object | None = None) -> str:
        """The text below an element or a marked content, in the tags' order."""
        if isinstance(node, int):
            return self.texts.get((self.pages[page.objgen], node), "") if page is not None else ""
        if not isinstance(node, Dictionary) or (skip and node.get("/S") == skip):
            return ""
        page = node.get("/Pg", page)
        if node.get("/Type") == "/MCR":
            return self.text(int(node.MCID), page=page)
        return "".join(self.text(child, skip, page) for child in self.children(node))

    def descend(self, element: Object, types: set[str]) -> Iterator[Object]:
        """The nearest elements of these types."""
        if isinstance(element, Dictionary):
            if str(element.get("/S", "")) in types:
                yield element
            else:
                for child in self.children(element):
                    yield from self.descend(child, types)

    def row(self, element: Object) -> list[TaggedCell]:
        """The cells of a table row."""
        return [self.cell(cell) for cell in self.descend(element, {"/TH", "/TD"})]

    def cell(self, element: Object) -> TaggedCell:
        """A cell with its table attributes (ISO 32000-2, 14.8.5.7)."""
        table = element.get("/A", Dictionary())
        return TaggedCell(
            header=element.S == "/TH",
            text=self.text(element),
            colspan=int(table.get("/ColSpan", 1)),
            rowspan=int(table.get("/RowSpan", 1)),
            identifier=str(element.get("/ID", "")),
            scope=str(table.get("/Scope", "")).removeprefix("/"),
            headers=tuple(str(header) for header in table.get("/Headers", [])),
        )


def prove(content: bytes, report: Report) -> int:
    """Compares a PDF with the report's table and gives the number of cells compared.

    Raises ProofError at the first cell that differs, when there are too many or too few rows, and for a file that it
    carries and should not.
    """
    prove_attachments(content, report)
    outside, rows = read_tagged_cells(content)
    table = report.table
    blocks = "".join(block.text for block in (*table.above, *table.below))
    compare_places(report, [("表格外的文字", blocks, outside, ())], fold)
    everything_printed(report, table.paths(), TABLE_TEMPLATE)
    compare_places(report, [("表格的行数", str(len(table.rows)), str(len(rows)), ())])
    for number, (row, tagged) in enumerate(zip(table.rows, rows, strict=True)):
        compare_places(report, [(f"第 {number + 1} 行的格数", str(len(row.cells)), str(len(tagged)), ())])
        compare_places(report, _places(number, row, tagged), fold)
    return sum(len(row.cells) for row in table.rows)


def _places(number: int, row: TableRow, cells: list[TaggedCell]) -> Iterator[ComparedPlace]:
    """What is to be compared of a row's cells: texts, spans, kinds."""
    for cell, tagged in zip(row.cells, cells, strict=True):
        path = cell.paths[0] if cell.paths else ()
        where = f"第 {number + 1} 行第 {cell.column + 1} 列"
        yield where, cell.text, tagged.text, path
        yield f"{where}占的列和行", f"{cell.colspan}×{cell.rowspan}", f"{tagged.colspan}×{tagged.rowspan}", path
        yield f"{where}的种类", str(cell.kind != "value"), str(tagged.header), path
