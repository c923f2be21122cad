"""What the data itself says of its changes: reasons by the name of a row, approvals by fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from perfgen.fields import Field, FieldRole
from perfgen.findings import Finding, Level, Place
from perfgen.review import rules
from perfgen.review.change import Approval, Change
from perfgen.source.reader import Document
from perfgen.values import plain_name

LEFT_OUT: tuple[FieldRole, ...] = ("reasons", "approvals")
"""Fields that speak about changes and are none themselves."""
_SHORTEST = 12
"""So many digits of a fingerprint, at least, name it."""


def left_out(fields: Field) -> frozenset[str]:
    """The names of the fields that hold the answers."""
    return frozenset(name for role in LEFT_OUT if (name := fields.find_role(role)))


def answered(
    changes: Iterable[Change], fields: Field, old: Document | None, new: Document | None
) -> tuple[list[Change], list[Finding]]:
    """The changes with reason, approval and level; and what the rules find about them."""
    reasons = _Reasons(fields, old, new)
    approvals = _Approvals(fields, old, new)
    result = [_level(approvals.of(reasons.of(change)), reasons.field) for change in changes]
    found = [finding(change) for change in result if change.is_open]
    return result, [*found, *approvals.void(), *reasons.unused()]


def _level(change: Change, field: str | None) -> Change:
    rule = rules.WANTS_REASON.get(change.meaning) if change.is_promise else None
    if rule is None:
        return change
    answered = change.reason or change.approval
    name = change.difference.names[-1] if change.difference.names else change.label
    remedy = rule.remedy.format(field=field, name=name) if field else "这张表没有写理由的地方；在合并请求里说明。"
    return replace(change, rule=rule.id, level=Level.NOTE if answered else rule.level, remedy=remedy)


def finding(change: Change) -> Finding:
    """A change that wants an answer, as a finding like those of `check`."""
    at = change.difference.new_path or change.difference.old_path or ()
    message = f"“{change.label}”{rules.RULES[change.rule].about}{change.sentence}。"
    return Finding(change.place or Place(""), change.rule, message, change.remedy, change.level, at)


def _entries(document: Document | None, field: str | None) -> Mapping[str, Any]:
    found = document.data.get(field) if document and field and isinstance(document.data, dict) else None
    return found if isinstance(found, dict) else {}


class _Reasons:
    """The reasons that are new: one that stood there before answered an earlier change."""

    def __init__(self, fields: Field, old: Document | None, new: Document | None) -> None:
        self.field = fields.find_role("reasons")
        self.document = new
        before = _entries(old, self.field)
        found = {name: text for name, text in _entries(new, self.field).items() if before.get(name) != text}
        self.fresh = {plain_name(name): (name, str(text)) for name, text in found.items()}
        self.used: set[str] = set()

    def of(self, change: Change) -> Change:
        wanted = [plain_name(name) for name in (*change.difference.names[::-1], change.label)]
        found = next((name for name in wanted if name in self.fresh), None)
        if found is None:
            return change
        if change.meaning in rules.WANTS_REASON:
            self.used.add(found)
            return replace(change, reason=self.fresh[found][1])
        return change

    def unused(self) -> Iterator[Finding]:
        for plain, (name, _) in self.fresh.items():
            if plain not in self.used and self.document and self.field:
                path = (self.field, name)
                rule = rules.REASON_UNUSED
                place = self.document.place(path, key=True)
                yield Finding(place, rule.id, rule.about.format(name=name), rule.remedy, rule.level, path)


class _Approvals:
    """The approvals in the new version. One that was there before and fits nothing belongs to a change before this."""

    def __init__(self, fields: Field, old: Document | None, new: Document | None) -> None:
        self.field = fields.find_role("approvals")
        self.members = _approval_members(fields, self.field)
        self.document = new
        self.before = _entries(old, self.field)
        self.entries = _entries(new, self.field)
        self.used: set[str] = set()

    def of(self, change: Change) -> Change:
        for typed, entry in self.entries.items():
            if len(typed) >= _SHORTEST and change.fingerprint.startswith(typed) and isinstance(entry, dict):
                self.used.add(typed)
                said = [str(entry.get(name, "")) for name in self.members]
                return replace(change, approval=Approval(*[*said, "", "", ""][:3]))
        return change

    def void(self) -> Iterator[Finding]:
        for typed in self.entries:
            if typed not in self.used and typed not in self.before and self.document and self.field:
                path = (self.field, typed)
                rule = rules.APPROVAL_VOID
                place = self.document.place(path, key=True)
                yield Finding(place, rule.id, rule.about.format(name=typed), rule.remedy, rule.level, path)


def _approval_members(fields: Field, name: str | None) -> list[str]:
    """The names of an approval's parts in the schema's order: who, when, what was said."""
    field = fields.member(name) if name else None
    return list(field.other.members) if field and field.other else []
