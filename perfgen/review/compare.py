"""Compares two versions of the data: for each unit that differs its changes, findings and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from perfgen.comparison import own_year
from perfgen.comparison.difference import renamed_file
from perfgen.comparison.match import differences
from perfgen.findings import Finding
from perfgen.form.forms import Form
from perfgen.form.likeness import MOST_STEPS, Budget
from perfgen.form.similarity import Pairer
from perfgen.project import faults
from perfgen.project.snapshot import Project
from perfgen.review import answers, check_of_unit, quiet_files, rules, sums, versions, years
from perfgen.review.authors import LastChange, last_changes
from perfgen.review.change import Change
from perfgen.review.change_maker import ChangeMaker
from perfgen.review.correction import WantedCorrection
from perfgen.review.file_version import VersionPair
from perfgen.review.quiet_files import QuietFiles
from perfgen.review.settings.effect import Judge
from perfgen.review.settings.review import SettingsReview, review
from perfgen.review.since import judged_on_branch
from perfgen.review.submitters import strangers
from perfgen.review.sums import YearSum
from perfgen.review.totals import totals
from perfgen.review.unit_comparison import UnitComparison
from perfgen.review.unused import unused_files
from perfgen.review.versions import VersionRange

if TYPE_CHECKING:
    from perfgen.review.version_checks import VersionChecks

_UNITS_OF_A_BUDGET = 20
"""So many units have the steps of one comparison together."""


@dataclass(frozen=True)
class Comparison:
    """The units that differ between two versions, the one with most to look at first."""

    project: Project
    """The work tree, whose forms both versions are read by."""
    range: VersionRange
    units: tuple[UnitComparison, ...]
    others: tuple[str, ...] = ()
    """Paths of schemas, rules and templates that differ too."""
    unused: tuple[str, ...] = ()
    """Paths of these and of the program that differ and were not used here: the work tree has them otherwise."""
    sums: tuple[YearSum, ...] = field(default=())
    """The large amounts of all units, where those of some changed."""
    quiet: QuietFiles = field(default_factory=QuietFiles)
    """The files that differ and of which nothing is told."""
    last_changes: Mapping[str, LastChange] = field(default_factory=dict)
    """By path, who changed the file of a unit last; none outside a repository."""
    corrections: tuple[WantedCorrection, ...] = field(default=())
    """The changes to what was public that nobody told the public of."""
    settings: SettingsReview = field(default_factory=SettingsReview)

    @property
    def changes(self) -> list[Change]:
        """The changes of all units, the most important first."""
        changes = [change for unit in self.units for change in unit.changes]
        return sorted(changes, key=lambda change: change.weight)

    def last_change(self, unit: UnitComparison) -> str:
        """Who changed a unit's file last, in words; empty where nobody knows."""
        found = self.last_changes.get(unit.file)
        return found.sentence if found else ""

    @property
    def findings(self) -> list[Finding]:
        """What the rules of a comparison say, of all units."""
        return [finding for unit in self.units for finding in unit.findings]


def compare(
    project: Project, ends: VersionRange, wanted: Iterable[tuple[str, str]] = (), judge: Judge | None = None
) -> Comparison:
    """Compares two versions of a project's data files; `wanted` names files, none means all. `judge` is for its rules.

    A file that came is compared with the same unit's file of the year before. Raises UsageError for a file in neither
    version, FormError for forms broken in both, ToolError where git fails.
    """
    files, others = versions.changed_files(project.root, ends)
    wanted = list(wanted)
    chosen = versions.chosen(project.root, ends, files, wanted)
    unused = unused_files(project.root, ends)
    settings = review(project, ends, unused, judge)
    project = settings.readable or project
    pairs = list(map(years.with_last_year, versions.pairs(project, ends, chosen)))
    units = _units(pairs, strangers(project, ends.base, ends.head, pairs))
    amounts = [unit.amounts for unit in units]
    is_all = not wanted and any(unit.has_moved for unit in amounts)
    whole = sums.of_versions(amounts, versions.project_of(project, ends.head)) if is_all else []
    shown = _with_something(units)
    changed = last_changes(project.root, ends, (unit.pair for unit in shown))
    settings = settings.with_units(unit.pair for unit in units)
    return Comparison(
        project, ends, shown, tuple(others), tuple(unused), tuple(whole), _quiet(units), changed, settings=settings
    )


def compare_years(
    project: Project,
    of: years.Years,
    ends: VersionRange,
    wanted: Iterable[tuple[str, str]] = (),
    checks: VersionChecks | None = None,
) -> Comparison:
    """Compares the files of two years, both as they are in `ends.head`; `wanted` names some, none means all.

    `checks` asks `check` about them; without it, it is asked here. Raises UsageError for a year without files and for
    what is no file of them, FormError for a broken form.
    """
    version = versions.project_of(project, ends.head)
    wanted = list(wanted)
    judgement = judged_on_branch(project) if ends.head is None else None
    units = _units(years.pairs(version, of, wanted, judgement, checks), {})
    whole = [] if wanted else sums.of_years(f"{of.old}..{of.new}", (unit.amounts for unit in units))
    shown = _with_something(units)
    changed = last_changes(project.root, ends, (unit.pair for unit in shown))
    return Comparison(version, ends, shown, sums=tuple(whole), last_changes=changed)


