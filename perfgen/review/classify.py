"""Says what a difference means: weaker or stricter, money up or down, redefined, or only words."""

from __future__ import annotations

from decimal import Decimal

from perfgen import values
from perfgen.review.change import Class
from perfgen.review.difference import Difference, DifferenceKind
from perfgen.values import Vocabulary

_OF_VALUES = {
    values.MeasureChange.WEAKER: Class.WEAKER,
    values.MeasureChange.STRICTER: Class.STRICTER,
    values.MeasureChange.REDEFINED: Class.REDEFINED,
    values.MeasureChange.CHANGED: Class.NUMBER,
    values.MeasureChange.REWORDED: Class.WORDS,
    values.MeasureChange.SAME: Class.WORDS,
}


def classify(difference: Difference, vocabulary: Vocabulary) -> Class:
    """The class of a difference."""
    if difference.kind in (DifferenceKind.RENAMED, DifferenceKind.MOVED):
        return Class.WORDS
    if difference.field.is_promise:
        return _of_promise(difference, vocabulary)
    if difference.field.outcome_of:
        return _of_outcome(difference, vocabulary)
    if amount := amounts(difference):
        return Class.MORE_MONEY if amount[1] > amount[0] else Class.LESS_MONEY
    if difference.field.numeric or difference.field.measure:
        return Class.NUMBER
    return {DifferenceKind.ADDED: Class.ADDED, DifferenceKind.REMOVED: Class.DROPPED}.get(difference.kind, Class.WORDS)


def concerns_promise(difference: Difference) -> bool:
    """Whether a difference is about a target value, or about a row that holds one."""
    if difference.field.is_promise:
        return True
    is_row = difference.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED) and difference.row is difference.field
    return is_row and difference.field.promise() is not None


def amounts(difference: Difference) -> tuple[Decimal, Decimal] | None:
    """An amount of money before and after, an absent one as zero; None for anything else."""
    field = difference.field
    if not (field.numeric and field.unit) or field.is_past:
        return None
    old, new = (Decimal(0) if value is None else value for value in (difference.old, difference.new))
    if not isinstance(old, Decimal) or not isinstance(new, Decimal):
        return None
    return (old, new)


def _of_promise(difference: Difference, vocabulary: Vocabulary) -> Class:
    old, new = difference.measures
    if old.is_blank != new.is_blank:
        return Class.ADDED if old.is_blank else Class.DROPPED
    return _OF_VALUES[values.compare_measures(old, new, name_of(difference), vocabulary)]


def _of_outcome(difference: Difference, vocabulary: Vocabulary) -> Class:
    """What a changed outcome means: it corrects what was said, or says it for the first time.

    Those of two years are two things, and neither corrects the other.
    """
    old, new = difference.measures
    if difference.years:
        return Class.NUMBER
    if old.is_blank and not new.is_blank:
        return Class.ADDED
    is_same = values.compare_measures(old, new, name_of(difference), vocabulary) is values.MeasureChange.SAME
    return Class.WORDS if is_same else Class.CORRECTED


def name_of(difference: Difference) -> str:
    """The present name of a difference's row; empty where it has no row."""
    return difference.names[-1] if difference.names else ""
