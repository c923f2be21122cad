"""Where the reason for a finding is written, or stands: in which group of reasons and under which key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.check.filing import Filing
from perfgen.check.path_labels import path_labels
from perfgen.check.reasons import innermost, line_in, place_for, reasons_in, row_names
from perfgen.data import ValuePath, row_of
from perfgen.fields import FieldRole
from perfgen.findings import Finding
from perfgen.source import pending

_ROLES: tuple[FieldRole, ...] = ("waivers", "reasons", "allow")
"""The top-level fields whose members answer something, and can be taken out one by one."""
_OF_REASONS = "waiver-"
"""What the rules about written reasons begin with: no reason answers them."""


@dataclass(frozen=True)
class Answer:
    """The place of a reason."""

    path: ValuePath
    """The group of reasons, then the key."""
    text: str = ""
    """What is written there; empty where nothing is yet."""


def answer_to(filing: Filing, finding: Finding) -> Answer | None:
    """Where the reason for a warning is to be written, or is; None for what no reason answers."""
    if finding.reason:
        return _written(filing, finding)
    if not finding.is_open or finding.rule == pending.RULE or finding.rule.startswith(_OF_REASONS):
        return None
    return to_write(filing, finding.rule, finding.path)


def to_write(filing: Filing, rule: str, path: ValuePath) -> Answer | None:
    """Where a reason goes that answers a rule at a path; None where the form has no group for it.

    The line that messages show (`check.reasons.line_for`) has the same key.
    """
    found = filing.form.rules.rules.get(rule)
    is_of_form = found is not None and not any(target.path for target in found.targets)
    names = () if is_of_form else path_labels(filing.document.data, filing.form.fields, _row(filing, path))
    place = place_for(rule, names, filing.form)
    return Answer((place[0], place[1].replace("\n", " "))) if place else None


def for_change(filing: Filing, path: ValuePath) -> Answer | None:
    """Where a reason goes, or stands, that answers a change of the promise in a row; None where there is no place."""
    section = filing.form.fields.find_role("reasons")
    rows = row_names(filing.document.data, filing.form.fields, path)
    name = next((name for name in reversed(rows) if name), "")
    if not section or not name:
        return None
    by_name = reasons_in(filing).by_name
    known = innermost(by_name, rows)
    return Answer((section, known), by_name[known]) if known else Answer((section, name.replace("\n", " ")))


def removable(filing: Filing, path: ValuePath) -> bool:
    """Whether what a finding is about is a member that one may simply take out: a reason, or what the form has not."""
    if path not in filing.document.values or not isinstance(path[-1], str):
        return False
    sections = {filing.form.fields.find_role(role) for role in _ROLES}
    return filing.form.fields.at(path) is None or (len(path) == 2 and path[0] in sections)


def in_the_window(hint: str, answer: Answer | None) -> str:
    """What to do about a finding, for somebody who writes the reason beside it and not in the file."""
    if answer is None:
        return hint
    section, key = map(str, answer.path)
    return hint.replace(line_in(section, key), "在下面写明理由")


def _row(filing: Filing, path: ValuePath) -> ValuePath:
    """The row or group that a finding is about: what stands at its path, or what its value stands in."""
    if isinstance(filing.document.value(path), dict | list):
        return path
    return row_of(path) or path[:-1] or path


def _written(filing: Filing, finding: Finding) -> Answer | None:
    """Where the reason stands that was put to a finding; None for an approval."""
    found = (path for path in _answering(filing, finding))
    texts = reasons_in(filing)
    sections = {
        filing.form.fields.find_role("waivers"): texts.typed,
        filing.form.fields.find_role("reasons"): texts.by_name,
    }
    return next(
        (Answer(path, finding.reason) for path in found if sections[path[0]].get(path[1]) == finding.reason), None
    )


def _answering(filing: Filing, finding: Finding) -> Iterator[tuple[str, str]]:
    """The places that may answer a finding and are there, the closest first (`check.waivers`)."""
    form, reasons = filing.form, reasons_in(filing)
    waivers, by_name = form.fields.find_role("waivers"), form.fields.find_role("reasons")
    rows = row_names(filing.document.data, form.fields, finding.path)
    names = path_labels(filing.document.data, form.fields, finding.path)
    asked = form.rules.asked_by(finding.rule)
    keys = [reasons.key(finding.rule, names)]
    if asked:
        name = innermost(reasons.by_name, rows)
        if by_name and name:
            yield by_name, name
        keys += [reasons.key_by_name(rule, rows) for rule in form.rules.asking(asked)]
    for key in keys:
        if waivers and key:
            yield waivers, key
