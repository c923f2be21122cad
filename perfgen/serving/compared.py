"""What changed in a data file, in words: since the work on it began, or against last year's file.

Plain functions, called in another process: git and a comparison take a moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.filling import reasons
from perfgen.filling.reasons import Answer
from perfgen.findings import PerfgenError, ToolError, UsageError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review import version_reader, versions, years
from perfgen.review.change import Change
from perfgen.review.compare import compare, compare_pair
from perfgen.review.headline import in_short
from perfgen.review.since import judged_on_branch
from perfgen.review.unit_comparison import UnitComparison


@dataclass(frozen=True)
class Told:
    """A change, as a window tells it."""

    kind: str
    label: str
    sentence: str
    is_open: bool
    """Whether it wants a reason and has none."""
    reason: str
    """The reason or approval that stands for it."""
    path: ValuePath | None
    """Where it is in the file as it is now; None for what went."""
    answer: Answer | None
    """Where a reason for it goes; None where none is asked for."""


@dataclass(frozen=True)
class Compared:
    """What changed, or why nobody can say."""

    said: str
    """In short."""
    lines: tuple[str, ...] = ()
    """What else is to be said of the whole."""
    changes: tuple[Told, ...] = ()
    """The most important first."""


def since_base(project: Project, file: DataFile) -> Compared:
    """What changed since the branch parted from the main one; on the main branch, since the last commit."""
    try:
        ends = versions.range_of(project.root, None)
        found = compare(project, ends, [(file.source, file.source)])
    except (UsageError, ToolError) as error:
        return Compared(f"没有以前的版本可以比：{error}")
    except PerfgenError as error:
        return Compared(f"比较不了：{error}")
    unit = next((unit for unit in found.units if unit.pair.new and unit.file == file.source), None)
    return _told(unit) if unit else Compared(f"和 {ends.base_name} 上的一样，没有改动。")


def since_last_year(project: Project, file: DataFile) -> Compared:
    """What is otherwise than in last year's file."""
    try:
        judgement = judged_on_branch(project)
        new = version_reader.read_version(project, file.source, judgement.of(file.source) if judgement else None)
        pair = years.of_last_year(new)
    except PerfgenError as error:
        return Compared(f"比较不了：{error}")
    if new.broken:
        return Compared("比较不了：文件读不出来，先照检查说的改好它。")
    return _told(compare_pair(pair)) if pair else Compared("没有去年的文件可以比。")


def _told(unit: UnitComparison) -> Compared:
    if unit.broken:
        return Compared("比较不了：" + "；".join(finding.message for finding in unit.broken))
    lines = [f"{line}。" for line in (unit.before, *(total.sentence for total in unit.moved_totals)) if line]
    lines += [finding.message for finding in unit.remarks]
    filing = unit.pair.new.filing if unit.pair.new else None
    return Compared(in_short(unit), tuple(lines), tuple(_changes(unit.by_weight, filing)))


def _changes(changes: Iterable[Change], filing: Filing | None) -> Iterable[Told]:
    for change in changes:
        agreed = change.approval.sentence if change.approval else ""
        yield Told(
            change.meaning.value, change.label, f"{change.sentence}。", change.is_open, change.reason or agreed,
            change.difference.new_path, _answer(change, filing) if change.rule and not agreed else None,
        )  # fmt: skip


def _answer(change: Change, filing: Filing | None) -> Answer | None:
    """Where the reason for a change goes, or stands; None where the form has no place for reasons."""
    if filing is None:
        return None
    path = change.difference.new_path
    if path and (found := reasons.for_change(filing, path)):
        return Answer(found.path, change.reason)
    section, names = filing.form.fields.find_role("reasons"), change.difference.names
    name = names[-1] if names else change.label
    return Answer((section, name.replace("\n", " ")), change.reason) if section else None
