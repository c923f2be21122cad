"""Changes to a text by position: what stands where others stood, and the text with all of them."""

from __future__ import annotations

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
    return "".join(_rendered(text, Stretch(0, len(text) + 1), list(dict.fromkeys(edits))))


def _rendered(text: str, stretch: Stretch, edits: list[Edit]) -> Iterator[str]:
    around = [edit for edit in edits if edit.holds_text]
    around = [edit for edit in around if not any(other.is_around(edit) for other in around)]
    outermost = [edit for edit in edits if not any(other.is_around(edit) for other in around)]
    position = stretch.start
    for edit in sorted(outermost, key=lambda edit: (edit.start, edit.end)):
        assert position <= edit.start, "two changes at one place"
        yield text[position : edit.start]
        for piece in edit.pieces:
            if isinstance(piece, str):
                yield piece
            else:
                yield from _rendered(text, piece, [one for one in edits if one != edit and piece.holds(one)])
        position = edit.end
    yield text[position : stretch.end]
