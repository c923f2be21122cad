"""Approvals of changes: read from a file, known by a fingerprint, and held to what the file says now.

A fingerprint is made of the place of a change and its values before and after, so a consent is to that change alone.
`check` sees one version. It knows the value before from the approval itself, or finds it among the values of the same
row in this file and in last year's: a target that was carried over from there and then made weaker.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from perfgen.check.filing import Filing
from perfgen.check.path_labels import along
from perfgen.check.standing import UNLISTED, Standing, Verdict, Verdicts
from perfgen.data import Data, Scalar, ValuePath, as_group, as_scalar, value_at
from perfgen.display import as_texts, show
from perfgen.fields import Field
from perfgen.findings import Finding, Level
from perfgen.form.path_pattern import text_of
from perfgen.form.row_name import row_name
from perfgen.project import invocation

RULE = "approval"
CHANGED = "changed"
_DIGITS = 16
"""So many hexadecimal digits make a fingerprint."""
_SHORTEST = 12
"""A fingerprint may be typed with so many of its first digits, or more."""
PARTS = 6
"""So many parts an approval has, in this order: reviewer, date, opinion, value before, place, rules."""
RULES_APART = "、"
_RULES = re.compile(r"[^\s、，,；;]+")
_CLAIMED = "（提交人自称，没有签名）"


@dataclass(frozen=True)
class Approval:
    """A reviewer's consent to a change, as the data says it."""

    reviewer: str
    date: str
    opinion: str = ""
    before: str = ""
    """The value before the change; empty where the approval does not say it."""
    row: str = ""
    """The place of the change, as `Change.path`; empty where the approval does not say it."""
    rules: str = ""
    """The rules that it answers, parted by 、 or blanks; empty for all that ask about the change."""
    verdict: Verdict = field(default=Verdict(Standing.UNLISTED), kw_only=True)

    @property
    def counts(self) -> bool:
        """Whether it answers anything."""
        return self.verdict.standing.counts

    def answers(self, rule: str) -> bool:
        """Whether it is about what a rule asks."""
        rules = _RULES.findall(self.rules)
        return not rules or rule in rules

    @property
    def sentence(self) -> str:
        """Who agreed, when, what was said, and whether anybody could have written that."""
        opinion = f"，意见：{self.opinion}" if self.opinion else ""
        claimed = _CLAIMED if self.verdict.standing is Standing.CLAIMED else ""
        return f"{self.reviewer} 已于 {self.date} 同意{opinion}{claimed}"


@dataclass(frozen=True)
class ChangeOf:
    """What a fingerprint tells apart beside the values: the file's form, unit, year and subject, and the place."""

    form: str
    unit: str
    year: str
    kind: str
    steps: tuple[tuple[str, bool], ...]
    """The names on the way to the value, and whether each is the name of a row."""
    subject: tuple[str, ...] = ()
    """What the file is about beside its unit; nothing where a unit has one file."""


