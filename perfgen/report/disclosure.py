"""Whether the review before publication that the settings ask for lets a data file out.

Before anything is published somebody looks whether it holds a secret or somebody's private matters, and says so
(政府信息公开条例第十七条). A form records it in the group with `x-role: disclosure`. From the year on that the settings
name, what has no such record, or one that does not let it out, stays in the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from perfgen.check import documents
from perfgen.data import Data, as_group, as_scalar, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import DataError
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.made import lasting
from perfgen.project.snapshot import Project

REVIEW, SINCE = "公开审查", "自"
"""Where the settings name the year."""
NO_RECORD = "没有审查记录"


def asks(settings: Mapping[str, Data], year: str) -> bool:
    """Whether the settings ask for a review of what is about a year."""
    since = show(as_scalar(value_at(dict(settings), (REVIEW, SINCE))))
    return since.isdigit() and year.isdigit() and int(since) <= int(year)


def no_field(form: Form) -> str:
    """Why nothing of a form gets out that has no place for the record."""
    return f"“{form.title}”没有记审查的一项"


def obstacle(project: Project | None, file: DataFile, form: Form, published: str) -> str:
    """Why a file's review keeps it back, in words; empty where it lets the file out on a day (ISO, or not set yet).

    A file that cannot be read says nothing: nothing is made of it, and what was made of it stays until it can be read.
    """
    parts = form.fields.find_parts("disclosure", 3)
    if not parts:
        return no_field(form)
    if project is None:
        return NO_RECORD
    try:
        record = project.once(_record, file, parts[0])
    except DataError:
        return ""
    who, day, result = (show(as_scalar(record.get(part))) for part in parts[1:])
    if not all((who, day, result)):
        return "审查记录没有填全" if any((who, day, result)) else NO_RECORD
    return _too_late(day, published) if result == passed(form.fields) else f"审查的结果是“{result}”"


@lasting
def _record(project: Project, file: DataFile, field: str) -> dict[str, Data]:
    """What stands in the field of a file: this and not the file is kept, as every file of a city is asked."""
    return as_group(documents.load_document(project, file).top.get(field))


def passed(fields: Field) -> str:
    """The result that lets a file out: the first choice of a form that has such a record; empty for others."""
    parts = fields.find_parts("disclosure", 3)
    return fields.members[parts[0]].members[parts[3]].choices[0] if parts else ""


def _too_late(day: str, published: str) -> str:
    """Why a review of a day keeps back what is published on another one; empty where it does not."""
    try:
        reviewed = date.fromisoformat(day).isoformat()
    except ValueError:
        return f"审查的日期“{day}”不是日期"
    return f"{reviewed} 审查，晚于公开日期 {published}" if published and reviewed > published else ""
