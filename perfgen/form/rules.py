"""Audit rules of a form: what must hold, of which rows, and what is said when it does not."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.findings import Level, Place
from perfgen.form import formula_scope
from perfgen.form.formula_view import ALL_TEXTS, TEXT_NAME, TEXT_PUBLIC, FormulaNames, FormulaRow
from perfgen.form.formulas import Formula
from perfgen.form.holes import Hole
from perfgen.form.sentences import Sentence
from perfgen.source.reader import Document
from perfgen.values import Vocabulary

NAME, LEVEL, OBJECT, WHEN, WHERE, TEST = "名称", "级别", "对象", "当", "其中", "公式"
SAY, FIX, POINTS, CLAIMS, KEPT, SOURCE = "说法", "改法", "指向", "核对", "由", "依据"
COVERS, TELLS, ASKS = "盖过", "并说", "问的是"
EARLIER = formula_scope.EARLIER
KIND, COLUMN, BY, LIMIT = "比较", "看", "按", "上限"
"""What a rules file calls the parts of a rule."""

WHERE_TO_ANSWER = "写理由"
"""What the sentence of 改法 may use: where a reason for this finding goes, and what is to be typed there."""


class Asked(StrEnum):
    """What a rule asks a reason for, in the words of a comparison of two versions: one reason answers both."""

    WEAKER = "放宽"
    DROPPED = "取消"
    REDEFINED = "口径变化"


@dataclass(frozen=True)
class Target:
    """A rule's formulas for one kind of object: the rows at a path of names, or the form itself."""

    path: tuple[str, ...]
    where: tuple[tuple[str, Formula], ...]
    """Names for figures, each of which may use those before it."""
    when: Formula | None
    before: int
    """How many of them `when` needs; the others are only computed where the rule applies."""
    test: Formula
    say: Sentence
    fix: Sentence
    points: tuple[str, ...]
    each: str = ""
    """The name, among `where`, of rows that it points at one by one; `points` is then where in each of them."""

    @functools.cached_property
    def sees_texts_only(self) -> bool:
        """Whether it looks at all texts of a form, and at nothing that differs between two places of a text."""
        formulas = [self.test, *(formula for _, formula in self.where), *filter(None, [self.when])]
        here = (TEXT_NAME, TEXT_PUBLIC)
        return self.path == (ALL_TEXTS,) and not any(one.mentions(name) for one in formulas for name in here)

    @functools.cached_property
    def for_when(self) -> tuple[tuple[str, Formula], ...]:
        """Those of `where` that `when` needs."""
        return self.where[: self.before]

    @functools.cached_property
    def for_the_test(self) -> tuple[tuple[str, Formula], ...]:
        """Those of `where`, behind the first `before`, that `test` needs, and those whose sums may fail."""
        needed: list[tuple[str, Formula]] = []
        using = [self.test]
        for name, formula in reversed(self.where[self.before :]):
            if formula.computes or any(other.mentions(name) for other in using):
                needed.append((name, formula))
                using.append(formula)
        return tuple(reversed(needed))

    @functools.cached_property
    def for_the_sentences(self) -> tuple[tuple[str, Formula], ...]:
        """The others behind the first `before`: only a broken rule has something to say."""
        return tuple(named for named in self.where[self.before :] if named not in self.for_the_test)


@dataclass(frozen=True)
class Rule:
    """One audit rule. It has targets, or claims it judges, or something else keeps it."""

    id: str
    name: str
    level: Level
    place: Place
    targets: tuple[Target, ...] = ()
    claims: tuple[ValuePath, ...] = ()
    kept_by: str = ""
    source: str = ""
    say: str = ""
    fix: str = ""
    """What was written, for people."""
    covers: tuple[str, ...] = ()
    """Rules that are not worth a finding where this one is broken: what they say follows from it, or is not known."""
    tells: tuple[str, ...] = ()
    """Rules whose sentence becomes part of this one's, where both are broken: another side of the same thing."""
    asks: Asked | None = None
    """What it asks a reason for, where a comparison of two versions may ask the same."""


@dataclass(frozen=True)
class AllUnitsRule:
    """A rule over all units of a year; which of its parts matter depends on its kind (`all_units`)."""

    id: str
    name: str
    level: Level
    kind: str
    source: str
    paths: tuple[tuple[str, ...], ...] = ()
    column: str = ""
    by: str = ""
    formula: Formula | None = None
    limit: Decimal = Decimal(0)
    asks: Asked | None = None
    """As of a rule about one file."""


@dataclass(frozen=True)
class RuleSet:
    """The rules of a form, with the parameters and the vocabulary they use."""

    rules: Mapping[str, Rule]
    parameters: FormulaNames
    vocabulary: Vocabulary
    all_units: Mapping[str, AllUnitsRule]
    fields: Field
    """The form's fields with its figures, as formulas see them."""
    document: Document | None = None
    """The rules file, written out; None where there is none."""

    def asking(self, asked: str) -> tuple[str, ...]:
        """The ids of the rules that ask a reason for something."""
        every: tuple[Rule | AllUnitsRule, ...] = (*self.rules.values(), *self.all_units.values())
        return tuple(rule.id for rule in every if rule.asks == asked)

    def asked_by(self, rule: str) -> Asked | None:
        """What the rule of an id asks a reason for; None for one that asks nothing of the kind, or is not there."""
        found = self.rules.get(rule) or self.all_units.get(rule)
        return found.asks if found else None

    def claimed(self, path: ValuePath) -> Rule | None:
        """The rule that judges what is typed in place of a figure (a path without positions)."""
        return next((rule for rule in self.rules.values() if path in rule.claims), None)


class Surrounded(NamedTuple):
    """A row, and what a formula about it knows beside the form's own names."""

    row: FormulaRow
    around: FormulaNames
    """The rows around it, by the names of their lists."""
    outermost: FormulaNames
    """The fields of the row of a list of the form itself that it stands in: they count where nothing else is called
    so."""


def rows(root: FormulaRow, path: tuple[str, ...]) -> Iterator[Surrounded]:
    """The rows a path of names leads to, each with the rows around it.

    The first step's rows go without a name: it is the name of the whole list. Holes are no rows.
    """
    yield from _rows(root, path, 0, {}, {})


def _rows(
    here: FormulaRow, path: tuple[str, ...], step: int, around: FormulaNames, outermost: FormulaNames
) -> Iterator[Surrounded]:
    if step == len(path):
        yield Surrounded(here, around, outermost)
        return
    below = here.get(path[step])
    if below is None or isinstance(below, Hole):  # of groups that are rows of one list, not all have the same lists
        return
    if not isinstance(below, list):
        yield from _rows(below, path, step + 1, around, outermost)
        return
    for row in below:
        if isinstance(row, Hole):
            continue
        if step:
            yield from _rows(row, path, step + 1, {**around, path[step]: row}, outermost)
        else:
            yield from _rows(row, path, 1, around, row)
