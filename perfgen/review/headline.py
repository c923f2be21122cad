"""Writes the first lines of a review: what got weaker, what the money did, what `check` says, who agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from perfgen.comparison.classify import Class
from perfgen.findings import Level
from perfgen.review import consents, money, quiet_files, whole_files
from perfgen.review.change import Change
from perfgen.review.check_changes import CheckDelta
from perfgen.review.compare import Comparison
from perfgen.review.settings import lines as settings_lines
from perfgen.review.unit_comparison import UnitComparison

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
    units, settings = comparison.units, comparison.settings
    first, rest = settings_lines.loudest(settings), [*settings_lines.summary(settings), *_others(comparison)]
    if not units:
        is_quiet = not (comparison.unused or settings.is_different)
        quiet = quiet_files.lines(comparison.quiet)
        return [*first, "没有变化。" if is_quiet else "数据没有变化。", *quiet, *rest]
    compared = [unit for unit in units if unit.is_compared]
    lines = [*_unread(units), *_new_errors(units)]
    lines += ["".join([*whole_files.sentences(units, comparison.range), *_compared(compared, units)])]
    lines += money.lines(units, comparison.sums)
    lines += CheckDelta.total(unit.check_to_tell for unit in units).lines(with_errors=False)
    lines += _not_told(units)
    agreed = consents.lines(comparison.changes)
    return [*first, *filter(None, lines), *agreed, *quiet_files.lines(comparison.quiet), *rest]


def _new_errors(units: Iterable[UnitComparison]) -> list[str]:
    """How many errors `check` finds now and did not before, and where; none where there are none."""
    units = list(units)
    counts = {unit.name: len(unit.check_delta.errors) for unit in units if unit.check_delta.errors}
    if not counts:
        return []
    named = "、".join(f"{name} {count} 个" for name, count in list(counts.items())[:_NAMED])
    more = (
        f"等 {len(counts)} 个{'文件' if any(unit.pair.subject for unit in units) else '单位'}"
        if len(counts) > _NAMED
        else ""
    )
    return [f"新出现 {sum(counts.values())} 个错误，要先改正：{named}{more}。"]


def _not_told(units: Iterable[UnitComparison]) -> list[str]:
    """How many findings of files that were held against another year are left to `check`."""
    levels = Counter(level for unit in units for level in unit.left_to_check)
    parts = "、".join(f"{levels[level]} 个{level.value}" for level in Level if levels[level])
    return [f"新一年的文件另有 {parts}，检查时逐条说，这里不说。"] if parts else []


def _unread(units: Iterable[UnitComparison]) -> list[str]:
    """Which files could not be read, in a sentence; none where all could. It limits all that follows."""
    broken = [unit.file for unit in units if unit.broken]
    return [f"{len(broken)} 个文件有一个版本读不出来，没有比较：{'、'.join(broken)}。"] if broken else []


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


def with_errors(unit: UnitComparison) -> str:
    """The same for a list of units, with the number of its new errors before it."""
    count = len(unit.check_delta.errors)
    return f"新出现 {count} 个错误；{in_short(unit)}" if count else in_short(unit)


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
    corrected = sum(change.meaning is Class.CORRECTED for change in changes)
    shifts = sum(change.meaning is Class.SHIFTED for change in changes)
    rest = (
        len(changes)
        - corrected
        - shifts
        - hidden
        - unclear
        - misshapen
        - sum(counts[kind] for kind in (*_GRAVE, *_CALM))
    )
    told = "，".join(grave) or ("" if misshapen else calm_words)
    parts = [
        *([told] if told else []),
        *(["，".join(calm)] if calm else []),
        *([f"{unclear} 项变了、看不出宽严"] if unclear else []),
        *([f"{misshapen} 处换了样子，里面的没有比较"] if misshapen else []),
        *([f"{Class.CORRECTED.value}结果 {corrected} 处"] if corrected else []),
        *([f"{Class.SHIFTED.value} {shifts} 处"] if shifts else []),
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


def _others(comparison: Comparison) -> list[str]:
    """Sentences that name schemas, rules and templates that changed too, and those not in use here; none for none."""
    seen = {*comparison.unused, *comparison.settings.compared}
    others = [path for path in comparison.others if path not in seen]
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
