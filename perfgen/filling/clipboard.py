"""A table out of the clipboard: what Word, WPS and Excel put there, as rows of cells.

They put it there twice: as HTML (a `<table>`, HTML Living Standard 4.9, with merged cells) and as text (a tab between
cells, a line for each row). Nothing in it is trusted: it is only read, nothing it names is fetched, and what is too
large is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from perfgen.filling.edits import EditError

_MOST_CHARACTERS = 4_000_000
_MOST_ROWS, _MOST_COLUMNS = 2_000, 100
_TOO_LARGE = f"粘贴的内容太多了：最多 {_MOST_ROWS} 行、{_MOST_COLUMNS} 列，分几次粘贴。"
_TOO_DEEP = "粘贴的表格读不出来：先粘贴到记事本或空白的 Excel 里，再从那里复制。"
_PARAGRAPHS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
"""The elements whose text stands in lines of its own."""
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "textarea", "select", "object"})
_GAP = re.compile(r"[ \t\r\n\f]+")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=\t|\r?\n|\r|\Z)')
_BARE = re.compile(r"[^\t\r\n]*")
_END = re.compile(r"\t|\r?\n|\r|\Z")


@dataclass(frozen=True)
class PastedTable:
    """Rows of cells, all of one length."""

    rows: tuple[tuple[str | None, ...], ...]
    """The texts, with a line break between paragraphs; None for a place that a merged cell above it covers, and where
    a row is shorter than others; the empty text for one that a merged cell at its left covers."""
    widths: tuple[tuple[int, ...], ...] = ()
    """How many columns each cell takes; 0 for a place that a cell at its left covers. Empty where all take one."""
    beside: tuple[str, ...] = ()
    """The texts that stood around the table, and are no cells of it."""

    def in_row(self, row: int) -> list[tuple[int, str | None]]:
        """The cells of a row, from the left, each with its column; those that a cell at their left covers left out."""
        widths = self.widths[row] if self.widths else ()
        return [(at, text) for at, text in enumerate(self.rows[row]) if at >= len(widths) or widths[at]]

    @property
    def is_single(self) -> bool:
        """Whether it is one cell, which needs no plan: its text goes where it is pasted."""
        return sum(text is not None for row in range(len(self.rows)) for _, text in self.in_row(row)) <= 1


def read_table(html: str, text: str) -> PastedTable:
    """The table in what the clipboard holds: that of its HTML, else its text, a tab between cells.

    Several tables are one, row below row. Without any it is the lines of the text, one cell each. Rows at the end and
    columns at the right that are all empty are left out. Raises EditError for one that is too large or too deep.
    """
    if len(html) > _MOST_CHARACTERS or len(text) > _MOST_CHARACTERS:
        raise EditError(_TOO_LARGE)
    found = _of_html(html) if "<table" in html.lower() else None
    return found or PastedTable(_even(_rows_of_text(text)))


def _of_html(html: str) -> PastedTable | None:
    """The tables of some HTML, one below the other; None where there is none."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(html.replace("\0", "").encode(errors="replace"), parser)
    except etree.XMLSyntaxError as error:
        raise EditError(_TOO_DEEP) from error
    if any(error.level_name == "FATAL" for error in parser.error_log):
        raise EditError(_TOO_DEEP)
    tables = [table for table in root.iter("table") if not any(True for _ in table.iterancestors("table"))]
    rows = [row for table in tables for row in _rows_of_table(table)]
    if not rows:
        return None
    even = _even([[cell.text for cell in row] for row in rows])
    widths = tuple(tuple(cell.width for cell in row) for row in rows[: len(even)])
    return PastedTable(even, widths, tuple(_lines(root, without=frozenset({*_UNSEEN, "table"}))))


class _Cell(NamedTuple):
    """A place in a row: a cell, or a place that a cell covers from the left (no width) or from above (no text)."""

    text: str | None
    width: int = 1


