"""Which pieces of a text changed, in fragments that people can read.

Numbers with their sign and unit mark change as a whole, and so does a short value; in prose,
words that only happen to stay between two changes go with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

FragmentKind = Literal["same", "del", "ins"]

_TOKEN = re.compile(r"[≥≤><=]?\d[\d,]*(?:\.\d+)?[%％‰]?|[A-Za-z]+|\n|.", re.DOTALL)
_SHORT = 12
"""A value of so few characters changes as a whole where any of its words change."""
_STRAY = 3
"""Fewer characters than this between two changes are no text that stayed."""


@dataclass(frozen=True)
class Fragment:
    """A piece of text that both versions have, or one of them."""

    kind: FragmentKind
    text: str


def fragments(old: str, new: str) -> list[Fragment]:
    """The pieces that make `old` without its insertions, and `new` without its deletions."""
    if old == new:
        return [Fragment("same", new)] if new else []
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(old), len(new)) <= _SHORT and "\n" not in old + new:
        return _joined(_around(before, after))
    return _joined(_between(before, after))


def _around(before: list[str], after: list[str]) -> Iterator[Fragment]:
    """What stays at both ends, and the rest as one change."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    yield Fragment("same", "".join(before[:start]))
    yield Fragment("del", "".join(before[start : len(before) - end]))
    yield Fragment("ins", "".join(after[start : len(after) - end]))
    yield Fragment("same", "".join(before[len(before) - end :]))


def _between(before: list[str], after: list[str]) -> Iterator[Fragment]:
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(codes):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        inside = 0 < number < len(codes) - 1
        if tag == "equal" and not (inside and len(gone) < _STRAY and "\n" not in gone):
            yield Fragment("same", gone)
        else:
            yield Fragment("del", gone)
            yield Fragment("ins", come)


def _joined(pieces: Iterator[Fragment]) -> list[Fragment]:
    """Neighbouring changes as one: all that went, then all that came."""
    found: list[Fragment] = []
    gone = come = ""
    for piece in [*pieces, Fragment("same", "\0")]:
        if piece.kind == "del":
            gone += piece.text
        elif piece.kind == "ins":
            come += piece.text
        elif piece.text:
            found += [Fragment(kind, text) for kind, text in (("del", gone), ("ins", come)) if text]  # type: ignore[arg-type]
            gone = come = ""
            if piece.text != "\0":
                found.append(piece)
    return found
