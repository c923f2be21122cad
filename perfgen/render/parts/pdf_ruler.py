"""Measures the cells of a table by their lines: a small probe is laid out, then Pango alone breaks the texts.

The probe has a row of each make that the table has, with two short paragraphs in each cell. Its boxes say how wide a
cell's lines are, in which style they are set, and what stands around them. A probe serves all forms with the same
templates and columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeAlias

from perfgen.render.parts.pdf_layout import LaidOutPage
from perfgen.render.parts.pdf_lines import LineBreaker, Lines, Style, can_break, shape_of
from perfgen.table.heights import Frame, LaidOutCell
from perfgen.table.measure import START
from perfgen.table.model import Cell, Table, TableRow
from perfgen.table.sheet import Segment, Sheet, SheetCell, SheetPage, SheetRow, has_label

Box: TypeAlias = Any
"""A box of WeasyPrint: it has no types."""

_SIGN = "字"
"""The text of a probe's paragraphs."""
_PARAGRAPHS = 2
_KEPT = 5_000
"""How many cells that were laid out alone are remembered; a form has a dozen at most."""
_FURTHER = 1e-9
"""By what share of its place WeasyPrint sets the end of a line further."""

Make = tuple[tuple[int, int, str, str], ...]
"""What rows of one make have in common: the column, span, kind and alignment of each of their cells."""
_CellKey = tuple[Make, int, tuple[tuple[tuple[str, bool, bool], ...], ...], bool]


class Unmeasurable(Exception):
    """Heights cannot be computed, or are not those of the layout; the message says why, in Chinese."""


@dataclass(frozen=True)
class _Setting:
    """How a cell's text is set."""

    frame: Frame
    room: float
    mark: float
    breaker: LineBreaker


class Probes:
    """What probes have said about the rows of one set of templates, paper and columns."""

    def __init__(self) -> None:
        self.settings: dict[tuple[Make, int], _Setting] = {}
        self.breakers: dict[str, LineBreaker] = {}
        self.laid_out: dict[_CellKey, LaidOutCell] = {}
        """Cells that a layout of their own has measured, of whatever form: the editions of one have most in common."""
        self.edge = 0.0
        """The height of the table's border below its last row."""
        self.above: float | None = None
        """The height of what stood above the table of the form that was probed last."""

    def missing(self, table: Table) -> list[TableRow]:
        """A row of each make that no probe had yet."""
        rows = {make_of(row): row for row in table.rows if row.cells}
        known = {make for make, _ in self.settings}
        return [row for make, row in rows.items() if make not in known]

    def learn(self, rows: Sequence[TableRow], sheet: Sheet, page_box: Box) -> None:
        """Takes what the laid-out page of a probe says about these rows.

        Raises Unmeasurable where the style sheet sets them in an unusual way.
        """
        table = _table_of(page_box)
        boxes = _inside(table, "TableCellBox")
        self.edge = float(table.border_bottom_width)
        cells = [cell for row in sheet.pages[0].rows for cell in row.cells]
        if len(boxes) != len(cells):
            raise Unmeasurable("模板没有照格子的数目排")
        by_cell = dict(zip(map(id, cells), boxes, strict=True))
        for row, probed in zip(rows, sheet.pages[0].rows[1::2], strict=True):
            for cell in probed.cells:
                self.settings[make_of(row), cell.cell.column] = self._setting(by_cell[id(cell)])

    def _setting(self, box: Box) -> _Setting:
        lines = _inside(box, "LineBox")
        if len(lines) < _PARAGRAPHS or not _inside(lines[0], "TextBox"):
            raise Unmeasurable("试排的格子里没有文字")
        first, second, last = lines[0], lines[1], lines[-1]
        text = _inside(first, "TextBox")[0]
        if not can_break(text.style):
            raise Unmeasurable("样式给文字定了别的换行规则")
        gap = second.position_y - first.position_y - first.height
        # in a narrow column, the mark stands on a line of its own
        mark = last.width if last is not second else second.width - text.width
        frame = Frame(_around(box), first.height, gap, last.height)
        return _Setting(frame, _room(box), mark, self._breaker(text.style))

    def _breaker(self, style: Style) -> LineBreaker:
        shape = shape_of(style)
        if shape not in self.breakers:
            self.breakers[shape] = LineBreaker(style)
        return self.breakers[shape]


