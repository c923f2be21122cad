"""Which rows of two versions of a table are one row, such that tracked merges stay whole.

A merged cell begins in one physical row and goes on in those below it. When a row comes or goes,
no row that stays may be left going on from one that does not: LibreOffice drops the label then.
So a group's first row keeps its place and takes on other content, and where that cannot be, the
rest of the group is taken out and put in anew.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    steps: list[RowStep] = []
    gone: list[int] = []
    come: list[int] = []
    shapes = [[_shape(row) for row in rows] for rows in (old, new)]

    def flush() -> None:
        for level in range(_levels(shapes[0] + shapes[1]) + 1):
            steps.extend(RowStep(number, None) for number in _at_level(gone, shapes[0], level))
            steps.extend(RowStep(None, number) for number in _at_level(come, shapes[1], level))
        gone.clear()
        come.clear()

    before = (-1, -1)
    for pair in [*_pairs(old, new), (len(old), len(new))]:
        gone.extend(range(before[0] + 1, pair[0]))
        come.extend(range(before[1] + 1, pair[1]))
        before = pair
        if pair[0] == len(old):
            break
        begun = {
            column
            for numbers, known in ((gone, shapes[0]), (come, shapes[1]))
            for number in numbers
            for column, what in known[number]
            if what == _BEGINS
        }
        if any(what == _GOES_ON and column in begun for column, what in shapes[0][pair[0]]):
            gone.append(pair[0])
            come.append(pair[1])
            continue
        flush()
        steps.append(RowStep(*pair))
    flush()
    return steps


def _shape(row: TableRow) -> RowShape:
    # a label over a group of one row is written as the beginning of a merged cell all the same
    own = ((c.column, _BEGINS if c.rowspan > 1 or c.kind == "group" else _SINGLE) for c in row.cells)
    return tuple(sorted([*own, *((column, _GOES_ON) for column in row.continued)]))


def _levels(shapes: Sequence[RowShape]) -> int:
    return max((len(shape) for shape in shapes), default=0)


def _at_level(numbers: Sequence[int], shapes: Sequence[RowShape], level: int) -> list[int]:
    """Of rows in a row, those in their part: first what goes on from above in every column, then
    what begins a cell in an inner column only, and so outward."""
    deepest = _levels(shapes)
    found = []
    here = 0
    for number in numbers:
        begins = [index for index, (_, what) in enumerate(shapes[number]) if what == _BEGINS]
        going_on = [index for index, (_, what) in enumerate(shapes[number]) if what == _GOES_ON]
        outer = max(going_on, default=-1) + 1
        if begins or not going_on:
            here = max(here, deepest - min([*begins, outer]) if begins else deepest - outer)
        if here == level:
            found.append(number)
    return found


def _pairs(old: Sequence[TableRow], new: Sequence[TableRow]) -> list[tuple[int, int]]:
    """The longest and likest pairing of rows of one shape, by dynamic programming."""
    keys = [[(_shape(row), _fixed(row)) for row in rows] for rows in (old, new)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            skipped = max(best[i + 1][j], best[i][j + 1])
            paired = best[i + 1][j + 1] + _similarity(old[i], new[j]) if keys[0][i] == keys[1][j] else 0.0
            best[i][j] = max(skipped, paired)
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if keys[0][i] == keys[1][j] and best[i][j] == best[i + 1][j + 1] + _similarity(old[i], new[j]):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _fixed(row: TableRow) -> tuple[str, ...]:
    """A row's headings and its cells' widths: rows of other columns or under other words never pair."""
    heads = tuple(cell.text for cell in row.cells if cell.kind == "header" and not cell.paths)
    return (*heads, *(str(cell.colspan) for cell in row.cells))


def _similarity(one: TableRow, other: TableRow) -> float:
    """1 for two rows of one shape, more for each cell that says the same; a name says most."""
    weights = [3.0 if cell.kind == "name" else 1.0 for cell in one.cells]
    same = sum(
        weight for weight, a, b in zip(weights, one.cells, other.cells, strict=True) if a.text == b.text and a.text
    )
    return 1.0 + 3.0 * same / (sum(weights) or 1.0)
