"""What a plan collects, text by text: the edit that each means, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from perfgen.data import ValuePath, row_of
from perfgen.display import show
from perfgen.filling import wanted
from perfgen.filling.draft import drafted
from perfgen.filling.edits import Add, Drop, Edit, EditError, Many, Put, Rename
from perfgen.filling.meant import edit_for
from perfgen.filling.paste_plan import LeftOver, NewRow, Plan, PlannedCell
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import slot
from perfgen.filling.turns import row_label
from perfgen.filling.typed import NO, YES
from perfgen.importing.folding import squeezed


class Taken(NamedTuple):
    """A text of the pasted table, and where it stood there."""

    row: int
    column: int
    text: str


class Target(NamedTuple):
    """A place that a text goes to: where it is now, and where it will be, since a group around it may be renamed."""

    now: ValuePath
    then: ValuePath
    is_new: bool = False


class Pasting:
    """A plan in the making."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._cells: list[PlannedCell] = []
        self._new_rows: dict[ValuePath, NewRow] = {}
        self._left: list[LeftOver] = []
        self._drops: list[Edit] = []
        self._edits: list[Edit] = []

    def plan(self) -> Plan:
        """What was collected. Raises EditError where it cannot be made."""
        edit, filing = Many((*self._drops, *self._edits)), self.sheet.filing
        wanted.apply(drafted(filing.document.data), filing.form, edit)
        return Plan(tuple(self._cells), tuple(self._new_rows.values()), tuple(self._left), edit)

    def mark(self) -> tuple[int, int, int]:
        """A mark for `undo`."""
        return len(self._cells), len(self._new_rows), len(self._edits)

    def undo(self, mark: tuple[int, int, int]) -> None:
        """Forgets which groups and values were planned since a mark."""
        cells, new_rows, edits = mark
        del self._cells[cells:], self._edits[edits:]
        self._new_rows = dict(list(self._new_rows.items())[:new_rows])

    def leave(self, taken: Taken, why: str) -> None:
        """Notes a text that goes nowhere; nothing, where it is empty."""
        if taken.text.strip():
            self._left.append(LeftOver(*taken, why))

    def value(self, taken: Taken, target: Target) -> None:
        """Puts a text in the place of a value."""
        place = slot(self.sheet, target.now)
        try:
            meant = edit_for(self.sheet, target.now, taken.text)
        except EditError as error:
            if squeezed(taken.text) != self._printed.get(target.now, ""):
                self.leave(taken, str(error))
            return
        after = place.typed
        match meant.edit:
            case Put(_, value):
                after = (YES if value else NO) if isinstance(value, bool) else show(value)
                self._edits.append(Put(target.then, value))
            case Drop():
                after = ""
                self._drops.append(meant.edit)
        if taken.text.strip() or after != place.typed:
            label = self._label(target.then, place.label)
            self._cells.append(
                PlannedCell(target.then, taken.row, taken.column, label, place.typed, after, meant.remarks,
                            is_new=target.is_new)
            )  # fmt: skip
            self._note_row(target)

    def name(self, taken: Taken, before: str, path: ValuePath, *, is_new: bool = False) -> None:
        """Notes the name of a group that is there, or was another one before."""
        cell = PlannedCell(path, taken.row, taken.column, "名称", before, str(path[-1]), is_new=is_new, is_name=True)
        self._cells.append(cell)

    def add(self, taken: Taken, rows: ValuePath, name: str, at: int) -> None:
        """Adds a group at a place among its likes."""
        path = (*rows, name)
        self.name(taken, "", path, is_new=True)
        self._new_rows[path] = NewRow(path, f"“{name}”")
        self._edits.append(Add(rows, at, None, name))

    def rename(self, path: ValuePath, name: str) -> None:
        """Gives a group another name; what comes after this goes by it."""
        self._edits.append(Rename(path, name))

    def fixed(self, taken: Taken, printed: str) -> None:
        """Leaves a text where words of the form stand, unless it is these words."""
        if squeezed(taken.text) != squeezed(printed):
            self.leave(taken, "这里是表里固定的字，不用粘贴。" if printed else "这一格不填东西。")

    def _label(self, path: ValuePath, label: str) -> str:
        item = row_of(path)
        if not item:
            return label if len(path) < 2 else f"{path[-2]}：{label}"
        row = self._row_label(item)
        return row if item == path else f"{row}：{label}"

    def _row_label(self, item: ValuePath) -> str:
        return row_label(self.sheet.filing.form, item[:-1], int(item[-1]))

    def _note_row(self, target: Target) -> None:
        item = row_of(target.then)
        if target.is_new and item:
            self._new_rows.setdefault(item, NewRow(item, self._row_label(item)))

    @cached_property
    def _printed(self) -> Mapping[ValuePath, str]:
        """What is printed of each value, without blanks."""
        return {
            part.path: squeezed(part.text)
            for cell in self.sheet.table.cells()
            for line in cell.lines
            for part in line.parts
            if part.path is not None
        }
