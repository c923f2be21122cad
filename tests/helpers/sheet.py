"""A rendered form as an XML tree to be soiled: rows and cells by number, and what people do to them."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable

from lxml import etree

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NS}}}"
DOCUMENT = "word/document.xml"
WHO = 'w:id="7" w:author="x" w:date="2024-01-02T00:00:00Z"'


def xml(text: str):
    """An element from text with the prefixes Word uses."""
    names = {
        "w": NS, "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    }  # fmt: skip
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    return etree.fromstring(f"<x {declared}>{text}</x>")[0]


class Sheet:
    """One Word file being edited; rows count from 1, a row's physical cells from 0."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.root = etree.fromstring(self.parts[DOCUMENT])
        self.body = self.root.find(f"{W}body")
        self.original = self.table.findall(f"{W}tr")

    @property
    def table(self):
        return self.body.find(f".//{W}tbl")

    def row(self, number: int):
        """A row by its number in the clean form."""
        return self.original[number - 1]

    def cell(self, row: int, place: int):
        return self.row(row).findall(f".//{W}tc")[place]

    def paragraph(self, row: int, place: int, number: int = 0):
        return self.cell(row, place).findall(f"{W}p")[number]

    def text(self, row: int, place: int) -> str:
        return "".join(node.text or "" for node in self.cell(row, place).iter(f"{W}t"))

    def write(self, row: int, place: int, *lines: str) -> None:
        """Puts new text into a cell, a paragraph for each line, in the first paragraph's dress."""
        cell = self.cell(row, place)
        model = copy.deepcopy(cell.find(f"{W}p"))
        for paragraph in cell.findall(f"{W}p"):
            cell.remove(paragraph)
        for line in lines:
            paragraph = copy.deepcopy(model)
            for child in paragraph.findall(f"{W}r"):
                paragraph.remove(child)
            paragraph.append(run(line))
            cell.append(paragraph)

    def inner(self, row: int, place: int, text: str) -> None:
        """Replaces what stands in a cell's first paragraph by XML."""
        paragraph = self.paragraph(row, place)
        for child in list(paragraph):
            if child.tag != f"{W}pPr":
                paragraph.remove(child)
        for child in xml(f"<w:x>{text}</w:x>"):
            paragraph.append(child)

    def properties(self, row: int, place: int):
        """A cell's tcPr."""
        return self.cell(row, place).find(f"{W}tcPr")

    def merge(self, row: int, place: int, value: str | None) -> None:
        """Sets or takes away a cell's vertical merge."""
        properties = self.properties(row, place)
        for old in properties.findall(f"{W}vMerge"):
            properties.remove(old)
        if value:
            properties.append(xml(f'<w:vMerge w:val="{value}"/>'))

    def span(self, row: int, place: int) -> int:
        """How many columns of the grid a cell covers."""
        spans = self.properties(row, place).findall(f"{W}gridSpan")
        return int(spans[0].get(f"{W}val")) if spans else 1

    def cover(self, row: int, place: int, columns: int) -> None:
        """Lets a cell cover so many columns of the grid."""
        properties = self.properties(row, place)
        for old in properties.findall(f"{W}gridSpan"):
            properties.remove(old)
        properties.insert(0, xml(f'<w:gridSpan w:val="{columns}"/>'))

    def join(self, row: int, place: int, count: int = 2) -> None:
        """Merges cells sideways; the first one's text stays."""
        self.cover(row, place, sum(self.span(row, place + number) for number in range(count)))
        for cell in [self.cell(row, place + number) for number in range(1, count)]:
            cell.getparent().remove(cell)

    def split_column(self, column: int) -> None:
        """Splits a column of the grid in two for all rows: each cell in it covers both halves."""
        for number in range(1, len(self.original) + 1):
            line = 0
            for place in range(len(self.row(number).findall(f".//{W}tc"))):
                span = self.span(number, place)
                if line <= column < line + span:
                    self.cover(number, place, span + 1)
                line += span
        grid = self.table.find(f"{W}tblGrid")
        if grid is not None:
            whole = grid.findall(f"{W}gridCol")[column]
            width = int(whole.get(f"{W}w"))
            whole.set(f"{W}w", str(width - 40))
            whole.addnext(xml('<w:gridCol w:w="40"/>'))

    def row_properties(self, row: int):
        tr = self.row(row)
        properties = tr.find(f"{W}trPr")
        if properties is None:
            properties = xml("<w:trPr/>")
            tr.insert(0, properties)
        return properties

    def insert_row(self, after: int, cells: list[tuple[str, int, str]]) -> None:
        """A new row below another: cells as text, columns, vertical merge."""
        made = "".join(
            f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{f"""<w:vMerge w:val="{merge}"/>""" if merge else ""}</w:tcPr>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
            for text, span, merge in cells
        )
        self.row(after).addnext(xml(f"<w:tr>{made}</w:tr>"))

    def each_run(self, change: Callable) -> None:
        for node in list(self.root.iter(f"{W}r")):
            change(node)

    def save(self) -> bytes:
        """The package with the edited tree."""
        parts = {
            **self.parts,
            DOCUMENT: etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content)
        return buffer.getvalue()


def run(text: str):
    """A run of text, its line breaks as such."""
    node = xml("<w:r/>")
    for number, line in enumerate(text.split("\n")):
        if number:
            node.append(xml("<w:br/>"))
        part = xml('<w:t xml:space="preserve"/>')
        part.text = line
        node.append(part)
    return node
