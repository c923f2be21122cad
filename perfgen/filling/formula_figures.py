"""What a formula was computed from, here and in other files: each value with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.display import show
from perfgen.form import steps
from perfgen.form.figure import Figure
from perfgen.form.figure_sheet import Names
from perfgen.form.formula_view import TEXT, FormulaRow
from perfgen.form.formulas import Formula, FormulaError, Unavailable
from perfgen.form.holes import Hole, HoleNeededError

_EMPTY = ""


@dataclass(frozen=True)
class Used:
    """A value that went into a figure."""

    filing: Filing
    """The file that it stands in."""
    path: ValuePath
    value: str
    """As it is printed; empty where there is none."""
    parameter: str = ""
    """The name of a parameter of the rules file, which stands at no path."""


def used_in(filing: Filing, figure: Figure, names: Names) -> tuple[tuple[Used, ...], tuple[str, ...]]:
    """The values that the formula of a figure was computed from, each once, in its order; and which parts of its own.

    `names` is what the formula may use (`Filing.formula_names`). Of a choice only the branch that was taken counts.
    """
    search = _Search(filing, figure, names)
    with steps.limited(steps.for_a_file(len(filing.document.text))):
        found = {
            (one.filing.document.file, one.path, one.parameter): one
            for one in search.of(figure.formula, figure.formula.tree)
        }
    return tuple(found.values()), tuple(name for name in figure.where if name in search.parts)


class _Search:
    def __init__(self, filing: Filing, figure: Figure, names: Names) -> None:
        self.filing, self.figure, self.names = filing, figure, names
        self._others = dict(self._rows_of_others())
        self.parts: set[str] = set()
        """The names of the figure's own that were met."""

    def _rows_of_others(self) -> Iterator[tuple[int, Filing]]:
        """The rows of the other files that the formula may look into, by their identity."""
        for name in self.figure.origins:
            found = self.filing.others(name)
            for other in () if isinstance(found, Unavailable) else found:
                for row in _rows(other.progress.sheet.view):
                    yield id(row), other

    def of(self, formula: Formula, node: nodes.Node) -> Iterator[Used]:
        """What a part of a formula was computed from."""
        match node:
            case nodes.Name():
                yield from self._name(node.name)
            case nodes.Getattr():
                self._note(node)
                yield from self._members(self._value(formula, node.node), (node.attr,))
            case nodes.Filter(name="求和", node=nodes.Expr() as rows) if node.args:
                self._note(node)
                column = str(cast("nodes.Const", node.args[0]).value).split(".")
                yield from self._members(self._value(formula, rows), tuple(column))
            case nodes.Filter(node=nodes.Expr() as rows):
                yield from self._list(self._value(formula, node), formula, rows)
            case nodes.Call():
                for one in node.args:
                    yield from self.of(formula, one)
            case nodes.CondExpr():
                yield from self._condition(formula, node)
            case _:
                for part in node.iter_child_nodes():
                    yield from self.of(formula, part)

    def _note(self, node: nodes.Node) -> None:
        """Remembers the figure's own names that lead to a row."""
        for one in node.find_all(nodes.Name):
            own = self.figure.where.get(one.name)
            if own and one.name not in self.parts:
                self.parts.add(one.name)
                self._note(own.tree)

    def _list(self, value: object, formula: Formula, rows: nodes.Node) -> Iterator[Used]:
        """What a filter gives, where it gives a row of the data; else what its list is made from."""
        if isinstance(value, FormulaRow):
            yield from self._whole(value)
        else:
            yield from self.of(formula, rows)

    def _condition(self, formula: Formula, node: nodes.CondExpr) -> Iterator[Used]:
        yield from self.of(formula, node.test)
        taken = self._value(formula, node.test)
        branch = node.expr1 if taken is True else node.expr2 if taken is False else None
        if branch is not None:
            yield from self.of(formula, branch)

    def _name(self, name: str) -> Iterator[Used]:
        """What stands under a bare name: a part of the figure itself, a member of its row, a field."""
        if own := self.figure.where.get(name):
            if name not in self.parts:
                self.parts.add(name)
                yield from self.of(own, own.tree)
            return
        for holder in self.names.holders:
            if name in holder:
                if isinstance(holder, FormulaRow):
                    yield from self._member(holder, name)
                elif holder is self.filing.form.figures.parameters:
                    yield from self._parameter(name)
                else:
                    yield from self._whole(holder[name])
                return

    def _parameter(self, name: str) -> Iterator[Used]:
        """A number or a word that the rules file sets; lists of words explain nothing."""
        value = self.filing.form.figures.parameters[name]
        if not isinstance(value, dict | list):
            yield Used(self.filing, (), show(value), name)

    def _value(self, formula: Formula, node: nodes.Node) -> object:
        try:
            return formula.part(node)(self.names)
        except (FormulaError, HoleNeededError):
            return None

    def _members(self, holder: object, names: tuple[str, ...]) -> Iterator[Used]:
        """What stands in a row, or in each of some rows, under names that lead on."""
        if isinstance(holder, list):
            for one in holder:
                yield from self._members(one, names)
        elif isinstance(holder, FormulaRow) and holder.measure is not None:
            yield from self._whole(holder)
        elif isinstance(holder, FormulaRow) and len(names) == 1:
            yield from self._member(holder, names[0])
        elif isinstance(holder, FormulaRow):
            yield from self._members(holder.get(names[0]), names[1:])

    def _member(self, row: FormulaRow, name: str) -> Iterator[Used]:
        value = row.get(name)
        if isinstance(value, FormulaRow | list):
            yield from self._whole(value)
            return
        other = self._owner(row)
        path = (*row.path, name)
        is_name = other.form.figures.fields.at(path) is None
        yield Used(other, row.path if is_name else path, _EMPTY if isinstance(value, Hole) else show(value))

    def _whole(self, value: object) -> Iterator[Used]:
        """A target value as it is typed; of rows and lists nothing: they are looked into."""
        if isinstance(value, FormulaRow) and value.measure is not None:
            yield Used(self._owner(value), value.path, show(value[TEXT]))

    def _owner(self, row: FormulaRow) -> Filing:
        return self._others.get(id(row), self.filing)


def _rows(view: object) -> Iterator[FormulaRow]:
    """Every row in a view."""
    waiting, seen = [view], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FormulaRow):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
