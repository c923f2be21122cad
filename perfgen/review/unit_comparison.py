"""What a comparison says of one unit: its changes, what `check` says of them, its large amounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.findings import Finding, Level
from perfgen.form.similarity import Pairer
from perfgen.review import check_changes, rules
from perfgen.review.change import Change
from perfgen.review.check_changes import CheckDelta
from perfgen.review.file_version import VersionPair
from perfgen.review.sums import UnitAmounts
from perfgen.review.totals import Total


@dataclass(frozen=True)
class UnitComparison:
    """One unit's two versions and the differences between them."""

    pair: VersionPair
    changes: tuple[Change, ...] = ()
    """In the form's order."""
    findings: tuple[Finding, ...] = ()
    """The findings of a comparison's rules."""
    check_delta: CheckDelta = field(default_factory=CheckDelta)
    totals: tuple[Total, ...] = ()
    pairer: Pairer = field(default_factory=Pairer, compare=False, repr=False)
    """Knows which rows of both versions belong together."""

    @property
    def unit(self) -> str:
        """The unit's name; empty where it cannot be read."""
        return self.pair.unit

    @property
    def name(self) -> str:
        """The unit, and what the file is about where a unit has several; the file where neither can be read."""
        return self.pair.name or self.file

    @property
    def year(self) -> str:
        """The year; empty where it cannot be read."""
        return self.pair.year

    @property
    def years(self) -> str:
        """The year in words, or both where two are compared; empty where it cannot be read."""
        pair = self.pair
        if pair.old_year and pair.old and pair.new:
            return f"{pair.old_year} → {self.year} 年"
        return f"{self.year} 年" if self.year else ""

    @property
    def before(self) -> str:
        """What it was about, and of two years what the unit was called, in words, where that is another now."""
        pair = self.pair
        then = f"{pair.old_year} 年" if pair.old_year else "原来"
        said = [f"{then}叫“{pair.old_name}”"] if pair.old_name else []
        said += [f"“{title}”{then}是“{old}”" for title, old in pair.renamed_subjects]
        doubt = f"，是不是{'一项' if pair.renamed_subjects else '一个单位'}请核对" if pair.is_guessed and said else ""
        return "，".join(said) + doubt

    @property
    def file(self) -> str:
        """The file in the new version, else in the old one."""
        return self.pair.latest.file

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Why a side could not be read."""
        return tuple(f for side in (self.pair.old, self.pair.new) if side for f in side.broken)

    @property
    def remarks(self) -> list[Finding]:
        """What the rules say that belongs to no single change."""
        return [finding for finding in self.findings if finding.rule in rules.OF_NO_CHANGE]

    @property
    def moved_totals(self) -> list[Total]:
        """The large amounts that are not what they were; of a whole file that came or went, its change tells them."""
        is_told = self.can_be_added_up and bool(self.pair.old and self.pair.new)
        return [total for total in self.totals if total.old != total.new] if is_told else []

    @property
    def can_be_added_up(self) -> bool:
        """Whether the versions that there are have their large amounts."""
        return bool(self.totals) and all(side.is_sound for side in (self.pair.old, self.pair.new) if side)

    @property
    def amounts(self) -> UnitAmounts:
        """The large amounts, to be added up with those of other units."""
        return UnitAmounts(
            self.file, self.pair.span, self.totals if self.can_be_added_up else None, bool(self.pair.subject)
        )

    @property
    def check_to_tell(self) -> CheckDelta:
        """What `check` says for people: an answer that stands by a change already is not told again."""
        told, delta = check_changes.Told(self.changes, self.pair.form), self.check_delta
        return delta._replace(answered=tuple(finding for finding in delta.answered if not told.asks(finding)))

    @property
    def left_to_check(self) -> list[Level]:
        """Of a file beside last year's: the levels of the open findings of `check` that are not told here."""
        if not self.pair.old_year or not self.pair.new or self.broken:
            return []
        told = check_changes.Told(self.changes, self.pair.form)
        open_findings = (finding for finding in self.pair.new.findings if finding.is_open)
        return [f.level for f in open_findings if f not in self.check_delta.appeared and not told.asks(f)]

    @property
    def is_compared(self) -> bool:
        """Whether its values were compared: both versions are there and could be read."""
        return bool(self.pair.old and self.pair.new) and not self.broken

    @property
    def by_weight(self) -> list[Change]:
        """The changes, the most important first."""
        return sorted(self.changes, key=lambda change: change.weight)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        is_quiet = not (self.changes or self.findings or any(self.check_delta) or self.broken)
        return is_quiet and not (self.pair.came or self.pair.old_name)
