"""How much of a form was read for certain, and the comments that say in the data file what was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, value_at
from perfgen.importing.notes import Doubt
from perfgen.importing.paper.word_table import FormCell, FormRow
from perfgen.source import pending


@dataclass(frozen=True)
class Count:
    """How many cells were read for certain, how many were not, and how many doubts concern no single cell."""

    certain: int = 0
    unsure: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class Marks:
    """The comments of a data file: in its header, on lines above, and beside values."""

    header: list[str] = field(default_factory=list)
    above: Mapping[ValuePath, str] = field(default_factory=dict)
    beside: Mapping[ValuePath, str] = field(default_factory=dict)


def count(rows: Iterable[FormRow], doubts: Iterable[Doubt]) -> Count:
    """The cells of a form by whether there is a doubt about them; merged ones count once."""
    unsure = {doubt.cell for doubt in doubts if doubt.cell is not None}
    cells = {cell for row in rows for cell in row.cells if not cell.continues}
    elsewhere = sum(doubt.cell is None for doubt in doubts)
    return Count(len(cells - unsure), len(unsure), elsewhere)


def marks(doubts: Iterable[Doubt], places: Mapping[FormCell, list[ValuePath]], data: dict[str, Data]) -> Marks:
    """The comments for some doubts: at the value, or the nearest group around it, else in the file's header."""
    header: list[str] = []
    by_path: dict[ValuePath, list[str]] = {}
    for doubt in doubts:
        path = _place(doubt, places, data)
        if path:
            by_path.setdefault(path, []).append(doubt.message)
        else:
            header.append(pending.comment([f"{doubt.where}{doubt.message}"]))
    comments = {path: pending.comment(reasons) for path, reasons in by_path.items()}
    blocks = {path for path in comments if _is_block(value_at(data, path))}
    above = {path: text for path, text in comments.items() if path in blocks}
    beside = {path: text for path, text in comments.items() if path not in blocks}
    return Marks(list(dict.fromkeys(header)), above, beside)


def _place(doubt: Doubt, places: Mapping[FormCell, list[ValuePath]], data: dict[str, Data]) -> ValuePath:
    """Where the value is that a doubt is about, or the nearest group around it; empty for nowhere."""
    read = places.get(doubt.cell, []) if doubt.cell is not None else []
    path = doubt.path if doubt.path is not None else (read[0] if read else ())
    while path and value_at(data, path) is None:
        path = path[:-1]
    return path


def _is_block(value: Data) -> bool:
    """Whether a value may take more than the line on which it begins."""
    return isinstance(value, dict | list) or (isinstance(value, str) and "\n" in value)
