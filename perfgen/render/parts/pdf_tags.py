"""Replaces the PDF's structure tree by one made from the table: one table, right headers, nothing twice.

WeasyPrint tags a table for each page, gives cells headers of groups that they are not in, and writes no scope. Its text
marks are right, so they are kept and put into a tree of our own. What is only repeated for the eye becomes an artifact.
Sources: ISO 32000-1, 14.7 and 14.8; ISO 14289-1, 7.5.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, String

from perfgen.findings import Finding, FormError
from perfgen.render.parts.pdf_layout import Typesetter
from perfgen.table.headers import headers
from perfgen.table.model import Cell, Table
from perfgen.table.sheet import Sheet, SheetCell

_CELL_TAGS = ("/TH", "/TD")


def finish(content: bytes, sheet: Sheet, setter: Typesetter) -> bytes:
    """The PDF with our structure tree; the same bytes for the same input.

    Raises FormError when a text is set in a font that the style does not declare.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _check_fonts(pdf, setter)
        _Tree(pdf, setter.report.table, sheet).rebuild()
        _list_files_once(pdf)
        pdf.Root.Lang = String("zh-CN")
        _claim_accessibility(pdf)
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


# ISO 14289-1, 5, with the description that PDF/A asks of a property it does not know (ISO 19005-3, 6.6.2.3)
_PDFUA = (
    '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def _claim_accessibility(pdf: pikepdf.Pdf) -> None:
    """Says in the metadata that the file conforms to PDF/UA-1; a validator checks that in CI."""
    metadata = pdf.Root.Metadata.read_bytes().decode()
    pdf.Root.Metadata.write(metadata.replace("</rdf:RDF>", _PDFUA + "</rdf:RDF>", 1).encode())


def _list_files_once(pdf: pikepdf.Pdf) -> None:
    """Removes the second entry of each associated file: WeasyPrint lists it twice."""
    if "/AF" in pdf.Root:
        files = {file.objgen: file for file in pdf.Root.AF}
        pdf.Root.AF = Array(list(files.values()))
        for file in files.values():
            file.EF.F.Subtype = Name("/application/json")


def _check_fonts(pdf: pikepdf.Pdf, setter: Typesetter) -> None:
    """Raises FormError for an embedded face of no declared family: a character was set in another font."""
    declared = tuple(family.replace(" ", "").lower() for family in setter.families)
    foreign = {face for face in _faces(pdf) if not face.replace("-", "").lower().startswith(declared)}
    if foreign:
        findings = list(setter.missing_glyphs(setter.uncovered()))
        message = f"有文字用了没有声明的字体 {'、'.join(sorted(foreign))}。"
        raise FormError(findings or [Finding(setter.style, "pdf-font", message, "在 font-family 里写明要用的字体。")])


def _faces(pdf: pikepdf.Pdf) -> Iterator[str]:
    """The names of the embedded font faces, without the tag of a subset (ISO 32000-1, 9.6.4)."""
    for entry in pdf.objects:
        if isinstance(entry, Dictionary) and entry.get("/Type") == "/Font" and "/BaseFont" in entry:
            yield str(entry.BaseFont)[1:].partition("+")[2]


class _Tree:
    """Builds our structure tree from the parts of WeasyPrint's."""

    def __init__(self, pdf: pikepdf.Pdf, table: Table, sheet: Sheet) -> None:
        self.pdf = pdf
        self.table = table
        self.sheet = sheet
        self.root = pdf.Root.StructTreeRoot
        self.document = self.root.K[0]
        self.elements: dict[tuple[int, int], Object] = {}
        """The elements of our cells, by row and column."""

    def rebuild(self) -> None:
        before, tables, after = self.parted()
        fragments = [cell for table in tables for row in _find(table, ("/TR",)) for cell in _find(row, _CELL_TAGS)]
        planned = [cell for page in self.sheet.pages for row in page.rows for cell in row.cells]
        ours = self.new("/Table", self.document)
        ours.K = Array([self.row(number, ours) for number in range(len(self.table.rows))])
        for sheet_cell, fragment in zip(planned, fragments, strict=True):
            if not sheet_cell.again:
                self.adopt(sheet_cell, fragment)
        self.document.K = Array([*before, ours, *after])
        self.set_headers()
        self.make_artifacts()

    def parted(self) -> tuple[list[Object], list[Object], list[Object]]:
        """WeasyPrint's elements before the table, the table's parts on each page, and the elements after it."""
        kids = list(self.document.K)
        tables = [number for number, kid in enumerate(kids) if kid.S == "/Table"]
        return kids[: tables[0]], [kids[number] for number in tables], kids[tables[-1] + 1 :]

    def new(self, tag: str, parent: Object) -> Object:
        element = Dictionary(Type=Name("/StructElem"), S=Name(tag), P=parent, K=Array())
        return self.pdf.make_indirect(element)

    def row(self, number: int, parent: Object) -> Object:
        row = self.new("/TR", parent)
        row.K = Array([self.cell(cell, row) for cell in self.table.rows[number].cells])
        return row

    def cell(self, cell: Cell, parent: Object) -> Object:
        attributes = Dictionary(O=Name("/Table"))
        if cell.colspan > 1:
            attributes.ColSpan = cell.colspan
        if cell.rowspan > 1:
            attributes.RowSpan = cell.rowspan
        if cell.kind != "value":
            over_columns = cell.kind == "header" and self.table.rows[cell.row].is_heading and cell.column > 0
            attributes.Scope = Name("/Column" if over_columns else "/Row")
        element = self.new("/TD" if cell.kind == "value" else "/TH", parent)
        element.A = attributes
        if cell.kind != "value":
            element.ID = String(_identifier(cell))
        self.elements[(cell.row, cell.column)] = element
        return element

    def adopt(self, planned: SheetCell, fragment: Object) -> None:
        """Moves the paragraphs of WeasyPrint's cell into ours; one from the page before is joined to its beginning."""
        element = self.elements[(planned.cell.row, planned.cell.column)]
        for number, paragraph in enumerate(self.paragraphs(fragment)):
            if planned.joins and number == 0 and len(element.K):
                first = element.K[-1]
                for kid in paragraph.K:
                    kid.P = first
                    first.K.append(kid)
            else:
                paragraph.P = element
                element.K.append(paragraph)

    def paragraphs(self, fragment: Object) -> list[Object]:
        """The paragraphs of WeasyPrint's cell; text that stands in the cell itself is put into one."""
        kids = list(fragment.get("/K", []))
        if not kids or any(kid.S != "/Span" for kid in kids):
            return kids
        paragraph = self.new("/P", fragment)
        paragraph.Pg = fragment.Pg
        paragraph.K = Array(kids)
        for kid in kids:
            kid.P = paragraph
        return [paragraph]

    def set_headers(self) -> None:
        for cell, above in headers(self.table).items():
            if above:
                element = self.elements[(cell.row, cell.column)]
                element.A.Headers = Array([String(_identifier(header)) for header in above])

    def make_artifacts(self) -> None:
        """Marks as artifacts all texts that our tree does not have, and removes them from the parent tree."""
        kept = set(self.marks(self.document, None))
        numbers = self.root.ParentTree.Nums
        for key, page in zip(range(0, len(numbers), 2), self.pdf.pages, strict=False):
            entries = numbers[key + 1]
            dropped = {mark for mark in range(len(entries)) if (page.obj.objgen, mark) not in kept}
            if dropped:
                numbers[key + 1] = Array([None if mark in dropped else entry for mark, entry in enumerate(entries)])
                _demote(page, dropped)

    def marks(self, element: Object, page: Object | None) -> Iterator[tuple[tuple[int, int], int]]:
        """The (page, mark) pairs below an element."""
        page = element.get("/Pg", page)
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                yield page.objgen, kid
            else:
                yield from self.marks(kid, page)


def _identifier(cell: Cell) -> str:
    return f"r{cell.row}c{cell.column}"


def _find(element: Object, tags: tuple[str, ...]) -> Iterator[Object]:
    """The nearest elements with one of these tags, the element itself included."""
    if str(element.S) in tags:
        yield element
        return
    for kid in element.get("/K", []):
        if not isinstance(kid, int):
            yield from _find(kid, tags)


def _demote(page: Page, marks: set[int]) -> None:
    """Turns marked content of a page into pagination artifacts (ISO 32000-1, 14.8.2.2)."""

    def replaced(match: re.Match[bytes]) -> bytes:
        return b"/Artifact <</Type /Pagination>> BDC" if int(match[1]) in marks else match[0]

    content = page.obj.Contents
    content.write(re.sub(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC", replaced, content.read_bytes()))
