"""Says how alike two texts are; what a comparison may spend on that is counted, the same on every machine."""

from __future__ import annotations

import difflib
import itertools
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

_T = TypeVar("_T")

ENOUGH = 0.6
"""Two rows with different names, or two texts, that are at least so alike are taken for one that was changed."""
_LONG = 300
"""Longer texts are compared by their pairs of characters."""
MOST_STEPS = 5_000_000
"""Steps of a whole comparison, about a microsecond each."""
_LOOK = 10
"""Steps to look at two texts at all."""
_ROUNDING = 1e-6
_LETTER, _MATCHES = 2, 6
"""Steps for each letter, and equal pairs of letters in a step, where difflib compares two texts."""


class Budget:
    """The steps that a comparison has left."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps
        self.was_short = False
        """Whether something was not compared because too few were left."""

    def take(self, steps: int) -> bool:
        """Whether there are so many steps left; takes them."""
        if steps > self.left:
            self.was_short = True
            return False
        self.left -= steps
        return True


class Text:
    """A text that is compared with many others: what is asked of it each time is worked out once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def letters(self) -> Counter[str]:
        """How often it has each character."""
        return Counter(self.text)

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often it has each pair of neighbouring characters."""
        return Counter(itertools.pairwise(self.text))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """By character, its places as the bits of a number."""
        places: dict[str, int] = {}
        for place, letter in enumerate(self.text):
            places[letter] = places.get(letter, 0) | 1 << place
        return places


def ratio(old: str, new: str) -> float:
    """How alike two texts are, 0 to 1; by their pairs of characters where they are long, which is fast."""
    return (_of_long if _are_long(old, new) else _of_short)(Text(old), Text(new))


def ratio_within(old: Text, new: Text, least: float, budget: Budget) -> float:
    """How alike two texts are; 0 where that is less than `least`, or the budget is spent."""
    return exact_ratio(old, new, budget) if ratio_at_most(old, new, least, budget) else 0.0


def ratio_at_most(old: Text, new: Text, least: float, budget: Budget) -> float:
    """What `exact_ratio` is at most; 0 where that is less than `least`, or the budget is spent.

    Bounds that cost little come first: the lengths, the characters, the longest common subsequence. Of all of them
    difflib's likeness is never more.
    """
    both = len(old.text) + len(new.text)
    if not both:
        return 1.0
    needed = least * both / 2 - _ROUNDING
    if not budget.take(_LOOK) or min(len(old.text), len(new.text)) < needed:
        return 0.0
    if _are_long(old.text, new.text):
        return 1.0
    if _common(old.letters, new.letters) < needed:
        return 0.0
    if not budget.take(both // _LOOK) or (common := _longest_common(old, new)) < needed:
        return 0.0
    return 2 * common / both


def exact_ratio(old: Text, new: Text, budget: Budget) -> float:
    """How alike two texts are; 0 where the budget is spent, and for short ones with little in common."""
    both = len(old.text) + len(new.text)
    if not both:
        return 1.0
    if _are_long(old.text, new.text):
        return _of_long(old, new) if budget.take(both // _LOOK) else 0.0
    matches = sum(count * new.letters.get(letter, 0) for letter, count in old.letters.items())
    if not budget.take(_LETTER * both + matches // _MATCHES):
        return 0.0
    return _of_short(old, new)


def _are_long(old: str, new: str) -> bool:
    return max(len(old), len(new)) > _LONG


def _of_short(old: Text, new: Text) -> float:
    both = len(old.text) + len(new.text)
    if both and 2 * _common(old.letters, new.letters) / both < ENOUGH / 2:
        return 0.0
    return difflib.SequenceMatcher(None, old.text, new.text, autojunk=False).ratio()


def _of_long(old: Text, new: Text) -> float:
    return 2 * _common(old.pairs, new.pairs) / (old.pairs.total() + new.pairs.total())


def _common(old: Counter[_T], new: Counter[_T]) -> int:
    """How many members two counters have in common."""
    few, many = (old, new) if len(old) <= len(new) else (new, old)
    return sum(min(count, many.get(member, 0)) for member, count in few.items())


def _longest_common(old: Text, new: Text) -> int:
    """The length of the longest common subsequence, by additions of long numbers (Hyyrö 2004)."""
    full = (1 << len(old.text)) - 1
    row = full
    for letter in new.text:
        matches = row & old.places.get(letter, 0)
        row = (row + matches) | (row - matches)
    return len(old.text) - (row & full).bit_count()