class PangoRuler:
    """The ruler of one table (`table.heights.Ruler`)."""

    def __init__(self, table: Table, probes: Probes) -> None:
        self.table = table
        self._makes = [make_of(row) for row in table.rows]
        self._settings: Mapping[tuple[Make, int], _Setting] = probes.settings
        if len(probes.laid_out) > _KEPT:
            probes.laid_out.clear()
        self._laid_out = probes.laid_out
        self.uncertain: dict[_CellKey, SheetCell] = {}
        """The cells asked for of which Pango alone cannot say how WeasyPrint breaks their lines."""

    def frame(self, cell: Cell) -> Frame:
        """The frame of a cell, in CSS pixels."""
        return self._settings[self._makes[cell.row], cell.column].frame

    def lines(self, cell: SheetCell, number: int) -> int:
        """How many lines a paragraph of a cell takes, with the mark of a label said again where it has one."""
        return self._lines(cell, number).count

    def starts(self, cell: SheetCell, number: int) -> Sequence[int]:
        """The lines (from 0) on which the parts of a paragraph begin."""
        return self._lines(cell, number).starts

    def laid_out(self, cell: SheetCell) -> LaidOutCell | None:
        """A cell as a layout has measured it."""
        return self._laid_out.get(self._key(cell)) if self._laid_out else None

    def learn(self, cells: Sequence[SheetCell], page: LaidOutPage) -> None:
        """Takes the sizes of cells from a laid-out page of them (`sheet_of`).

        Raises Unmeasurable where the template gives them no anchors.
        """
        for number, cell in enumerate(cells):
            names = [[part.anchor for part in paragraph if part.anchor] for paragraph in cell.paragraphs]
            if not {f"row-{number}", *chain.from_iterable(names)} <= page.anchors.keys():
                raise Unmeasurable("模板没有给行和句子写上 id")
            _, top, _, bottom = page.anchors[f"row-{number}"]
            tops = tuple(tuple(page.anchors[name][1] for name in of_paragraph) for of_paragraph in names)
            self._laid_out[self._key(cell)] = LaidOutCell(bottom - top, tops)
            self.uncertain.pop(self._key(cell), None)

    def _lines(self, cell: SheetCell, number: int) -> Lines:
        setting = self._settings[self._makes[cell.cell.row], cell.cell.column]
        parts = [(part.text, part.whole) for part in cell.paragraphs[number]]
        lines = setting.breaker.lines(parts, setting.room, setting.mark if cell.is_marked(number) else 0.0)
        if not lines.certain:
            self.uncertain[self._key(cell)] = cell
        return lines

    def _key(self, cell: SheetCell) -> _CellKey:
        """What cells of the same height, whose parts are measured at the same places, have in common."""
        paragraphs = tuple(tuple((part.text, part.whole, bool(part.anchor)) for part in of) for of in cell.paragraphs)
        return self._makes[cell.cell.row], cell.cell.column, paragraphs, cell.continued


def sheet_of(table: Table, cells: Sequence[SheetCell]) -> Sheet:
    """A sheet that has each of these cells in a row without any other text, to be measured."""
    rows: list[SheetRow] = []
    for number, cell in enumerate(cells):
        row = table.rows[cell.cell.row]
        beside = [SheetCell(replace(other, rowspan=1), 1, ()) for other in row.cells]
        alone = [replace(cell, rowspan=1) if other.cell.column == cell.cell.column else other for other in beside]
        rows += [_row_above(table, row), SheetRow(0, tuple(alone), splits=False, anchor=f"row-{number}")]
    return Sheet((SheetPage(tuple(rows), START),))


def _row_above(table: Table, row: TableRow) -> SheetRow:
    """A row without text, from which empty cells reach into the next one, in the columns that `row` leaves free."""
    taken = {column for cell in row.cells for column in range(cell.column, cell.column + cell.colspan)}
    cells = [
        SheetCell(Cell(0, column, 1, 1, "value", (), ()), 1 if column in taken else 2, ())
        for column in range(len(table.widths))
    ]
    return SheetRow(0, tuple(cells), splits=False)


def make_of(row: TableRow) -> Make:
    """The make of a row."""
    return tuple((cell.column, cell.colspan, cell.kind, cell.align) for cell in row.cells)


def probe(table: Table, rows: Sequence[TableRow]) -> Sheet:
    """The sheet of a probe with these rows, on one endless page."""
    standing: list[SheetRow] = []
    for row in rows:
        standing += [_row_above(table, row), SheetRow(0, tuple(map(_probed, row.cells)), splits=False)]
    return Sheet((SheetPage(tuple(standing), START),))


def _probed(cell: Cell) -> SheetCell:
    """A cell of a probe, with two short paragraphs; a label is marked as one that is said again."""
    paragraph = (Segment(_SIGN),)
    again = has_label(cell)
    return SheetCell(replace(cell, rowspan=1), 1, (paragraph, paragraph), again=again, continued=again)


def _table_of(page_box: Box) -> Box:
    """The box of a probe's table. Raises Unmeasurable where the template has no such table."""
    for box in page_box.descendants():
        if box.element is not None and box.element.get("id") == START and hasattr(box, "skip_cell_border_top"):
            return box
    raise Unmeasurable("模板里没有试排的表格")


def _inside(box: Box, kind: str) -> list[Box]:
    """The boxes of a kind (a class of WeasyPrint's) inside another one."""
    from weasyprint.formatting_structure import boxes

    return [inner for inner in box.descendants() if isinstance(inner, getattr(boxes, kind))]


def _room(box: Box) -> float:
    """How wide a line of a cell may be: WeasyPrint sets its end a little further to the right, so that texts which are
    exactly as wide as a column have room (`split_inline_box`)."""
    left = box.content_box_x()
    return float((left + box.width) * (1 + _FURTHER) - left)


def _around(box: Box) -> float:
    """What a cell has around its content: padding as the style says, because the layout centers texts with it."""
    from weasyprint.layout.percent import percentage

    padding = sum(percentage(box.style[side], box.style, 0) for side in ("padding_top", "padding_bottom"))
    return float(padding + box.border_top_width + box.border_bottom_width)
