"""Says how many files came and went, and how many of them are of a new year."""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.review.unit_comparison import UnitComparison
from perfgen.review.versions import VersionRange

_NAMED = 5
"""So many files are named in a sentence."""


def sentences(units: Iterable[UnitComparison], ends: VersionRange) -> list[str]:
    """How many files came and went, in sentences; none where there are no such files."""
    units = list(units)
    whole = [unit for unit in units if any(change.is_whole_file for change in unit.changes)]
    gone = [unit for unit in whole if not unit.pair.new]
    came = [unit for unit in whole if not unit.pair.old]
    if ends.years:
        old, new = ends.years
        return [
            *_counted(gone, f"{_each(gone)}没有 {new} 年的文件"),
            *_counted(came, f"{_each(came)} {old} 年没有文件"),
        ]
    of_new_year = [unit for unit in units if unit.pair.came]
    parts = [
        f"{word} {count} 个文件"
        for word, count in (("删除了", len(gone)), ("新增了", len(came) + len(of_new_year)))
        if count
    ]
    return [f"{'，'.join(parts)}。", *_new_year(of_new_year, came)] if parts else []


def _each(units: list[UnitComparison]) -> str:
    """What is counted: units, or what each of their files is about."""
    return "项" if any(unit.pair.subject for unit in units) else "个单位"


def _counted(units: list[UnitComparison], what: str) -> list[str]:
    """How many units something is so of, the first by name; nothing for none."""
    if not units:
        return []
    more = "等" if len(units) > _NAMED else ""
    return [f"{len(units)} {what}：{'、'.join(unit.name for unit in units[:_NAMED])}{more}。"]


def _new_year(compared: list[UnitComparison], came: list[UnitComparison]) -> list[str]:
    """Which of the files that came are of a new year, and with what they were compared."""
    lines = [f"新年度的 {len(compared)} 个文件和上一年的比较。"] if compared else []
    alone = [f"{unit.file}（上一年 {unit.pair.last_year}）" for unit in came if unit.pair.last_year]
    named = "、".join(alone[:_NAMED]) + (f"等 {len(alone)} 个" if len(alone) > _NAMED else "")
    return [*lines, *([f"新年度的文件，里面的要求没有和上一年的比较：{named}。"] if alone else [])]
