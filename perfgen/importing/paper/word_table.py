"""Any Word file as a grid: its tables' rows one after another, each with its physical cells."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from perfgen.importing.folding import folded
from perfgen.importing.paper.contents import BLOCK_CONTROL
from perfgen.importing.paper.known import Remark, Trouble
from perfgen.importing.paper.word_blocks import blocks, holder, is_hidden
from perfgen.importing.paper.word_edges import edge_texts
from perfgen.importing.paper.word_package import (
    Element,
    W,
    child_of,
    open_package,
    plain_text,
    refuse,
)
from perfgen.importing.paper.word_text import Context, Reader, Revisions, WordParagraph
from perfgen.system.unpack import Budget
from perfgen.table.word_xml import properties_of

MAX_ROWS = 10_000
MAX_CELLS = 100
"""Cells in a row; Word itself allows 63."""
MAX_DEPTH = 200
_MEAN_DEPTH = 20
KEY_LENGTH = 200


@dataclass(frozen=True, eq=False)
class FormCell:
    """A physical cell: where it stands, and its text."""

    table: int
    row: int
    column: int
    """By the table's grid, from 0, as rows and tables are from 1."""
    colspan: int
    begun: FormCell | None
    """The cell that it continues, where it is merged with those above: the one in which the merged cell begins."""
    paragraphs: tuple[WordParagraph, ...]
    troubles: frozenset[Remark] = frozenset()
    contents: frozenset[str] = frozenset()
    """What stands in it beside text: kinds of fields, and levels of content controls."""

    @property
    def continues(self) -> bool:
        """Whether it continues the cell above."""
        return self.begun is not None

    @property
    def origin(self) -> FormCell:
        """The cell in which a merged one begins; itself, where it is not merged with one above."""
        return self.begun or self

    @functools.cached_property
    def text(self) -> str:
        """Its own text, paragraphs apart by line breaks."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs).strip()

    @functools.cached_property
    def key(self) -> str:
        """The beginning of its text, folded: what headings and choices are known by."""
        return folded(self.text[:KEY_LENGTH])


@dataclass(frozen=True, eq=False)
class FormRow:
    """A row of a table."""

    table: int
    number: int
    cells: tuple[FormCell, ...]
    revised: bool = False
    """Whether the row itself, or a cell of it, was put in or taken out with changes tracked."""
    after: int = 0
    """How many columns of the grid it leaves free at its end."""
    taken_away: tuple[str, ...] = ()
    """The texts of its cells, also those that tracked changes take away, where they take away the row."""
    shifted: bool = False
    """Whether tracked changes put a cell in or take one out: those behind it stand elsewhere than they did."""

    @property
    def end(self) -> int:
        """The line of the table's grid at which it ends."""
        return (self.cells[-1].column + self.cells[-1].colspan if self.cells else 0) + self.after

    @property
    def is_blank(self) -> bool:
        """Whether no cell that begins in it holds any text."""
        return not any(cell.text for cell in self.cells if not cell.continues)


@dataclass(frozen=True)
class WordForm:
    """A Word file's tables and the texts around them."""

    file: str
    rows: tuple[FormRow, ...]
    tables: int
    outside: tuple[str, ...]
    edges: tuple[str, ...]
    """Texts of headers and footers, and of notes and comments that are called nowhere."""
    troubles: frozenset[Remark]
    """What was met outside the tables."""
    removed: tuple[FormRow, ...] = ()
    """Rows that tracked changes take away."""
    grids: tuple[tuple[int, ...], ...] = ()
    """The widths of the columns of each table, in twentieths of a point; none where it does not say."""
    holder: str = ""
    """What a large table stands in, where it is not one of these tables: another table, or a text box."""


def read_word_form(content: bytes, file: str, revisions: Revisions = Revisions.ACCEPT) -> WordForm:
    """The grid of a Word file; `file` is its name in messages.

    Raises DataError when it is no Word file, or too large to be a form.
    """
    parts = open_package(content, file)
    _refuse_deep(parts.body, len(content), file)
    context = Context(parts, revisions)
    reader = Reader(context)
    rows: list[FormRow] = []
    removed: list[FormRow] = []
    outside: list[str] = []
    grids: list[tuple[int, ...]] = []
    for node in blocks(parts.body, reader):
        if node.tag == f"{W}tbl":
            grids.append(_grid(node))
            for row, is_gone in _rows(node, len(grids), reader):
                (removed if is_gone else rows).append(row)
            _refuse_large(rows, file)
        elif node.tag == f"{W}p":
            outside += [line.text for line in reader.paragraphs(iter([node])) if line.text.strip()]
        else:
            reader.stray(node)
    reader.finish()
    edges = tuple(edge_texts(parts, Reader(context)))
    return WordForm(
        file, tuple(rows), len(grids), tuple(outside), edges, reader.troubles, tuple(removed), tuple(grids),
        holder(parts.body),
    )  # fmt: skip


def _grid(table: Element) -> tuple[int, ...]:
    """The widths of a table's columns; 0 for one that is no number."""
    widths = (column.get(f"{W}w", "") for column in table.findall(f"{W}tblGrid/{W}gridCol"))
    return tuple(int(width) if width.isdecimal() and len(width) < 9 else 0 for width in widths)


def _refuse_large(rows: list[FormRow], file: str) -> None:
    """Raises DataError for more rows, or more cells in a row, than a form can have."""
    if len(rows) > MAX_ROWS:
        raise refuse(file, "import-size", f"表格太长，超过 {MAX_ROWS} 行。")
    if any(len(row.cells) > MAX_CELLS for row in rows):
        raise refuse(file, "import-size", f"表格太宽，一行超过 {MAX_CELLS} 格。")


