"""Breaks a measured table into pages, as a typist would.

No row is split but prose, and prose between sentences; a heading stands with what follows; the
heading rows of a section stand again on each page it goes on to; a label whose rows cross to a
page is said again there. Nothing here sets type: it is arithmetic over heights, so it can be
tested by itself, and the layout that follows is told where to break.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from perfgen.table.headers import sections
from perfgen.table.measure import Key, MeasuredPiece, Measures, breakable
from perfgen.table.model import Cell, Table
from perfgen.table.sheet import (
    Segment,
    Sheet,
    SheetCell,
    SheetPage,
    SheetParagraph,
    SheetRow,
    covered,
    has_label,
    plain,
)

_FEWEST_LINES = 2
"""Of prose, at a page's foot or head."""

Pieces = tuple[tuple[MeasuredPiece, ...], ...]


@dataclass(frozen=True)
class _Part:
    """What is left, or taken, of a breakable cell."""

    paragraphs: Pieces
    joins: bool = False


@dataclass(frozen=True)
class _Item:
    """A row on a page: whole, said again, or a part of it."""

    row: int
    height: float
    again: bool = False
    parts: tuple[tuple[int, _Part], ...] | None = None
    """By column; None for a whole row."""


def paginate(table: Table, measures: Measures, height: float) -> Sheet:
    """The table's sheet on pages of a height (in the unit of the measures)."""
    return _Paginator(table, measures, height).sheet()