def _units(pairs: Iterable[VersionPair], more: Mapping[str, list[Finding]]) -> list[UnitComparison]:
    """All units, compared; `more` has other findings by file."""
    pairs = list(pairs)
    budget = Budget(MOST_STEPS * max(1, len(pairs) // _UNITS_OF_A_BUDGET))
    return [_compared(pair, Pairer(budget), more.get(pair.latest.file, [])) for pair in pairs]


def _with_something(units: Iterable[UnitComparison]) -> tuple[UnitComparison, ...]:
    """The units with something to say, the one with most to look at first."""
    return tuple(sorted((unit for unit in units if not unit.is_empty), key=_order))


def _quiet(units: Iterable[UnitComparison]) -> QuietFiles:
    return quiet_files.count(unit.pair for unit in units if unit.is_empty)


def _compared(pair: VersionPair, pairer: Pairer, more: list[Finding]) -> UnitComparison:
    with faults.in_hand(pair.latest.file):
        unit = compare_pair(pair, pairer)
    return replace(unit, findings=(*unit.findings, *more))


def _order(unit: UnitComparison) -> tuple[bool, bool, tuple[bool, int, Decimal], int, str]:
    """Sorts what could not be read first, then new errors, then the unit with the gravest change and the most of them;
    those of one weight by file."""
    weight = min((change.weight for change in unit.changes), default=(True, 0, Decimal(0)))
    as_grave = sum(change.weight[:2] == weight[:2] for change in unit.changes)
    return not unit.broken, not unit.check_delta.errors, weight, -as_grave, unit.file


def compare_pair(pair: VersionPair, pairer: Pairer | None = None) -> UnitComparison:
    """Compares the two versions of one unit's file; where a version cannot be read, there are no changes.

    `pairer` has the budget of a whole comparison; without it, the file has one of its own.
    """
    if pair.is_broken or pair.form is None:
        return UnitComparison(pair)
    pairer = pairer or Pairer()
    if pair.old_year:
        pairer = own_year.pairer(pair.form.fields, pairer.budget)
    if pair.old and pair.new:
        changes, findings = _changes(pair, pair.form, pairer)
    else:
        change = ChangeMaker(pair, pair.form).whole_file(pair.latest)
        if pair.old and pair.old_year:
            change = answers.of_a_year_without_file(change, pair.old)
        changes, findings = [change], [answers.finding(change)] if change.is_open else []
    told = answers.settled(pair.new, changes) if pair.new else None
    old, new = (version.filing if version and version.is_sound else None for version in (pair.old, pair.new))
    return UnitComparison(
        pair,
        changes=tuple(changes),
        findings=tuple(findings),
        check_delta=check_of_unit.check_delta(pair, told, changes, pairer),
        totals=tuple(totals(pair.form, old, new)),
        pairer=pairer,
    )


def _changes(pair: VersionPair, form: Form, pairer: Pairer) -> tuple[list[Change], list[Finding]]:
    """The changes of a unit with both versions, and what the rules of a comparison find."""
    assert pair.old and pair.new
    pairer.budget.was_short = False
    unanswered = _unanswered(pair, form, pairer)
    changes, findings = answers.answered(unanswered, form, pair, lambda: _since_last_year(pair, pairer.budget))
    if pairer.budget.was_short:
        findings.append(rules.not_paired(pair.new.file))
    return changes, findings


def _unanswered(pair: VersionPair, form: Form, pairer: Pairer) -> list[Change]:
    """What differs between both versions of a unit, as changes that nobody has answered yet."""
    assert pair.old and pair.new
    fields, maker = form.fields, ChangeMaker(pair, form)
    find = own_year.differences_of_years if pair.old_year else differences
    found = find(pair.old.data, pair.new.data, fields, answers.left_out(fields), pairer)
    is_told = pair.old.is_at_its_place and pair.new.is_at_its_place  # then the names that changed say the new path
    if pair.old.file != pair.new.file and not pair.old_year and not is_told:
        found = [renamed_file(pair.old.file, pair.new.file), *found]
    return [maker.of(difference) for difference in found]


def _since_last_year(pair: VersionPair, budget: Budget) -> list[Change]:
    """What differs between last year's file and the new version; nothing where there is none to compare with."""
    of_years = years.of_last_year(pair.new) if pair.new else None
    if of_years is None or of_years.form is None:
        return []
    return _unanswered(of_years, of_years.form, own_year.pairer(of_years.form.fields, budget))
