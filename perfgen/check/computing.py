"""Computes the figures of a file, and of other files those that they need: each once, in an order by what reads what.

Nothing here calls itself: a chain of files, one year or one form after the other, takes as many steps as it has links.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

from perfgen.data import ValuePath
from perfgen.form import steps
from perfgen.form.figure_set import FigureSet
from perfgen.form.figure_sheet import Sheet
from perfgen.form.formula_view import FormulaRow
from perfgen.form.formulas import FormulaError, Unavailable
from perfgen.form.row_list import RowList
from perfgen.project.layout import DataFile


@dataclass
class Progress:
    """The figures of a file as far as they are computed."""

    sheet: Sheet
    budget: steps.Budget
    """The steps that the formulas of the file may take, whoever asks for them."""
    done: set[ValuePath] = field(default_factory=set)
    """The paths, in the rules file, of the figures that are computed."""
    sources: dict[ValuePath, frozenset[DataFile]] = field(default_factory=dict)
    """By such a path, the other files that went into the figure, directly or through others."""


class Computable(Protocol):
    """A file whose figures can be computed."""

    @property
    def figure_set(self) -> FigureSet:
        """The figures of its form."""

    @property
    def progress(self) -> Progress:
        """How far they are computed."""

    @property
    def data_file(self) -> DataFile | None:
        """Where it lies; None outside of the data."""

    def others(self, name: str) -> tuple[Self, ...] | Unavailable:
        """The files that a name leads to, or why there are none."""

    def is_many(self, name: str) -> bool:
        """Whether a name stands for a list of files."""


_File = TypeVar("_File", bound=Computable)


def compute(file: Computable) -> None:
    """Computes all figures of a file that are not computed yet, and of other files what these need."""
    wanted = [(file, figure.path) for figure in reversed(file.figure_set.figures)]
    for one, path in after_their_needs(wanted, lambda one: one.progress.done):
        missing = [node for node in needs(one, path) if node[1] not in node[0].progress.done]
        _compute(one, path, missing)


def after_their_needs(
    wanted: Iterable[tuple[_File, ValuePath]], done: Callable[[_File], Container[ValuePath]]
) -> Iterator[tuple[_File, ValuePath]]:
    """Figures, the last wanted first, and those that they need, each after all that it needs itself.

    `done` has the figures of a file that are done; whoever takes a figure adds it there. Of figures that go round in a
    circle, one comes before what it needs.
    """
    waiting = list(wanted)
    begun: set[tuple[int, ValuePath]] = set()
    while waiting:
        one, path = waiting[-1]
        is_done = path in done(one)
        missing = [] if is_done else [node for node in needs(one, path) if node[1] not in done(node[0])]
        if missing and (id(one), path) not in begun:
            begun.add((id(one), path))
            waiting += missing
            continue
        waiting.pop()
        if not is_done:
            yield one, path


def needs(one: _File, path: ValuePath) -> Iterator[tuple[_File, ValuePath]]:
    """The figures that a figure reads, of its own file and of others."""
    figures = one.figure_set
    yield from ((one, needed) for needed in figures.needs.get(path, ()))
    for name, needed in figures.foreign_needs.get(path, ()):
        found = one.others(name)
        yield from ((other, needed) for other in ([] if isinstance(found, Unavailable) else found))


def _compute(one: _File, path: ValuePath, missing: Iterable[tuple[_File, ValuePath]]) -> None:
    """Computes a figure; forms that were linked leave none of its needs missing."""
    progress, figure = one.progress, one.figure_set.by_path[path]
    files = {name: seen_as(one, name) for name in figure.origins}
    if any(missing):
        progress.sheet.refuse(figure, FormulaError("公式互相引用成了圈。"))
    else:
        with progress.budget:
            progress.sheet.compute(figure, files)
    progress.done.add(path)
    progress.sources[path] = _sources(one, path)


def seen_as(one: Computable, name: str) -> FormulaRow | RowList | Unavailable:
    """What formulas find under the name of other files, with the figures that are computed so far."""
    found = one.others(name)
    if isinstance(found, Unavailable):
        return found
    views = [other.progress.sheet.view for other in found]
    return RowList(views) if one.is_many(name) else views[0]


def _sources(one: Computable, path: ValuePath) -> frozenset[DataFile]:
    """The other files that went into a figure, when all that it needs is computed."""
    found = [other.progress.sources.get(needed, frozenset()) for other, needed in needs(one, path)]
    for name in one.figure_set.by_path[path].origins:
        others = one.others(name)
        if not isinstance(others, Unavailable):
            found.append(frozenset(filter(None, (other.data_file for other in others))))
    return frozenset[DataFile]().union(*found)
