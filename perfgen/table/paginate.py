"""Breaks a measured table into pages, as a typist would.

Only rows of prose are split, between sentences. A heading stands on one page with what follows it. The heading rows of
a section are repeated on each page that the section reaches, and so is a label whose rows cross to a page. Nothing here
sets type: it is arithmetic over heights, so that it can be tested by itself; the layout is then told where to break.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

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
"""So many lines of prose stand together at the foot or the head of a page, at the least."""

Pieces = tuple[tuple[MeasuredPiece, ...], ...]


@dataclass(frozen=True)
class _Part:
    """A part of a breakable cell: what a page takes of it, or what is left for the next one."""

    paragraphs: Pieces
    joins: bool = False
    """Whether its first paragraph began on the page before."""


@dataclass(frozen=True)
class _Item:
    """A row as it stands on a page: whole, repeated, or a part of it."""

    row: int
    height: float
    again: bool = False
    parts: tuple[tuple[int, _Part], ...] | None = None
    """By column; None for a whole row."""


def paginate(table: Table, measures: Measures, height: float) -> Sheet:
    """The table's sheet on pages of a height (in the unit of the measures)."""
    return _Paginator(table, measures, height).sheet()


class _Paginator:
    """Breaks one table into pages of one height."""

    def __init__(self, table: Table, measures: Measures, height: float) -> None:
        self.table = table
        self.measures = measures
        self.height = height
        self.covered = covered(table)
        self.headings = _headings(table, self.covered)

    def sheet(self) -> Sheet:
        seen: set[Key] = set()
        pages = []
        for number, items in enumerate(self.pages()):
            rows = tuple(self.rows(items, seen, f"row-{number}"))
            pages.append(SheetPage(rows, anchor=f"page-{number}"))
        return Sheet(tuple(pages))

    def pages(self) -> list[list[_Item]]:
        """The rows of each page."""
        queue = deque(_Item(number, height) for number, height in enumerate(self.measures.rows))
        pages: list[list[_Item]] = []
        while queue:
            pages.append(self.page(queue, is_first=not pages))
        return pages

    def page(self, queue: deque[_Item], *, is_first: bool) -> list[_Item]:
        """The rows of the next page, taken from the queue: all that fit, without what must not stand at its foot."""
        repeated = () if is_first else self.headings[queue[0].row]
        page = [_Item(row, self.measures.rows[row], again=True) for row in repeated]
        height = self.height - (self.measures.above if is_first else 0.0)
        fitting = self.fitting(page, queue, height)
        page += [queue.popleft() for _ in range(fitting)]
        if queue and not self.begin_row(page, queue, height, force=not fitting):
            if fitting:
                self.give_back(page, queue)
            else:
                # taller than a page and not to be broken: it overflows, which the layout reports
                page.append(queue.popleft())
        return page

    def begin_row(self, page: list[_Item], queue: deque[_Item], height: float, *, force: bool) -> bool:
        """Puts the first part of the next row on a page and leaves the rest in the queue; says whether it could."""
        head, tail = self.split(queue[0], height - self.height_of(page), force=force)
        if not head or not tail or self.height_of([*page, head]) > height:
            return False
        page.append(head)
        queue[0] = tail
        return True

    def fitting(self, page: list[_Item], queue: Iterable[_Item], height: float) -> int:
        """How many of the next rows fit on a page: a label may need more room than its rows have so far."""
        trial = list(page)
        bare = sum(item.height for item in page)
        best = 0
        for number, item in enumerate(queue, 1):
            bare += item.height
            if bare > height:
                break
            trial.append(item)
            if self.height_of(trial) <= height:
                best = number
        return best

    def give_back(self, page: list[_Item], queue: deque[_Item]) -> None:
        """Moves the headings at a page's foot to the next page, unless the page has nothing else."""
        keeping = len(page)
        while keeping and not page[keeping - 1].again and self.table.rows[page[keeping - 1].row].keeps:
            keeping -= 1
        if any(not item.again for item in page[:keeping]):
            queue.extendleft(reversed(page[keeping:]))
            del page[keeping:]

    def height_of(self, items: Sequence[_Item]) -> float:
        """The height of rows on one page: where a label needs more room than its rows there, the last one is higher."""
        heights = [item.height for item in items]
        for cell, first, count in self.fragments(items):
            whole = count == cell.rowspan and not any(item.parts or item.again for item in items[first : first + count])
            need = 0.0 if whole else self.measures.labels.get((cell.row, cell.column), 0.0)
            heights[first + count - 1] += max(0.0, need - sum(heights[first : first + count]))
        return sum(heights)

    def fragments(self, items: Sequence[_Item]) -> list[tuple[Cell, int, int]]:
        """The cells on a page, each with its first item there and how many items it stands in."""
        by_key: dict[Key, tuple[Cell, int, int]] = {}
        for number, item in enumerate(items):
            for cell in self.covered[item.row]:
                key = (cell.row, cell.column)
                _, first, count = by_key.get(key, (cell, number, 0))
                by_key[key] = (cell, first, count + 1)
        return sorted(by_key.values(), key=lambda fragment: (fragment[1] + fragment[2], -fragment[1]))

    def split(self, item: _Item, room: float, *, force: bool) -> tuple[_Item | None, _Item | None]:
        """A row cut in two, the first part no taller than `room`; (None, None) where it cannot be cut."""
        if not (self.table.rows[item.row].splits or force or item.height > self.height):
            return None, None
        parts = self.parts(item)
        if not parts:
            return None, None
        overhead = max(0.0, item.height - self.tallest(parts))
        for fewer in range(_FEWEST_LINES + 1):
            # a line or two less here, so that no line stands alone there
            heads, tails = self.divide(parts, room - overhead - fewer * self.measures.line)
            if self.leaves_no_line_alone(heads, tails):
                return self.with_parts(item, heads, overhead), self.with_parts(item, tails, overhead)
        return None, None

    def parts(self, item: _Item) -> dict[int, _Part]:
        """By column, what a row's breakable cells have left; empty where none may be broken."""
        parts = dict(item.parts) if item.parts is not None else {}
        for cell in self.table.rows[item.row].cells:
            if breakable(self.table, cell):
                parts.setdefault(cell.column, _Part(self.measures.pieces[(cell.row, cell.column)]))
        return parts

    def with_parts(self, item: _Item, parts: dict[int, _Part], overhead: float) -> _Item:
        """The part of a row that these parts of its cells are."""
        return replace(item, height=overhead + self.tallest(parts), parts=tuple(sorted(parts.items())))

    def tallest(self, parts: dict[int, _Part]) -> float:
        """The height of the tallest of the cells' texts."""
        return max(self.text_height(part.paragraphs) for part in parts.values())

    def leaves_no_line_alone(self, heads: dict[int, _Part], tails: dict[int, _Part]) -> bool:
        """Whether enough lines stand together before and after a cut."""
        # what goes on in the middle of a paragraph begins a new line, and may then take one line less than before
        joins = any(part.joins for part in tails.values())
        line = self.measures.line
        return self.tallest(heads) >= _FEWEST_LINES * line and self.tallest(tails) >= (_FEWEST_LINES + joins) * line

    def divide(self, parts: dict[int, _Part], room: float) -> tuple[dict[int, _Part], dict[int, _Part]]:
        """The parts of a row's cells within a height of text, and the parts beyond it."""
        heads: dict[int, _Part] = {}
        tails: dict[int, _Part] = {}
        for column, part in parts.items():
            taken, left, joins = self.cut(part.paragraphs, room)
            heads[column] = _Part(taken, part.joins)
            tails[column] = _Part(left, joins)
        return heads, tails

    def text_height(self, paragraphs: Pieces) -> float:
        """The height of a part of a cell's text; it may be a little too large, never too small."""
        flat = [piece for paragraph in paragraphs for piece in paragraph]
        return flat[-1].top + self.measures.line - flat[0].top if flat else 0.0

    def cut(self, paragraphs: Pieces, room: float) -> tuple[Pieces, Pieces, bool]:
        """The paragraphs within a height, the others, and whether the cut is inside a paragraph."""
        if not any(paragraphs):
            return (), (), False
        top = next(paragraph for paragraph in paragraphs if paragraph)[0].top
        for number, paragraph in enumerate(paragraphs):
            fitting = self.fitting_pieces(paragraph, top, room)
            is_too_long = fitting < len(paragraph) - 1
            if is_too_long and fitting:
                ended = (*paragraph[:fitting], MeasuredPiece("", paragraph[fitting].top))
                return (*paragraphs[:number], ended), (paragraph[fitting:], *paragraphs[number + 1 :]), True
            if is_too_long or (len(paragraph) == 1 and not self.ends_within(paragraph[0], top, room)):
                return paragraphs[:number], paragraphs[number:], False
        return paragraphs, (), False

    def fitting_pieces(self, paragraph: Sequence[MeasuredPiece], top: float, room: float) -> int:
        """How many pieces of a paragraph end within a height: a piece ends on the line where the next one begins."""
        return sum(1 for _ in takewhile(lambda following: self.ends_within(following, top, room), paragraph[1:]))

    def ends_within(self, piece: MeasuredPiece, top: float, room: float) -> bool:
        """Whether the line that a piece begins on ends no lower than `room` below `top`."""
        return piece.top + self.measures.line - top <= room

    def rows(self, items: Sequence[_Item], seen: set[Key], anchor: str) -> Iterable[SheetRow]:
        """A page's rows, with the cells that begin in them on this page; their anchors begin with `anchor`."""
        begins: dict[int, list[tuple[Cell, int]]] = {}
        for cell, first, count in self.fragments(items):
            begins.setdefault(first, []).append((cell, count))
        for number, item in enumerate(items):
            begun = sorted(begins.get(number, []), key=lambda fragment: fragment[0].column)
            cells = tuple(self.cell(cell, count, item, seen) for cell, count in begun)
            seen.update((cell.row, cell.column) for cell, _ in begun)
            yield SheetRow(item.row, cells, self.table.rows[item.row].splits, f"{anchor}-{number}")

    def cell(self, cell: Cell, count: int, item: _Item, seen: set[Key]) -> SheetCell:
        """A cell over `count` rows of a page; `seen` are the cells that earlier pages or rows have."""
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
    """By row, the heading rows to be repeated above it when it begins a page."""
    return [tuple(heading for heading in rows if heading < row) for row, rows in enumerate(sections(table, cells))]
