"""Everything a review is told: for each unit that differs its changes, findings and amounts."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from perfgen.data import Data, ValuePath
from perfgen.display import as_texts, show
from perfgen.fields import Field
from perfgen.findings import Finding, Place
from perfgen.form.forms import Form
from perfgen.project.snapshot import Project
from perfgen.review import answers, check_changes, rules, versions
from perfgen.review.change import Change, Class, identity_path, label_of
from perfgen.review.classify import classify, concerns_promise
from perfgen.review.difference import Difference, DifferenceKind, PathStep
from perfgen.review.match import differences
from perfgen.review.sentences import ends, outcome, sentence
from perfgen.review.totals import Total, totals
from perfgen.review.versions import FileVersion, VersionPair, VersionRange
from perfgen.system import git
from perfgen.values import Vocabulary

_DIGITS = 16


@dataclass(frozen=True)
class UnitComparison:
    """One unit's two versions and what lies between them."""

    unit: str
    year: str
    pair: VersionPair
    changes: tuple[Change, ...]
    """In the form's order."""
    findings: tuple[Finding, ...] = ()
    """What the rules of a comparison say."""
    appeared: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()
    """What `check` says now and did not before, says no more, and what is answered now and was not."""
    totals: tuple[Total, ...] = ()

    @property
    def file(self) -> str:
        """The file in the new version, else in the old one."""
        side = self.pair.new or self.pair.old
        assert side is not None
        return side.file

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Why a side could not be read."""
        return tuple(f for side in (self.pair.old, self.pair.new) if side for f in side.broken)

    @property
    def remarks(self) -> list[Finding]:
        """What the rules say that belongs to no single change."""
        return [finding for finding in self.findings if finding.rule in rules.OF_ANSWERS]

    @property
    def moved_totals(self) -> list[Total]:
        """The large amounts that are not what they were."""
        return [total for total in self.totals if total.old != total.new] if self.can_be_added_up else []

    @property
    def can_be_added_up(self) -> bool:
        """Whether both versions have their large amounts."""
        return bool(self.totals) and all(side and side.is_sound for side in (self.pair.old, self.pair.new))

    @property
    def form(self) -> Form | None:
        """The form of the new version, else of the old one."""
        return next((side.form for side in (self.pair.new, self.pair.old) if side and side.form), None)

    @property
    def by_weight(self) -> list[Change]:
        """The changes, the most important first."""
        return sorted(self.changes, key=lambda change: change.weight)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.changes or self.findings or self.appeared or self.gone or self.waived or self.broken)


@dataclass(frozen=True)
class Comparison:
    """The units that differ between two versions, the one with most to look at first."""

    project: Project
    """The work tree, whose forms both versions are read by."""
    range: VersionRange
    units: tuple[UnitComparison, ...]
    others: tuple[str, ...] = field(default=())
    """Paths of schemas, rules and templates that differ too."""

    @property
    def changes(self) -> list[Change]:
        """The changes of all units, the most important first."""
        found = [change for unit in self.units for change in unit.changes]
        return sorted(found, key=lambda change: change.weight)

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
    chosen: list[git.Changed] = versions.chosen(project.root, ends, files, wanted)
    units = [found for pair in versions.pairs(project, ends, chosen) if not (found := compare_pair(pair)).is_empty]
    units.sort(key=lambda unit: (min((c.weight for c in unit.changes), default=(True, 0, Decimal(0))), unit.file))
    return Comparison(project, ends, tuple(units), tuple(others))


def compare_pair(pair: VersionPair) -> UnitComparison:
    """Compares the two versions of one unit's file."""
    old, new = pair.old, pair.new
    unit, year = (next((n for side in (new, old) if side and (n := side.named(role))), "") for role in ("unit", "year"))
    if any(side and side.broken for side in (old, new)):
        return UnitComparison(unit, year, pair, ())
    form = next(side.form for side in (new, old) if side and side.form)
    once = ChangeMaker(
        next(n for side in (old, new) if side and (n := side.named("unit") or side.file)), year, form, pair
    )
    if old is None or new is None:
        changes, findings = _whole_file(once, form)
    else:
        left_out = answers.left_out(form.fields)
        found = differences(old.data, new.data, form.fields, left_out)
        changes, findings = answers.answered(
            [once.change(one) for one in found], form.fields, old.document, new.document
        )
        if old.file != new.file:
            changes.insert(0, once.change(_renamed_file(old.file, new.file)))
    changes = [replace(change, unit=unit) for change in changes]
    appeared, gone, waived = check_changes.between(old, new)
    sound = [side.data if side and side.is_sound else None for side in (old, new)]
    return UnitComparison(
        unit, year, pair, tuple(changes), tuple(findings), appeared, gone, waived, tuple(totals(form, *sound))
    )


