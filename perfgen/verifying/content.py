"""What was read out of a published file: its values, what is printed in it, and what it says that it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from perfgen.display import visible
from perfgen.findings import PerfgenError

Items: TypeAlias = tuple[tuple[Hashable, str], ...]
"""Values in their order, each with what tells its place; a place may be there twice."""


class Kind(StrEnum):
    """What a file is, by its content and never by its name."""

    PDF = "PDF"
    WORD = "Word 文件"
    JSON = "data.json"
    CSV = "CSV"
    OTHER = "别的文件"


class UnreadableError(PerfgenError):
    """A file whose data cannot be read back; says why in a sentence, and what to do."""

    def __init__(self, kind: Kind, message: str, hint: str) -> None:
        super().__init__(message)
        self.kind, self.hint = kind, hint


@dataclass(frozen=True)
class Heads:
    """What a file says that it is; None is not told."""

    form: str
    """The form's name."""
    title: str
    """The form's title, for people."""
    year: str | None
    unit: str
    subject: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        """The same for people; a text of a stranger's file, with all of it to be seen."""
        about = " ".join(filter(None, self.subject or ()))
        year = f" {self.year} 年" if self.year else ""
        return visible(f"{self.unit}{year}《{self.title}》{f'（{about}）' if about else ''}")


@dataclass(frozen=True)
class Printed:
    """What is printed in a file: the text outside its table, and the cells that begin in each row."""

    outside: str
    rows: tuple[tuple[str, ...], ...]
    fold: Callable[[str], str]
    """What of a text the kind of file keeps: two texts are the same where this is."""


@dataclass(frozen=True)
class Content:
    """What was read out of a file; at least one of its values and what it prints is there."""

    kind: Kind
    heads: tuple[Heads, ...]
    """What it may be: several where it does not name its form."""
    values: Items | None = None
    printed: Printed | None = None
    remarks: tuple[str, ...] = ()
    """What a reader must know beside the data, in Chinese sentences: what was appended, what was not looked at."""
    strange: tuple[tuple[str, str], ...] = ()
    """Where it shows a text that no version of ours has a place for, and the text."""
