"""Figures of several forms held to one another: whether they go round in a circle, and whether they may be published.

Forms that look at each other are linked when all of them are read: `link` takes their figures, and where each name of
another file leads. A figure that reads itself of an earlier year is no circle: it ends at the first file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from perfgen.data import ValuePath, path_text
from perfgen.findings import Finding, FormError, Place
from perfgen.form.figure import Figure
from perfgen.form.figure_set import FigureSet
from perfgen.form.figure_visibility import Node, hidden_figures, with_visibility
from perfgen.form.formula_scope import EARLIER


@dataclass(frozen=True)
class Lead:
    """Where a name of other files leads: to files of a form, so many years before."""

    form: str
    years: int


Leads = Mapping[str, Mapping[str, Lead]]
"""By form, and by the name of a reference of it, where that leads; earlier years' files need not be among them."""


def link(name: str, sets: Mapping[str, FigureSet], leads: Leads) -> FigureSet:
    """The figures of the form called `name`, linked to those of the forms that it reaches.

    `sets` are the figures of all these, as they were read, by form. Raises FormError for a circle within one year.
    """
    links = _Links(sets, leads)
    links.hold_to_order(name)
    hidden = hidden_figures(sets, links.needs, links.form_of)
    own = sets[name]
    foreign = {figure.path: frozenset(links.foreign(name, figure)) for figure in own.figures}
    fields = with_visibility(own, frozenset(path for form, path in hidden if form == name))
    return replace(own, fields=fields, foreign_needs={path: needs for path, needs in foreign.items() if needs})


class _Links:
    """What the figures of some forms need of one another."""

    def __init__(self, sets: Mapping[str, FigureSet], leads: Leads) -> None:
        self.sets = sets
        self.leads = leads
        self.needs: dict[Node, frozenset[Node]] = {}
        """By figure, all others that it reads, of whatever year."""
        self.same_year: dict[Node, frozenset[Node]] = {}
        for form, found in sets.items():
            for figure in found.figures:
                own = {(form, path) for path in found.needs.get(figure.path, ())}
                others = [(one, years) for one, years in self._others(form, figure)]
                self.needs[form, figure.path] = frozenset(own | {one for one, _ in others})
                self.same_year[form, figure.path] = frozenset(own | {one for one, years in others if not years})

    def form_of(self, form: str, name: str) -> str | None:
        """The form whose files a name leads to; None where it is not known."""
        lead = self._lead(form, name)
        return lead.form if lead and lead.form in self.sets else None

    def _lead(self, form: str, name: str) -> Lead | None:
        return Lead(form, EARLIER[name]) if name in EARLIER else self.leads.get(form, {}).get(name)

    def _others(self, form: str, figure: Figure) -> Iterator[tuple[Node, int]]:
        for name, path in self.foreign(form, figure):
            if lead := self._lead(form, name):
                yield (lead.form, path), lead.years

    def foreign(self, form: str, figure: Figure) -> Iterator[tuple[str, ValuePath]]:
        """The figures of other files that one reads: the name that leads there, and the path."""
        for name in figure.origins:
            other = self.form_of(form, name)
            if other is not None:
                yield from ((name, one.path) for one in self.sets[other].needed(name, figure))

    def hold_to_order(self, name: str) -> None:
        """Raises FormError where figures of one year read one another in a circle."""
        try:
            tuple(TopologicalSorter(self.same_year).static_order())
        except CycleError as error:
            circle = _from_the_first(error.args[1][:-1])
            figures = [(form, self.sets[form].by_path[path]) for form, path in circle]
            first = figures[0][1].place or Place(name)
            raise FormError([Finding(first, "formula", in_a_circle([*figures, figures[0]]))]) from None


def _from_the_first(circle: list[Node]) -> list[Node]:
    """The same circle, begun at the same place from wherever it was met."""
    start = circle.index(min(circle))
    return circle[start:] + circle[:start]


def in_a_circle(figures: Iterable[tuple[str, Figure]]) -> str:
    """The sentence about figures that go round in a circle, each with its place; the first is the last."""
    named = [f"{path_text(figure.path)}（{figure.place}）" for _, figure in figures]
    return f"公式互相引用成了圈：{' → '.join(named)}。"
