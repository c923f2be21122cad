"""Counts the steps of what a form has computed, so that the same form and data end alike on every machine.

A clock would stop a slow machine and let a fast one go on. Whoever starts something that a form can make long opens a
count with `limited`; whatever does the work says with `spend` how much it is. Counts nest: a step is taken off all that
are open.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar, Token
from typing import TypeVar

_Given = TypeVar("_Given")
_Result = TypeVar("_Result")

_FOR_A_FILE, _FOR_A_CHARACTER = 20_000_000, 2_000
"""The forms known take five for each character; 7,500 rows, each looked for among all, take 1,500. A second does
about 25 million."""


class TooManyStepsError(Exception):
    """More steps are asked for than a count has."""


class _Count:
    __slots__ = ("floor", "left")

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.floor = 0
        """Where it stops: above 0 while something may take only a part of it."""


_OPEN: ContextVar[tuple[_Count, ...]] = ContextVar("_OPEN", default=())


class _Limit:
    """A count that is open inside a `with`; a generator would cost more than most of what is counted."""

    __slots__ = ("_count", "_token")

    def __init__(self, steps: int) -> None:
        self._count = _Count(steps)

    def __enter__(self) -> None:
        self._token = _OPEN.set((*_OPEN.get(), self._count))

    def __exit__(self, *_: object) -> None:
        _OPEN.reset(self._token)


class Budget:
    """Steps that may be taken in parts, each inside a `with`, apart from the counts that are open there."""

    def __init__(self, steps: int) -> None:
        self._count = _Count(steps)
        self._tokens: list[Token[tuple[_Count, ...]]] = []

    def __enter__(self) -> None:
        self._tokens.append(_OPEN.set((self._count,)))

    def __exit__(self, *_: object) -> None:
        _OPEN.reset(self._tokens.pop())


def limited(steps: int) -> AbstractContextManager[None]:
    """Lets what is done inside take so many steps. Raises TooManyStepsError where it asks for more."""
    return _Limit(steps)


def run(call: Callable[[_Given], _Result], given: _Given, steps: int) -> _Result:
    """Makes a call that may take so many steps, as inside `limited`; for what is called thousands of times."""
    counts = _OPEN.get()
    if not counts:
        with limited(steps):
            return call(given)
    count = counts[-1]
    floor = count.floor
    if count.left - steps > floor:
        count.floor = count.left - steps
    try:
        return call(given)
    finally:
        count.floor = floor


def spend(steps: int) -> None:
    """Takes steps off all counts that are open.

    Raises TooManyStepsError where one of them has no more; each later step then raises it again.
    """
    for count in _OPEN.get():
        count.left -= steps
        if count.left < count.floor:
            raise TooManyStepsError


def for_a_file(characters: int = 0) -> int:
    """How many steps all formulas together may take over a file of that length, each time it is gone through."""
    return _FOR_A_FILE + _FOR_A_CHARACTER * characters
