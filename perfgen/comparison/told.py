"""Tells a difference: its class, its sentence, and the value before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace

from perfgen.comparison.classify import Class, classify
from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.comparison.sentences import before_after, sentence
from perfgen.comparison.shifts import shifted
from perfgen.data import Data
from perfgen.form.forms import Form


@dataclass(frozen=True)
class Told:
    """A difference with what it means, in words."""

    difference: Difference
    meaning: Class
    sentence: str
    """What happened, without the place."""
    before: str
    after: str


def tell(
    difference: Difference, form: Form, old: Data, new: Data, years: tuple[int, int] | None, *, for_review: bool = True
) -> Told:
    """Tells a difference between two versions of a form's data; `years` are those of files of two years.

    Other readers than reviewers are not told what to do about it.
    """
    difference = replace(difference, years=years) if years else difference
    vocabulary = form.rules.vocabulary
    meaning = classify(difference, vocabulary)
    statement = sentence(difference, meaning, vocabulary, for_review=for_review)
    before, after = before_after(difference)
    if sums := shifted(difference, form, old, new):
        meaning = Class.SHIFTED
        step = statement if difference.kind is DifferenceKind.MOVED else f"由 {before} 改为 {after}"
        statement = f"{step}，随之调整的：{sums}"
    return Told(difference, meaning, _of_years(difference, statement) if years else statement, before, after)


def _of_years(difference: Difference, statement: str) -> str:
    """A sentence about two years, which says where only likeness tells that two rows are one."""
    if difference.kind is DifferenceKind.RENAMED:
        return f"可能{statement}"
    is_renamed = len(set(difference.names)) > 1 and difference.field.is_promise
    return f"{statement}（上年叫“{difference.names[0]}”，可能改名）" if is_renamed else statement
