"""The sheets about all files of a year, for the bureau: sums and weakened targets, amounts, measures, publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfgen.display import visible
from perfgen.form.rules import Asked
from perfgen.render.parts import open_tables
from perfgen.render.parts.open_tables import all_amounts
from perfgen.render.parts.sheet import Cell, Sheet, day, number
from perfgen.report.publication import Publication
from perfgen.report.summary import AmountSummary, Summary

MOST_ROWS = 1_048_576
"""So many rows a sheet may have: of more, Excel says that the file is damaged."""
_Label = tuple[str, tuple[str, ...], str, str]
"""The form's title, the labels that an amount is a part of, its own label, its unit."""
_WHOSE: tuple[Cell, ...] = ("单位", "表", "事项")
_OWN_SHEETS = ("汇总", "要求和结果", "公开情况")
_LONGEST = 31
"""So many characters the title of a sheet may have (ECMA-376 Part 1, 18.2.19)."""


@dataclass
class _Sum:
    """An amount of all files together."""

    values: list[Decimal] = field(default_factory=list)
    past: dict[str, list[Decimal]] = field(default_factory=dict)

    def of_year(self, year: str) -> Cell:
        """The sum of an earlier year; nothing where no file has one."""
        return sum(self.past[year], Decimal()) if year in self.past else None


def sheets(year: str, summaries: Sequence[Summary], public: frozenset[str]) -> list[Sheet]:
    """All sheets; `public` has the stems of the files that have a public page."""
    tables = [*_amounts(summaries), _measures(summaries), _publication(summaries, public)]
    return [_overview(year, summaries, public), *(part for table in tables for part in _in_parts(table))]


def _in_parts(sheet: Sheet) -> Iterator[Sheet]:
    """A table on as many sheets as it takes, each with the heads of its columns."""
    head, step = sheet.rows[:1], MOST_ROWS - 1
    for part, at in enumerate(range(1, max(len(sheet.rows), 2), step), 1):
        more = f"（{part}）" if part > 1 else ""
        title = sheet.title[: _LONGEST - len(more)] + more
        yield replace(sheet, title=title, rows=(*head, *sheet.rows[at : at + step]))


def _overview(year: str, summaries: Sequence[Summary], public: frozenset[str]) -> Sheet:
    """The sums by form and label, then what was weakened."""
    units = len({summary.unit for summary in summaries})
    count = sum(summary.stem in public for summary in summaries)
    rows: list[Sequence[Cell]] = [
        [f"{year}年全部单位汇总"],
        [f"{units} 个单位，{len(summaries)} 份文件，其中 {count} 份已经公开。"],
        [],
        ["合计金额"],
    ]
    heads, titles = [len(rows)], [0, len(rows) - 1]
    rows += _sums(year, summaries)
    titles.append(len(rows) + 1)
    heads.append(len(rows) + 2)
    rows += [[], ["比上年放宽、取消、改变口径的要求"], *_weakened(summaries)]
    return Sheet(_OWN_SHEETS[0], tuple(rows), tuple(heads), tuple(titles), notes=(1,), wide=frozenset({5, 6}))


def _sums(year: str, summaries: Sequence[Summary]) -> list[Sequence[Cell]]:
    """The amounts of all files, added by form and label, with those of earlier years."""
    sums: dict[_Label, _Sum] = {}
    for summary in summaries:
        for amount, above in all_amounts(summary.amounts):
            _add(sums.setdefault((summary.title, above, amount.label, amount.unit), _Sum()), amount)
    years = sorted({then for one in sums.values() for then in one.past}, reverse=True)
    rows: list[Sequence[Cell]] = [
        ["表", "金额名称", "计量单位", "份数", f"{year}年", *(f"{then}年" for then in years), "往年不全的"]
    ]
    for (title, above, label, unit), one in _in_order(sums):
        lacking = [
            f"{then}年只有 {len(one.past[then])} 份"
            for then in years
            if 0 < len(one.past.get(then, ())) < len(one.values)
        ]
        name, count = "　" * len(above) + label, Decimal(len(one.values))
        past = [one.of_year(then) for then in years]
        rows.append([title, name, unit, count, sum(one.values, Decimal()), *past, "，".join(lacking)])
    return rows


def _add(one: _Sum, amount: AmountSummary) -> None:
    value = number(amount.value)
    if isinstance(value, Decimal):
        one.values.append(value)
        for then, text in amount.past:
            if isinstance(before := number(text), Decimal):
                one.past.setdefault(then, []).append(before)


