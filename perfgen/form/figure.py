"""A figure of a form: what is computed, how, and what it is computed from."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from perfgen.data import ValuePath
from perfgen.findings import Place
from perfgen.form import figure_places
from perfgen.form.formula_reads import Foreign
from perfgen.form.formulas import Formula

FigureValue: TypeAlias = "Decimal | str | None"
"""What a figure is: a number, a text (of a target value as it was typed), or nothing where what it needs is absent."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A value that is computed: where it goes, how, and the unit it prints with."""

    path: ValuePath
    """Names, as the rules file writes them: through the rows of groups, or by a group's own name."""
    formula: Formula
    unit: str = ""
    place: Place | None = None
    """Where it stands in the rules file."""
    where: Mapping[str, Formula] = field(default_factory=dict)
    """Its own names for parts of its formula; one that is not used is not computed."""
    in_rows: bool = False
    """Whether it goes into each row of a list, whose fields its formula knows by their bare names."""
    places: frozenset[figure_places.Place] = frozenset()
    """Where it goes, by the schema's own names."""
    is_number: bool = False
    """Whether the schema takes only a number there."""
    is_measure: bool = False
    """Whether it is a target value, which formulas take apart."""
    may_be_typed: bool = False
    """Whether what is typed in its place counts instead; else what is typed is a claim, which must agree."""

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All that is computed for it."""
        return (*self.where.values(), self.formula)

    @functools.cached_property
    def reads(self) -> frozenset[ValuePath]:
        """The paths of the single values, and of figures, that it reads in its own file."""
        return frozenset[ValuePath]().union(*(formula.reads for formula in self.formulas))

    @functools.cached_property
    def wholes(self) -> frozenset[ValuePath]:
        """The paths of the lists and objects there that it uses whole."""
        return frozenset[ValuePath]().union(*(formula.wholes for formula in self.formulas))

    @functools.cached_property
    def contents(self) -> frozenset[Foreign]:
        """The rows and lists, here (under no name) and elsewhere, of which everything counts that stands in them."""
        return frozenset[Foreign]().union(*(formula.contents for formula in self.formulas))

    @functools.cached_property
    def foreign(self) -> frozenset[Foreign]:
        """What it reads in other files."""
        return frozenset[Foreign]().union(*(formula.foreign for formula in self.formulas))

    @functools.cached_property
    def foreign_wholes(self) -> frozenset[Foreign]:
        """The lists and objects there that it uses whole."""
        return frozenset[Foreign]().union(*(formula.foreign_wholes for formula in self.formulas))

    @functools.cached_property
    def origins(self) -> frozenset[str]:
        """The names of other files that its formulas use."""
        used = (*self.foreign, *self.foreign_wholes, *(one for one in self.contents if one[0]))
        return frozenset(name for name, _ in used)
