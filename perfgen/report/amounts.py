"""Shows the large sums of money of a report, with their parts and those of earlier years, as a page says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perfgen.comparison.large_amounts import AmountField, large_amounts
from perfgen.data import ValuePath
from perfgen.form.forms import Form
from perfgen.table.view import Record, Text, View


@dataclass(frozen=True)
class Amount:
    """An amount of money of the report's own year."""

    label: str
    value: Text
    unit: str
    """What it is counted in."""
    share: str = ""
    """Which share of the sum it is, with its sign; empty where the form does not compute that."""
    past: tuple[tuple[str, Text], ...] = ()
    """The same amount in earlier years, each with its year, the latest first."""
    parts: tuple[Amount, ...] = ()
    """The amounts that it is the sum of, in the form's order, without those that are not there."""


def amounts(view: View, form: Form, year: str) -> tuple[Amount, ...]:
    """The large sums that a view shows, in the form's order; `year` is the report's own."""
    finder = _Finder(view, form, year)
    return tuple(finder.amounts(large_amounts(form).values()))


@dataclass(frozen=True)
class _Finder:
    """Finds amounts in a view, and what stands beside them."""

    view: View
    form: Form
    year: str

    def amounts(self, fields: Iterable[AmountField]) -> Iterator[Amount]:
        """Those amounts that are there and may be shown."""
        for one in fields:
            value = self._text(one.path)
            if value:
                past = tuple(self._past(one))
                group = self.form.figures.fields.at(one.path[:-1])
                of_years = group.title if past and group and group.title else one.field.title
                label = of_years or str(one.path[-1])
                parts = tuple(self.amounts(one.parts))
                yield Amount(label, value, one.field.unit, self._share(one.path), past, parts)

    def _text(self, path: ValuePath) -> Text | None:
        """The value at a path of names; None where nothing is shown there."""
        node: object = self.view
        for step in path:
            node = node[str(step)] if isinstance(node, Record) and step in node else None
        return node if isinstance(node, Text) and node else None

    def _past(self, one: AmountField) -> Iterator[tuple[str, Text]]:
        """The values of earlier years, the latest first."""
        for back, path in sorted(one.past.items()):
            if value := self._text(path):
                yield str(int(self.year) - back), value

    def _share(self, path: ValuePath) -> str:
        """The share that the form computes of an amount in the same group; empty where it computes none."""
        for figure in self.form.figures.figures:
            if figure.unit == "%" and figure.path[:-1] == path[:-1] and path in figure.reads:
                return self._text(figure.path) or ""
        return ""
