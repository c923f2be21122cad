"""Says what the large amounts did: of the units that changed, and beside them of all units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfgen.display import show
from perfgen.review.sums import YearSum
from perfgen.review.totals import Total, add_up
from perfgen.review.unit_comparison import UnitComparison


def lines(units: Sequence[UnitComparison], sums: Iterable[YearSum]) -> list[str]:
    """The large amounts of all units that changed, a sentence for each that moved; `sums` are those of all units."""
    of_span: dict[str, list[UnitComparison]] = {}
    for unit in units:
        if unit.can_be_added_up:
            of_span.setdefault(unit.pair.span, []).append(unit)
    whole = {one.span: one for one in sums}
    told = [
        _Told(span, len(changed), total, whole.get(span))
        for span, changed in sorted(of_span.items())
        for total in add_up(total for unit in changed for total in unit.totals)
        if total.old != total.new
    ]
    if told:
        return [one.sentence(with_year=len(of_span) > 1) for one in told]
    is_all = all(unit.can_be_added_up for unit in units)
    return [f"{'改动的' if is_all else '比较了的'}文件里，各项合计的金额没有变。"] if of_span else []


class _Told:
    """One amount of the units that changed, beside the same amount of all units."""

    def __init__(self, span: str, changed: int, total: Total, whole: YearSum | None) -> None:
        self.span, self.changed, self.total, self.whole = span, changed, total, whole

    def sentence(self, *, with_year: bool) -> str:
        """What it did."""
        year = f"{self.span} 年" if with_year else ""
        if self.whole is None:
            return f"{year}{self.total.sentence}。"
        all_of, what = self.whole.units, self.whole.what
        if all_of <= self.changed:
            return f"{year}全部 {all_of} 个{what}，{self.total.sentence}{self._uncounted}。"
        return f"{year}改动的 {self.changed} 个{what}，{self.total.sentence}；全部 {all_of} 个{what}{self._all}。"

    @property
    def _all(self) -> str:
        assert self.whole
        alike = (t for t in self.whole.totals if (t.label, t.unit) == (self.total.label, self.total.unit))
        total = next(alike, self.total)
        return f" {show(total.old)} → {show(total.new)} {total.unit}{self._uncounted}"

    @property
    def _uncounted(self) -> str:
        uncounted = self.whole.uncounted if self.whole else 0
        return f"（另有 {uncounted} 个文件算不出，没有算在里面）" if uncounted else ""
