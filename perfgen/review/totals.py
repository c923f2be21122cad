"""Compares the large computed amounts of a form: those that are no part of another amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfgen.check.filing import Filing
from perfgen.comparison.large_amounts import large_amounts
from perfgen.comparison.sentences import money_step
from perfgen.data import ValuePath
from perfgen.display import show
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError


@dataclass(frozen=True)
class Total:
    """A computed amount before and after; None where it could not be computed."""

    label: str
    unit: str
    old: Decimal | None
    new: Decimal | None

    @property
    def sentence(self) -> str:
        """By how much it grew or shrank, in words."""
        if self.old is None or self.new is None:
            was, now = (show(value, f" {self.unit}") or "没有" for value in (self.old, self.new))
            return f"{self.label}：原来{was}，现在{now}"
        step = money_step(self.old, self.new, self.unit) if self.old != self.new else "没有变"
        return f"{self.label}：{show(self.old)} → {show(self.new)} {self.unit}，{step}"


def totals(form: Form, old: Filing | None, new: Filing | None) -> list[Total]:
    """The form's large amounts in both versions; a filing that is None or cannot be computed has none."""
    before, after = (_computed(filing, form) for filing in (old, new))
    amounts = [
        Total(large.label, large.field.unit, before.get(path), after.get(path))
        for path, large in large_amounts(form).items()
    ]
    return [total for total in amounts if total.old is not None or total.new is not None]


def add_up(amounts: Iterable[Total]) -> list[Total]:
    """Totals of several units as one for each label and unit."""
    sums: dict[tuple[str, str], list[Total]] = {}
    for total in amounts:
        sums.setdefault((total.label, total.unit), []).append(total)
    return [
        Total(
            label, unit,
            sum((total.old or Decimal(0) for total in alike), Decimal(0)),
            sum((total.new or Decimal(0) for total in alike), Decimal(0)),
        )
        for (label, unit), alike in sums.items()
    ]  # fmt: skip


def _computed(filing: Filing | None, form: Form) -> Mapping[ValuePath, Decimal]:
    if filing is None or filing.form is not form:
        return {}
    try:
        return {path: value for path, value in filing.figures.items() if isinstance(value, Decimal)}
    except FormulaError:
        return {}
