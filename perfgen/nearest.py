"""The known name that comes nearest to a mistyped one, as a hint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """`是不是“…”？` where one is near, otherwise what there is to choose from."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"是不是“{near[0]}”？" if near else f"可以写：{'、'.join(names)}。"
