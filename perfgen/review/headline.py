"""Writes the first lines of a review: what got weaker, what the money did, what `check` says, who agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from perfgen.review import consents
from perfgen.review.change import Change, Class
from perfgen.review.check_changes import CheckDelta
from perfgen.review.compare import Comparison, UnitComparison
from perfgen.review.totals import Total, add_up

_GRAVE = (Class.WEAKER, Class.DROPPED, Class.REDEFINED)
_CALM = (Class.STRICTER, Class.ADDED)
_NAMED = 5
"""So many files are named in a sentence."""
_LISTED = 20
"""So many of those whose effect nobody looked at."""
_LONGEST = 120
"""So many characters of a file's name are told there."""


def headline(comparison: Comparison) -> list[str]:
    """Sentences about all units together, the most important first."""
    units = comparison.units
    if not units:
        return ["数据没有变化。" if comparison.unused else "没有变化。", *_others(comparison)]
    compared = [unit for unit in units if unit.is_compared]
    lines = [*_unread(units), "".join([*_whole_files(units), *_compared(compared, units)]), *_money(units)]
    lines += CheckDelta.total(unit.check_delta for unit in units).lines()
    return [*filter(None, lines), *consents.lines(comparison.changes), *_others(comparison)]


def _unread(units: Iterable[UnitComparison]) -> list[str]:
    """Which files could not be read, in a sentence; none where all could. It limits all that follows."""
    broken = [unit.file for unit in units if unit.broken]
    return [f"{len(broken)} 个文件有一个版本读不出来，没有比较：{'、'.join(broken)}。"] if broken else []


def _whole_files(units: Iterable[UnitComparison]) -> list[str]:
    """How many files came and went, in sentences; none where there are no such files."""
    whole = [unit for unit in units if any(change.is_whole_file for change in unit.changes)]
    parts = [
        f"{word} {len(files)} 个文件"
        for word, files in (
            ("删除了", [unit for unit in whole if not unit.pair.new]),
            ("新增了", [unit for unit in whole if not unit.pair.old]),
        )
        if files
    ]
    of_new_year = [f"{unit.file}（上一年 {unit.pair.last_year}）" for unit in whole if unit.pair.last_year]
    named = "、".join(of_new_year[:_NAMED]) + (f"等 {len(of_new_year)} 个" if len(of_new_year) > _NAMED else "")
    new_year = [f"新年度的文件，里面的要求没有和上一年的比较：{named}。"] if of_new_year else []
    return ["，".join(parts) + "。", *new_year] if parts else []


def _compared(compared: list[UnitComparison], units: tuple[UnitComparison, ...]) -> list[str]:
    """What became of the target values of the files that were compared; nothing where none was."""
    changes = [change for unit in compared for change in unit.changes]
    if len(compared) == len(units):
        return [promises(changes)]
    calm = f"比较了的 {len(compared)} 个文件里，没有放宽的，也没有取消的"
    return [promises(changes, calm)] if compared else []


def in_short(unit: UnitComparison) -> str:
    """One unit's changes in a line."""
    if unit.broken:
        return "有一个版本读不出来，没有比较。"
    whole = [change for change in unit.changes if change.is_whole_file]
    return f"{whole[0].sentence}。" if whole else promises(unit.changes)


def promises(changes: Iterable[Change], calm_words: str = "没有放宽，没有取消") -> str:
    """How many target values got weaker or stricter, came or went, in a sentence.

    `calm_words` are said where none got weaker or went, and all could be compared.
    """
    changes = [change for change in changes if not change.is_whole_file]
    of_promises = [change for change in changes if change.is_promise]
    counts = Counter(change.meaning for change in of_promises)
    grave = [_counted(kind, [c for c in of_promises if c.meaning is kind]) for kind in _GRAVE if counts[kind]]
    calm = [f"{kind.value} {counts[kind]} 项" for kind in _CALM if counts[kind]]
    unclear = sum(change.is_unclear for change in of_promises)
    hidden = sum(change.hides_numbers and not change.is_promise for change in changes)
    misshapen = sum(change.is_misshapen for change in changes)
    rest = len(changes) - hidden - unclear - misshapen - sum(counts[kind] for kind in (*_GRAVE, *_CALM))
    told = "，".join(grave) or ("" if misshapen else calm_words)
    parts = [
        *([told] if told else []),
        *(["，".join(calm)] if calm else []),
        *([f"{unclear} 项变了、看不出宽严"] if unclear else []),
        *([f"{misshapen} 处换了样子，里面的没有比较"] if misshapen else []),
        *([f"{hidden} 处文字里的数变了"] if hidden else []),
        *([f"另有 {rest} 处别的改动"] if rest else []),
    ]
    return "；".join(parts) + "。"


def _counted(kind: Class, changes: Sequence[Change]) -> str:
    """How many changes are of a kind, and how many of them have no reason or only an earlier one."""
    opened = [change for change in changes if change.is_open]
    earlier = sum(change.old_reason_line > 0 for change in opened)
    bare = len(opened) - earlier
    told = [f"{'都' if bare == len(changes) else f'{bare} 项'}没有理由"] if bare else []
    if earlier:
        told.append("理由说的都是上一次" if earlier == len(changes) else f"{earlier} 项的理由说的是上一次")
    return f"{kind.value} {len(changes)} 项" + (f"（{'，'.join(told)}）" if told else "")


def _money(units: Sequence[UnitComparison]) -> list[str]:
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
        is_all = all(unit.can_be_added_up for unit in units)
        return [f"{'' if is_all else '比较了的文件里，'}各项合计的金额没有变。"] if by_year else []
    return [f"{f'{year} 年' if len(by_year) > 1 else ''}{total.sentence}。" for year, total in moved]


def _others(comparison: Comparison) -> list[str]:
    """Sentences that name schemas, rules and templates that changed too, and those not in use here; none for none."""
    others = [path for path in comparison.others if path not in comparison.unused]
    shown = "、".join(others[:_NAMED]) + ("等" if len(others) > _NAMED else "")
    lines = [f"表、规则或模板也有变化，不在这里比较，请另外看：{shown}。"] if others else []
    return [*_unused(comparison.unused), *lines]


def _unused(paths: Sequence[str]) -> list[str]:
    """A sentence that names what was changed and not used, so that nobody knows its effect; none where nothing was."""
    if not paths:
        return []
    names = "、".join(path if len(path) <= _LONGEST else f"{path[:_LONGEST]}…" for path in paths[:_LISTED])
    more = f"等 {len(paths)} 个文件" if len(paths) > _LISTED else ""
    return [
        "还改了表、规则、模板或程序。比较时没有用它们，用的是现在检出的（合并请求的评论里，是要合进去的那个分支的），"
        f"它们的影响没有看，请另外看：{names}{more}。"
    ]