def digested(change: ChangeOf, old: Data, new: Data) -> str:
    """What a fingerprint is made of, as text: no commit, no line, no file name."""
    steps = [list[Data](step) for step in change.steps]
    content: Data = [
        change.form, change.unit, change.year, change.kind, list[Data](steps), as_texts(old), as_texts(new),
        *change.subject,
    ]  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def fingerprint(text: str) -> str:
    """The first digits of a text's digest."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def part_names(fields: Field) -> list[str]:
    """What a form calls the parts of an approval, in their order; an older form has only the first of them."""
    name = fields.find_role("approvals")
    group = fields.member(name) if name else None
    return list(group.other.members)[:PARTS] if group and group.other else []


def approvals_in(entries: Data, fields: Field, verdicts: Verdicts = UNLISTED) -> dict[str, Approval]:
    """By fingerprint as typed, the approvals of a group of them; what has no parts, or is too short, is left out."""
    names = [*part_names(fields), *[""] * PARTS][:PARTS]
    return {
        typed: Approval(*[show(as_scalar(entry.get(name))) for name in names], verdict=verdicts.of(typed))
        for typed, entry in as_group(entries).items()
        if isinstance(entry, dict) and len(typed) >= _SHORTEST
    }


def approved_as(wanted: str, approvals: Mapping[str, Approval]) -> list[str]:
    """The fingerprints, as typed, that are the wanted one or its beginning; those of approvals that count first."""
    fitting = [typed for typed in approvals if wanted.startswith(typed)]
    return sorted(fitting, key=lambda typed: not approvals[typed].counts)


def approval_at(filing: Filing, path: ValuePath, verdicts: Verdicts = UNLISTED) -> Approval | None:
    """The approval of a change that made a value what it is now; None where none is known."""
    approvals = approvals_in(filing.of_role("approvals"), filing.form.fields, verdicts)
    if not approvals:
        return None
    fields, top = filing.form.fields, filing.document.top
    unit, year = (show(as_scalar(top.get(fields.with_role(role)))) for role in ("unit", "year"))
    subject = tuple(text_of(top.get(name)) for name in filing.form.subject)
    steps = tuple(_steps(filing.document.data, fields, path))
    new = value_at(filing.document.data, path)
    for old in _values_before(filing, path, approvals):
        for span in _spans(filing, year):
            change = ChangeOf(filing.form.name, unit or filing.document.file, span, CHANGED, steps, subject)
            if fitting := approved_as(fingerprint(digested(change, old, new)), approvals):
                return approvals[fitting[0]]
    return None


def _spans(filing: Filing, year: str) -> list[str]:
    """What a change may be about: the year, or both years where it was compared with last year's file."""
    last = filing.earlier(1)
    if not isinstance(last, Filing):
        return [year]
    return [year, span_of(show(as_scalar(last.document.top.get(last.form.fields.with_role("year")))), year)]


def span_of(old_year: str, year: str) -> str:
    """Two years that are compared, as a fingerprint holds them."""
    return f"{old_year}..{year}"


def refused(filing: Filing, verdicts: Verdicts) -> Iterator[Finding]:
    """A finding for each approval in a file that does not count, or of which nobody can say."""
    entries = filing.of_role("approvals")
    for typed, approval in approvals_in(entries, filing.form.fields, verdicts).items():
        verdict = approval.verdict
        if verdict.standing in (Standing.REFUSED, Standing.UNDECIDED):
            is_refused = verdict.standing is Standing.REFUSED
            path = (str(filing.form.fields.find_role("approvals")), typed)
            place = filing.document.place(path, key=True)
            message = f"审核记录 {typed} {'不算' if is_refused else '算不算还不知道'}：{verdict.why}。"
            hint = f"请审核人自己运行 {invocation.command('approve')}；不该有就删掉这一条。" if is_refused else ""
            level = Level.WARNING if is_refused else Level.UNDECIDED
            yield Finding(place, RULE, message, hint, level, path)


def _steps(data: Data, fields: Field, path: ValuePath) -> Iterator[tuple[str, bool]]:
    for step, value, about in along(data, fields, path):
        if isinstance(step, int):
            yield (row_name(value, about) if about else ""), True
        else:
            yield step, False


def _values_before(filing: Filing, path: ValuePath, approvals: Mapping[str, Approval]) -> Iterator[Data]:
    """What the value at a path may have been: what approvals say, then the values of its row, here and last year."""
    yield from dict.fromkeys(approval.before for approval in approvals.values() if approval.before)
    row = value_at(filing.document.data, path[:-1])
    if not (isinstance(row, dict) and any(isinstance(step, int) for step in path)):
        return
    yield from _scalars(row)
    last = filing.earlier(1)
    if isinstance(last, Filing):
        steps = _steps(filing.document.data, filing.form.fields, path)
        name = [step for step, is_row in steps if is_row][-1]
        for other in _rows(last.document.data):
            if name in map(show, _scalars(other)):
                yield from _scalars(other)


def _scalars(row: Mapping[str, Data]) -> list[Scalar]:
    return [value for value in row.values() if value is not None and not isinstance(value, dict | list)]


def _rows(data: Data) -> Iterator[dict[str, Data]]:
    """Every group in some data."""
    if isinstance(data, dict):
        yield data
    if isinstance(data, dict | list):
        for below in data.values() if isinstance(data, dict) else data:
            yield from _rows(below)
