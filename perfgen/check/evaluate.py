"""An audit rule applied to a filing, object by object: it holds, is broken, or cannot be decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias, cast

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.findings import Finding, FormError
from perfgen.form.formula_view import TEXT, FormulaNames, FormulaRow
from perfgen.form.formulas import Formula, FormulaError, Undecided, Unfilled
from perfgen.form.holes import HOLE
from perfgen.form.rules import Rule, Target, rows


class Verdict(Enum):
    """What came of a rule for one object."""

    HOLDS = "成立"
    BROKEN = "不成立"
    IDLE = "不适用"
    UNDECIDED = "判断不了"
    UNFILLED = "还没有填好"


@dataclass(slots=True)  # one that is frozen takes four times as long to make, and there are thousands in a file
class Evaluation:
    """A rule and one object: what came of it, and why; nobody changes one."""

    outcome: Verdict
    target: Target
    row: FormulaRow
    names: FormulaNames
    """What the formulas of the rule knew about this object."""
    reason: str = ""
    """What was missing, where nothing could be decided."""

    @property
    def path(self) -> ValuePath:
        """What in the data it points at."""
        return (*self.row.path, *self.target.points)


def names_in(filing: Filing) -> dict[str, object]:
    """What every formula of a filing's form may use, whatever object it looks at."""
    return filing.names() | dict(filing.form.rules.parameters)


_Object: TypeAlias = "tuple[FormulaRow, dict[str, object]]"
"""A row that rules look at, and all that formulas may use there."""


def _objects(_: Filing) -> dict[tuple[str, ...], list[_Object]]:
    """By path, the rows there; filled at the first use, because many rules look at the same ones."""
    return {}


def _at(filing: Filing, path: tuple[str, ...]) -> list[_Object]:
    """The rows at a path. Nobody changes what is known there: a rule with figures of its own works on a copy."""
    found = filing.once(_objects)
    if path not in found:
        names = filing.once(names_in)
        found[path] = [
            (row, {**outermost, **names, **around, **row}) for row, around, outermost in rows(filing.formula_view, path)
        ]
    return found[path]


def evaluate(rule: Rule, filing: Filing) -> Iterator[Evaluation]:
    """One evaluation for each object of a rule.

    Raises FormError, at the rule's place, for a formula that cannot be computed over this data.
    """
    for target in rule.targets:
        held: set[str] = set()
        """The texts for which it holds, where nothing but the text decides."""
        for row, at_row in _at(filing, target.path):
            if held and row[TEXT] in held:
                yield Evaluation(Verdict.HOLDS, target, row, at_row)
                continue
            known = dict(at_row) if target.where else at_row
            try:
                one = Evaluation(_outcome(target, known), target, row, known)
                if target.sees_texts_only and one.outcome is Verdict.HOLDS:
                    held.add(row[TEXT])
                if target.each and one.outcome is Verdict.BROKEN:
                    yield from _pointed(one)
                else:
                    yield one
            except Unfilled:
                yield Evaluation(Verdict.UNFILLED, target, row, known)
            except Undecided as undecided:
                yield Evaluation(Verdict.UNDECIDED, target, row, known, undecided.reason)
            except FormulaError as error:
                message = f"规则 {rule.id} 用在 {filing.document.place(row.path)} 时，{error}"
                raise FormError([Finding(rule.place, "rule", message)]) from error


def _pointed(one: Evaluation) -> Iterator[Evaluation]:
    """A broken rule that points at rows one by one: an evaluation of each of them."""
    each = one.target.each
    for row in cast("list[FormulaRow]", one.names[each]):
        yield replace(one, row=row, names={**one.names, each: [row]})


def _outcome(target: Target, names: dict[str, object]) -> Verdict:
    for name, formula in target.where[: target.before]:
        names[name] = formula(names)
    if target.when and not target.when(names):
        return Verdict.IDLE
    _work_out(target.for_the_test, names)
    try:
        if target.test(names):
            return Verdict.HOLDS
    except Unfilled:
        if undecided := _work_out(target.where[target.before :], names):
            raise undecided from None
        raise
    _work_out(target.for_the_sentences, names)
    return Verdict.BROKEN


def _work_out(where: Iterable[tuple[str, Formula]], names: dict[str, object]) -> Undecided | None:
    """Adds figures to the names, a hole for what is undecided; gives why the first of those is."""
    undecided: Undecided | None = None
    for name, formula in where:
        try:
            names[name] = formula(names)
        except Undecided as missing:  # it may be only the sentence that wants it
            names[name] = HOLE
            undecided = undecided or missing
    return undecided
