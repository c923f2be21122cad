"""Adds to changes what the data says of them: reasons by the name of a row, approvals by fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from perfgen.check.approvals import Approval, approvals_in, approved_as
from perfgen.check.reasons import Reasons, fresh, innermost, reasons_in, row_names
from perfgen.check.standing import Standing, Verdicts
from perfgen.data import Data, as_group, row_of
from perfgen.fields import Field, FieldRole
from perfgen.findings import Finding, Level, Place
from perfgen.form.all_units import missing
from perfgen.form.forms import Form
from perfgen.review import rules
from perfgen.review.change import Change
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.source import writer
from perfgen.source.reader import Document

LEFT_OUT: tuple[FieldRole, ...] = ("reasons", "approvals")
"""The roles of fields that are about changes; a change in them is no change of the form."""


def left_out(fields: Field) -> frozenset[str]:
    """The names of the fields that hold the answers."""
    return frozenset(name for role in LEFT_OUT if (name := fields.find_role(role)))


def answered(
    changes: Iterable[Change], form: Form, pair: VersionPair, since_last_year: Callable[[], list[Change]] = list
) -> tuple[list[Change], list[Finding]]:
    """The changes with reason, approval and level; and the findings of the rules about them.

    `pair` has both versions. An answer may also be for what changed since last year, which is asked where one is left
    over.
    """
    assert pair.old and pair.new
    reasons = _Reasons(form, pair.old, pair.new)
    approvals = _Approvals(form.fields, pair.old.document, pair.new.document, pair.new.verdicts)
    result = [_with_level(approvals.of(reasons.of(change)), reasons.field) for change in changes]
    unanswered = [finding(change) for change in result if change.is_open]
    return result, [*unanswered, *_left_over(approvals, reasons, pair, since_last_year)]


def _left_over(
    approvals: _Approvals, reasons: _Reasons, pair: VersionPair, since_last_year: Callable[[], list[Change]]
) -> list[Finding]:
    """The findings about answers that answer nothing.

    Beside last year's file, nobody knows whether an answer is for a change within the year; all of a file that came
    with the comparison is about the year.
    """
    if pair.old_year:
        return list(reasons.unused()) if pair.came else []
    if any(approvals.void()) or any(reasons.unused()):
        for change in since_last_year():
            approvals.of(reasons.of(change))
    return [*approvals.void(), *reasons.unused()]


def of_a_year_without_file(change: Change, old: FileVersion) -> Change:
    """The change of a unit without this year's file, answered where last year's file answers the rule about that."""
    if old.filing is None or old.form is None:
        return change
    written = reasons_in(old.filing)
    asking = [rule.id for rule in old.form.rules.all_units.values() if rule.kind == missing.KIND]
    reason = next(filter(None, (written.of(rule, ()) for rule in asking)), "")
    return replace(change, reason=reason, level=Level.NOTE) if reason else change


def settled(new: FileVersion, changes: Iterable[Change]) -> FileVersion:
    """The new version; an answered change also answers what `check` asks of that row about the same thing."""
    form = new.form
    if form is None:
        return new
    answered = {
        (change.meaning.value, row_of(change.difference.new_path)): change
        for change in changes
        if change.difference.new_path and (change.reason or change.approval)
    }

    def told(finding: Finding) -> Finding:
        asked = form.rules.asked_by(finding.rule) if finding.is_open else None
        change = answered.get((asked.value, row_of(finding.path))) if asked else None
        text = _answer(change, finding.rule) if change else ""
        return replace(finding, reason=text) if text else finding

    return replace(new, findings=tuple(map(told, new.findings)))


def _answer(change: Change, rule: str) -> str:
    """What answers a rule that asks about a change: its reason, or its approval where that is about the rule."""
    approval = change.approval if change.approval and change.approval.answers(rule) else None
    return change.reason or (approval.sentence if approval else "")


def _with_level(change: Change, field: str | None) -> Change:
    """A change with the rule that it breaks, if any; `field` is the name of the field that holds reasons, if any."""
    rule = rules.WANTS_REASON.get(change.meaning) if change.is_promise else None
    if rule is None:
        return change
    is_answered = change.reason or change.approval
    name = change.difference.names[-1] if change.difference.names else change.label
    remedy = "这张表没有写理由的地方；在合并请求里说明。"
    if change.old_reason_line:
        remedy = rules.REWRITE.format(old=rules.OLD_REASON, line=change.old_reason_line)
    elif field:
        remedy = rule.remedy.format(field=field, name=writer.text(name))
    return replace(change, rule=rule.id, level=Level.NOTE if is_answered else rule.level, remedy=remedy)


def finding(change: Change) -> Finding:
    """A change that wants an answer, as a finding like those of `check`."""
    path = change.difference.new_path or change.difference.old_path or ()
    about = rules.RULES[change.rule].about
    if change.old_reason_line:
        about = about.replace(rules.NO_REASON, rules.OLD_REASON)
    message = f"“{change.label}”{about}{change.sentence}。"
    return Finding(change.place or Place(""), change.rule, message, change.remedy, change.level, path)


def _entries(document: Document | None, field: str | None) -> Mapping[str, Data]:
    """The members of a top-level group; none where it is not there."""
    return as_group(document.top.get(field)) if document and field else {}


class _Reasons:
    """The reasons that are new: a reason that was there before answered an earlier change."""

    def __init__(self, form: Form, old: FileVersion, new: FileVersion) -> None:
        self.field = form.fields.find_role("reasons")
        self.rules = form.rules
        self.old, self.new = old, new
        self.by_name = _fresh(old, new, self.field)
        self.old_by_name = _entries(new.document, self.field).keys() - self.by_name.keys()
        self.written = Reasons(_fresh(old, new, form.fields.find_role("waivers")), self.by_name)
        self.used: set[str] = set()

    def of(self, change: Change) -> Change:
        """A change with its reason, if any: under its name, or under that and a rule that asks the same."""
        if not change.meaning.wants_reason:
            return change
        names = self._names(change)
        name, text = self.written.of_change(self.rules.asking(change.meaning.value), names)
        self.used.update([name] if name else [])
        return replace(change, reason=text) if text else replace(change, old_reason_line=self._old_line(names))

    def _old_line(self, names: tuple[str, ...]) -> int:
        """The line of a reason under one of these names that was there before; 0 where there is none."""
        name = innermost(self.old_by_name, names)
        place = (
            self.new.document.place((self.field, name), key=True) if self.new.document and self.field and name else None
        )
        return place.line if place else 0

    def _names(self, change: Change) -> tuple[str, ...]:
        """What a change may be called, from the outermost: in words, by the groups and row, by the old and new name."""
        difference = change.difference
        version, path = (self.new, difference.new_path) if difference.new_path else (self.old, difference.old_path)
        fields = version.form.fields if version.form else None
        around = row_names(version.data, fields, path) if fields and path else ()
        return (change.label, *around, *difference.names)

    def unused(self) -> Iterator[Finding]:
        """A finding for each reason that answers no change, and nothing that `check` asks."""
        asked = [finding for finding in self.new.findings if self.rules.asked_by(finding.rule)]
        for name in self.by_name.keys() - self.used:
            if self.new.document and self.field and not any(self._answers(name, finding) for finding in asked):
                path = (self.field, name)
                rule = rules.REASON_UNUSED
                place = self.new.document.place(path, key=True)
                yield Finding(place, rule.id, rule.about.format(name=name), rule.remedy, rule.level, path)

    def _answers(self, name: str, finding: Finding) -> bool:
        fields = self.new.form.fields if self.new.form else None
        return bool(fields and innermost([name], row_names(self.new.data, fields, finding.path)))


def _fresh(old: FileVersion, new: FileVersion, field: str | None) -> dict[str, str]:
    """The reasons of a group that were not there before, or say something else now."""
    return fresh(dict(_entries(old.document, field)), dict(_entries(new.document, field)))


class _Approvals:
    """The approvals in the new version. One that was there before and fits nothing is about an earlier change."""

    def __init__(self, fields: Field, old: Document | None, new: Document | None, verdicts: Verdicts) -> None:
        self.field = fields.find_role("approvals")
        self.document = new
        self.before = _entries(old, self.field)
        self.entries = _entries(new, self.field)
        self.approvals = approvals_in(dict(self.entries), fields, verdicts)
        self.used: set[str] = set()

    def of(self, change: Change) -> Change:
        """A change with its approval, where it has one, or with why that does not count."""
        fitting = approved_as(change.fingerprint, self.approvals)
        self.used.update(fitting)
        if not fitting:
            return change
        approval = self.approvals[fitting[0]]
        refusal = _refusal(approval, change)
        return replace(change, refusal=refusal) if refusal else replace(change, approval=approval)

    def void(self) -> Iterator[Finding]:
        """A finding for each new approval that fits no change."""
        for typed in self.entries:
            if typed not in self.used and typed not in self.before and self.document and self.field:
                path = (self.field, typed)
                rule = rules.APPROVAL_VOID
                place = self.document.place(path, key=True)
                yield Finding(place, rule.id, rule.about.format(name=typed), rule.remedy, rule.level, path)


def _refusal(approval: Approval, change: Change) -> str:
    """Why an approval with the fingerprint of a change does not count; empty where it does."""
    rule = rules.WANTS_REASON.get(change.meaning)
    if not approval.counts:
        word = "不算" if approval.verdict.standing is Standing.REFUSED else "未定"
        return f"审核记录{word}：{approval.verdict.why}"
    if approval.row and approval.row != change.path:
        return f"审核记录不算：指纹是这一处的，写的却是“{approval.row}”"
    if rule and not approval.answers(rule.id):
        return f"审核记录不算：它答复的规则里没有 {rule.id}"
    return ""
