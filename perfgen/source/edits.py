"""Changes to a text by position: what stands where others stood, and the text with all of them."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Stretch:
    """A part of the text as it stands, from one offset to another; other changes inside it apply."""

    start: int
    end: int
    is_open: bool = False
    """Whether what is put in at its end lies inside."""

    def holds(self, edit: Edit) -> bool:
        """Whether a change lies inside."""
        last = self.end if self.is_open else self.end - 1
        return self.start <= edit.start <= last and edit.end <= self.end


Piece: TypeAlias = "Stretch | str"


@dataclass(frozen=True)
class Edit:
    """What takes the place of the text between two offsets."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def holds_text(self) -> bool:
        """Whether other changes may lie inside."""
        return any(isinstance(piece, Stretch) for piece in self.pieces)

    def is_around(self, other: Edit) -> bool:
        """Whether another change is made only as far as it lies in a stretch of this one."""
        return self.holds_text and self != other and self.start <= other.start and other.end <= self.end


def rendered(text: str, edits: Iterable[Edit]) -> str:
    """A text with every change; those inside what is left out are left out with it."""
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end))
    return "".join(_rendered(text, Stretch(0, len(text) + 1), ordered))


def _rendered(text: str, stretch: Stretch, edits: list[Edit]) -> Iterator[str]:
    """The text of a stretch with the changes in it, which are in the order of the text."""
    starts = [edit.start for edit in edits]
    position = stretch.start
    for edit in _outermost(edits):
        assert position <= edit.start, "two changes at one place"
        yield text[position : edit.start]
        for piece in edit.pieces:
            if isinstance(piece, str):
                yield piece
            else:
                near = edits[bisect.bisect_left(starts, piece.start) : bisect.bisect_right(starts, piece.end)]
                yield from _rendered(text, piece, [one for one in near if one is not edit and piece.holds(one)])
        position = edit.end
    yield text[position : stretch.end]


def _outermost(edits: list[Edit]) -> Iterator[Edit]:
    """The changes that are made, not only as far as another one around them lets them."""
    around: list[Edit] = []
    for edit in sorted((edit for edit in edits if edit.holds_text), key=lambda edit: (edit.start, -edit.end)):
        if not around or not around[-1].is_around(edit):
            around.append(edit)
    starts = [edit.start for edit in around]
    for edit in edits:
        # one of the changes around begins where this one does or before; the one before it may end there
        at = bisect.bisect_right(starts, edit.start)
        if not any(other.is_around(edit) for other in around[max(at - 2, 0) : at]):
            yield edit
