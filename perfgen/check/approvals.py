"""Approvals of changes: read from a file, known by a fingerprint, and held to what the file says now.

A fingerprint is made of the place of a change and its values before and after, so a consent is to that change alone.
`check` sees one version. It knows the value before from the approval itself, or finds it among the values of the same
row in this file and in last year's: a target that was carried over from there and then made weaker.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from perfgen.check.filing import Filing
from perfgen.check.path_labels import along
from perfgen.data import Data, Scalar, ValuePath, as_group, as_scalar, value_at
from perfgen.display import as_texts, show
from perfgen.fields import Field

CHANGED = "changed"
_DIGITS = 16
"""So many hexadecimal digits make a fingerprint."""
_SHORTEST = 12
"""A fingerprint may be typed with so many of its first digits, or more."""


@dataclass(frozen=True)
class Approval:
    """A reviewer's consent to a change, as the data says it."""

    reviewer: str
    date: str
    opinion: str = ""
    before: str = ""
    """The value before the change; empty where the approval does not say it."""

    @property
    def sentence(self) -> str:
        """Who agreed, when, and what was said."""
        opinion = f"，意见：{self.opinion}" if self.opinion else ""
        return f"{self.reviewer} 已于 {self.date} 同意{opinion}"


@dataclass(frozen=True)
class ChangeOf:
    """What a fingerprint tells apart beside the values: the file's form, unit and year, and the place."""

    form: str
    unit: str
    year: str
    kind: str
    steps: tuple[tuple[str, bool], ...]
    """The names on the way to the value, and whether each is the name of a row."""


def digested(change: ChangeOf, old: Data, new: Data) -> str:
    """What a fingerprint is made of, as text: no commit, no line, no file name."""
    steps = [list[Data](step) for step in change.steps]
    content: Data = [
        change.form, change.unit, change.year, change.kind, list[Data](steps), as_texts(old), as_texts(new),
    ]  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def fingerprint(text: str) -> str:
    """The first digits of a text's digest."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def approvals_in(entries: Data, fields: Field) -> dict[str, Approval]:
    """By fingerprint as typed, the approvals of a group of them; what has no parts, or is too short, is left out."""
    name = fields.find_role("approvals")
    field = fields.member(name) if name else None
    members = list(field.other.members) if field and field.other else []
    return {
        typed: Approval(*[*(show(as_scalar(entry.get(part))) for part in members), "", "", "", ""][:4])
        for typed, entry in as_group(entries).items()
        if isinstance(entry, dict) and len(typed) >= _SHORTEST
    }


def approved_as(wanted: str, approvals: Iterable[str]) -> str | None:
    """The fingerprint, as typed, that is the wanted one or its beginning; None where none is."""
    return next((typed for typed in approvals if wanted.startswith(typed)), None)


def approval_at(filing: Filing, path: ValuePath) -> Approval | None:
    """The approval of a change that made a value what it is now; None where none is known."""
    approvals = approvals_in(filing.of_role("approvals"), filing.form.fields)
    if not approvals:
        return None
    fields, top = filing.form.fields, filing.document.top
    unit, year = (show(as_scalar(top.get(fields.with_role(role)))) for role in ("unit", "year"))
    steps = tuple(_steps(filing.document.data, fields, path))
    new = value_at(filing.document.data, path)
    for old in _values_before(filing, path, approvals):
        for span in _spans(filing, year):
            change = ChangeOf(filing.form.name, unit or filing.document.file, span, CHANGED, steps)
            if typed := approved_as(fingerprint(digested(change, old, new)), approvals):
                return approvals[typed]
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


def _steps(data: Data, fields: Field, path: ValuePath) -> Iterator[tuple[str, bool]]:
    for step, value, field in along(data, fields, path):
        if isinstance(step, int):
            yield (row_name(value, field) if field else ""), True
        else:
            yield step, False


def row_name(row: Data, field: Field) -> str:
    """A row's name: its identity where the list has one, else its first text."""
    if not isinstance(row, dict):
        return show(row) if not isinstance(row, list) else ""
    if field.identity:
        identity = row.get(field.identity)
        return "" if isinstance(identity, dict | list) else show(identity)
    return next((value for value in row.values() if isinstance(value, str)), "")


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
