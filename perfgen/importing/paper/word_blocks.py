"""The blocks of a body, paragraphs and tables: tables that only lay out the page are opened."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.importing.paper.word_package import Element, W, child_of, plain_text
from perfgen.importing.paper.word_text import Reader
from perfgen.table.word_xml import is_on, properties_of

_CONTENTS = (f"{W}tbl", f"{W}drawing", f"{W}pict", f"{W}object", f"{W}altChunk", f"{W}sym", f"{W}fldChar")
_BOX = f"{W}txbxContent"
_LEVELS = 5


def blocks(node: Element, reader: Reader, levels: int = _LEVELS) -> Iterator[Element]:
    """The paragraphs and tables in a body or cell; in place of a table that only holds others, what it holds.

    So many `levels` of tables are opened at most: each is searched as a whole.
    """
    for child in reader.unwrapped(node):
        inner = _laid_out(child, Reader(reader.context)) if levels and child.tag == f"{W}tbl" else None
        if inner is None:
            yield child
        else:
            yield from blocks(inner, reader, levels - 1)


def _laid_out(table: Element, reader: Reader) -> Element | None:
    """The one cell of a table that holds anything, where that is a table; None where there is none such."""
    if table.find(f".//{W}tc//{W}tbl") is None:
        return None
    full: list[Element] = []
    for row in reader.unwrapped(table):
        if row.tag == f"{W}tr" and not _is_plain(row):
            return None
        cells = [cell for cell in reader.unwrapped(row) if cell.tag == f"{W}tc"] if row.tag == f"{W}tr" else []
        full += [cell for cell in cells if plain_text(cell) or any(True for _ in cell.iter(*_CONTENTS))]
    if len(full) != 1 or not any(child.tag == f"{W}tbl" for child in reader.unwrapped(full[0])):
        return None
    return full[0]


def _is_plain(row: Element) -> bool:
    """Whether a row is neither hidden nor put in or taken out by tracked changes."""
    tracked = [child_of(row, f"{W}trPr/{W}{name}") for name in ("ins", "del")]
    return not is_hidden(row) and not any(mark is not None for mark in tracked)


def is_hidden(row: Element) -> bool:
    """Whether a row (w:tr) is set to be hidden (17.4.20)."""
    return is_on(properties_of(row, "trPr"), "hidden")


def holder(body: Element) -> str:
    """What a table stands in that has more rows than what is around it: another table, or a text box; else nothing.

    A file is not read there; where it is no form, that is why.
    """
    for table in body.iter(f"{W}tbl"):
        above = next(table.iterancestors(f"{W}tbl", _BOX), None)
        if above is not None and above.tag == _BOX:
            return "文本框"
        if above is not None and _count(table) > _count(above):
            return "另一张表格"
    return ""


def _count(table: Element) -> int:
    """How many rows a table has."""
    return len(table.findall(f"{W}tr")) + len(table.findall(f"{W}sdt//{W}tr"))
