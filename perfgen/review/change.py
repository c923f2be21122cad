"""One change as data: what it is, what it means, and where it is in both versions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfgen.check.approvals import Approval
from perfgen.comparison import classify
from perfgen.comparison.classify import Class
from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.data import Data
from perfgen.findings import Level, Place


@dataclass(frozen=True)
class Change:
    """A difference with its meaning. Two changes with one fingerprint are the same change."""

    unit: str
    year: str
    difference: Difference
    meaning: Class
    is_promise: bool
    """Whether it is about a target value: its number, or the row that holds it."""
    path: str
    label: str
    sentence: str
    before: str
    after: str
    outcome: str
    """The old value, the new value, and what the sentence says beside the two."""
    old_place: Place | None
    new_place: Place | None
    fingerprint: str
    level: Level = Level.NOTE
    rule: str = ""
    remedy: str = ""
    """What to do, where a rule wants something."""
    reason: str = ""
    old_reason_line: int = 0
    """The line of a reason that was there before and says the same; 0 where there is none."""
    approval: Approval | None = None
    old_year: str = ""
    """The year of the old value, where the two are of two years; else empty."""
    subject: str = ""
    """What the file is about beside its unit, in words; empty where a unit has one file."""
    refusal: str = ""
    """Why the approval of it that the file holds does not count, in words; empty where it counts or there is none."""

    @property
    def whose(self) -> str:
        """The unit, and what the file is about where a unit has several."""
        return f"{self.unit} {self.subject}".strip()

    @property
    def kind(self) -> DifferenceKind:
        """What happened to the value or row."""
        return self.difference.kind

    @property
    def old(self) -> Data:
        """The value before; None where there was none."""
        return self.difference.old

    @property
    def new(self) -> Data:
        """The value after; None where there is none."""
        return self.difference.new

    @property
    def place(self) -> Place | None:
        """Where to look first: in the new version, else in the old one."""
        return self.new_place or self.old_place

    @property
    def is_open(self) -> bool:
        """Whether it needs an answer and has none."""
        return self.level is Level.WARNING

    @property
    def hides_numbers(self) -> bool:
        """Whether it is only words, but with other numbers in them: a promise may hide there."""
        return classify.hides_numbers(self.difference, self.meaning)

    @property
    def is_unclear(self) -> bool:
        """Whether a target value changed and nobody can say which way: a number or a word without an order."""
        if not self.difference.field.is_promise:
            return False
        is_words = not any(measure.is_number or measure.is_date for measure in self.difference.measures)
        return self.meaning is Class.NUMBER or (self.meaning is Class.WORDS and is_words)

    @property
    def is_misshapen(self) -> bool:
        """Whether a list or group became another kind of value, so that nobody compared what is in it."""
        is_tree = any(isinstance(value, dict | list) for value in (self.old, self.new))
        return self.kind is DifferenceKind.CHANGED and is_tree

    @property
    def is_whole_file(self) -> bool:
        """Whether the whole file came or went."""
        return () in (self.difference.old_path, self.difference.new_path) and self.kind is not DifferenceKind.RENAMED

    @property
    def weight(self) -> tuple[bool, int, Decimal]:
        """The sort key, the most important change first: those without an answer, then by class and amount."""
        order, amount = classify.weight(self.difference, self.meaning)
        return (not self.is_open, -1 if self.is_whole_file else order, amount)
