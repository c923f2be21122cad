"""A unit's form for one year as checks see it: the document, its figures, and the years before."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from perfgen.check import computing
from perfgen.check.computing import Progress
from perfgen.data import Data, ValuePath, put, texts
from perfgen.fields import FieldRole
from perfgen.form.figure_set import FigureSet
from perfgen.form.figure_sheet import Gap, Names, Sheet
from perfgen.form.figures import FigureValue
from perfgen.form.forms import Form
from perfgen.form.formula_scope import EARLIER
from perfgen.form.formula_view import FormulaRow, formula_view
from perfgen.form.formulas import Unavailable
from perfgen.form.holes import with_holes
from perfgen.form.numbered import NumberedText
from perfgen.form.row_list import RowList
from perfgen.form.steps import Budget, for_a_file
from perfgen.project.layout import DataFile
from perfgen.source.reader import Document

_T = TypeVar("_T")

Earlier = Callable[[int], "Filing | Unavailable"]
"""How many years back → the unit's filing of that year, or why there is none to look at."""
Refer = Callable[[str], "tuple[Filing, ...] | Unavailable"]
"""The name of a reference → the filings it leads to, one alone where it is to one file, or why there are none."""


def _none_found(_: str) -> tuple[Filing, ...] | Unavailable:
    return Unavailable("没有别的文件")


def _nothing(_: str) -> bool:
    return False


def _alone(_: int) -> Filing | Unavailable:
    return Unavailable("没有别的年度的文件")


