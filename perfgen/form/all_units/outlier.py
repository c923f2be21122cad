"""A figure lies far from the middle of all units: `比较: 离群, 公式: …, 上限: 30`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from perfgen.display import round_half_up, show
from perfgen.findings import Finding
from perfgen.form.all_units import NamedFindings, Seen, UnitFile, Year
from perfgen.form.formulas import FormulaError
from perfgen.form.rules import LIMIT, TEST, AllUnitsRule

KIND, ORDER = "离群", 20
NEEDS = (TEST, LIMIT)
_FEWEST_UNITS = 5
"""So many units it takes to say what is usual."""


def look(rule: AllUnitsRule, unit: UnitFile) -> Iterator[Seen]:
    """The figure of the unit; nothing where it cannot be computed."""
    if rule.formula is None:
        return
    try:
        figure = rule.formula({**unit.view, **unit.parameters})
    except FormulaError:
        return
    if isinstance(figure, Decimal):
        yield Seen(unit.place(()), unit.source, figure)


def compare(rule: AllUnitsRule, year: Year) -> NamedFindings:
    """A finding for each unit whose figure is more than the limit away from the median."""
    figures = [(seen, seen.value) for seen in year.seen if isinstance(seen.value, Decimal)]
    if len(figures) < _FEWEST_UNITS:
        return
    middle = median(figure for _, figure in figures)
    for seen, figure in figures:
        if abs(figure - middle) > rule.limit:
            own, usual = (show(round_half_up(number, 2)) for number in (figure, middle))
            message = f"{rule.name}：{own}，{len(figures)} 个单位的中位数是 {usual}，相差超过 {show(rule.limit)}。"
            yield "", Finding(seen.place, rule.id, message, "核对数字；确有原因的，写明理由。", rule.level)
