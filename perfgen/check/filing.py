"""A unit's form for one year as checks see it: the document, its figures, and the years before."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from perfgen.data import Data, ValuePath, put, texts
from perfgen.fields import FieldRole
from perfgen.form.forms import Form
from perfgen.form.formula_view import FormulaRow, formula_view
from perfgen.form.formulas import Unavailable
from perfgen.form.holes import with_holes
from perfgen.form.numbered import NumberedText
from perfgen.form.row_list import RowList
from perfgen.source.reader import Document

_T = TypeVar("_T")

Earlier = Callable[[int], "Filing | Unavailable"]
"""How many years back → the unit's filing of that year, or why there is none to look at."""


Refer = Callable[[str], "tuple[Filing, ...] | Unavailable"]
"""The name of a reference → the filings it leads to, one alone where it is to one file, or why there are none."""


def _none_found(_: str) -> tuple[Filing, ...] | Unavailable:
    return Unavailable("没有别的文件")


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
    _numbered: list[NumberedText] = field(default_factory=list, init=False, repr=False)
    _printed: set[str] = field(default_factory=set, init=False, repr=False)
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
        return self if unusable == self.unusable else self._again(replace(self, unusable=unusable))

    def meaning(self, texts: Mapping[ValuePath, str]) -> Filing:
        """The same filing, with other texts in place of some."""
        return self._again(replace(self, meant={**self.meant, **texts})) if texts else self

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

    def print_references(self, names: Iterable[str]) -> None:
        """Tells which references the form's Word template prints; to be called before the first check."""
        self._printed.update(names)

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

    @functools.cached_property
    def figures(self) -> Mapping[ValuePath, Decimal | None]:
        """Every computed figure; none of those that need a hole. Raises FormulaError when one cannot be computed."""
        return self._computed[0]

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
    def _computed(self) -> tuple[dict[ValuePath, Decimal | None], list[ValuePath]]:
        """The figures, and the paths of those that cannot be computed because of a hole."""
        if self.unusable:
            return self.form.figures.compute_what_can(self._judged)
        return self.form.figures.compute(self.document.top), []

    @functools.cached_property
    def formula_view(self) -> FormulaRow:
        """Data and figures as formulas see them. Raises as `figures` does."""
        computed, failed = self._computed
        filled = self.form.figures.filled(self._judged, computed)
        return formula_view(with_holes(filled, failed) if failed else filled, self.form.figures.fields)

    def names(self, years_back: Mapping[str, int]) -> dict[str, object]:
        """What a formula may use: what the filing has, and earlier and other filings by the names given."""
        found = {name: self.earlier(years) for name, years in years_back.items()}
        before = {name: f.formula_view if isinstance(f, Filing) else f for name, f in found.items()}
        referred = {name: self.referred(name) for name in self.form.references}
        return {**self.formula_view, **before, **referred}

    def referred(self, name: str) -> FormulaRow | RowList | Unavailable:
        """What formulas find under the name of a reference: a file, a list of files, or why there is none."""
        found = self.refer(name)
        if isinstance(found, Unavailable):
            return found
        views = RowList(one.formula_view for one in found)
        return views if self.form.references[name].many else views[0]
