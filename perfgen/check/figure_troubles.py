"""Figures of other files that cannot be computed there, for want of yet another file or because of a hole.

Whoever takes such a figure must not take it for one that is left empty: what is computed from it would be wrong, and
nobody would see. Each figure of a file is looked at once; nothing here calls itself, since chains of files are long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from perfgen.check import computing, missing_files
from perfgen.check.filing import Filing
from perfgen.data import ValuePath, path_text
from perfgen.findings import Finding
from perfgen.form.formulas import Unavailable


@dataclass(frozen=True)
class Trouble:
    """A figure that cannot be computed in its own file."""

    file: str
    path: ValuePath
    reason: str

    def __str__(self) -> str:
        return f"{self.file} 的“{path_text(self.path)}”算不出来，{self.reason.strip()}"


_Known = dict[ValuePath, Trouble | None]
"""By the path of a figure in the rules file, what keeps it from being right."""
_Node = tuple[Filing, ValuePath]


def findings(filing: Filing) -> Iterator[Finding]:
    """An error for each name of other files from which a filing's figures, or its form, take what is in trouble there;
    one for each name, at its last key."""
    for name in dict.fromkeys([*sorted(filing.form.figures.origins), *filing.printed_references]):
        others = filing.others(name)
        files = () if isinstance(others, Unavailable) else others
        nodes = ((one, path) for one in files for path in _taken(filing, name, one))
        if found := next(filter(None, map(_trouble, nodes)), None):
            yield missing_files.finding(filing, name, unavailable(found))


def unavailable(trouble: Trouble) -> Unavailable:
    """A figure in trouble, as other files that are not there are told of."""
    return Unavailable(str(trouble), f"先改好 {trouble.file}。")


def in_trouble(filing: Filing) -> Mapping[ValuePath, Trouble]:
    """By the path in the data, what keeps figures of a filing from being right."""
    found = {}
    for path in dict.fromkeys([*filing.figures, *filing.figure_gaps]):
        figure = filing.form.figures.at(path)
        if figure and (trouble := _trouble((filing, figure.path))):
            found[path] = trouble
    return found


def _taken(filing: Filing, name: str, other: Filing) -> Iterable[ValuePath]:
    """The figures of another file that a filing takes by a name: those its figures read, and those its form prints."""
    needs = filing.form.figures.foreign_needs.values()
    read = [path for needed in needs for origin, path in needed if origin == name]
    printed = filing.printed_places.get(name, ())
    shown = [figure.path for path in printed for figure in other.form.figures.reading(path)]
    return dict.fromkeys([*read, *shown])


def _trouble(start: _Node) -> Trouble | None:
    """What keeps a figure from being right: its own trouble, or that of one it needs."""
    for filing, path in computing.after_their_needs([start], lambda one: one.once(_known)):
        found = (other.once(_known).get(needed) for other, needed in computing.needs(filing, path))
        filing.once(_known)[path] = next(filter(None, found), None)
    return start[0].once(_known)[start[1]]


def _known(filing: Filing) -> _Known:
    """What is known at the beginning: the figures that are in trouble themselves."""
    own: _Known = {}
    for path, gap in filing.figure_gaps.items():
        figure = filing.form.figures.at(path)
        is_trouble = not gap.is_empty or (gap.missing is not None and not missing_files.is_first(filing, path, gap))
        if figure and is_trouble:
            own.setdefault(figure.path, Trouble(filing.document.file, path, gap.reason))
    return own
