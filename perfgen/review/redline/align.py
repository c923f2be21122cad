"""Says which rows of two versions of a table are one row, so that merged cells stay whole in a redline.

A merged cell begins in one physical row and goes on in those below it. When a row comes or goes,
no row that stays may go on from a row that does not stay: LibreOffice drops the label then.
So a group's first row keeps its place and takes other content. Where that cannot be, the
rest of the group is removed and added again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from perfgen.table.model import TableRow

_BEGINS, _GOES_ON, _SINGLE = "begins", "goes on", "single"

RowShape = tuple[tuple[int, str], ...]
"""By column, whether a merged cell begins there, goes on there, or there is a plain cell."""


@dataclass(frozen=True)
class RowStep:
    """A physical row of the redline: its number in the old table, in the new one, or in both."""

    old: int | None
    new: int | None


def align(old: Sequence[TableRow], new: Sequence[TableRow]) -> list[RowStep]:
    """The physical rows, top to bottom; both versions' rows in their own order."""
    alignment = _Alignment([_shape(row) for row in old], [_shape(row) for row in new])
    old_next = new_next = 0
    for old_number, new_number in _pairs(old, new):
        alignment.change(range(old_next, old_number), range(new_next, new_number))
        if alignment.cuts_off(old_number):
            alignment.change([old_number], [new_number])
        else:
            alignment.keep(old_number, new_number)
        old_next, new_next = old_number + 1, new_number + 1
    alignment.change(range(old_next, len(old)), range(new_next, len(new)))
    return alignment.finished()


class _Alignment:
    """The steps so far, and the rows above the next step that went and came."""

    def __init__(self, old_shapes: Sequence[RowShape], new_shapes: Sequence[RowShape]) -> None:
        self.old_shapes, self.new_shapes = old_shapes, new_shapes
        self.levels = _levels([*old_shapes, *new_shapes])
        self.steps: list[RowStep] = []
        self.gone: list[int] = []
        self.come: list[int] = []

    def change(self, gone: Iterable[int], come: Iterable[int]) -> None:
        """Rows that went and rows that came, by their numbers."""
        self.gone.extend(gone)
        self.come.extend(come)

    def keep(self, old: int, new: int) -> None:
        """A row that both versions have."""
        self._write_changes()
        self.steps.append(RowStep(old, new))

    def cuts_off(self, old: int) -> bool:
        """Whether an old row goes on from a cell that begins in a row that went or came just above."""
        pending = [self.old_shapes[number] for number in self.gone] + [self.new_shapes[number] for number in self.come]
        begun = {column for shape in pending for column, part in shape if part == _BEGINS}
        return any(part == _GOES_ON and column in begun for column, part in self.old_shapes[old])

    def finished(self) -> list[RowStep]:
        """All steps."""
        self._write_changes()
        return self.steps

    def _write_changes(self) -> None:
        for level in range(self.levels + 1):
            self.steps.extend(RowStep(number, None) for number in _at_level(self.gone, self.old_shapes, level))
            self.steps.extend(RowStep(None, number) for number in _at_level(self.come, self.new_shapes, level))
        self.gone.clear()
        self.come.clear()


def _shape(row: TableRow) -> RowShape:
    # a label over a group of one row is written as the beginning of a merged cell all the same
    own = ((c.column, _BEGINS if c.rowspan > 1 or c.kind == "group" else _SINGLE) for c in row.cells)
    return tuple(sorted([*own, *((column, _GOES_ON) for column in row.continued)]))


def _levels(shapes: Sequence[RowShape]) -> int:
    return max((len(shape) for shape in shapes), default=0)


def _at_level(numbers: Sequence[int], shapes: Sequence[RowShape], level: int) -> list[int]:
    """The rows of a level, among neighbouring rows: level 0 goes on from above in every column, the next levels
    begin a cell in an inner column only, and so outward."""
    deepest = _levels(shapes)
    chosen = []
    row_level = 0
    for number in numbers:
        begins = [index for index, (_, part) in enumerate(shapes[number]) if part == _BEGINS]
        going_on = [index for index, (_, part) in enumerate(shapes[number]) if part == _GOES_ON]
        outer = max(going_on, default=-1) + 1
        if begins or not going_on:
            row_level = max(row_level, deepest - min([*begins, outer]) if begins else deepest - outer)
        if row_level == level:
            chosen.append(number)
    return chosen


def _pairs(old: Sequence[TableRow], new: Sequence[TableRow]) -> list[tuple[int, int]]:
    """The longest and likest pairing of rows of one shape, by dynamic programming."""
    old_keys, new_keys = ([(_shape(row), _fixed(row)) for row in rows] for rows in (old, new))

    def gain(i: int, j: int) -> float:
        """What a pair adds to the score; 0 for rows that may not be one row."""
        return _similarity(old[i], new[j]) if old_keys[i] == new_keys[j] else 0.0

    best = _best_scores(len(old), len(new), gain)
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old_keys[i] == new_keys[j] and best[i][j] == best[i + 1][j + 1] + gain(i, j):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _best_scores(old_count: int, new_count: int, gain: Callable[[int, int], float]) -> list[list[float]]:
    """By numbers i and j, the best score that the old rows from i and the new ones from j can reach."""
    best = [[0.0] * (new_count + 1) for _ in range(old_count + 1)]
    for i in range(old_count - 1, -1, -1):
        for j in range(new_count - 1, -1, -1):
            skipped = max(best[i + 1][j], best[i][j + 1])
            added = gain(i, j)
            best[i][j] = max(skipped, best[i + 1][j + 1] + added if added else 0.0)
    return best


def _fixed(row: TableRow) -> tuple[str, ...]:
    """A row's headings and its cells' widths: rows of other columns or under other words never pair."""
    heads = tuple(cell.text for cell in row.cells if cell.kind == "header" and not cell.paths)
    return (*heads, *(str(cell.colspan) for cell in row.cells))


def _similarity(old: TableRow, new: TableRow) -> float:
    """1 for two rows of one shape, more for each cell that says the same; a name says most."""
    weights = [3.0 if cell.kind == "name" else 1.0 for cell in old.cells]
    same = sum(
        weight
        for weight, before, after in zip(weights, old.cells, new.cells, strict=True)
        if before.text == after.text and before.text
    )
    return 1.0 + 3.0 * same / (sum(weights) or 1.0)
