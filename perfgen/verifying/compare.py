"""Holds what a published file says against what a version of the data publishes, cell by cell."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from perfgen.check.path_labels import path_labels
from perfgen.data import ValuePath, path_text
from perfgen.render import data_csv
from perfgen.report import open_data
from perfgen.report.report import Edition, Report
from perfgen.table.model import Table, TableRow
from perfgen.verifying.content import Content, Items, Kind, Printed
from perfgen.verifying.data_files import csv_items

_ALIGNED = 2_000
"""Of tables of more rows, rows are compared by their numbers: to find which one is missing takes long."""
_PAIRS = 2_500
"""So many pairs of rows are tried; of more rows that differ, each is held against the one at its place."""


@dataclass(frozen=True)
class Difference:
    """A place of which a file says something else than the data."""

    place: str
    """Its path in the data, or its row and cell in print."""
    label: str
    """What it is called; empty where that is no more than the place."""
    found: str | None
    """What the file says; None where it has nothing there."""
    wanted: str | None
    """What the version of the data says."""
    in_print: bool = False
    """Whether it is what is printed that differs, and not the data in the file."""
    path: ValuePath = ()
    """The value that it is about, where that is known."""


def differences(content: Content, report: Report) -> list[Difference] | None:
    """All that a file says otherwise than a report; None where the two cannot be compared."""
    if report.edition is Edition.OFFICIAL and content.values is not None:
        return None
    found = list(_of_values(content.kind, content.values, report)) if content.values is not None else []
    if content.printed is not None:
        found += _of_print(content.printed, report)
        found += [Difference(place, "表格以外多印的字", text, None, in_print=True) for place, text in content.strange]
    return found


def _of_values(kind: Kind, values: Items, report: Report) -> Iterator[Difference]:
    """The values that differ, in the order of the form; then those that only the file has."""
    is_csv = kind is Kind.CSV
    wanted: Items = csv_items(data_csv.render(report)) if is_csv else tuple(open_data.printed(report).items())
    described = _described_row if is_csv else _describer(report)
    theirs, ours = _grouped(values), _grouped(wanted)
    for key in dict.fromkeys([*ours, *theirs]):
        if theirs.get(key) != ours.get(key):
            place, label, path = described(key)
            yield Difference(place, label, _joined(theirs.get(key)), _joined(ours.get(key)), path=path)


def _grouped(items: Items) -> dict[Hashable, tuple[str, ...]]:
    """The texts by their place: several where a place is there twice."""
    grouped: dict[Hashable, tuple[str, ...]] = {}
    for key, text in items:
        grouped[key] = (*grouped.get(key, ()), text)
    return grouped


def _joined(texts: tuple[str, ...] | None) -> str | None:
    return None if texts is None else "；".join(texts)


def _described_row(key: Hashable) -> tuple[str, str, ValuePath]:
    """A cell of a CSV: the place that its row names, and the heading of its column."""
    place, heading = key if isinstance(key, tuple) else (str(key), "")
    return str(place), "" if heading == data_csv.HEADING[-1] else str(heading), ()


def _describer(report: Report) -> Callable[[Hashable], tuple[str, str, ValuePath]]:
    """Says of a path what it is called in a report."""

    def described(key: Hashable) -> tuple[str, str, ValuePath]:
        path: ValuePath = key if isinstance(key, tuple) else ()
        return path_text(path), label_of(report, path), path

    return described


def label_of(report: Report, path: ValuePath) -> str:
    """What a place of a report is called: rows by their names; empty where that says no more than the path."""
    names = path_labels(report.data, report.fields, path)
    steps = [
        name or f"第 {step + 1} 行" if isinstance(step, int) else name for name, step in zip(names, path, strict=True)
    ]
    return " › ".join(map(str, steps)) if any(isinstance(step, int) for step in path) else ""


def _of_print(printed: Printed, report: Report) -> Iterator[Difference]:
    """What is printed otherwise: outside the table, then row by row."""
    table, fold = report.table, printed.fold
    outside = _outside(table)
    if fold(outside) != fold(printed.outside):
        yield Difference("表格外的文字", "", printed.outside, outside, in_print=True)
    theirs = [tuple(map(fold, row)) for row in printed.rows]
    ours = [tuple(fold(cell.text) for cell in row.cells) for row in table.rows]
    for their, our in _aligned(theirs, ours):
        if their is None and our is not None:
            texts = "，".join(cell.text for cell in table.rows[our].cells if cell.text)
            yield Difference(f"表格第 {our + 1} 行", "少了一行", None, texts, in_print=True)
        elif our is None and their is not None:
            texts = "，".join(text for text in printed.rows[their] if text)
            yield Difference(f"表格第 {their + 1} 行", "多了一行", texts, None, in_print=True)
        elif our is not None and their is not None:
            yield from _of_row(their, printed, table.rows[our], report)


def _outside(table: Table) -> str:
    return "\n".join(block.text for block in (*table.above, *table.below))


def _of_row(number: int, printed: Printed, row: TableRow, report: Report) -> Iterator[Difference]:
    """The cells of a row that are printed otherwise; one that only one side has is empty on the other."""
    texts = printed.rows[number]
    for at in range(max(len(texts), len(row.cells))):
        cell = row.cells[at] if at < len(row.cells) else None
        text = texts[at] if at < len(texts) else None
        if cell is None or text is None or printed.fold(cell.text) != printed.fold(text):
            path = cell.paths[0] if cell and cell.paths else ()
            label = (label_of(report, path) or path_text(path)) if path else ""
            place = f"表格第 {number + 1} 行第 {at + 1} 格"
            yield Difference(place, label, text, cell.text if cell else None, in_print=True, path=path)


_Rows = list[tuple[str, ...]]
_Pair = tuple[int | None, int | None]


def _aligned(theirs: _Rows, ours: _Rows) -> Iterator[_Pair]:
    """The numbers of rows that belong together; None where a side has no such row. Equal rows are left out."""
    if max(len(theirs), len(ours)) > _ALIGNED:
        blocks: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(theirs), 0, len(ours))]
    else:
        blocks = difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes()
    for kind, begin, end, our_begin, our_end in blocks:
        if kind != "equal":
            for their, our in _likest(theirs[begin:end], ours[our_begin:our_end]):
                yield None if their is None else begin + their, None if our is None else our_begin + our


def _likest(theirs: _Rows, ours: _Rows) -> list[_Pair]:
    """Rows that differ, in pairs: of as many, each with its own; else so that the most cells are alike."""
    if len(theirs) == len(ours) or len(theirs) * len(ours) > _PAIRS:
        length = max(len(theirs), len(ours))
        return [(at if at < len(theirs) else None, at if at < len(ours) else None) for at in range(length)]
    best: dict[tuple[int, int], tuple[int, list[_Pair]]] = {(0, 0): (0, [])}
    for their, our in itertools.product(range(len(theirs) + 1), range(len(ours) + 1)):
        ways = []
        if their and our:
            alike, pairs = best[their - 1, our - 1]
            ways.append((alike + _alike(theirs[their - 1], ours[our - 1]), [*pairs, (their - 1, our - 1)]))
        if our:
            alike, pairs = best[their, our - 1]
            ways.append((alike, [*pairs, (None, our - 1)]))
        if their:
            alike, pairs = best[their - 1, our]
            ways.append((alike, [*pairs, (their - 1, None)]))
        if ways:
            best[their, our] = max(ways, key=lambda way: way[0])
    return best[len(theirs), len(ours)][1]


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many cells of two rows hold the same text."""
    return sum(bool(text) and text == again for text, again in zip(one, other, strict=False))
