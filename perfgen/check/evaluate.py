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
_Verdict: TypeAlias = "tuple[FormulaRow, dict[str, object], Verdict, str]"
"""Such a row, what the formulas of a rule knew there, what came of it, and what was missing."""


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
        for row, known, verdict, reason in _verdicts(rule, target, filing):
            yield from _evaluations(target, row, known, verdict, reason)


def to_be_told(rule: Rule, filing: Filing) -> Iterator[Evaluation]:
    """Those of `evaluate` that say something: most objects keep most rules, and nothing is made of them."""
    for target in rule.targets:
        for row, known, verdict, reason in _verdicts(rule, target, filing):
            if verdict is not Verdict.HOLDS and verdict is not Verdict.IDLE:
                yield from _evaluations(target, row, known, verdict, reason)


def _verdicts(rule: Rule, target: Target, filing: Filing) -> Iterator[_Verdict]:
    """What comes of a rule for each object of a kind."""
    held: set[str] = set()
    """The texts for which it holds, where nothing but the text decides."""
    for row, at_row in _at(filing, target.path):
        if held and row[TEXT] in held:
            yield row, at_row, Verdict.HOLDS, ""
            continue
        known = dict(at_row) if target.for_when else at_row
        try:
            verdict, reason = Verdict.IDLE, ""
            if _applies(target, known):
                if target.where and known is at_row:
                    known = dict(at_row)
                verdict = _judged(target, known)
            if target.sees_texts_only and verdict is Verdict.HOLDS:
                held.add(row[TEXT])
        except Unfilled:
            verdict, reason = Verdict.UNFILLED, ""
        except Undecided as undecided:
            verdict, reason = Verdict.UNDECIDED, undecided.reason
        except FormulaError as error:
            message = f"规则 {rule.id} 用在 {filing.document.place(row.path)} 时，{error}"
            raise FormError([Finding(rule.place, "rule", message)]) from error
        yield row, known, verdict, reason


def _evaluations(
    target: Target, row: FormulaRow, known: dict[str, object], verdict: Verdict, reason: str
) -> Iterator[Evaluation]:
    """What came of a rule for an object; one that is broken and points at rows one by one, for each of them."""
    one = Evaluation(verdict, target, row, known, reason)
    if not target.each or verdict is not Verdict.BROKEN:
        yield one
        return
    for pointed in cast("list[FormulaRow]", known[target.each]):
        yield replace(one, row=pointed, names={**known, target.each: [pointed]})


def _applies(target: Target, names: dict[str, object]) -> bool:
    """Whether a rule looks at an object at all; adds the figures that this needs."""
    for name, formula in target.for_when:
        names[name] = formula(names)
    return target.when is None or bool(target.when(names))


def _judged(target: Target, names: dict[str, object]) -> Verdict:
    """Whether an object keeps a rule; adds the other figures that this needs, and those of the sentences."""
    if target.for_the_test:
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