def _refuse_deep(body: Element, size: int, file: str) -> None:
    """Raises DataError for elements that are nested too deep, one of them or all together: each level is read again."""
    depth = total = 0
    most = _MEAN_DEPTH * Budget.of(size).elements
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        total += depth if event == "start" else 0
        if depth > MAX_DEPTH:
            raise refuse(file, "import-size", f"内容套了 {MAX_DEPTH} 层以上，不像一张表。")
        if total > most:
            raise refuse(file, "import-size", "内容太多，又套得太深，不像一张表。")


def _rows(table: Element, number: int, outside: Reader) -> Iterator[tuple[FormRow, bool]]:
    """A table's rows, each with whether tracked changes take it away; what is no row is told outside."""
    reader = Reader(outside.context)
    previous: dict[int, FormCell] = {}
    count = 0
    for tr in reader.unwrapped(table):
        if tr.tag != f"{W}tr":
            outside.stray(tr)
            continue
        properties = properties_of(tr, "trPr")
        count += 1
        own = Reader(outside.context)
        is_gone = own.is_gone(properties)
        column = _number(properties, "gridBefore", 0)
        cells = tuple(_cells(tr, (number, count, column), previous, own))
        if not is_gone:
            previous = {cell.column + n: cell for cell in reversed(cells) for n in range(min(cell.colspan, 100))}
        own.hand_over(outside)
        after = _number(properties, "gridAfter", 0)
        texts = tuple(text for tc in tr.iter(f"{W}tc") if (text := plain_text(tc))) if is_gone else ()
        shifted = any(True for _ in tr.iter(f"{W}cellIns", f"{W}cellDel"))
        yield FormRow(number, count, cells, own.met(Trouble.REVISED), after, texts, shifted), is_gone
    reader.hand_over(outside)


def _number(parent: Element | None, name: str, default: int) -> int:
    """A property that is a number, 1000 at most; the default where it is none."""
    element = child_of(parent, f"{W}{name}")
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value), 1000) if value.isdecimal() and len(value) < 9 else default


def _cells(
    tr: Element, place: tuple[int, int, int], previous: dict[int, FormCell], row_reader: Reader
) -> list[FormCell]:
    """A row's cells; its place is the table's number, its own, and the column it begins in.

    `previous` are the cells of the row above by every column they cover: programs do not agree
    on where a cell begins, so a merged one continues the cell above its left edge.
    """
    table, row, column = place
    cells: list[FormCell] = []
    hidden = is_hidden(tr)
    for tc in row_reader.unwrapped(tr):
        if tc.tag != f"{W}tc":
            row_reader.stray(tc)
            continue
        reader = Reader(row_reader.context)
        properties = properties_of(tc, "tcPr")
        if row_reader.is_gone(properties, "cellIns", "cellDel"):
            continue
        span = max(_number(properties, "gridSpan", 1), 1)
        if cells and _merged(properties, "hMerge"):
            # Word 97's way to merge sideways, which some programs still write
            cells[-1] = _with_ghost(replace(cells[-1], colspan=cells[-1].colspan + span), plain_text(tc))
            column += span
            continue
        above = previous.get(column) if _continues_above(properties, row_reader.revisions) else None
        lines = reader.cell(_paragraph_nodes(tc, reader))
        row_reader.hand_over(reader)
        if child_of(properties, f"{W}cellMerge") is not None:
            reader.note(Trouble.CELL_MERGE, "按接受读" if reader.revisions is Revisions.ACCEPT else "按拒绝读")
        if hidden and any(line.text.strip() for line in lines):
            reader.note(Trouble.HIDDEN_ROW)
        if above is not None:
            if any(line.text.strip() for line in lines):
                reader.note(Trouble.GHOST, " ".join(line.text for line in lines))
            lines = []
        contents = frozenset(reader.contents | ({BLOCK_CONTROL} if _is_controlled(tc) else set()))
        cells.append(
            FormCell(table, row, column, span, above and above.origin, tuple(lines), reader.troubles, contents)
        )
        column += span
    return cells


def _is_controlled(cell: Element) -> bool:
    """Whether a content control stands around a cell, its row or its table."""
    return any(True for _ in cell.iterancestors(f"{W}sdt"))


def _with_ghost(cell: FormCell, text: str) -> FormCell:
    """A cell with the remark that one which is merged into it has a text of its own."""
    return replace(cell, troubles=cell.troubles | {Remark(Trouble.GHOST, text)}) if text else cell


def _merged(properties: Element | None, name: str) -> bool:
    """Whether a cell continues the one above (`vMerge`) or on its left (`hMerge`)."""
    element = child_of(properties, f"{W}{name}")
    return element is not None and element.get(f"{W}val", "continue") != "restart"


def _continues_above(properties: Element | None, revisions: Revisions) -> bool:
    """Whether a cell continues the one above, its tracked merge (17.13.5.1) accepted or rejected."""
    tracked = child_of(properties, f"{W}cellMerge")
    name = "vMerge" if revisions is Revisions.ACCEPT else "vMergeOrig"
    after = tracked.get(f"{W}{name}") if tracked is not None else None
    return after == "cont" if after is not None else _merged(properties, "vMerge")


def _paragraph_nodes(tc: Element, reader: Reader) -> Iterator[Element]:
    """The paragraphs of a cell, with those of a table inside it."""
    for child in reader.unwrapped(tc):
        if child.tag == f"{W}p":
            yield child
        elif child.tag == f"{W}tbl":
            reader.note(Trouble.NESTED)
            for row in reader.unwrapped(child):
                for cell in reader.unwrapped(row) if row.tag == f"{W}tr" else ():
                    yield from _paragraph_nodes(cell, reader) if cell.tag == f"{W}tc" else ()
        else:
            reader.stray(child)
