"""What formulas choose and compare numbers with: the least and the greatest, the mean, a tier, a row of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from perfgen.form.formula_view import FormulaNames
from perfgen.form.holes import Hole, HoleNeededError

Chosen: TypeAlias = "Decimal | str | None"
"""What stands in a list of results."""


def least(*numbers: Decimal | None) -> Decimal | None:
    """The least number; None where one of them is absent, because it might be that."""
    known = [number for number in numbers if number is not None]
    return min(known) if len(known) == len(numbers) else None


def greatest(*numbers: Decimal | None) -> Decimal | None:
    """The greatest number; None where one of them is absent."""
    known = [number for number in numbers if number is not None]
    return max(known) if len(known) == len(numbers) else None


def tier(number: Decimal | None, limits: Sequence[Decimal], results: Sequence[Chosen]) -> Chosen:
    """The result of the first limit that a number reaches; the last result where it reaches none. None for no number.

    The limits fall, and there is one result more than limits. Raises ValueError for others.
    """
    if len(results) != len(limits) + 1 or any(a <= b for a, b in pairwise(limits)):
        raise ValueError(TIERS)
    if number is None:
        return None
    return next((result for limit, result in zip(limits, results, strict=False) if number >= limit), results[-1])


TIERS = "界限要从大到小写，结果比界限多一个"


def looked_up(word: str | None, words: Sequence[str | None], results: Sequence[Chosen]) -> Chosen:
    """The result that stands where a word stands in a list; None for a word that is not in it.

    Raises ValueError where the lists differ in length.
    """
    if len(words) != len(results):
        raise ValueError(TABLE)
    return next((result for known, result in zip(words, results, strict=True) if known == word), None)


TABLE = "两个列表要一样长"


def value_in(row: FormulaNames, column: str) -> object:
    """What a row holds under a name, or under names with dots between; None where something on the way is absent.

    Raises HoleNeededError for a hole.
    """
    found: object = row
    for name in column.split("."):
        if isinstance(found, Hole):
            raise HoleNeededError
        if not isinstance(found, dict):
            return None
        found = found[name]
    if isinstance(found, Hole):
        raise HoleNeededError
    return found


def over_column(compute: Callable[[list[Decimal]], Decimal]) -> Callable[[list[FormulaNames], str], Decimal | None]:
    """A filter that computes something of the numbers in a column that are there; None where there are none."""

    def run(rows: list[FormulaNames], column: str) -> Decimal | None:
        numbers = [number for row in rows if isinstance(number := value_in(row, column), Decimal)]
        return compute(numbers) if numbers else None

    return run


def mean(numbers: list[Decimal]) -> Decimal:
    """The mean of some numbers."""
    return sum(numbers, Decimal(0)) / len(numbers)
