"""Our own reading of a Word file held against what LibreOffice shows, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from perfgen.importing.folding import shortened
from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_table import FormCell, FormRow, WordForm
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.witness import known_differences
from perfgen.importing.witness.odf_table import OdfCell, OdfTable, read_odf_tables
from perfgen.importing.witness.odf_text import TICKED, UNTICKED

_SAME = {0x2011: "-", 0xAD: None, 0x200B: None, 0x2060: None, 0xFEFF: None, 0xA0: " "}
"""Characters that LibreOffice writes for what Word keeps as elements, or that nobody sees."""
_BLANKS = re.compile(r"[^\S\n]+(?=\n|\Z)|(?<=\n)[^\S\n]+")
_TICKED = re.compile(rf"[{TICKED}☒]([^{TICKED}☒{UNTICKED}□]+)")


@dataclass(frozen=True)
class Difference:
    """A place where the two readings differ; a text is None where one of them has no such cell."""

    at: FormCell | FormRow
    ours: str | None
    theirs: str | None

    @property
    def sentence(self) -> str:
        """Both texts, in words."""
        ours = "没有这一格" if self.ours is None else f"读到的是{_quoted(self.ours)}"
        theirs = "没有这一格" if self.theirs is None else f"显示的是{_quoted(self.theirs)}"
        return f"LibreOffice {theirs}，{'这里' if self.ours is None else ''}{ours}。"

    @property
    def is_known(self) -> bool:
        """Whether LibreOffice is known to be the one that differs from Word."""
        return isinstance(self.at, FormCell) and known_differences.is_known(self.at)


@dataclass(frozen=True)
class Comparison:
    """How many cells both readings show alike, and where they differ."""

    same: int
    differences: tuple[Difference, ...]
    missing: tuple[int, ...]
    """The numbers of the tables that LibreOffice does not show, or not as tables of such texts."""


def compare(word: WordForm, shown: bytes, revisions: Revisions) -> Comparison | None:
    """Holds a form against the same file as LibreOffice saved it (.odt); None where that cannot be read."""
    tables = read_odf_tables(shown, rejected=revisions is Revisions.REJECT)
    if tables is None:
        return None
    pairs, missing = _pairs(word, tables)
    differences = (_difference(ours, theirs) for ours, theirs in pairs)
    same = sum(isinstance(ours, FormCell) and theirs is not None for ours, theirs in pairs)
    found = tuple(difference for difference in differences if difference is not None)
    return Comparison(same - sum(isinstance(d.at, FormCell) and d.theirs is not None for d in found), found, missing)


_Pair = tuple[FormCell | FormRow, OdfCell | None]
"""A cell of ours and LibreOffice's; a row of ours where only LibreOffice has the cell."""


def _difference(ours: FormCell | FormRow, theirs: OdfCell | None) -> Difference | None:
    """How the two readings of a cell differ, if they do."""
    shown = "\n".join(theirs.lines).strip() if theirs is not None else None
    if isinstance(ours, FormRow):
        return Difference(ours, None, shown) if shown else None
    if shown is not None:
        shown = _without_prompts(shown, ours)
        if any(remark.trouble is Trouble.TICKED for remark in ours.troubles):
            shown = _chosen(shown)
    if folded(ours.text) == folded(shown or ""):
        return None
    return Difference(ours, ours.text, shown)


def _quoted(text: str) -> str:
    return f"“{shortened(text.replace(chr(10), '↵'), 60)}”" if text else "空的"


def folded(text: str) -> str:
    """A text without what the two programs write differently and nobody sees: blanks at the ends of lines."""
    return _BLANKS.sub("", text.translate(_SAME)).strip()


def _without_prompts(text: str, cell: FormCell) -> str:
    """What LibreOffice shows without the prompts of empty controls, which are no content (17.5.2.39)."""
    for remark in cell.troubles:
        if remark.trouble is Trouble.PROMPT:
            for prompt in filter(None, remark.text.split("、")):
                text = text.replace(prompt, "")
    return text.strip()


def _chosen(text: str) -> str:
    """What stands behind the box that is ticked, where it is one."""
    labels = [label.strip() for label in _TICKED.findall(text)]
    return labels[0] if len(labels) == 1 else text


def _pairs(word: WordForm, tables: Sequence[OdfTable]) -> tuple[list[_Pair], tuple[int, ...]]:
    """Our cells with LibreOffice's, table by table; and the numbers of the tables that it does not show."""
    free = list(tables)
    pairs: list[_Pair] = []
    missing: list[int] = []
    for number in range(1, word.tables + 1):
        rows = sorted((row for row in (*word.rows, *word.removed) if row.table == number), key=lambda row: row.number)
        table = _likest(rows, free)
        if table is None:
            missing.append(number)
        else:
            free.remove(table)
            pairs += _paired_rows(rows, table, set(word.removed))
    return pairs, tuple(missing)


def _likest(rows: Sequence[FormRow], tables: Sequence[OdfTable]) -> OdfTable | None:
    """The table that has most of our texts, half of them at least; an outer table has few of its inner one's."""
    texts = {folded(cell.text) for row in rows for cell in row.cells} - {""}
    best = max(tables, key=lambda table: len(texts & _texts(table)), default=None)
    return best if best is not None and 2 * len(texts & _texts(best)) >= len(texts) else None


def _texts(table: OdfTable) -> set[str]:
    return {folded("\n".join(cell.lines)) for row in table.rows for cell in row}


def _paired_rows(rows: Sequence[FormRow], table: OdfTable, removed: set[FormRow]) -> Iterator[_Pair]:
    """The cells of a table's rows with LibreOffice's; rows that tracked changes take away are not compared."""
    theirs = table.rows
    if len(rows) != len(theirs):
        rows = [row for row in rows if row not in removed]
    aligned = zip(rows, theirs, strict=True) if len(rows) == len(theirs) else _aligned(rows, theirs)
    for row, cells in aligned:
        if row not in removed:
            yield from _paired_cells(row, cells)


def _aligned(
    rows: Sequence[FormRow], theirs: Sequence[tuple[OdfCell, ...]]
) -> Iterator[tuple[FormRow, tuple[OdfCell, ...]]]:
    """Rows by their texts, where the numbers of rows differ; what only LibreOffice has goes with the row before."""
    ours_keys = [tuple(folded(cell.text) for cell in row.cells if not cell.continues) for row in rows]
    their_keys = [tuple(folded("\n".join(cell.lines)) for cell in cells) for cells in theirs]
    for _, start, end, their_start, their_end in SequenceMatcher(None, ours_keys, their_keys, False).get_opcodes():
        cells_of = list(theirs[their_start:their_end])
        for number, row in enumerate(rows[start:end]):
            yield row, cells_of[number] if number < len(cells_of) else ()
        extra = tuple(cell for cells in cells_of[end - start :] for cell in cells)
        if extra and rows:
            last = rows[max(end - 1, 0)]
            yield FormRow(last.table, last.number, ()), extra


def _paired_cells(row: FormRow, theirs: Sequence[OdfCell]) -> Iterator[_Pair]:
    """The cells that begin in a row: in their order, or by their columns where the numbers differ."""
    ours = [cell for cell in row.cells if not cell.continues]
    if len(ours) == len(theirs):
        yield from zip(ours, theirs, strict=True)
        return
    by_column = {cell.column: cell for cell in theirs}
    for cell in ours:
        yield cell, by_column.pop(cell.column, None)
    yield from ((row, cell) for cell in by_column.values())
