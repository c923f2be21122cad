"""Finds the large sums of money of a report, with their parts and those of earlier years, as a page shows them.

A large sum is an amount that the form computes and that is no part of another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.figure import Figure
from perfgen.form.figure_set import FigureSet
from perfgen.report.years_back import years_back
from perfgen.table.view import Record, Text, View, members


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


def amounts(view: View, figures: FigureSet, year: str) -> tuple[Amount, ...]:
    """The large sums that a view shows, in the form's order; `year` is the report's own."""
    finder = _Finder(view, figures, year)
    return tuple(amount for path in finder.large() if (amount := finder.amount(path)))


class _Finder:
    """Finds amounts in a view by the figures of its form."""

    def __init__(self, view: View, figures: FigureSet, year: str) -> None:
        self.view = view
        self.fields = figures.fields
        self.year = year
        self.figures: Mapping[ValuePath, Figure] = {figure.path: figure for figure in figures.figures}
        self.order = {path: number for number, path in enumerate(_money(self.fields, ()))}
        """By the path of each amount of the own year that stands in no list: its place in the form."""

    def large(self) -> list[ValuePath]:
        """The paths of the computed amounts that no other one reads."""
        computed = [path for path in self.order if path in self.figures and not self.figures[path].unit]
        parts = {part for path in computed for part in self.figures[path].reads - {path}}
        return [path for path in computed if path not in parts]

    def amount(self, path: ValuePath) -> Amount | None:
        """The amount at a path with its parts; None where there is none that may be shown."""
        record = self._record(path[:-1])
        value = record[str(path[-1])] if record and path[-1] in record else None
        if record is None or not isinstance(value, Text) or not value:
            return None
        group = self.fields.at(path[:-1])
        field = self.fields.at(path)
        assert group is not None and field is not None
        past = tuple(self._past(record, group, str(path[-1])))
        label = group.title if past and group.title else field.title or str(path[-1])
        found = (self.amount(part) for part in self._parts(path))
        return Amount(label, value, field.unit, self._share(record, path), past, tuple(filter(None, found)))

    def _parts(self, path: ValuePath) -> list[ValuePath]:
        reads = self.figures[path].reads if path in self.figures else frozenset()
        return sorted((part for part in reads if part in self.order and part != path), key=self.order.__getitem__)

    def _record(self, path: ValuePath) -> Record | None:
        """The group at a path of names."""
        node: object = self.view
        for step in path:
            node = node[str(step)] if isinstance(node, Record) and step in node else None
        return node if isinstance(node, Record) else None

    def _past(self, record: Record, group: Field, name: str) -> Iterator[tuple[str, Text]]:
        """The values of earlier years beside one of the own year."""
        for back, past in years_back(group, name):
            value = members(record).get(past)
            if isinstance(value, Text) and value:
                yield str(int(self.year) - back), value

    def _share(self, record: Record, path: ValuePath) -> str:
        """The share that the form computes of an amount in the same group; empty where it computes none."""
        for name, value in members(record).items():
            figure = self.figures.get((*path[:-1], name))
            if figure and figure.unit == "%" and path in figure.reads and isinstance(value, Text):
                return value
        return ""


def _money(field: Field, path: ValuePath) -> Iterator[ValuePath]:
    """The paths of all amounts of the own year that stand in no list, in the form's order."""
    for name, member in field.members.items():
        if member.kind == "object":
            yield from _money(member, (*path, name))
        elif member.kind == "value" and member.unit and not member.is_past:
            yield (*path, name)
