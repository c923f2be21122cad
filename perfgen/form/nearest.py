"""The known name that comes nearest to a mistyped one, as a hint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LISTED = 50
"""How many names a hint lists at most; a longer list is too long to read."""
_MOST_GUESSES = 3_000
"""How many names are guessed in one go: each takes about a millisecond, and nobody reads so many hints."""
_LEFT: ContextVar[list[int] | None] = ContextVar("_LEFT", default=None)


@contextmanager
def few_guesses() -> Iterator[None]:
    """Lets what is done inside guess so many names and no more; the others have no hint."""
    token = _LEFT.set([_MOST_GUESSES])
    try:
        yield
    finally:
        _LEFT.reset(token)


def _may_guess() -> bool:
    left = _LEFT.get()
    if left is None:
        return True
    left[0] -= 1
    return left[0] >= 0


def nearest(name: str, known: Iterable[str]) -> str:
    """`是不是“…”？` where one or two names are nearest; otherwise a list of the names."""
    names = list(dict.fromkeys(known))
    return (
        guess(name, names)
        or f"可以写：{'、'.join(names[:_LISTED])}{f'等 {len(names)} 个' if len(names) > _LISTED else ''}。"
    )


def guess(name: str, known: Iterable[str]) -> str:
    """`是不是“…”？` where one or two names are nearest; empty otherwise."""
    if not _may_guess():
        return ""
    near = difflib.get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.5)
    best = [candidate for candidate in near if _similarity(candidate, name) == _similarity(near[0], name)]
    return f"是不是“{'”或“'.join(best)}”？" if best and len(best) < 3 else ""


def _similarity(candidate: str, name: str) -> float:
    return difflib.SequenceMatcher(None, candidate, name).ratio()
