"""Which pieces of a text changed, under the names that Word gives them: `w:del` and `w:ins`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from perfgen.comparison.text_diff import PieceKind, pieces

FragmentKind = Literal["same", "del", "ins"]

_KINDS: dict[PieceKind, FragmentKind] = {"same": "same", "gone": "del", "new": "ins"}


@dataclass(frozen=True)
class Fragment:
    """A piece of text that both versions have, or one of them."""

    kind: FragmentKind
    text: str


def fragments(old: str, new: str) -> list[Fragment]:
    """The pieces that make `old` without its insertions, and `new` without its deletions."""
    return [Fragment(_KINDS[kind], text) for kind, text in pieces(old, new)]
