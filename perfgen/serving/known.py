"""What a window says of the findings of a file: where in the list, at which cell, and what can be done there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from perfgen.authoring import repair, repair_values
from perfgen.data import ValuePath
from perfgen.filling import reasons
from perfgen.filling.edits import Edit, Many
from perfgen.filling.labels import label_of
from perfgen.filling.offers import offered
from perfgen.filling.optional import all_left_out, left_out
from perfgen.filling.reasons import Answer
from perfgen.filling.sheet import Sheet
from perfgen.findings import Finding, Level
from perfgen.project.layout import SUFFIX, DataFile
from perfgen.project.snapshot import Project

_REPAIRED = repair.RULES | repair_values.RULES
"""The rules of the findings that may be repaired."""
_DATA_FILE = re.compile(rf"data/[0-9]{{4}}/[^\n]+?{re.escape(SUFFIX)}")


class Part(StrEnum):
    """A part of the list, in this order."""

    ERROR = "error"
    WARNING = "warning"
    HOLE = "hole"
    REST = "rest"


@dataclass(frozen=True)
class Known:
    """A finding, and what can be done about it in the window."""

    number: int
    """Its number in the list, by which the page knows it."""
    finding: Finding
    part: Part
    said: str
    """What it is called: 错误, 警告, 没有填, 已说明 …"""
    hint: str
    """Its advice, in words for somebody who does not see the file."""
    where: str
    """What the place is called that it is about; empty for the file as a whole."""
    slot: int | None
    """The number of the cell, or field below the form, that it is about; None where there is none."""
    answer: Answer | None = None
    """Where its reason goes, or stands."""
    is_repaired: bool = False
    """Whether the program can put it right."""
    offer: str | None = None
    """The one value that its advice offers."""
    drop: ValuePath | None = None
    """What may be taken out of the file to settle it."""
    leave: Edit | None = None
    """What leaves it empty for good, where it is not filled in and need not be."""
    rule: str = ""
    """The rule of the form that found it, by which people know it; empty for one of the program's own."""
    others: tuple[str, ...] = ()
    """The other data files that it speaks of."""


def known(
    project: Project,
    file: DataFile,
    findings: Iterable[Finding],
    sheet: Sheet | None,
    slot_of: Callable[[ValuePath], int | None],
) -> list[Known]:
    """The findings of a file in the order of the list: errors, open warnings, what is not filled in, the rest.

    `slot_of` gives the number of the cell or field that a path leads to.
    """  # fmt: skip
    listed = sorted(findings, key=lambda one: list(Part).index(_part(one)))
    repairable = _repairable(project, file, listed)
    made = (_known(number, one, sheet, slot_of) for number, one in enumerate(listed))
    return [
        replace(one, is_repaired=one.finding.rule in repairable, others=_others(project, one.finding)) for one in made
    ]


def _known(number: int, finding: Finding, sheet: Sheet | None, slot_of: Callable[[ValuePath], int | None]) -> Known:
    part = _part(finding)
    said = "没有填" if part is Part.HOLE else "已说明" if finding.reason else finding.level.value
    slot = slot_of(finding.path) if finding.path else None
    if sheet is None:
        return Known(number, finding, part, said, finding.hint, "", slot)
    filing = sheet.filing
    answer = reasons.answer_to(filing, finding)
    return Known(
        number,
        finding,
        part,
        said,
        reasons.in_the_window(finding.hint, answer),
        label_of(filing, finding.path) if finding.path else "",
        slot,
        answer,
        offer=offered(filing, finding),
        drop=finding.path if finding.path and reasons.removable(filing, finding.path) else None,
        leave=left_out(filing.document, filing.form.fields, finding.path) if part is Part.HOLE else None,
        rule=finding.rule if finding.rule in filing.form.rules.rules else "",
    )


def all_left(sheet: Sheet, listed: Iterable[Known]) -> Many:
    """What leaves all that need not be filled in empty for good."""
    paths = [one.finding.path for one in listed if one.leave is not None]
    return Many(all_left_out(sheet.filing.document, sheet.filing.form.fields, paths))


def _others(project: Project, finding: Finding) -> tuple[str, ...]:
    """The data files, beside its own, that a finding names."""
    named = _DATA_FILE.findall(f"{finding.message} {finding.hint}")
    return tuple(one for one in dict.fromkeys(named) if one != finding.place.file and project.holds(one))


def _part(finding: Finding) -> Part:
    if finding.level is Level.ERROR:
        return Part.HOLE if finding.unfilled else Part.ERROR
    return Part.WARNING if finding.is_open else Part.REST


def _repairable(project: Project, file: DataFile, findings: Iterable[Finding]) -> frozenset[str]:
    """The rules of those findings that a repair of the file would answer."""
    if not any(one.rule in _REPAIRED for one in findings):
        return frozenset()
    return project.once(_repaired_rules, file)


def _repaired_rules(project: Project, file: DataFile) -> frozenset[str]:
    try:
        content = project.read(file.source)
    except OSError:
        return frozenset()
    return frozenset(one.rule for one in repair_values.repaired(project, file.source, content).answered)
