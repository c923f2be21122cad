"""Says in one line a file what came of an import of many, and writes the same with every finding as a CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.display import csv_of, guarded
from perfgen.findings import Finding, Level, by_place

_NUMBERS = ("年度", "确定", "待核", "错误", "警告")
_WIDTH = 6
_SUBJECT = "项目"
_HEADING = ("文件", "单位", "年度", "数据文件", "确定", "待核", "错误", "警告", "没有写的原因", "级别", "规则", "位置",
            "内容", "改法")  # fmt: skip


@dataclass(frozen=True)
class FileRow:
    """What came of one file. What is not known of a file that could not be read is empty or None."""

    file: str
    unit: str = ""
    year: str = ""
    data_file: str = ""
    """The data file that was written or changed, or would have been."""
    certain: int | None = None
    """How many cells are certain."""
    unsure: int | None = None
    """How many cells, and other places, a person must look at."""
    why_not: str = ""
    """Why nothing was written, in a few words; empty where something was."""
    findings: tuple[Finding, ...] = ()
    """All that was found, in the file and in the data file."""
    subject: str = ""
    """What the form is about beside its unit; empty where a unit has one."""

    @property
    def words(self) -> str:
        """Whose it is, and what it is about."""
        return f"{self.unit} {self.subject}".strip()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The year, and the counts; empty where they are not known."""
        levels = Counter(finding.level for finding in self.findings)
        warnings = sum(finding.is_open for finding in self.findings)
        known = [self.certain, self.unsure, levels[Level.ERROR], warnings]
        return (self.year, *("" if number is None else str(number) for number in known))


def heading() -> str:
    """The line above those of `line`, for which `sign` stands before each."""
    return "".join(f"{' ' * (_WIDTH - 2 * len(name))}{name}" for name in _NUMBERS) + "  单位 ← 文件"


def line(row: FileRow) -> str:
    """A file in a line: year, certain and unsure cells, errors, open warnings; whose it is; why it was not written."""
    numbers = "".join(f"{number or '－':>{_WIDTH if number else _WIDTH - 1}}" for number in row.numbers)
    unit = f"{row.words} ← " if row.unit else ""
    why = f"：没有写，{row.why_not}" if row.why_not else ""
    return f"{numbers}  {unit}{row.file}{why}"


def report(rows: Iterable[FileRow]) -> bytes:
    """All rows as a CSV, below each its findings; what others typed is guarded.

    There is a column for what a form is about where one says that.
    """
    rows = list(rows)
    with_subject = any(row.subject for row in rows)
    lines = [[*_HEADING[:2], *([_SUBJECT] if with_subject else []), *_HEADING[2:]]]
    for row in rows:
        year, *counts = row.numbers
        subject = [guarded(row.subject)] if with_subject else []
        about = [guarded(row.file), guarded(row.unit), *subject, year, guarded(row.data_file)]
        lines.append([*about, *counts, guarded(row.why_not), "", "", "", "", ""])
        lines += [[*about, "", "", "", "", "", *_cells(finding)] for finding in by_place(row.findings)]
    return csv_of(lines)


def _cells(finding: Finding) -> list[str]:
    place = str(finding.place)
    return [finding.level.value, finding.rule, *map(guarded, (place, finding.message, finding.hint))]
