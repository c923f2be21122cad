"""Reads the table of a Word file back, cell by cell, and compares it with the expanded table."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from perfgen.prove.proof import ComparedPlace, compare_places, disproof, everything_printed
from perfgen.report.report import TABLE_TEMPLATE, Report
from perfgen.table.hidden_text import HiddenText, styles_of
from perfgen.table.word_fields import unshown_texts
from perfgen.table.word_xml import is_on

Element: TypeAlias = etree._Element
"""An element of an XML part; lxml has no public name for its class."""

_NS = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
_W = "{" + _NS["w"] + "}"


@dataclass(frozen=True)
class PhysicalCell:
    """A cell as the file has it: a merged cell has one in each row that it stands in."""

    column: int
    colspan: int
    continues: bool
    text: str


def read_cells(content: bytes) -> tuple[list[str], list[list[PhysicalCell]]]:
    """The texts of the paragraphs outside the table, and the table's physical cells by row.

    Raises ValueError when a part is in the package twice or is pointed at and missing, and for a table cell without a
    paragraph; XMLSyntaxError, KeyError or BadZipFile for a file that cannot be read.
    """
    parts = _parts(content)
    body = parts["word/document.xml"].find("w:body", _NS)
    if body is None:
        raise ValueError("the document has no body")
    if body.xpath("boolean(.//w:tc[not(w:p)])", namespaces=_NS):
        raise ValueError("a table cell has no paragraph")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        hidden = HiddenText(styles_of(package))
    _drop(unshown_texts(body))
    outside = [_text(paragraph, hidden) for paragraph in body.findall("w:p", _NS)]
    return outside, [list(_cells(tr, hidden)) for tr in body.findall("w:tbl/w:tr", _NS)]


_SIGNS = {"br": "\n", "cr": "\n", "tab": "\t"}
"""What elements of a run print that have no text."""


def _drop(parts: Sequence[Element]) -> None:
    """Takes elements out of the document that they stand in."""
    for part in parts:
        parent = part.getparent()
        if parent is not None:
            parent.remove(part)


def _parts(content: bytes) -> dict[str, Element]:
    """The XML parts of a package by name; what they point at is there. Raises ValueError where it is not."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        if len(set(names)) != len(names):
            raise ValueError("a part stands in the package twice")
        parts: dict[str, Element] = {
            name: etree.fromstring(package.read(name)) for name in names if name.endswith((".xml", ".rels"))
        }
    for name, tree in parts.items():
        if name.endswith(".rels"):
            _check_targets(name, tree, set(names))
    return parts


def _check_targets(name: str, tree: Element, names: set[str]) -> None:
    """Raises ValueError for a relation that points outside the package, or at a part that is not in it."""
    folder = name.replace("_rels/", "").rpartition("/")[0]
    for relation in tree:
        if relation.get("TargetMode") == "External":
            raise ValueError(f"{name} points outside the document: {relation.get('Target')}")
        target = relation.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        while "/../" in f"/{full}":
            before, _, after = f"/{full}".partition("/../")
            full = f"{before.rpartition('/')[0]}/{after}".lstrip("/")
        if full not in names:
            raise ValueError(f"{name} points at {full}, which is not there")


def _cells(tr: Element, hidden: HiddenText) -> Iterator[PhysicalCell]:
    column = int(_string(tr, "w:trPr/w:gridBefore/@w:val") or 0)
    for tc in tr.findall("w:tc", _NS):
        span = int(_string(tc, "w:tcPr/w:gridSpan/@w:val") or 1)
        merge = tc.find("w:tcPr/w:vMerge", _NS)
        continues = merge is not None and merge.get(f"{_W}val") != "restart"
        text = "\n".join(_text(paragraph, hidden) for paragraph in tc.findall("w:p", _NS))
        yield PhysicalCell(column, span, continues, "" if is_on(tr.find("w:trPr", _NS), "hidden") else text)
        column += span


@functools.cache
def _path(path: str) -> etree.XPath:
    """An XPath, made ready once a process: thousands of elements are asked the same."""
    return etree.XPath(path, namespaces=_NS)


def _string(element: Element, path: str) -> str:
    """The text at an XPath below an element; empty where there is none."""
    return str(_path(f"string({path})")(element))


def _elements(element: Element, path: str) -> list[Element]:
    """The elements at an XPath below an element, in the document's order."""
    nodes = _path(path)(element)
    return [node for node in nodes if isinstance(node, Element)] if isinstance(nodes, list) else []


def _text(paragraph: Element, hidden: HiddenText) -> str:
    """A paragraph's text as a reader of the document sees it: what is hidden, or in a text box, is not there."""
    texts = []
    for run in _elements(paragraph, ".//w:r[not(ancestor::w:txbxContent)]"):
        text = "".join(_printed(node) for node in run)
        if text and not hidden.holds(run):
            texts.append(text)
    return "".join(texts)


def _printed(node: Element) -> str:
    """What a child of a run prints."""
    kind = str(node.tag).rpartition("}")[2]
    return (node.text or "") if kind == "t" else _SIGNS.get(kind, "")


def prove(content: bytes, report: Report) -> int:
    """Compares a Word file with the report's table and gives the number of cells compared.

    Raises ProofError at the first place, span or text that differs.
    """
    try:
        outside, rows = read_cells(content)
    except (ValueError, KeyError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise disproof(report, "Word 文件", "完整的文件", str(error)) from error
    table = report.table
    if len(rows) != len(table.rows):
        raise disproof(report, "表格的行数", str(len(table.rows)), str(len(rows)))
    blocks = [block.text for block in (*table.above, *table.below)]
    compare_places(report, [("表格外的文字", "\n".join(blocks), "\n".join(outside), ())])
    everything_printed(report, table.paths(), TABLE_TEMPLATE)
    compare_places(report, _places(report, rows))
    return sum(len(row.cells) for row in table.rows)


def _places(report: Report, rows: list[list[PhysicalCell]]) -> Iterator[ComparedPlace]:
    """What is to be compared of each row: merged columns, own columns, widths and texts."""
    for number, (row, physical) in enumerate(zip(report.table.rows, rows, strict=True)):
        where = f"第 {number + 1} 行"
        own = {cell.column: cell for cell in physical if not cell.continues}
        continued = tuple(cell.column for cell in physical if cell.continues)
        yield f"{where}接上一行的列", str(row.continued), str(continued), ()
        yield f"{where}的列", str([cell.column for cell in row.cells]), str(sorted(own)), ()
        for cell in row.cells:
            written = own[cell.column]
            path = cell.paths[0] if cell.paths else ()
            yield f"{where}第 {cell.column + 1} 列的宽度", str(cell.colspan), str(written.colspan), path
            yield f"{where}第 {cell.column + 1} 列", cell.text, written.text, path
