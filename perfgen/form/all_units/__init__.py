"""The kinds of rules over all units of a year, a module each: what no single file can show.

A module of this package holds

    KIND: str                        what a rules file calls it, under 比较
    ORDER: int                       where it stands in a list of kinds
    NEEDS: tuple[str, ...]           the parts of a rule that it cannot do without
    look(rule, unit) -> what is seen           takes out of one unit's file what `compare` needs of it
    compare(rule, year) -> findings            says what it finds in a year, each with the name of the row it is about,
                                               which is empty for a finding about a whole unit

What is needed of a file is taken out of it at once, so that a thousand files need not stay in memory.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import ModuleType

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.findings import Finding, Place
from perfgen.form.formula_view import FormulaNames, FormulaRow
from perfgen.plugins import Folder
from perfgen.project.layout import DataFile

FOLDER = Folder(__name__, __path__, ("KIND", "ORDER", "NEEDS", "look", "compare"))
NamedFindings = Iterator[tuple[str | tuple[str, ...], Finding]]
"""Findings, each with the name of its row, or with the names that lead to it, the groups around it first."""


@dataclass(frozen=True)
class UnitFile:
    """What a rule may look at of one unit's file: its data as formulas see it, and where values stand."""

    view: FormulaRow
    parameters: FormulaNames
    """The parameters of the rules file, which formulas may use."""
    source: str
    place: Callable[[ValuePath], Place]
    data: Data
    """The same as it is typed."""
    fields: Field
    last_year: UnitFile | None = None
    """The same unit's file of the year before, where there is one that can be computed with."""


@dataclass(frozen=True)
class Seen:
    """One thing taken out of a file for one rule: where it stands, under which name, and what it is."""

    place: Place
    name: str
    value: str | Decimal
    groups: tuple[str, ...] = ()
    """What leads to it, where its name may stand at several places."""


@dataclass(frozen=True)
class Year:
    """What was seen of a year for one rule, in the order of the files; the files, and those of the year before."""

    year: str
    seen: tuple[Seen, ...]
    files: tuple[DataFile, ...]
    files_before: tuple[DataFile, ...]
    continued: frozenset[DataFile] = frozenset()
    """The files of the year before that are the same units' as files of this one, under whatever name."""


@functools.cache
def kinds() -> dict[str, ModuleType]:
    """The modules by what a rules file calls them, in their order."""
    return {module.KIND: module for module in sorted(FOLDER.modules(), key=lambda module: int(module.ORDER))}
