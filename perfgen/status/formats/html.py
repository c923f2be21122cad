"""Writes a status as one self-contained page for the office; its words are in templates/review/status.html."""

from __future__ import annotations

from perfgen.display import visible
from perfgen.project.layout import TEMPLATE_FOLDER
from perfgen.project.snapshot import Project
from perfgen.render.parts.html_templates import fill
from perfgen.status import words
from perfgen.status.rows import Row, Stage, Status

FOLDER, TEMPLATE = f"{TEMPLATE_FOLDER}/review", "status.html"


def render(status: Status, project: Project) -> str:
    """The page.

    Raises FormError when a template is broken.
    """
    context = {
        "year": status.year,
        "headline": [visible(line) for line in words.headline(status)],
        "stages": [_stage(stage, rows, status) for stage, rows in status.by_stage.items()],
        "site": {},
    }
    return fill(project, FOLDER, TEMPLATE, context).rstrip("\n")


def _stage(stage: Stage, rows: list[Row], status: Status) -> dict[str, object]:
    texts = [_row(row, has_forms=status.has_forms) for row in rows]
    columns = [name for name in _COLUMNS if any(row[name] for row in texts)]
    cells = [[(name, row[name], name in _NUMBERS) for name in columns] for row in texts]
    return {
        "name": stage.value,
        "number": len(rows),
        "is_open": not stage.is_handed_in,
        "columns": [(name, name in _NUMBERS) for name in columns],
        "rows": [(visible(row.unit), of_row, row.is_late) for row, of_row in zip(rows, cells, strict=True)],
    }


_NUMBERS = ("份数", "没填", "错误", "警告", "审核记录")
_COLUMNS = ("分组", "表", *_NUMBERS, "批复", "公开", "期限", "文件", "备注")
"""The columns of a table after the unit's own; one that is empty in all its rows is left out."""


def _row(row: Row, *, has_forms: bool) -> dict[str, str]:
    """The cells of a row, by column; empty where there is nothing to say."""
    limits = filter(None, (words.deadline(row), words.to_publish(row), words.review(row)))
    numbers = dict(zip(_NUMBERS, (row.number, row.holes, row.errors, row.warnings, row.records), strict=True))
    texts = {
        "分组": row.group,
        "表": row.title if has_forms else "",
        "批复": row.approved,
        "公开": row.published,
        "期限": "；".join(limits),
        "文件": ""
        if row.stage.is_handed_in
        else "\n".join(map(str, row.files if row.to_open is None else row.to_open)),
        "备注": "；".join(row.remarks),
    }
    return {name: visible(text) for name, text in texts.items()} | {
        name: str(number) if number else "" for name, number in numbers.items()
    }
