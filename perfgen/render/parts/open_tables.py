"""The tables of all published files of a year: their columns, and the rows that the summary of a file gives.

Types of columns are those of Table Schema (Frictionless Data). A cell of a number holds nothing but a number; what is
none is left out there, and stands in the table of all values as it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfgen.display import guarded, show
from perfgen.notation import narrow
from perfgen.render.parts.csv_cells import value_cell
from perfgen.report.summary import AmountSummary, MeasureSummary, Past, Summary

VALUES, MEASURES, AMOUNTS = "values", "measures", "amounts"
TITLES = {VALUES: "全部数据", MEASURES: "要求和结果", AMOUNTS: "金额"}
"""What the kinds of tables are called."""
DESCRIPTIONS = {
    VALUES: "一年里公开的每一份文件的每一项内容，一项一行，和各份文件自己的 CSV 一样。",
    MEASURES: "一年里公开的每一份文件中有要求值的每一行：要求多少，往年多少，结果怎样。",
    AMOUNTS: "一年里公开的每一份文件的合计金额，和组成它们的各项金额。",
}
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_USUAL_YEARS = 2
"""So many earlier years have a column in the table of every year; more where the data have more."""
_YEAR_NAMES = {1: "上年", 2: "前年"}
_NO_NUMBER = "不是一个数的空着。"


class Column(NamedTuple):
    """A column of a table: its name, its type, what it says, and how its cells are written."""

    name: str
    type: str
    description: str
    written: Callable[[str], str] = guarded


def number_of(text: str) -> str:
    """A printed number as programs read it; empty for anything else."""
    plain = narrow(text).replace(",", "")
    return show(Decimal(plain)) if _NUMBER.fullmatch(plain) else ""


_WHOSE = (
    Column("年度", "string", "文件的年度。"),
    Column("单位", "string", "文件是哪个单位的。"),
    Column("表", "string", "文件是哪一种表。"),
    Column("事项", "string", "一个单位有多份同样的表时，这一份是关于什么的。"),
)
_WHERE = (
    Column("文件", "string", "这份文件的网页在公开目录下的哪个文件夹。"),
    Column("位置", "string", "这一项在那份文件的数据里的位置，列表从 1 数起。"),
)
_OF_VALUES = (
    Column("位置", "string", "这一项在数据里的位置，各级用 / 隔开，列表从 1 数起。"),
    Column("名称", "string", "这一项的名称。"),
    Column("内容", "string", "这一项的内容，和印出来的一样，不带计量单位；会被表格软件当成公式的，前面加了撇号。"),
)
_OF_MEASURES = (
    Column("分组", "string", "属于哪一组，从大到小，用 / 隔开。"),
    Column("名称", "string", "叫什么。"),
    Column("要求", "string", "当年要求的值，和印出来的一样。", value_cell),
    Column("方向", "string", "要求的方向，例如不低于、不高于、等于；没有方向的空着。"),
    Column("数值", "number", f"要求的数；{_NO_NUMBER}", number_of),
    Column("计量单位", "string", "这个数的计量单位。"),
)
_OF_OUTCOMES = (
    Column("结果", "string", "做到的值，和印出来的一样；还没有结果的空着。", value_cell),
    Column("是否达到", "string", "结果和要求相比的结论；看不出来的空着。"),
)
_OF_AMOUNTS = (
    Column("属于", "string", "是哪一项金额的组成部分，从大到小，用 / 隔开；合计本身空着。"),
    Column("名称", "string", "金额的名称。"),
    Column("金额", "number", f"当年的金额；{_NO_NUMBER}", number_of),
    Column("计量单位", "string", "金额的计量单位。"),
    Column("占比", "string", "占合计的比例。", value_cell),
)


def path_of(table: str, year: str) -> str:
    """Where the table of a year lies under build/."""
    return f"public/data/{table}-{year}.csv"


def columns(table: str, summaries: Iterable[Summary] = ()) -> tuple[Column, ...]:
    """The columns of a table; those of earlier years are as many as these files need."""
    if table == VALUES:
        return (*_WHOSE, *_OF_VALUES)
    past = [past_column(table, _year_name(back)) for back in range(1, _most_years_back(table, summaries) + 1)]
    if table == MEASURES:
        return (*_WHOSE, *_OF_MEASURES, *past, *_OF_OUTCOMES, *_WHERE)
    return (*_WHOSE, *_OF_AMOUNTS, *past, *_WHERE)


def past_column(table: str, name: str) -> Column:
    """The column of an earlier year, by its name."""
    if table == MEASURES:
        return Column(name, "string", f"{name}的值，和印出来的一样。", value_cell)
    return Column(name, "number", f"{name}的金额；{_NO_NUMBER}", number_of)


def rows(table: str, summary: Summary, wanted: Sequence[Column]) -> Iterator[list[str]]:
    """The rows of a file in a table of measures or of amounts, as they are printed; `wanted` are its columns."""
    whose = {"年度": summary.year, "单位": summary.unit, "表": summary.title, "事项": summary.subject,
             "文件": summary.stem}  # fmt: skip
    if table == MEASURES:
        of_file = (_measure(row, int(summary.year)) for row in summary.measures)
    else:
        of_file = (_amount(amount, above, int(summary.year)) for amount, above in all_amounts(summary.amounts))
    for row in of_file:
        said = row | whose
        yield [said.get(column.name, "") for column in wanted]


def _measure(row: MeasureSummary, year: int) -> dict[str, str]:
    return {
        "分组": "/".join(row.groups), "名称": row.name, "要求": row.value, "方向": row.direction, "数值": row.number,
        "计量单位": row.unit, "结果": row.outcome, "是否达到": row.reached, "位置": row.path, **_past(row.past, year),
    }  # fmt: skip


def _amount(amount: AmountSummary, above: tuple[str, ...], year: int) -> dict[str, str]:
    return {
        "属于": "/".join(above), "名称": amount.label, "金额": amount.value, "计量单位": amount.unit,
        "占比": amount.share, "位置": amount.path, **_past(amount.past, year),
    }  # fmt: skip


def all_amounts(
    amounts: Iterable[AmountSummary], above: tuple[str, ...] = ()
) -> Iterator[tuple[AmountSummary, tuple[str, ...]]]:
    """All amounts with their parts, each after the labels of those that it is a part of."""
    for amount in amounts:
        yield amount, above
        yield from all_amounts(amount.parts, (*above, amount.label))


def _past(past: Past, year: int) -> dict[str, str]:
    return {_year_name(year - int(then)): value for then, value in past}


def _year_name(back: int) -> str:
    return _YEAR_NAMES.get(back, f"{back} 年前")


def _most_years_back(table: str, summaries: Iterable[Summary]) -> int:
    """How many years the oldest value of some files lies back."""
    most = _USUAL_YEARS
    for summary in summaries:
        past = (
            [row.past for row in summary.measures]
            if table == MEASURES
            else [amount.past for amount, _ in all_amounts(summary.amounts)]
        )
        most = max([most, *(int(summary.year) - int(then) for each in past for then, _ in each)])
    return most