class ChangeMaker:
    """Makes changes of differences; changes that are alike in everything still get fingerprints of their own."""

    def __init__(self, unit: str, year: str, form: Form, pair: VersionPair) -> None:
        self.unit, self.year, self.form, self.pair = unit, year, form, pair
        self.vocabulary: Vocabulary = form.rules.vocabulary
        self.seen: Counter[str] = Counter()

    def change(self, difference: Difference) -> Change:
        """A difference with its meaning in this unit."""
        meaning = classify(difference, self.vocabulary)
        said = sentence(difference, meaning, self.vocabulary)
        return Change(
            self.unit, self.year, difference, meaning, concerns_promise(difference),
            identity_path(difference.steps), _label(difference),
            said, *ends(difference), outcome(difference, said),
            _place(self.pair.old, difference.old_path), _place(self.pair.new, difference.new_path),
            self._fingerprint(difference),
        )  # fmt: skip

    def _fingerprint(self, difference: Difference) -> str:
        """Of what was changed and nothing else: no commit, no line, no file name."""
        what: Data = [
            self.form.name, self.unit, self.year, difference.kind.value,
            list[Data]([step.name, step.is_row] for step in difference.steps),
            as_texts(difference.old), as_texts(difference.new),
        ]  # fmt: skip
        text = json.dumps(what, ensure_ascii=False, sort_keys=True)
        self.seen[text] += 1
        again = f"#{self.seen[text]}" if self.seen[text] > 1 else ""
        return hashlib.sha256((text + again).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _place(side: FileVersion | None, path: ValuePath | None) -> Place | None:
    return side.document.place(path) if side and side.document and path is not None else None


def _label(difference: Difference) -> str:
    """The place of a change in words. A row with one target value needs no word for that value."""
    steps = difference.steps
    if difference.field.is_promise and difference.row and difference.row.promise() == steps[-1].name:
        steps = steps[:-1]
    if difference.kind is DifferenceKind.RENAMED:
        steps = (*steps[:-2], replace(steps[-2], title=str(difference.new), shown=True))
    text = label_of(steps)
    return text or "文件"


def _renamed_file(old: str, new: str) -> Difference:
    return Difference(
        DifferenceKind.RENAMED, Field("value", "文件"), (PathStep("", "文件"), PathStep("", "")), (), (), old, new
    )


def _whole_file(once: ChangeMaker, form: Form) -> tuple[list[Change], list[Finding]]:
    """A file that came or went is one change; its rows are not told one by one."""
    side = once.pair.new or once.pair.old
    assert side is not None
    came = once.pair.new is not None
    ends: tuple[Any, Any] = (None, side.data) if came else (side.data, None)
    paths: tuple[ValuePath | None, ValuePath | None] = (None, ()) if came else ((), None)
    kind, meaning = (DifferenceKind.ADDED, Class.ADDED) if came else (DifferenceKind.REMOVED, Class.DROPPED)
    title = form.title
    change = once.change(Difference(kind, form.fields, (PathStep("", title),), *paths, *ends))
    count = sum(concerns_promise(d) for d in differences({}, side.data, form.fields))
    money = "，".join(
        f"{t.label} {show(t.new, f' {t.unit}')}" for t in totals(form, None, side.data if side.is_sound else None)
    )
    said = f"{'新增' if came else '删除'}整个文件 {side.file}，其中有 {count} 项可衡量的要求" + (
        f"；{money}" if money else ""
    )
    change = replace(change, meaning=meaning, sentence=said, before="", after="", outcome=said)
    if came:
        return [change], []
    rule = rules.FILE_GONE
    change = replace(change, level=rule.level, rule=rule.id, remedy=rule.remedy)
    return [change], [answers.finding(change)]
