"""A unit's form for one year as checks see it: the document, its figures, and the years before."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from perfgen.data import Data, ValuePath
from perfgen.fields import FieldRole
from perfgen.form.forms import Form
from perfgen.form.formula_view import FormulaNames, FormulaRow, formula_view
from perfgen.form.formulas import Unavailable
from perfgen.form.rules import rows
from perfgen.source.reader import Document

_T = TypeVar("_T")

Earlier = Callable[[int], "Filing | Unavailable"]
"""How many years back → the unit's filing of that year, or why there is none to look at."""


def _alone(_: int) -> Filing | Unavailable:
    return Unavailable("没有别的年度的文件")


@dataclass(frozen=True, eq=False)
class Filing:
    """A document with its form; what follows from it is computed at the first use, and once."""

    document: Document
    form: Form
    earlier: Earlier = _alone
    _made: dict[Callable[[Filing], object], Any] = field(default_factory=dict, init=False, repr=False)
    _rows: dict[tuple[str, ...], list[tuple[FormulaRow, FormulaNames]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def once(self, make: Callable[[Filing], _T]) -> _T:
        """What `make` gives for this filing, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        made: _T = self._made[make]
        return made

    def of_role(self, role: FieldRole) -> Data:
        """What the top-level field of a role holds; None where the form has none, or it is not there."""
        name = self.form.fields.find_role(role)
        return self.document.top.get(name) if name else None

    @functools.cached_property
    def figures(self) -> Mapping[ValuePath, Decimal | None]:
        """Every computed figure. Raises FormulaError when one cannot be computed."""
        return self.form.figures.compute(self.document.top)

    @functools.cached_property
    def formula_view(self) -> FormulaRow:
        """Data and figures as formulas see them. Raises as `figures` does."""
        return formula_view(self.form.figures.filled(self.document.data, self.figures), self.form.figures.fields)

    def objects(self, path: tuple[str, ...]) -> list[tuple[FormulaRow, FormulaNames]]:
        """The rows that rules look at, as `rules.rows` has them; many rules look at the same ones."""
        if path not in self._rows:
            self._rows[path] = list(rows(self.formula_view, path))
        return self._rows[path]

    def names(self, years_back: Mapping[str, int]) -> dict[str, object]:
        """What a formula may use: the names of the formula view, and earlier filings by the names given."""
        found = {name: self.earlier(years) for name, years in years_back.items()}
        before = {name: f.formula_view if isinstance(f, Filing) else f for name, f in found.items()}
        return {**self.formula_view, **before}
