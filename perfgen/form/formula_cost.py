"""What the parts of a formula cost in steps: by the lengths of what they look at, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from perfgen.form import steps
from perfgen.form.row_list import RowList, letters_of

_T = TypeVar("_T")

_LETTERS_FOR_A_STEP = 64
"""How much of a text is looked through in a step."""


def counted(function: Callable[..., _T], arguments: Sequence[object]) -> _T:
    """Calls a function of formulas; it may compare each item of one argument with each of another."""
    cost = 1
    for argument in arguments:
        if isinstance(argument, str):
            if len(argument) >= _LETTERS_FOR_A_STEP:
                cost *= _size(argument)
        elif isinstance(argument, list):
            cost *= _size(argument)
    steps.spend(cost)
    return function(*arguments)


def _size(value: object) -> int:
    if isinstance(value, str):
        return 1 + len(value) // _LETTERS_FOR_A_STEP
    if isinstance(value, list):
        letters = value.letters() if isinstance(value, RowList) else letters_of(value)
        return 1 + len(value) + letters // _LETTERS_FOR_A_STEP
    return 1


def counted_filter(function: Callable[..., _T]) -> Callable[..., _T]:
    """The same filter, which takes a step for each field that it looks at of each row."""

    def run(rows: Any, *arguments: object, **named: object) -> _T:
        if isinstance(rows, list):
            steps.spend((1 + len(rows)) * (1 + len(named)))
        return function(rows, *arguments, **named)

    return run


def in_list(where: _T) -> _T:
    """What is looked through by `in`."""
    steps.spend(_size(where))
    return where