class _Paginator:
    def __init__(self, table: Table, measures: Measures, height: float) -> None:
        self.table = table
        self.measures = measures
        self.height = height
        self.covered = covered(table)
        self.headings = _headings(table, self.covered)

    def sheet(self) -> Sheet:
        pages = self.pages()
        seen: set[Key] = set()
        made = []
        for number, items in enumerate(pages):
            made.append(SheetPage(tuple(self.rows(items, seen)), anchor=f"page-{number}"))
        return Sheet(tuple(made))

    def pages(self) -> list[list[_Item]]:
        """Greedy: each page takes what fits, and gives back what must not stand at its foot."""
        queue = deque(_Item(number, height) for number, height in enumerate(self.measures.rows))
        pages: list[list[_Item]] = []
        while queue:
            above = self.headings[queue[0].row] if pages else ()
            page = [_Item(row, self.measures.rows[row], again=True) for row in above]
            height = self.height - (0.0 if pages else self.measures.above)
            fitting = self.fitting(page, queue, height)
            page += [queue.popleft() for _ in range(fitting)]
            if queue:
                head, tail = self.split(queue[0], height - self.tall(page), force=not fitting)
                if head and tail and self.tall([*page, head]) <= height:
                    page.append(head)
                    queue[0] = tail
                elif not fitting:
                    # taller than a page and not to be broken: it overflows, which the layout reports
                    page.append(queue.popleft())
                else:
                    self.give_back(page, queue)
            pages.append(page)
        return pages

    def fitting(self, page: list[_Item], queue: Iterable[_Item], height: float) -> int:
        """How many of the next rows fit: a label may need more room than its rows have so far."""
        trial = list(page)
        bare = sum(item.height for item in page)
        best = 0
        for number, item in enumerate(queue, 1):
            bare += item.height
            if bare > height:
                break
            trial.append(item)
            if self.tall(trial) <= height:
                best = number
        return best

    def give_back(self, page: list[_Item], queue: deque[_Item]) -> None:
        """Headings at a page's foot go to the next page; unless they are all there is."""
        keeping = len(page)
        while keeping and not page[keeping - 1].again and self.table.rows[page[keeping - 1].row].keeps:
            keeping -= 1
        if any(not item.again for item in page[:keeping]):
            queue.extendleft(reversed(page[keeping:]))
            del page[keeping:]

    def tall(self, items: Sequence[_Item]) -> float:
        """The height of rows on one page: where a label cut off needs more, its last row has it."""
        heights = [item.height for item in items]
        for cell, first, count in self.fragments(items):
            whole = count == cell.rowspan and not any(item.parts or item.again for item in items[first : first + count])
            need = 0.0 if whole else self.measures.labels.get((cell.row, cell.column), 0.0)
            heights[first + count - 1] += max(0.0, need - sum(heights[first : first + count]))
        return sum(heights)

    def fragments(self, items: Sequence[_Item]) -> list[tuple[Cell, int, int]]:
        """Cells on a page, each with its first item there and how many it stands in."""
        found: dict[Key, tuple[Cell, int, int]] = {}
        for number, item in enumerate(items):
            for cell in self.covered[item.row]:
                key = (cell.row, cell.column)
                _, first, count = found.get(key, (cell, number, 0))
                found[key] = (cell, first, count + 1)
        return sorted(found.values(), key=lambda one: (one[1] + one[2], -one[1]))

    def split(self, item: _Item, room: float, *, force: bool) -> tuple[_Item | None, _Item | None]:
        """A row cut in two, the first part no taller than `room`; (None, None) where it cannot be."""
        row = self.table.rows[item.row]
        cells = [cell for cell in row.cells if breakable(self.table, cell)]
        if not cells or not (row.splits or force or item.height > self.height):
            return None, None
        parts = dict(item.parts) if item.parts is not None else {}
        for cell in cells:
            parts.setdefault(cell.column, _Part(self.measures.pieces[(cell.row, cell.column)]))
        contents = {column: self.content(part.paragraphs) for column, part in parts.items()}
        overhead = max(0.0, item.height - max(contents.values()))
        for fewer in range(_FEWEST_LINES + 1):
            # a line or two less here, so that no line stands alone there
            heads, tails = self.divide(parts, room - overhead - fewer * self.measures.line)
            taken = max(self.content(part.paragraphs) for part in heads.values())
            left = max(self.content(part.paragraphs) for part in tails.values())
            joins = any(part.joins for part in tails.values())
            # what goes on in the middle begins a line anew, and may take one less than it did
            if taken >= _FEWEST_LINES * self.measures.line and left >= (_FEWEST_LINES + joins) * self.measures.line:
                return (
                    replace(item, height=overhead + taken, parts=tuple(sorted(heads.items()))),
                    replace(item, height=overhead + left, parts=tuple(sorted(tails.items()))),
                )
        return None, None

    def divide(self, parts: dict[int, _Part], room: float) -> tuple[dict[int, _Part], dict[int, _Part]]:
        """The parts of a row's cells within a height of text, and the parts beyond it."""
        heads: dict[int, _Part] = {}
        tails: dict[int, _Part] = {}
        for column, part in parts.items():
            taken, left, joins = self.cut(part.paragraphs, room)
            heads[column] = _Part(taken, part.joins)
            tails[column] = _Part(left, joins)
        return heads, tails

    def content(self, paragraphs: Pieces) -> float:
        """The height of what is left of a cell's text; a little more than it is, never less."""
        flat = [piece for paragraph in paragraphs for piece in paragraph]
        return flat[-1].top + self.measures.line - flat[0].top if flat else 0.0

    def cut(self, paragraphs: Pieces, room: float) -> tuple[Pieces, Pieces, bool]:
        """Paragraphs within a height, the others, and whether the cut is inside a paragraph."""
        if not any(paragraphs):
            return (), (), False
        top = next(paragraph for paragraph in paragraphs if paragraph)[0].top
        for number, paragraph in enumerate(paragraphs):
            fitting = 0
            for i, _ in enumerate(paragraph[:-1]):
                # a piece ends on the line the next one begins on
                if paragraph[i + 1].top + self.measures.line - top > room:
                    break
                fitting = i + 1
            if fitting < len(paragraph) - 1:
                inside = paragraph[fitting:]
                if fitting == 0:
                    return paragraphs[:number], paragraphs[number:], False
                ended = (*paragraph[:fitting], MeasuredPiece("", paragraph[fitting].top))
                return (*paragraphs[:number], ended), (inside, *paragraphs[number + 1 :]), True
            if len(paragraph) == 1 and paragraph[0].top + self.measures.line - top > room:
                return paragraphs[:number], paragraphs[number:], False
        return paragraphs, (), False

    def rows(self, items: Sequence[_Item], seen: set[Key]) -> Iterable[SheetRow]:
        """A page's rows, with the cells that begin in them on this page."""
        begins: dict[int, list[tuple[Cell, int]]] = {}
        for cell, first, count in self.fragments(items):
            begins.setdefault(first, []).append((cell, count))
        for number, item in enumerate(items):
            cells = sorted(begins.get(number, []), key=lambda one: one[0].column)
            made = tuple(self.cell(cell, count, item, seen) for cell, count in cells)
            seen.update((cell.row, cell.column) for cell, _ in cells)
            yield SheetRow(item.row, made, self.table.rows[item.row].splits)

    def cell(self, cell: Cell, count: int, item: _Item, seen: set[Key]) -> SheetCell:
        key = (cell.row, cell.column)
        part = dict(item.parts or ()).get(cell.column) if cell.row == item.row else None
        if part is not None:
            return SheetCell(cell, count, tuple(map(_joined, part.paragraphs)), joins=part.joins)
        again = key in seen
        if not again or has_label(cell):
            inside_heading = cell.row + cell.rowspan <= self.heading_end(cell.row)
            text = tuple(map(plain, cell.paragraphs))
            return SheetCell(cell, count, text, again=again, continued=again and not inside_heading)
        return SheetCell(cell, count, (), again=True)

    def heading_end(self, row: int) -> int:
        """The row after the run of headings that `row` is in; `row` itself where it is in none."""
        end = row
        while end < len(self.table.rows) and self.table.rows[end].is_heading:
            end += 1
        return end


def _joined(paragraph: Sequence[MeasuredPiece]) -> SheetParagraph:
    return (Segment("".join(piece.text for piece in paragraph)),)


def _headings(table: Table, cells: list[list[Cell]]) -> list[tuple[int, ...]]:
    """By row, the heading rows to be said again above it when it begins a page."""
    return [tuple(h for h in rows if h < row) for row, rows in enumerate(sections(table, cells))]