def _in_order(sums: dict[_Label, _Sum]) -> list[tuple[_Label, _Sum]]:
    """The sums form by form, each part behind what it is a part of, as the first file has them."""
    first: dict[tuple[str, ...], int] = {}
    for at, (title, above, label, _) in enumerate(sums):
        first.setdefault((title,), at)
        first.setdefault((title, *above, label), at)

    def place(label: _Label) -> list[int]:
        title, above, own, _ = label
        way = (title, *above, own)
        return [first[way[:length]] for length in range(1, len(way) + 1)]

    return sorted(sums.items(), key=lambda item: place(item[0]))


def _weakened(summaries: Sequence[Summary]) -> list[Sequence[Cell]]:
    """What was promised last year and is not so any more, of all files, with the reasons that are written."""
    rows: list[Sequence[Cell]] = [[*_WHOSE, "变化", "在哪里", "说明", "理由"]]
    asked = [str(kind) for kind in Asked]
    found = [
        (asked.index(change.kind), [*_whose(summary), change.kind, change.label, change.sentence, change.reason])
        for summary in summaries
        for change in summary.changes
        if change.is_promise and change.kind in asked
    ]
    return [*rows, *(row for _, row in sorted(found, key=lambda one: one[0]))] if found else [*rows, ["没有"]]


def _whose(summary: Summary) -> list[Cell]:
    return [summary.unit, summary.title, summary.subject]


def _amounts(summaries: Sequence[Summary]) -> list[Sheet]:
    """A sheet for each form: a row for each file, a column for each amount that any of them has."""
    forms: dict[str, list[Summary]] = {}
    for summary in summaries:
        if summary.amounts:
            forms.setdefault(summary.title, []).append(summary)
    titles = _sheet_titles(forms)
    return [_amounts_of(titles[title], of_form) for title, of_form in forms.items()]


def _amounts_of(title: str, summaries: Sequence[Summary]) -> Sheet:
    labels: dict[tuple[tuple[str, ...], str, str], None] = {}
    for summary in summaries:
        labels |= dict.fromkeys((above, one.label, one.unit) for one, above in all_amounts(summary.amounts))
    heads = [" › ".join((*above, label)) + (f"（{unit}）" if unit else "") for above, label, unit in labels]
    rows: list[Sequence[Cell]] = [["单位", "事项", *heads]]
    for summary in summaries:
        own = {(above, one.label, one.unit): number(one.value) for one, above in all_amounts(summary.amounts)}
        rows.append([summary.unit, summary.subject, *(own.get(label) for label in labels)])
    return Sheet(title, tuple(rows))


def _sheet_titles(names: Iterable[str]) -> dict[str, str]:
    """By name, the title of a sheet: short enough, without what no title may hold, and no two alike (18.2.19)."""
    made: dict[str, str] = {}
    for at, name in enumerate(names, 1):
        title = re.sub(r"[\\/?*\[\]:]", "_", visible(name)).strip("'")[:_LONGEST]
        taken = {other.casefold() for other in (*made.values(), *_OWN_SHEETS)}
        made[name] = f"{at} {title}"[:_LONGEST] if title.casefold() in taken or not title else title
    return made


def _measures(summaries: Sequence[Summary]) -> Sheet:
    """A row for each target value."""
    left_out = ("年度", "文件", "位置")
    columns = [one for one in open_tables.columns(open_tables.MEASURES, summaries) if one.name not in left_out]
    rows: list[Sequence[Cell]] = [[column.name for column in columns]]
    for summary in summaries:
        for row in open_tables.rows(open_tables.MEASURES, summary, columns):
            rows.append(
                [number(cell) if one.type == "number" else cell for one, cell in zip(columns, row, strict=True)]
            )
    return Sheet(_OWN_SHEETS[1], tuple(rows), wide=frozenset({3}), mixed=frozenset({7}))


def _publication(summaries: Iterable[Summary], public: frozenset[str]) -> Sheet:
    """A row for each file: its dates, and whether it was public in time."""
    rows: list[Sequence[Cell]] = [[*_WHOSE, "状态", "批复日期", "公开日期", "最后一天", "批复后第几天", "迟了几天"]]
    for summary in summaries:
        dates = Publication(summary.approved, summary.published) if summary.approved and summary.published else None
        status = "已公开" if summary.stem in public else "没有公开" if dates else "没有日期"
        row: list[Cell] = [*_whose(summary), status]
        if dates:
            late = Decimal(dates.days_late) if dates.days_late else None
            row += [day(dates.approved), day(dates.published), day(dates.deadline), Decimal(dates.day_number), late]
        rows.append([*row, *[None] * (9 - len(row))])
    return Sheet(_OWN_SHEETS[2], tuple(rows))
