"""The same name is counted in different units: `比较: 单位, 对象: 甲.乙, 看: 值, 按: 名`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfgen.findings import Finding
from perfgen.form.all_units import NamedFindings, Seen, UnitFile, Year
from perfgen.form.formula_view import UNIT, FormulaRow
from perfgen.form.rules import BY, COLUMN, OBJECT, AllUnitsRule, rows

KIND, ORDER = "单位", 10
NEEDS = (OBJECT, COLUMN, BY)
_USUAL_SHARE = Decimal("0.6")
"""The share of units that makes a unit of measure the usual one."""


def look(rule: AllUnitsRule, unit: UnitFile) -> Iterator[Seen]:
    """The unit of measure of each row's value, under the row's name."""
    for path in rule.paths:
        for row, *_ in rows(unit.view, path):
            measure = row[rule.column]
            if isinstance(measure, FormulaRow) and measure[UNIT]:
                yield Seen(unit.place(measure.path), row[rule.by], measure[UNIT])


def compare(rule: AllUnitsRule, year: Year) -> NamedFindings:
    """A finding for each value whose unit is not the usual one; for all of them where none is."""
    by_name: dict[str, list[Seen]] = defaultdict(list)
    for seen in year.seen:
        by_name[seen.name].append(seen)
    for name, values in by_name.items():
        counts = Counter(seen.value for seen in values)
        if len(counts) < 2:
            continue
        usual, times = counts.most_common(1)[0]
        is_clear = times > 1 and times >= _USUAL_SHARE * len(values)
        for seen in values:
            if seen.value != usual or not is_clear:
                message = f"“{name}”的单位是“{seen.value}”，{_beside(seen, values)}。"
                hint = "口径相同就用同一个单位；不同就换一个名称。"
                yield name, Finding(seen.place, rule.id, message, hint, rule.level)


def _beside(seen: Seen, values: Iterable[Seen]) -> str:
    """Which other unit of measure stands where, the nearest first: in the same file only its line is wanted."""
    others = [other for other in values if other.value != seen.value]
    here = next((other for other in others if other.place.file == seen.place.file), None)
    if here is not None:
        return f"同一个文件第 {here.place.line} 行写的是“{here.value}”"
    return f"另一个文件写的是“{others[0].value}”（{others[0].place}）"
