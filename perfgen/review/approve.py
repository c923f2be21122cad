"""Writes a reviewer's consent to some changes into the files that they are in: one record for each change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfgen.check.approvals import RULES_APART, approvals_in, approved_as, part_names
from perfgen.data import Data, as_group, as_scalar
from perfgen.display import show
from perfgen.findings import UsageError
from perfgen.form.forms import Form
from perfgen.review import rules
from perfgen.review.change import Change
from perfgen.review.record_history import content_of
from perfgen.review.unit_comparison import UnitComparison
from perfgen.source.rewrite import rewritten

FINGERPRINT = re.compile("[0-9a-f]{12,64}")
"""How a change is named: by its fingerprint or the first digits of it."""
_LONGEST = 200
"""A value before the change with more characters is not told."""
_BOM = "\ufeff"


@dataclass(frozen=True)
class Consent:
    """Who agrees, on which day (ISO), and what is said of it."""

    reviewer: str
    date: str
    opinion: str = ""


def asked(units: Iterable[UnitComparison], fingerprints: Sequence[str]) -> dict[str, list[Change]]:
    """By file, the changes that are to be approved: those of some fingerprints, else all that a rule asks about.

    What has an approval that counts is left out. Raises UsageError for a fingerprint that no change has, and for a
    change that no file can hold a record of.
    """
    units = list(units)
    everything = [change for unit in units for change in unit.changes]
    for typed in fingerprints:
        fitting = [change for change in everything if change.fingerprint.startswith(typed)]
        if not fitting:
            raise UsageError(f"没有指纹是 {typed} 的变更；照比较里写的抄，那一处再改过，指纹就变了。")
        if any(change.is_whole_file for change in fitting):
            raise UsageError(f"{typed} 是整个文件的变更，没有地方写审核记录；在合并请求里说明。")
    chosen = {unit.file: [change for change in unit.changes if _is_asked(change, fingerprints)] for unit in units}
    return {file: changes for file, changes in chosen.items() if changes}


def _is_asked(change: Change, fingerprints: Sequence[str]) -> bool:
    if change.approval or change.is_whole_file:
        return False
    if fingerprints:
        return any(change.fingerprint.startswith(typed) for typed in fingerprints)
    return change.is_promise and change.meaning in rules.WANTS_REASON


def with_records(unit: UnitComparison, changes: Sequence[Change], consent: Consent) -> bytes:
    """The newer version of a unit's file with a record for each change; every other line stays as it is.

    A record of these changes that does not count gives way. Raises UsageError where the form has no place for them.
    """
    new, form = unit.pair.new, unit.pair.form
    assert new and new.document and new.content is not None and form
    group = form.fields.find_role("approvals")
    names = part_names(form.fields)
    if group is None or len(names) < len(("reviewer", "date")):
        raise UsageError(f"{form.title}没有写审核记录的地方；在合并请求里说明。")
    records = dict(as_group(new.document.top.get(group)))
    known = approvals_in(dict(records), form.fields, new.verdicts)
    for change in changes:
        parts = zip(names, _parts(change, consent, form), strict=False)
        record: dict[str, Data] = {name: part for name, part in parts if part}
        before = {typed: records.pop(typed) for typed in approved_as(change.fingerprint, known) if typed in records}
        records[_key(change, before, record)] = record
    wanted: dict[str, Data] = {**new.document.top, group: records}
    text = rewritten(new.document.text, new.document, wanted, form.fields)
    head = _BOM if new.content.startswith(_BOM.encode()) else ""
    return (head + text).encode()


def _key(change: Change, before: Mapping[str, Data], record: dict[str, Data]) -> str:
    """What a record stands under: the fingerprint, a digit shorter where somebody forged this very record under it."""
    forged = before.get(change.fingerprint)
    is_same = forged is not None and content_of(forged) == content_of(record)
    return change.fingerprint[:-1] if is_same else change.fingerprint


def _parts(change: Change, consent: Consent, form: Form) -> tuple[str, ...]:
    """The parts of a record, in their order; empty for what is not told."""
    before = show(as_scalar(change.old))
    told = before if len(before) <= _LONGEST and "\n" not in before else ""
    asking = [rule.id for meaning, rule in rules.WANTS_REASON.items() if meaning is change.meaning]
    answered = [*asking, *(form.rules.asking(change.meaning.value) if asking else ())]
    return consent.reviewer, consent.date, consent.opinion, told, change.path, RULES_APART.join(answered)
