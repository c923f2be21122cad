"""Whether Python's own machine is quick with a pattern, whatever the text: proven by the pattern's shape alone.

That machine tries one way after another, from each place of the text. It is quick where both the ways and the letters
on each are no more than a number that the pattern says: a text of n letters then takes at most n times that. A
repetition without an end has as many ways as the text is long; so there may be one only where the pattern can begin at
one place of the text, and none in one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_MOST_AT_EACH_PLACE, _MOST_AT_THE_START = 200, 5_000
"""How many letters may be looked at from each place of a text, and from its start only, on all ways together."""
_LETTER = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})


class _NotQuick(Exception):
    """The shape of a pattern does not show that it is quick."""


@dataclass(frozen=True)
class _Shape:
    """How much there is to try from one place: ways, letters on the longest, and repetitions without an end on it."""

    ways: int = 1
    letters: int = 0
    endless: int = 0

    @property
    def work(self) -> int:
        """How many letters are looked at from one place, or from each of those that an endless repetition leads to."""
        return self.ways * (1 + self.letters)

    def then(self, other: _Shape) -> _Shape:
        """This, and another behind it. Raises _NotQuick where that is too much for any pattern."""
        joined = _Shape(self.ways * other.ways, self.letters + other.letters, self.endless + other.endless)
        if joined.work > _MOST_AT_THE_START:
            raise _NotQuick
        return joined

    def beside(self, other: _Shape) -> _Shape:
        """This, or another in its place."""
        most = max(self.letters, other.letters), max(self.endless, other.endless)
        return _Shape(self.ways + other.ways, *most).then(_Shape())


def is_quick(parsed: Iterable[Any], flags: int) -> bool:
    """Whether Python's machine takes a time that grows with the length of the text and no faster.

    `parsed` is what Python's parser made of a pattern. True only where it is certain.
    """
    if flags != re.UNICODE:
        return False
    try:
        return all(_is_quick_alone(list(parts)) for parts in _alternatives(list(parsed)))
    except _NotQuick:
        return False


def _alternatives(parts: list[Any]) -> list[Iterable[Any]]:
    """The patterns that a pattern offers side by side."""
    if len(parts) == 1 and str(parts[0][0]) == "BRANCH":
        return list(parts[0][1][1])
    return [parts]


def _is_quick_alone(parts: list[Any]) -> bool:
    shape = _row(parts)
    begins_once = bool(parts) and str(parts[0][0]) == "AT" and str(parts[0][1]).startswith("AT_BEGINNING")
    if begins_once and not shape.endless:
        return True  # no shape is made that has more than may be looked at from the start
    return shape.endless <= begins_once and shape.work <= _MOST_AT_EACH_PLACE


def _row(parts: Iterable[Any]) -> _Shape:
    shape = _Shape()
    for operator, argument in parts:
        shape = shape.then(_part(str(operator), argument))
    return shape


def _part(operator: str, argument: Any) -> _Shape:
    if operator in _LETTER:
        return _Shape(letters=1)
    if operator == "AT":
        return _Shape()
    if operator in ("ASSERT", "ASSERT_NOT"):
        return _row(argument[1])
    if operator == "SUBPATTERN" and not argument[1] and not argument[2]:
        return _row(argument[3])
    if operator == "BRANCH":
        first, *others = map(_row, argument[1])
        for other in others:
            first = first.beside(other)
        return first
    if operator in ("MAX_REPEAT", "MIN_REPEAT"):
        return _repeated(int(argument[0]), argument[1], list(argument[2]))
    raise _NotQuick


def _repeated(least: int, most: Any, parts: list[Any]) -> _Shape:
    """A repetition: each number of times is a way of its own."""
    is_letter = len(parts) == 1 and str(parts[0][0]) in _LETTER
    if str(most) == "MAXREPEAT":
        if not is_letter:
            raise _NotQuick
        return _Shape(letters=1 + least, endless=1)
    one, row, found = _row(parts), _Shape(), _Shape(ways=0)
    for times in range(min(int(most), _MOST_AT_THE_START) + 1):
        if times >= least:
            found = found.beside(row)
        row = row.then(one)
    return found
