"""Says what a difference means: weaker or stricter, money up or down, redefined, or only words."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from perfgen import values
from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.comparison.text_diff import changes_numbers
from perfgen.form.rules import Asked
from perfgen.values import Vocabulary


class Class(StrEnum):
    """What a change means, in the order in which a reviewer wants to see them."""

    WEAKER = Asked.WEAKER.value
    DROPPED = Asked.DROPPED.value
    REDEFINED = Asked.REDEFINED.value
    CORRECTED = "更正"
    """Another outcome of the same year: what was promised has not changed."""
    SHIFTED = "资金调整"
    """Money that goes to another category; how much there is of it is a change of its own."""
    LESS_MONEY = "资金减"
    MORE_MONEY = "资金增"
    NUMBER = "数值变化"
    """Another number, where nobody said which way is better; or a number of an earlier year."""
    ADDED = "新增"
    STRICTER = "趋严"
    WORDS = "仅文字"

    @property
    def wants_reason(self) -> bool:
        """Whether somebody may ask why."""
        return self.value in tuple(Asked)


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


def hides_numbers(difference: Difference, meaning: Class) -> bool:
    """Whether a change is only words, but with other numbers in them: a promise may hide there."""
    old, new = difference.old, difference.new
    is_words = meaning is Class.WORDS and difference.kind is DifferenceKind.CHANGED
    return is_words and isinstance(old, str) and isinstance(new, str) and changes_numbers(old, new)


def weight(difference: Difference, meaning: Class) -> tuple[int, Decimal]:
    """The sort key, the most important difference first: by class, then by amount."""
    order = list(Class).index(Class.NUMBER if hides_numbers(difference, meaning) else meaning)
    old, new = (value if isinstance(value, Decimal) else Decimal(0) for value in (difference.old, difference.new))
    return (order, -abs(new - old))
