"""How a written approval stands: whether it counts, and why.

Who wrote it is known from the history of the files, which `check` does not see: whoever looks there hands in a
`Judgement`. Without one, a file is judged alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Standing(StrEnum):
    """What is known of who wrote an approval, the best first."""

    SIGNED = "signed"
    """A listed reviewer's commit brought it, signed with the reviewer's key."""
    HELD = "held"
    """The version that is compared with has it already."""
    CLAIMED = "claimed"
    """A commit brought it that says to be a listed reviewer's; the reviewer has no key."""
    UNLISTED = "unlisted"
    """There is no list of reviewers: whoever wrote it."""
    UNJUDGED = "unjudged"
    """There is a list, and nobody looked at the history."""
    UNDECIDED = "undecided"
    """The history was looked at and does not tell."""
    REFUSED = "refused"
    """It is no reviewer's."""

    @property
    def counts(self) -> bool:
        """Whether such an approval answers anything."""
        return self in _COUNT


_COUNT = frozenset({Standing.SIGNED, Standing.HELD, Standing.CLAIMED, Standing.UNLISTED})


@dataclass(frozen=True)
class Verdict:
    """How an approval stands, in words why where it does not count, and the commit that brought it."""

    standing: Standing
    why: str = ""
    commit: str = ""


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on the approvals of one file, by their fingerprints as typed."""

    otherwise: Verdict
    """On those that were not looked at one by one."""
    by_record: Mapping[str, Verdict] = field(default_factory=dict)

    def of(self, typed: str) -> Verdict:
        """The verdict on one approval."""
        return self.by_record.get(typed, self.otherwise)


UNLISTED = Verdicts(Verdict(Standing.UNLISTED))
HELD = Verdicts(Verdict(Standing.HELD))
UNJUDGED = Verdicts(Verdict(Standing.UNJUDGED, "这里没有看是谁提交的"))


@dataclass(frozen=True)
class Judgement:
    """The verdicts on the approvals of many files, by path."""

    otherwise: Verdicts
    """On those of files that were not looked at one by one."""
    by_file: Mapping[str, Verdicts] = field(default_factory=dict)

    def of(self, file: str) -> Verdicts:
        """The verdicts on the approvals of one file."""
        return self.by_file.get(file, self.otherwise)
