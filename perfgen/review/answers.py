"""Adds to changes what the data says of them: reasons by the name of a row, approvals by fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from perfgen.data import Data, as_group
from perfgen.fields import Field, FieldRole
from perfgen.findings import Finding, Level, Place
from perfgen.review import rules
from perfgen.review.change import Approval, Change
from perfgen.source.reader import Document
from perfgen.values import plain_name

LEFT_OUT: tuple[FieldRole, ...] = ("reasons", "approvals")
"""The roles of fields that are about changes; a change in them is no change of the form."""
_SHORTEST = 12
"""A fingerprint may be typed with so many of its first digits, or more."""


def left_out(fields: Field) -> frozenset[str]:
    """The names of the fields that hold the answers."""
    return frozenset(name for role in LEFT_OUT if (name := fields.find_role(role)))


def answered(
    changes: Iterable[Change], fields: Field, old: Document | None, new: Document | None
) -> tuple[list[Change], list[Finding]]:
    """The changes with reason, approval and level; and the findings of the rules about them."""
    reasons = _Reasons(fields, old, new)
    approvals = _Approvals(fields, old, new)
    result = [_with_level(approvals.of(reasons.of(change)), reasons.field) for change in changes]
    unanswered = [finding(change) for change in result if change.is_open]
    return result, [*unanswered, *approvals.void(), *reasons.unused()]


def _with_level(change: Change, field: str | None) -> Change:
    """A change with the rule that it breaks, if any; `field` is the name of the field that holds reasons, if any."""
    rule = rules.WANTS_REASON.get(change.meaning) if change.is_promise else None
    if rule is None:
        return change
    is_answered = change.reason or change.approval
    name = change.difference.names[-1] if change.difference.names else change.label
    remedy = rule.remedy.format(field=field, name=name) if field else "这张表没有写理由的地方；在合并请求里说明。"
    return replace(change, rule=rule.id, level=Level.NOTE if is_answered else rule.level, remedy=remedy)


def finding(change: Change) -> Finding:
    """A change that wants an answer, as a finding like those of `check`."""
    path = change.difference.new_path or change.difference.old_path or ()
    message = f"“{change.label}”{rules.RULES[change.rule].about}{change.sentence}。"
    return Finding(change.place or Place(""), change.rule, message, change.remedy, change.level, path)


def _entries(document: Document | None, field: str | None) -> Mapping[str, Data]:
    """The members of a top-level group; none where it is not there."""
    return as_group(document.top.get(field)) if document and field else {}


class _Reasons:
    """The reasons that are new: a reason that was there before answered an earlier change."""

    def __init__(self, fields: Field, old: Document | None, new: Document | None) -> None:
        self.field = fields.find_role("reasons")
        self.document = new
        before = _entries(old, self.field)
        fresh = {name: text for name, text in _entries(new, self.field).items() if before.get(name) != text}
        self.fresh = {plain_name(name): (name, str(text)) for name, text in fresh.items()}
        """By plain name, the name as typed and the reason."""
        self.used: set[str] = set()

    def of(self, change: Change) -> Change:
        """A change with its reason, where it has one."""
        if change.meaning not in rules.WANTS_REASON:
            return change
        names = [plain_name(name) for name in (*change.difference.names[::-1], change.label)]
        name = next((name for name in names if name in self.fresh), None)
        if name is None:
            return change
        self.used.add(name)
        return replace(change, reason=self.fresh[name][1])

    def unused(self) -> Iterator[Finding]:
        """A finding for each reason that answers no change."""
        for plain, (name, _) in self.fresh.items():
            if plain not in self.used and self.document and self.field:
                path = (self.field, name)
                rule = rules.REASON_UNUSED
                place = self.document.place(path, key=True)
                yield Finding(place, rule.id, rule.about.format(name=name), rule.remedy, rule.level, path)


class _Approvals:
    """The approvals in the new version. One that was there before and fits nothing is about an earlier change."""

    def __init__(self, fields: Field, old: Document | None, new: Document | None) -> None:
        self.field = fields.find_role("approvals")
        self.members = _approval_members(fields, self.field)
        self.document = new
        self.before = _entries(old, self.field)
        self.entries = _entries(new, self.field)
        self.used: set[str] = set()

    def of(self, change: Change) -> Change:
        """A change with its approval, where it has one."""
        for typed, entry in self.entries.items():
            if len(typed) >= _SHORTEST and change.fingerprint.startswith(typed) and isinstance(entry, dict):
                self.used.add(typed)
                parts = [str(entry.get(name, "")) for name in self.members]
                return replace(change, approval=Approval(*[*parts, "", "", ""][:3]))
        return change

    def void(self) -> Iterator[Finding]:
        """A finding for each new approval that fits no change."""
        for typed in self.entries:
            if typed not in self.used and typed not in self.before and self.document and self.field:
                path = (self.field, typed)
                rule = rules.APPROVAL_VOID
                place = self.document.place(path, key=True)
                yield Finding(place, rule.id, rule.about.format(name=typed), rule.remedy, rule.level, path)


def _approval_members(fields: Field, name: str | None) -> list[str]:
    """The names of an approval's parts in the schema's order: reviewer, date, opinion."""
    field = fields.member(name) if name else None
    return list(field.other.members) if field and field.other else []