@dataclass(frozen=True, eq=False)
class Filing:
    """A document with its form; what follows from it is computed at the first use, and once."""

    document: Document
    form: Form
    earlier: Earlier = _alone
    refer: Refer = _none_found
    meant: Mapping[ValuePath, str] = field(default_factory=dict)
    """What stands for some texts where others are judged by them."""
    unusable: frozenset[ValuePath] = frozenset()
    """Where a value is not filled in, or has a finding of its own: what needs it is not judged."""
    is_there: Callable[[str], bool] = field(default=_nothing, repr=False)
    """Whether the project has a file at a path."""
    typed: Filing | None = field(default=None, repr=False)
    """The same filing with its texts as they are typed, where others stand for some."""
    _others: dict[str, tuple[Filing, ...] | Unavailable] = field(default_factory=dict, init=False, repr=False)
    _numbered: list[NumberedText] = field(default_factory=list, init=False, repr=False)
    _printed: dict[str, frozenset[ValuePath]] = field(default_factory=dict, init=False, repr=False)
    _made: dict[Callable[[Filing], object], Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, make: Callable[[Filing], _T]) -> _T:
        """What `make` gives for this filing, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        made: _T = self._made[make]
        return made

    def without(self, paths: Iterable[ValuePath]) -> Filing:
        """The same filing, with holes in place of the values at some paths."""
        unusable = self.unusable | frozenset(paths)
        if unusable == self.unusable:
            return self
        typed = self.typed.without(unusable) if self.typed else None
        return self._again(replace(self, unusable=unusable, typed=typed))

    def meaning(self, texts: Mapping[ValuePath, str]) -> Filing:
        """The same filing, with other texts in place of some."""
        if not texts:
            return self
        return self._again(replace(self, meant={**self.meant, **texts}, typed=self.typed or self))

    def _again(self, other: Filing) -> Filing:
        other.number(self._numbered)
        other.print_references(self._printed)
        return other

    @property
    def numbered(self) -> tuple[NumberedText, ...]:
        """The texts that the form's template prints a number before, as far as `number` was told."""
        return tuple(self._numbered)

    def number(self, texts: Iterable[NumberedText]) -> None:
        """Tells which texts the form's template prints a number before; to be called before the first check."""
        self._numbered[:] = texts

    @property
    def printed_references(self) -> frozenset[str]:
        """The references that the form's Word template prints, as far as `print_references` was told."""
        return frozenset(self._printed)

    @property
    def printed_places(self) -> Mapping[str, frozenset[ValuePath]]:
        """By these references, what the template prints of their files: paths of names, through groups as rows."""
        return self._printed

    def print_references(self, printed: Mapping[str, frozenset[ValuePath]]) -> None:
        """Tells what the form's Word template prints of other files; to be called before the first check."""
        self._printed.update(printed)

    @functools.cached_property
    def printed_texts(self) -> Mapping[ValuePath, str]:
        """By path, the texts that the form prints as they are typed, in the order of the file."""
        found = {}
        for path, text in texts(self.document.data):
            about = self.form.fields.at(path)
            if about is not None and about.printed:
                found[path] = text
        return found

    def is_usable(self, path: ValuePath) -> bool:
        """Whether no hole stands at a path, or above it."""
        return not any(path[:length] in self.unusable for length in range(1, len(path) + 1))

    def of_role(self, role: FieldRole) -> Data:
        """What the top-level field of a role holds; None where the form has none, or it is not there."""
        name = self.form.fields.find_role(role)
        return self.document.top.get(name) if name else None

    def is_wanted(self, path: ValuePath) -> bool:
        """Whether the schema wants something to be at a path."""
        around = self.form.fields.at(path[:-1]) if path else None
        return around is not None and path[-1] in around.required

    @property
    def figure_set(self) -> FigureSet:
        """The figures of its form."""
        return self.form.figures

    @property
    def data_file(self) -> DataFile | None:
        """Where it lies; None outside of the data."""
        return DataFile.parse(self.document.file)

    @functools.cached_property
    def progress(self) -> Progress:
        """Its figures as far as they are computed."""
        figures = self.form.figures
        data = with_holes(self.document.data, self.unusable) if self.unusable else self.document.top
        sheet = Sheet(data, figures.fields, figures.figures, figures.parameters)
        return Progress(sheet, Budget(for_a_file(len(self.document.text))))

    def others(self, name: str) -> tuple[Filing, ...] | Unavailable:
        """The filings that a name of other files leads to, or why there are none."""
        if name not in self._others:
            years = EARLIER.get(name)
            found = self.refer(name) if years is None else self.earlier(years)
            self._others[name] = (found,) if isinstance(found, Filing) else found
        return self._others[name]

    def is_many(self, name: str) -> bool:
        """Whether a name stands for a list of files."""
        reference = self.form.references.get(name)
        return reference is not None and reference.many

    @functools.cached_property
    def _computed(self) -> Progress:
        """The figures, all computed."""
        typed = self.typed or self
        computing.compute(typed)
        return typed.progress

    @property
    def _sheet(self) -> Sheet:
        return self._computed.sheet

    @property
    def figures(self) -> Mapping[ValuePath, FigureValue]:
        """Every computed figure by its path in the data; one for which something is absent is None.

        None of those that need a hole, or would divide by zero. Raises FormulaError where a formula cannot be computed
        whatever the data.
        """
        for gap in self._sheet.gaps.values():
            if gap.error is not None:
                raise gap.error
        return self._sheet.results

    @property
    def figure_gaps(self) -> Mapping[ValuePath, Gap]:
        """Why figures have no value, by their paths in the data; those that add up nothing are not among them."""
        return self._sheet.gaps

    @property
    def figure_sources(self) -> Mapping[ValuePath, frozenset[DataFile]]:
        """By figure, as the rules file writes its path, the other files that went into it, also through others."""
        return self._computed.sources

    def formula_names(self, path: ValuePath) -> Names | None:
        """What the formula of the figure at a path may use, when all is computed; None where none is computed there."""
        figure = self.form.figures.at(path)
        if figure is None:
            return None
        files = {name: computing.seen_as(self, name) for name in figure.origins}
        return next((names for at, _, names in self._sheet.turns(figure, files) if at == path), None)

    @functools.cached_property
    def _judged(self) -> dict[str, Data]:
        """The document's data as formulas are to see it, without figures."""
        if not self.unusable and not self.meant:
            return self.document.top
        data = with_holes(self.document.data, self.unusable)
        for path, text in self.meant.items():
            put(data, path, text)
        return data

    @functools.cached_property
    def formula_view(self) -> FormulaRow:
        """Data and figures as formulas see them. Raises as `figures` does."""
        computed = self.figures
        if not self.meant:
            return self._sheet.view
        filled = self.form.figures.filled(self._judged, computed)
        holes = [path for path, gap in self.figure_gaps.items() if not gap.is_empty]
        data = with_holes(filled, holes) if holes else filled
        return formula_view(data, self.form.figures.fields, named_groups=True)

    def names(self) -> dict[str, object]:
        """What a formula may use: what the filing has, and earlier and other filings by their names."""
        referred = {name: self.referred(name) for name in (*EARLIER, *self.form.references)}
        return {**self.formula_view, **referred}

    def referred(self, name: str) -> FormulaRow | RowList | Unavailable:
        """What formulas find under the name of a reference: a file, a list of files, or why there is none."""
        found = self.others(name)
        if isinstance(found, Unavailable):
            return found
        views = RowList(one.formula_view for one in found)
        return views if self.is_many(name) else views[0]
