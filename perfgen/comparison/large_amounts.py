"""The large amounts of a form: the computed sums of money that are no part of another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default

from perfgen.comparison.difference import PathStep
from perfgen.comparison.labels import label_of
from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.form.past_values import years_back


@dataclass(frozen=True)
class AmountField:
    """Where a form holds an amount of money, which is typed or computed there."""

    path: ValuePath
    """Names only: it lies in no row."""
    field: Field
    label: str
    """Where it stands, in words, without the outermost heading."""
    past: Mapping[int, ValuePath] = default(default_factory=dict)
    """By how many years back (1, 2, …), where the same amount of an earlier year stands beside it."""
    parts: tuple[AmountField, ...] = ()
    """Of a large amount, those of the own year that it is computed from directly, in the form's order; these have
    no parts of their own."""


def large_amounts(form: Form) -> Mapping[ValuePath, AmountField]:
    """The large amounts of a form, by path, in the order of its figures."""
    fields = form.figures.fields
    money = {figure.path: figure for figure in form.figures.figures if _is_money(fields.at(figure.path))}
    money = {path: figure for path, figure in money.items() if not figure.unit}
    inner = {path for figure in money.values() for path in figure.reads}
    found = {}
    for path, figure in money.items():
        if path not in inner:
            parts = sorted((part for part in figure.reads if _is_money(fields.at(part))), key=_order(fields))
            found[path] = _amount(fields, path, tuple(_amount(fields, part) for part in parts))
    return found


def _is_money(field: Field | None) -> bool:
    return field is not None and bool(field.unit) and not field.is_past


def _amount(fields: Field, path: ValuePath, parts: tuple[AmountField, ...] = ()) -> AmountField:
    *around, name = path
    group, field = fields.at(tuple(around)), fields.at(path)
    assert group is not None and field is not None
    past: dict[int, ValuePath] = {back: (*around, sibling) for back, sibling in years_back(group, str(name))}
    return AmountField(path, field, _label(fields, path), past, parts)


def _order(fields: Field) -> Callable[[ValuePath], tuple[int, ...]]:
    """The sort key of paths of names: the form's order."""

    def order(path: ValuePath) -> tuple[int, ...]:
        groups = (fields.at(path[:length]) for length in range(len(path)))
        return tuple(
            list(group.members).index(str(step)) if group and step in group.members else len(path)
            for group, step in zip(groups, path, strict=True)
        )

    return order


def _label(fields: Field, path: ValuePath) -> str:
    steps, field = [], fields
    for name in path:
        member = field.member(str(name))
        assert member is not None
        steps.append(PathStep(str(name), member.title or str(name)))
        field = member
    return label_of(tuple(steps[1:]) if len(steps) > 2 else tuple(steps))
