"""Compares two versions of the data: for each unit that differs its changes, findings and amounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfgen.check.approvals import ChangeOf, digested, fingerprint
from perfgen.data import ValuePath
from perfgen.display import show
from perfgen.findings import Finding, Level, Place
from perfgen.form.forms import Form
from perfgen.project import faults
from perfgen.project.snapshot import Project
from perfgen.review import answers, check_changes, rules, versions
from perfgen.review.change import Change, Class, identity_path, label_of
from perfgen.review.check_changes import CheckDelta
from perfgen.review.classify import classify, concerns_promise
from perfgen.review.difference import Difference, DifferenceKind, PathStep, renamed_file
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.likeness import Budget
from perfgen.review.match import differences
from perfgen.review.rules import ChangeRule
from perfgen.review.sentences import before_after, sentence, without_before_after
from perfgen.review.similarity import Pairer
from perfgen.review.submitters import strangers
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
    pairs = versions.pairs(project, ends, chosen)
    found = strangers(project, ends.base, ends.head, pairs)
    units = [_compared(pair, Pairer(budget), found.get(pair.latest.file, [])) for pair in pairs]
    shown = sorted((unit for unit in units if not unit.is_empty), key=_order)
    return Comparison(project, ends, tuple(shown), tuple(others), tuple(unused_files(project.root, ends)))


def _compared(pair: VersionPair, pairer: Pairer, more: list[Finding]) -> UnitComparison:
    with faults.in_hand(pair.latest.file):
        unit = compare_pair(pair, pairer)
    return replace(unit, findings=(*unit.findings, *more))


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


class ChangeMaker:
    """Makes the changes of one unit; changes that are equal in everything still get different fingerprints."""

    def __init__(self, pair: VersionPair, form: Form) -> None:
        self.pair, self.form = pair, form
        self.vocabulary = form.rules.vocabulary
        self.seen: Counter[str] = Counter()
        """How often the same change was made."""

    def of(self, difference: Difference) -> Change:
        """A difference with its meaning in this unit."""
        meaning = classify(difference, self.vocabulary)
        statement = sentence(difference, meaning, self.vocabulary)
        before, after = before_after(difference)
        return self._change(
            difference,
            meaning=meaning,
            sentence=statement,
            before=before,
            after=after,
            outcome=without_before_after(difference, statement),
        )

    def whole_file(self, version: FileVersion) -> Change:
        """A file that came or went as one change; its rows are not told one by one."""
        came = version is self.pair.new
        difference = Difference(
            kind=DifferenceKind.ADDED if came else DifferenceKind.REMOVED,
            field=self.form.fields,
            steps=(PathStep("", self.form.title),),
            old_path=None if came else (),
            new_path=() if came else None,
            old=None if came else version.data,
            new=version.data if came else None,
        )
        statement = f"{'新增' if came else '删除'}整个文件 {version.file}，{_content(version, self.form)}"
        if self.pair.last_year:
            statement += f"；这是新年度的文件，里面的要求没有和上一年的 {self.pair.last_year} 比较"
        return self._change(
            difference,
            meaning=Class.ADDED if came else Class.DROPPED,
            sentence=statement,
            outcome=statement,
            rule=None if came else rules.FILE_GONE,
        )

    def _change(
        self,
        difference: Difference,
        *,
        meaning: Class,
        sentence: str,
        outcome: str,
        before: str = "",
        after: str = "",
        rule: ChangeRule | None = None,
    ) -> Change:
        """A change with its words, its place on both sides and its fingerprint."""
        return Change(
            unit=self.pair.unit,
            year=self.pair.year,
            difference=difference,
            meaning=meaning,
            is_promise=concerns_promise(difference),
            path=identity_path(difference.steps),
            label=_label(difference),
            sentence=sentence,
            before=before,
            after=after,
            outcome=outcome,
            old_place=_place(self.pair.old, difference.old_path),
            new_place=_place(self.pair.new, difference.new_path),
            fingerprint=self._fingerprint(difference),
            level=rule.level if rule else Level.NOTE,
            rule=rule.id if rule else "",
            remedy=rule.remedy if rule else "",
        )

    def _fingerprint(self, difference: Difference) -> str:
        """A digest of what was changed and nothing else: no commit, no line, no file name."""
        steps = tuple((step.name, step.is_row) for step in difference.steps)
        about = ChangeOf(self.form.name, self.pair.first_name, self.pair.year, difference.kind.value, steps)
        text = digested(about, difference.old, difference.new)
        self.seen[text] += 1
        again = f"#{self.seen[text]}" if self.seen[text] > 1 else ""
        return fingerprint(text + again)


def _place(version: FileVersion | None, path: ValuePath | None) -> Place | None:
    return version.document.place(path) if version and version.document and path is not None else None


def _label(difference: Difference) -> str:
    """The place of a change in words. A row with one target value needs no word for that value."""
    steps = difference.steps
    if difference.field.is_promise and difference.row and difference.row.promise() == steps[-1].name:
        steps = steps[:-1]
    if difference.kind is DifferenceKind.RENAMED:
        steps = (*steps[:-2], replace(steps[-2], title=str(difference.new), shown=True))
    return label_of(steps) or "文件"


def _content(version: FileVersion, form: Form) -> str:
    """How many target values a whole file holds, and its large amounts."""
    count = sum(concerns_promise(difference) for difference in differences({}, version.data, form.fields))
    amounts = totals(form, None, version.filing if version.is_sound else None)
    money = "，".join(f"{total.label} {show(total.new, f' {total.unit}')}" for total in amounts)
    return f"其中有 {count} 项可衡量的要求" + (f"；{money}" if money else "")
