"""Compares the large computed amounts of a form: those that are no part of another amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError
from perfgen.review.change import label_of
from perfgen.review.difference import PathStep
from perfgen.review.sentences import money_step


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
        Total(label, field.unit, before.get(path), after.get(path)) for path, (field, label) in _large(form).items()
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


def _large(form: Form) -> dict[ValuePath, tuple[Field, str]]:
    """The fields of the large amounts with their labels, by path."""
    money: dict[ValuePath, tuple[Field, str]] = {}
    for figure in form.figures.figures:
        field = form.figures.fields.at(figure.path)
        if field and field.unit and not field.is_past and not figure.unit:
            money[figure.path] = (field, _label(form.figures.fields, figure.path))
    parts = {path for figure in form.figures.figures if figure.path in money for path in figure.reads}
    return {path: field_and_label for path, field_and_label in money.items() if path not in parts}


def _label(fields: Field, path: ValuePath) -> str:
    steps, field = [], fields
    for name in path:
        member = field.member(str(name))
        assert member is not None
        steps.append(PathStep(str(name), member.title or str(name)))
        field = member
    return label_of(tuple(steps[1:]) if len(steps) > 2 else tuple(steps))
