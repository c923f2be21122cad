"""The tables of an OpenDocument file that LibreOffice saved, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from perfgen.importing.witness.odf_styles import TABLE, OdfStyles
from perfgen.importing.witness.odf_text import Changes, OdfReader
from perfgen.system import unpack

_GROUPS = {f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group"}
_MOST_REPEATS = 1000


@dataclass(frozen=True)
class OdfCell:
    """A cell as LibreOffice shows it."""

    column: int
    """By its own grid, from 0."""
    colspan: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class OdfTable:
    """A table: its rows, each with the cells that begin in it."""

    rows: tuple[tuple[OdfCell, ...], ...]


def read_odf_tables(content: bytes, rejected: bool = False) -> list[OdfTable] | None:
    """The tables of a file, those inside others after them; None for what is no such file.

    `rejected` treats tracked changes so; they are accepted otherwise.
    """
    try:
        package = unpack.open_package(content)
        parts = [_part(package, name) for name in ("content.xml", "styles.xml")]
    except (*unpack.BROKEN, unpack.TooMuch, etree.XMLSyntaxError):
        return None
    reader = OdfReader(OdfStyles(*parts), Changes(parts[0], rejected))
    return [OdfTable(tuple(_row(row, reader) for row in _rows(table))) for table in parts[0].iter(f"{TABLE}table")]


def _part(package: unpack.Package, name: str) -> etree._Element:
    """A part, parsed. Raises TooMuch when it is too large."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(package.read_xml(name), parser)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, headings and groups opened."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            for _ in range(_number(child, "number-rows-repeated")):
                yield child
        elif child.tag in _GROUPS:
            yield from _rows(child)


def _row(row: etree._Element, reader: OdfReader) -> tuple[OdfCell, ...]:
    """The cells that begin in a row."""
    cells: list[OdfCell] = []
    column = 0
    for child in row:
        if child.tag == f"{TABLE}table-cell":
            lines = tuple(reader.lines(child))
            cells.append(OdfCell(column, _number(child, "number-columns-spanned"), lines))
        if child.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            column += _number(child, "number-columns-repeated")
    return tuple(cells)


def _number(element: etree._Element, name: str) -> int:
    """An attribute that counts, 1 where it is missing."""
    value = element.get(f"{TABLE}{name}", "1")
    return min(int(value), _MOST_REPEATS) if value.isdecimal() and 0 < len(value) < 9 else 1
