"""Writes a status as CSV (RFC 4180) for spreadsheets: a row for each unit and form, in the order of the list."""

from __future__ import annotations

from collections.abc import Sequence

from perfgen.display import csv_of, guarded
from perfgen.project.snapshot import Project
from perfgen.status import words
from perfgen.status.rows import Row, Status

_HEADING = (
    "年度", "单位", "分组", "表", "状态", "没填", "错误", "没有说明的警告", "审核记录", "批复日期", "公开日期",
    "截止日期", "离截止还有几天", "离公开期限还有几天", "文件", "备注",
)  # fmt: skip
_NUMBER = "份数"
"""Stands last, where a unit has several files of a form."""


def render(status: Status, _: Project) -> str:
    """The CSV; it begins with a byte order mark, without which spreadsheets take it for another encoding."""
    with_numbers = any(row.number is not None for row in status.rows)
    rows: list[Sequence[str]] = [[*_HEADING, *([_NUMBER] if with_numbers else [])]]
    for row in status.rows:
        number = [1 if row.files else 0] if row.number is None else [row.number]
        rows.append([_cell(cell) for cell in (*_cells(status.year, row), *(number if with_numbers else []))])
    return csv_of(rows).decode().removesuffix("\n")


def _cell(value: str | int | None) -> str:
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)


def _cells(year: str, row: Row) -> tuple[str | int | None, ...]:
    return (
        year, row.unit, row.group, row.title, row.stage.value, row.holes, row.errors, row.warnings, row.records,
        row.approved, row.published, row.deadline, row.days_to_deadline, row.days_to_publish,
        "、".join(map(str, row.files)), "；".join(filter(None, (words.review(row), *row.remarks))),
    )  # fmt: skip
