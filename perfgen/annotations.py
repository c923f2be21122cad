"""What annotations of a schema say, taken apart: `x-next`. `fields` lists all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NextKind = Literal["keep", "look", "clear", "later", "clear=", "take"]
"""`take` is what the name of a sibling alone says."""
_KINDS_ALONE: tuple[NextKind, ...] = ("keep", "look", "clear", "later")
"""The kinds that name no sibling."""


@dataclass(frozen=True)
class Next:
    """An `x-next` annotation, taken apart; the list in `fields` says what each kind means."""

    kind: NextKind = "keep"
    sibling: str = ""
    """The member of the same group that it names, for the kinds `clear=` and `take`."""

    @classmethod
    def parse(cls, annotation: str) -> Next:
        """Reads an annotation as it stands in the schema. Whether the sibling exists is not checked here."""
        for kind in _KINDS_ALONE:
            if annotation == kind:
                return cls(kind)
        if annotation.startswith("clear="):
            return cls("clear=", annotation.removeprefix("clear="))
        return cls("take", annotation)
