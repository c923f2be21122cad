"""Writes the first lines of a review: what got weaker, what the money did, what `check` says, who agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from perfgen.review.change import Change, Class
from perfgen.review.check_changes import CheckDelta
from perfgen.review.compare import Comparison, UnitComparison
from perfgen.review.totals import Total, add_up

_GRAVE = (Class.WEAKER, Class.DROPPED, Class.REDEFINED)
_CALM = (Class.STRICTER, Class.ADDED)


def headline(comparison: Comparison) -> list[str]:
    """Sentences about all units together, the most important first."""
    units = comparison.units
    if not units:
        return ["没有变化。", *_others(comparison)]
    lines = ["".join([*_whole_files(comparison.changes), promises(comparison.changes)]), *_money(units)]
    lines += CheckDelta.total(unit.check_delta for unit in units).lines()
    if agreed := sum(change.approval is not None for change in comparison.changes):
        lines.append(f"审核人已经同意 {agreed} 处。")
    if broken := [unit for unit in units if unit.broken]:
        lines.append(f"{len(broken)} 个文件有一个版本读不出来，没有比较：{'、'.join(unit.file for unit in broken)}。")
    return [*lines, *_others(comparison)]


def _whole_files(changes: Iterable[Change]) -> list[str]:
    """How many files came and went, in a sentence; none where there are no such files."""
    whole = [change.meaning for change in changes if change.is_whole_file]
    parts = [
        f"{word} {whole.count(kind)} 个文件"
        for word, kind in (("删除了", Class.DROPPED), ("新增了", Class.ADDED))
        if kind in whole
    ]
    return ["，".join(parts) + "。"] if parts else []


def in_short(unit: UnitComparison) -> str:
    """One unit's changes in a line."""
    if unit.broken:
        return "有一个版本读不出来，没有比较。"
    whole = [change for change in unit.changes if change.is_whole_file]
    return f"{whole[0].sentence}。" if whole else promises(unit.changes)


def promises(changes: Iterable[Change]) -> str:
    """How many target values got weaker or stricter, came or went, in a sentence."""
    changes = [change for change in changes if not change.is_whole_file]
    of_promises = [change for change in changes if change.is_promise]
    counts = Counter(change.meaning for change in of_promises)
    unanswered = Counter(change.meaning for change in of_promises if change.is_open)
    grave = [_counted(kind, counts[kind], unanswered[kind]) for kind in _GRAVE if counts[kind]]
    calm = [f"{kind.value} {counts[kind]} 项" for kind in _CALM if counts[kind]]
    unclear = sum(change.is_unclear for change in of_promises)
    hidden = sum(change.hides_numbers and not change.is_promise for change in changes)
    rest = len(changes) - hidden - unclear - sum(counts[kind] for kind in (*_GRAVE, *_CALM))
    parts = [
        "，".join(grave) or "没有放宽，没有取消",
        *(["，".join(calm)] if calm else []),
        *([f"{unclear} 项变了、看不出宽严"] if unclear else []),
        *([f"{hidden} 处文字里的数变了"] if hidden else []),
        *([f"另有 {rest} 处别的改动"] if rest else []),
    ]
    return "；".join(parts) + "。"


def _counted(kind: Class, count: int, unanswered: int) -> str:
    if not unanswered:
        return f"{kind.value} {count} 项"
    return f"{kind.value} {count} 项（{'都' if unanswered == count else f'{unanswered} 项'}没有理由）"


def _money(units: Iterable[UnitComparison]) -> list[str]:
    """The large amounts of all units together, a sentence for each that changed."""
    by_year: dict[str, list[Total]] = {}
    for unit in units:
        if unit.can_be_added_up:
            by_year.setdefault(unit.year, []).extend(unit.totals)
    moved = [
        (year, total)
        for year, amounts in sorted(by_year.items())
        for total in add_up(amounts)
        if total.old != total.new
    ]
    if not moved:
        return ["各项合计的金额没有变。"] if by_year else []
    return [f"{f'{year} 年' if len(by_year) > 1 else ''}{total.sentence}。" for year, total in moved]


def _others(comparison: Comparison) -> list[str]:
    """A sentence that names schemas, rules and templates that changed too; none where none did."""
    if not comparison.others:
        return []
    shown = "、".join(comparison.others[:5]) + ("等" if len(comparison.others) > 5 else "")
    return [f"表、规则或模板也有变化，不在这里比较，请另外看：{shown}。"]
