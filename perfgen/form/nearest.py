"""The known name that comes nearest to a mistyped one, as a hint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LISTED = 30
"""How many names a hint lists at most; a longer list is too long to read."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`是不是“…”？` where one or two names are nearest; otherwise a list of the names."""
    names = list(dict.fromkeys(known))
    return (
        guess(name, names)
        or f"可以写：{'、'.join(names[:_LISTED])}{f'等 {len(names)} 个' if len(names) > _LISTED else ''}。"
    )


def guess(name: str, known: Iterable[str]) -> str:
    """`是不是“…”？` where one or two names are nearest; empty otherwise."""
    near = difflib.get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.5)
    best = [candidate for candidate in near if _similarity(candidate, name) == _similarity(near[0], name)]
    return f"是不是“{'”或“'.join(best)}”？" if best and len(best) < 3 else ""


def _similarity(candidate: str, name: str) -> float:
    return difflib.SequenceMatcher(None, candidate, name).ratio()
