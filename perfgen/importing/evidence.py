"""What a form tells of the data that stands: which places are blank, what is unsure, where rows may be missing."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.data import ValuePath
from perfgen.importing.notes import UNPLACED, Doubt
from perfgen.importing.paper.word_table import FormCell, FormRow
from perfgen.importing.to_data import ReadBack

_RowPlace = tuple[int, int]
"""A table and a row in it."""


@dataclass(frozen=True)
class Evidence:
    """How far a form may be believed. Paths are those of the data that was read."""

    blank: frozenset[ValuePath] = frozenset()
    """The values and lists that the form has a place for, with nothing in it."""
    unsure: frozenset[ValuePath] = frozenset()
    """The values and groups that there is a doubt about."""
    open_sections: frozenset[str] = frozenset()
    """The top-level fields beside whose rows something was not placed: a row that is missing there may be that."""
    nothing_is_complete: bool = False
    """Whether what was not placed may belong anywhere."""
    parted: frozenset[ValuePath] = frozenset()
    """The values of which the form has nothing but sign, number and unit, in a cell each."""

    def is_unsure(self, path: ValuePath) -> bool:
        """Whether there is a doubt about the value at a path, or about a group or row that holds it."""
        return any(path[:end] in self.unsure for end in range(1, len(path) + 1))

    def has_unsure_below(self, path: ValuePath) -> bool:
        """Whether there is a doubt about anything at a path or below it."""
        return self.is_unsure(path) or path in self._above_unsure

    @functools.cached_property
    def _above_unsure(self) -> frozenset[ValuePath]:
        """The paths that lead to something unsure."""
        return frozenset(path[:end] for path in self.unsure for end in range(len(path)))

    def may_lack_rows(self, path: ValuePath) -> bool:
        """Whether the rows at a path may be more than those that were read."""
        return self.nothing_is_complete or path[0] in self.open_sections


def evidence(doubts: Iterable[Doubt], read_back: ReadBack) -> Evidence:
    """What the doubts about a form mean for the data that was read from it."""
    figures = {node.cell for node in read_back.figures.values()}
    rows = _sections(read_back)
    unsure: set[ValuePath] = set()
    sections: set[str] = set()
    anywhere = False
    for doubt in doubts:
        paths = _paths(doubt, read_back)
        unsure.update(paths)
        if doubt.at is None:
            anywhere = anywhere or doubt.kind == UNPLACED
        elif doubt.kind == UNPLACED or (not paths and doubt.at not in figures) or doubt.cell in read_back.labels:
            sections |= _beside(_row_place(doubt.at), rows)
            anywhere = anywhere or not rows
    blank, parted = frozenset(read_back.blank), frozenset(read_back.parted)
    return Evidence(blank, frozenset(unsure), frozenset(sections), anywhere, parted)


def _paths(doubt: Doubt, read_back: ReadBack) -> list[ValuePath]:
    """The values that a doubt is about, or the group that its cell names."""
    if doubt.path is not None:
        return [doubt.path]
    if doubt.cell is None:
        return []
    label = read_back.labels.get(doubt.cell)
    return [*read_back.places.get(doubt.cell, []), *([label] if label else [])]


def _row_place(at: FormCell | FormRow) -> _RowPlace:
    return at.table, at.row if isinstance(at, FormCell) else at.number


def _sections(read_back: ReadBack) -> dict[_RowPlace, set[str]]:
    """By row, the top-level fields that have a value or a group in it."""
    sections: dict[_RowPlace, set[str]] = {}
    labels = ((cell, [path]) for cell, path in read_back.labels.items())
    for cell, paths in [*read_back.places.items(), *labels]:
        sections.setdefault(_row_place(cell), set()).update(str(path[0]) for path in paths)
    return sections


def _beside(place: _RowPlace, sections: dict[_RowPlace, set[str]]) -> set[str]:
    """The top-level fields in a row, and in the nearest rows above and below it that have values."""
    above = max((row for row in sections if row <= place), default=None)
    below = min((row for row in sections if row >= place), default=None)
    return {section for row in (above, below) if row for section in sections[row]}
