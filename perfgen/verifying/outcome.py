"""What came of verifying a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from perfgen.verifying.candidates import Candidate
from perfgen.verifying.compare import Difference
from perfgen.verifying.content import Heads, Kind


class Status(StrEnum):
    """What is to be said first."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """There is no data file that it may be of."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Version:
    """A version of a data file, and how the file compares with it."""

    candidate: Candidate
    differences: tuple[Difference, ...]
    own_forms: bool = False
    """Whether it was read by the forms of its commit."""
    is_official: bool = False
    """Whether it is the official edition that it was compared with, which is not for the public."""


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    file: str
    kind: Kind
    status: Status
    same_bytes: tuple[str, ...] = ()
    """The files of this tree's build that are the same to the byte."""
    heads: tuple[Heads, ...] = ()
    run: tuple[Version, ...] = ()
    """The versions with the same public data, newest first, one after the other; the newest such run."""
    nearest: Version | None = None
    """Where none is the same, the version from which least differs."""
    says_twice: bool = False
    """Whether it carries data and prints it too, and both were read."""
    compared: int = 0
    """How many versions it was compared with."""
    remarks: tuple[str, ...] = field(default=())
    trouble: str = ""
    """Why it could not be read."""
    hint: str = ""
    """What to do first; empty where there is nothing to do."""

    @property
    def shown(self) -> Version | None:
        """The version that is named: the newest that is the same, or the nearest."""
        return self.run[0] if self.run else self.nearest

    @property
    def exit_code(self) -> int:
        """0 the same, 1 different, 2 not read."""
        return {Status.SAME: 0, Status.UNREADABLE: 2}.get(self.status, 1)
