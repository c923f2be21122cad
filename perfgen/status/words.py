"""The status in words: the lines at the head, and what is to be said of a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perfgen.check import units
from perfgen.status.rows import PUBLIC_WITHIN, Row, Stage, Status


def headline(status: Status) -> Iterator[str]:
    """The lines at the head: how many of what, and the next days that count."""
    names = {row.unit for row in status.rows}
    single = [row for row in status.rows if row.number is None]
    there = sum(bool(row.files) for row in single)
    counted = f"应有 {len(single)} 份，交了 {there} 份" if single or not status.rows else ""
    several = list(_of_several(status))
    yield f"{status.year} 年，按 {status.day}算：{len(names)} 个单位，{'；'.join(filter(None, [counted, *several]))}。"
    if status.rows:
        yield "，".join(f"{stage} {status.counts[stage]}" for stage in status.by_stage) + "。"
    yield from _deadlines(status)
    yield from _to_publish(status)
    if held := sum(row.held for row in status.rows):
        yield f"公开审查没有记录、没有通过的有 {held} 份，不会公开。"
    if not status.is_listed:
        yield f"没有 {units.FILE}，应有哪些按 {int(status.year) - 1} 年的文件算。"
    for unit, reason in status.excused.items():
        yield f"{unit} 今年不交：{reason}"
    yield from status.findings


def _of_several(status: Status) -> Iterator[str]:
    """Of each form of which a unit has several files, how many there are: nobody says how many there should be."""
    titles = dict.fromkeys((row.form, row.title) for row in status.rows if row.number is not None)
    for form, title in titles:
        rows = [row for row in status.rows if row.form == form]
        units = sum(bool(row.files) for row in rows)
        files = sum(len(row.files) for row in rows)
        yield f"{title}有 {len(rows)} 个单位要交，{units} 个交了，共 {files} 份"


def _deadlines(status: Status) -> Iterator[str]:
    """The deadlines that somebody has still to meet, the next one first."""
    waiting = Counter(row.deadline for row in status.rows if row.days_to_deadline is not None)
    left = {row.deadline: row.days_to_deadline for row in status.rows}
    for deadline, count in sorted(waiting.items()):
        yield f"截止 {deadline}，{_left(left[deadline])}：{count} 份还没有好。"


def _to_publish(status: Status) -> Iterator[str]:
    """Until when what is approved has to be public."""
    rows = [row for row in status.rows if row.days_to_publish is not None]
    for approved, count in sorted(Counter(row.approved for row in rows).items()):
        left = next(row.days_to_publish for row in rows if row.approved == approved)
        yield f"{approved} 批复的，{PUBLIC_WITHIN} 日内公开，{_left(left)}：{count} 份还没有公开。"


def deadline(row: Row) -> str:
    """What is left until the deadline; empty where nothing is awaited."""
    return f"截止 {row.deadline}，{_left(row.days_to_deadline)}" if row.days_to_deadline is not None else ""


def to_publish(row: Row) -> str:
    """What is left until it has to be public; empty where it is, or is not approved."""
    return f"公开期限{_left(row.days_to_publish)}" if row.days_to_publish is not None else ""


def review(row: Row) -> str:
    """How many files their review keeps back; empty where none."""
    return f"{row.held} 份公开审查没有通过" if row.held else ""


def _left(days: int | None) -> str:
    if days is None:
        return ""
    return f"还有 {days} 天" if days > 0 else "就是今天" if days == 0 else f"过了 {-days} 天"


def number(row: Row) -> str:
    """How many files there are, of a form of which a unit has several; empty for any other, and for none."""
    return f"{row.number} 份" if row.number else ""


def counted(row: Row) -> str:
    """What is wrong in the files of a row; empty where nothing is."""
    parts = ((row.holes, "处没填"), (row.errors, "个错误"), (row.warnings, "个警告没有说明"))
    return "，".join(f"{number} {what}" for number, what in parts if number)


def dates(row: Row) -> str:
    """When it was approved and published; the records of reviewers are another thing."""
    parts = ((row.approved, "批复"), (row.published, "公开"))
    return "，".join(f"{date} {what}" for date, what in parts if date)


def records(row: Row) -> str:
    """The reviewers' records in its files; empty where there are none."""
    return f"审核记录 {row.records} 条" if row.records else ""


def said(row: Row) -> list[str]:
    """All that is to be said of a row, in short."""
    waits = row.stage in (Stage.APPROVED, Stage.PUBLISHED) or row.days_to_publish is not None
    parts = [
        number(row),
        counted(row),
        deadline(row),
        records(row),
        dates(row) if waits else "",
        to_publish(row),
        review(row),
        *row.remarks,
    ]
    return [part for part in parts if part]
