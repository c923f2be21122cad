"""A table that is pasted into a form: which text goes into which place, before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence

from perfgen.data import ValuePath, row_of
from perfgen.filling.clipboard import PastedTable
from perfgen.filling.paste_plan import LeftOver, NewRow, Plan, PlannedCell
from perfgen.filling.paste_rows import Column, ListRows, columns_of
from perfgen.filling.paste_values import Pasting, Taken, Target
from perfgen.filling.printed_rows import PrintedRow, place_of, printed_rows
from perfgen.filling.printed_text import values_in
from perfgen.filling.sheet import Sheet
from perfgen.importing.folding import squeezed
from perfgen.table.model import Cell, Line, Part, Turn

__all__ = ["LeftOver", "NewRow", "Plan", "PlannedCell", "plan"]

_A_HEADING = "这是表头，不用粘贴。"
_BELOW = "表里下面没有可以接着填的行了。"
_NO_COLUMN = "表里这一行的右边没有别的格了。"
_ALONE = "这里只有一格，放不下别的。"
_MIXED = "表里这一格有几个值，分不开，一个一个填。"
_BESIDE = "在表格外面。"


def plan(sheet: Sheet, path: ValuePath, table: PastedTable) -> Plan:
    """What goes where when a table is pasted with its first cell in the place of a path.

    Its cells go through the places that the form prints from there on to the right, its rows through the rows of
    that list: those that are there, then new ones. A text in the column of a group's name leads to the group of that
    name; one that no group has yet is the new name of the group in which the table is pasted, further down a new
    group, where groups may be added. Outside of lists the rows are those that the form prints. An empty cell empties
    its place; one that a merged cell covers changes nothing. What a printed cell fixes or computes takes no text.
    Nothing is left out in silence: what goes nowhere is in `left_over`.

    Raises EditError for what cannot be made, as where the file's own data has another shape there.
    """
    pasting = Pasting(sheet)
    rows = printed_rows(sheet.table)
    headings = {squeezed(cell.text) for cell in sheet.table.cells() if cell.kind == "header"}
    numbers = [number for number in range(len(table.rows)) if not _is_heading(table, number, headings, pasting)]
    found = place_of(rows, path)
    listed = _list_rows(pasting, rows, found, path)
    if listed is not None:
        for number in (number for number in numbers if any(table.rows[number])):
            listed.take(number, table.in_row(number))
    elif found is not None:
        _through_the_form(pasting, rows, found, table, numbers)
    else:
        _in_one(pasting, path, table, numbers)
    for text in table.beside:
        pasting.leave(Taken(-1, -1, text), _BESIDE)
    return pasting.plan()


def _is_heading(table: PastedTable, number: int, headings: set[str], pasting: Pasting) -> bool:
    """Whether a row of a table has nothing but headings of the form, as one copied with its heading has."""
    texts = [Taken(number, column, text) for column, text in table.in_row(number) if text]
    is_heading = len(texts) > 1 and all(squeezed(one.text) in headings for one in texts)
    for one in texts if is_heading else ():
        pasting.leave(one, _A_HEADING)
    return is_heading


def _list_rows(
    pasting: Pasting, rows: Sequence[PrintedRow], found: tuple[int, Cell] | None, path: ValuePath
) -> ListRows | None:
    """The rows of the list in which a path lies, with the columns from it on; None for one outside of lists."""
    if found is None:
        return _unprinted_rows(pasting, path)
    number, cell = found
    for line in cell.lines:
        if line.turns and any(part.path == path for part in line.parts):
            return ListRows(pasting, [*rows[number].turns, *line.turns], [Column((line,))])
    turns = rows[number].turns
    if not turns:
        return None
    return ListRows(pasting, turns, columns_of(rows[number].behind(cell.column), turns))


def _unprinted_rows(pasting: Pasting, path: ValuePath) -> ListRows | None:
    """The rows of a list that the form does not print, with the columns that its schema has."""
    item = row_of(path)
    if not item:
        return None
    field = pasting.sheet.filing.form.fields.at(item)
    names = list(field.members) if field else []
    names = names[names.index(str(path[-1])) :] if len(path) == len(item) + 1 and path[-1] in names else []
    columns = [Column((Line((Part("", (*item, name)),)),)) for name in names] or [Column((Line((Part("", path),)),))]
    return ListRows(pasting, [Turn("", int(item[-1]), item, item[:-1])], columns)


def _through_the_form(
    pasting: Pasting, rows: Sequence[PrintedRow], found: tuple[int, Cell], table: PastedTable, numbers: Sequence[int]
) -> None:
    """The rows of a table through the printed rows, which no list makes."""
    start, first = found
    for at, number in enumerate(numbers):
        printed = rows[start + at] if start + at < len(rows) and not rows[start + at].turns else None
        cells = [] if printed is None else printed.behind(first.column)
        texts = table.in_row(number)
        for (column, text), cell in zip(texts, cells, strict=False):
            if text is not None and not (cell.row < start + at and not text):
                _in_cell(pasting, cell, Taken(number, column, text))
        for column, text in texts[len(cells) :]:
            pasting.leave(Taken(number, column, text or ""), _BELOW if printed is None else _NO_COLUMN)


def _in_cell(pasting: Pasting, cell: Cell, taken: Taken) -> None:
    """A text in the place of what a cell prints."""
    if not cell.paths:
        pasting.fixed(taken, cell.text)
        return
    values = values_in(cell.lines, taken.text)
    if values is None:
        if squeezed(taken.text) != squeezed(cell.text):
            pasting.leave(taken, _MIXED)
        return
    for path, text in values.items():
        pasting.value(taken._replace(text=text), Target(path, path))


def _in_one(pasting: Pasting, path: ValuePath, table: PastedTable, numbers: Sequence[int]) -> None:
    """The first text in a place that stands alone."""
    texts = [Taken(number, column, text or "") for number in numbers for column, text in table.in_row(number)]
    for one in texts[:1]:
        pasting.value(one, Target(path, path))
    for one in texts[1:]:
        pasting.leave(one, _ALONE)
