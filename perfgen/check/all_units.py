"""Findings over all units of a year: what no single file can show.

A rules file declares them in its section 汇审, each of one kind:

    Y01: {名称: …, 级别: 警告, 比较: 单位, 对象: 甲.乙, 看: 值, 按: 名, 依据: …}     the same name, another unit
    Y02: {名称: …, 级别: 提示, 比较: 离群, 公式: …, 上限: 30, 依据: …}             a figure far from the others' middle
    Y03: {名称: …, 级别: 警告, 比较: 缺少, 依据: …}                              a unit of last year that is missing

What is needed of a filing is taken out of it at once, so that a thousand files need not stay in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Any

from perfgen.check.filing import Filing
from perfgen.check.waivers import Reasons, reasons_in
from perfgen.display import round_half_up, show
from perfgen.findings import Finding, Place
from perfgen.form.formula_view import UNIT, FormulaRow
from perfgen.form.formulas import FormulaError
from perfgen.form.rules import AllUnitsRule, rows
from perfgen.project.layout import DataFile

_FEWEST = 5
"""So many units it takes to say what is usual."""
_MOSTLY = Decimal("0.6")
"""The share of units that makes a unit of measure the usual one."""


@dataclass(frozen=True)
class Seen:
    """One thing taken out of a filing for one rule: where it stands, under which name, and what it is."""

    place: Place
    name: str
    value: Any


@dataclass(frozen=True)
class Extract:
    """What the rules over all units need of one filing."""

    file: DataFile
    form: str
    seen: Mapping[str, tuple[Seen, ...]]
    """By rule id."""
    reasons: Reasons
    """The written answers to its findings."""


def extract(filing: Filing) -> Extract:
    """Takes out of a well-formed filing what its form's rules over all units look at."""
    found = {rule.id: tuple(_look(rule, filing)) for rule in filing.form.rules.all_units.values()}
    return Extract(DataFile.at(filing.document.file), filing.form.name, found, reasons_in(filing))


def _look(rule: AllUnitsRule, filing: Filing) -> Iterator[Seen]:
    if rule.kind == "单位":
        for path in rule.paths:
            for row, _ in rows(filing.formula_view, path):
                value = row[rule.column]
                if isinstance(value, FormulaRow) and value[UNIT]:
                    yield Seen(filing.document.place(value.path), row[rule.by], value[UNIT])
    elif rule.kind == "离群" and rule.formula:
        try:
            value = rule.formula({**filing.formula_view, **filing.form.rules.parameters})
        except FormulaError:
            return
        if isinstance(value, Decimal):
            yield Seen(filing.document.place(()), filing.document.file, value)


def check_all_units(extracts: Iterable[Extract], rules: Mapping[str, Mapping[str, AllUnitsRule]]) -> Iterator[Finding]:
    """The findings over all units; `rules` are by form and id."""
    by_year: dict[tuple[str, str], list[Extract]] = defaultdict(list)
    reasons = {}
    for one in extracts:
        by_year[one.form, one.file.year].append(one)
        reasons[one.file.source] = one.reasons
    for (form, year), units in sorted(by_year.items()):
        before = by_year.get((form, str(int(year) - 1)), []) if year.isdigit() else []
        for rule in rules.get(form, {}).values():
            seen = [thing for unit in units for thing in unit.seen[rule.id]]
            for name, finding in _KINDS[rule.kind](rule, seen, units, before):
                yield replace(finding, reason=reasons[finding.place.file].of(rule.id, (name,)))


_Named = Iterator[tuple[str, Finding]]
"""Findings, each with the name of the row it is about; empty for those about a whole unit."""


def _units(rule: AllUnitsRule, seen: list[Seen], *_: Any) -> _Named:
    by_name: dict[str, list[Seen]] = defaultdict(list)
    for thing in seen:
        by_name[thing.name].append(thing)
    for name, things in by_name.items():
        counts = Counter(thing.value for thing in things)
        if len(counts) < 2:
            continue
        usual, times = counts.most_common(1)[0]
        clear = times > 1 and times >= _MOSTLY * len(things)
        for thing in things:
            if thing.value != usual or not clear:
                other = next(o for o in things if o.value != thing.value)
                message = f"“{name}”的单位是“{thing.value}”，别的单位用“{other.value}”（{other.place}）。"
                hint = "口径相同就用同一个单位；不同就换一个名称。"
                yield name, Finding(thing.place, rule.id, message, hint, rule.level)


def _outliers(rule: AllUnitsRule, seen: list[Seen], *_: Any) -> _Named:
    if len(seen) < _FEWEST:
        return
    middle = median(thing.value for thing in seen)
    for thing in seen:
        if abs(thing.value - middle) > rule.limit:
            found, usual = (show(round_half_up(value, 2)) for value in (thing.value, middle))
            message = f"{rule.name}：{found}，{len(seen)} 个单位的中位数是 {usual}，相差超过 {show(rule.limit)}。"
            yield "", Finding(thing.place, rule.id, message, "核对数字；确有原因的，写明理由。", rule.level)


def _missing(rule: AllUnitsRule, _: Any, units: list[Extract], before: list[Extract]) -> _Named:
    there = {unit.file.path for unit in units}
    year = units[0].file.year
    for old in before:
        if old.file.path not in there:
            message = f"{year} 年没有这个单位的文件 {DataFile(year, old.file.path)}。"
            hint = f"补上；机构撤并的，在 {old.file} 里写明 {rule.id} 的理由。"
            yield "", Finding(Place(old.file.source, 1, 1), rule.id, message, hint, rule.level)


_KINDS: dict[str, Callable[[AllUnitsRule, list[Seen], list[Extract], list[Extract]], _Named]] = {
    "单位": _units,
    "离群": _outliers,
    "缺少": _missing,
}
