"""Compares two versions of the data: for each unit that differs its changes, findings and amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from perfgen.findings import Finding
from perfgen.project import faults
from perfgen.project.snapshot import Project
from perfgen.review import answers, check_changes, rules, versions
from perfgen.review.change import Change
from perfgen.review.change_maker import ChangeMaker
from perfgen.review.check_changes import CheckDelta
from perfgen.review.difference import renamed_file
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.likeness import Budget
from perfgen.review.match import differences
from perfgen.review.similarity import Pairer
from perfgen.review.totals import Total, totals
from perfgen.review.unused import unused_files
from perfgen.review.versions import VersionRange


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
    def year(self) -> str:
        """The year; empty where it cannot be read."""
        return self.pair.year

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
        """The large amounts that are not what they were."""
        return [total for total in self.totals if total.old != total.new] if self.can_be_added_up else []

    @property
    def can_be_added_up(self) -> bool:
        """Whether both versions have their large amounts."""
        return bool(self.totals) and all(side and side.is_sound for side in (self.pair.old, self.pair.new))

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
        return not (self.changes or self.findings or any(self.check_delta) or self.broken)


@dataclass(frozen=True)
class Comparison:
    """The units that differ between two versions, the one with most to look at first."""

    project: Project
    """The work tree, whose forms both versions are read by."""
    range: VersionRange
    units: tuple[UnitComparison, ...]
    others: tuple[str, ...] = field(default=())
    """Paths of schemas, rules and templates that differ too."""
    unused: tuple[str, ...] = field(default=())
    """Paths of these and of the program that differ and were not used here: the work tree has them otherwise."""

    @property
    def changes(self) -> list[Change]:
        """The changes of all units, the most important first."""
        changes = [change for unit in self.units for change in unit.changes]
        return sorted(changes, key=lambda change: change.weight)

    @property
    def findings(self) -> list[Finding]:
        """What the rules of a comparison say, of all units."""
        return [finding for unit in self.units for finding in unit.findings]


def compare(project: Project, ends: VersionRange, wanted: Iterable[tuple[str, str]] = ()) -> Comparison:
    """Compares two versions of a project's data files; `wanted` names files, none means all.

    Raises UsageError for a file in neither version, FormError for a broken form, ToolError
    where git fails.
    """
    files, others = versions.changed_files(project.root, ends)
    chosen = versions.chosen(project.root, ends, files, wanted)
    budget = Budget()
    units = [_compared(pair, Pairer(budget)) for pair in versions.pairs(project, ends, chosen)]
    shown = sorted((unit for unit in units if not unit.is_empty), key=_order)
    unused = unused_files(project.root, ends)
    return Comparison(project, ends, tuple(shown), tuple(others), tuple(unused))


def _compared(pair: VersionPair, pairer: Pairer) -> UnitComparison:
    with faults.in_hand(pair.latest.file):
        return compare_pair(pair, pairer)


def _order(unit: UnitComparison) -> tuple[bool, tuple[bool, int, Decimal], str]:
    """Sorts what could not be read first, then the unit with the most important change; those of one weight by file."""
    weight = min((change.weight for change in unit.changes), default=(True, 0, Decimal(0)))
    return not unit.broken, weight, unit.file


def compare_pair(pair: VersionPair, pairer: Pairer | None = None) -> UnitComparison:
    """Compares the two versions of one unit's file; where a version cannot be read, there are no changes.

    `pairer` has the budget of a whole comparison; without it, the file has one of its own.
    """
    pairer = pairer or Pairer()
    if pair.is_broken or pair.form is None:
        return UnitComparison(pair)
    if pair.old and pair.new:
        changes, findings = _changes(pair.old, pair.new, ChangeMaker(pair, pair.form), pairer)
    else:
        change = ChangeMaker(pair, pair.form).whole_file(pair.latest)
        changes, findings = [change], [] if pair.new else [answers.finding(change)]
    told = answers.settled(pair.new, changes) if pair.new else None
    old, new = (version.filing if version and version.is_sound else None for version in (pair.old, pair.new))
    return UnitComparison(
        pair,
        changes=tuple(changes),
        findings=tuple(findings),
        check_delta=check_changes.between(pair.old, told),
        totals=tuple(totals(pair.form, old, new)),
        pairer=pairer,
    )


def _changes(
    old: FileVersion, new: FileVersion, maker: ChangeMaker, pairer: Pairer
) -> tuple[list[Change], list[Finding]]:
    """The changes of a file that both versions have, and what the rules of a comparison find."""
    fields = maker.form.fields
    pairer.budget.was_short = False
    all_differences = differences(old.data, new.data, fields, answers.left_out(fields), pairer)
    unanswered = [maker.of(difference) for difference in all_differences]
    changes, findings = answers.answered(unanswered, maker.form, old, new)
    if pairer.budget.was_short:
        findings.append(rules.not_paired(new.file))
    if old.file != new.file:
        changes.insert(0, maker.of(renamed_file(old.file, new.file)))
    return changes, findings