def _rows_of_table(table: etree._Element) -> list[list[_Cell]]:
    """The rows of a table (HTML Living Standard 4.9.12, forming a table)."""
    rows: list[list[_Cell]] = []
    reaching: dict[int, tuple[int, int]] = {}
    """By column, how many more rows a cell from above takes, and how wide it is there."""
    for row in (one for one in table.iter("tr") if next(one.iterancestors("table")) is table):
        cells: list[_Cell] = []
        following = {column: (left - 1, width) for column, (left, width) in reaching.items() if left > 1}
        for cell in row.iterchildren("td", "th"):
            _add_covered(cells, reaching)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            if height > 1:
                following |= {len(cells) + at: (height - 1, 0 if at else width) for at in range(width)}
            cells += [_Cell("\n".join(_lines(cell)), width), *[_Cell("", 0)] * (width - 1)]
            if len(cells) > _MOST_COLUMNS:
                raise EditError(_TOO_LARGE)
        _add_covered(cells, reaching)
        rows.append(cells)
        reaching = following
        if len(rows) > _MOST_ROWS:
            raise EditError(_TOO_LARGE)
    return rows


def _add_covered(cells: list[_Cell], reaching: Mapping[int, tuple[int, int]]) -> None:
    """Adds the places that come next in a row and that cells from above cover."""
    while len(cells) in reaching:
        cells.append(_Cell(None, reaching[len(cells)][1]))


def _span(cell: etree._Element, name: str) -> int:
    """How many columns or rows a cell takes."""
    digits = re.match(r"\s*(\d{1,5})", cell.get(name, ""))
    return min(max(int(digits[1]), 1), _MOST_ROWS) if digits else 1


def _lines(element: etree._Element, without: frozenset[str] = _UNSEEN) -> list[str]:
    """The lines of text in an element, as a browser shows them, without the empty ones."""
    text = "".join(_pieces(element, without))
    lines = (_GAP.sub(" ", line).strip() for line in text.split("\x0b"))
    return [line for line in lines if line]


def _pieces(element: etree._Element, without: frozenset[str]) -> Iterator[str]:
    """The text in an element, with a vertical tab where a line ends."""
    yield _joined(element.text or "")
    for child in element.iterchildren("*"):
        name = str(child.tag).lower()
        if name == "br":
            yield "\x0b"
        elif name not in without:
            around = "\x0b" if name in _PARAGRAPHS else " " if name in ("td", "th") else ""
            yield around
            yield from _pieces(child, without)
            yield around
        yield _joined(child.tail or "")


def _joined(text: str) -> str:
    """A text without the line breaks of its source that stand between two wide characters, where no blank is meant."""
    return re.sub(
        r"(.)[ \t]*[\r\n\f]+[ \t\r\n\f]*(?=(.))",
        lambda match: match[1] if _is_wide(match[1]) and _is_wide(match[2]) else f"{match[1]} ",
        text.replace("\x0b", " "),
    )


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F")


def _rows_of_text(text: str) -> list[list[str | None]]:
    """The rows of a text with tabs; a cell that holds a tab or a line break stands in quotes, as Excel writes it."""
    rows: list[list[str | None]] = [[]]
    position = 0
    while position < len(text):
        cell, position = _cell_at(text, position)
        rows[-1].append(cell)
        end = _END.match(text, position)
        assert end
        position = end.end()
        if end[0] == "\t" and position == len(text):
            rows[-1].append("")
        elif end[0] not in ("\t", "") and position < len(text):
            rows.append([])
        if len(rows) > _MOST_ROWS or len(rows[-1]) > _MOST_COLUMNS:
            raise EditError(_TOO_LARGE)
    return rows


def _cell_at(text: str, position: int) -> tuple[str, int]:
    """The cell that begins at a position, and where it ends."""
    quoted = _QUOTED.match(text, position)
    if quoted and re.search(r'[\t\r\n]|""', quoted[1]):
        return re.sub(r"\r\n?", "\n", quoted[1].replace('""', '"')).strip(), quoted.end()
    bare = _BARE.match(text, position)
    assert bare
    return bare[0].strip(), bare.end()


def _even(rows: Sequence[Sequence[str | None]]) -> tuple[tuple[str | None, ...], ...]:
    """Rows of one length, without empty ones at the end and empty columns at the right; None where one is shorter."""
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    width = max((number for row in rows for number, cell in enumerate(row, 1) if cell), default=0)
    return tuple(tuple([*row, *[None] * width][:width]) for row in rows)
