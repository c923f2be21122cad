"""The figures of a form, and what they need of one another."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, copied, put
from perfgen.fields import Field
from perfgen.form import figure_places, figure_sheet
from perfgen.form.figure import Figure, FigureValue
from perfgen.form.figure_places import place_of, places_of
from perfgen.form.formula_reads import Foreign


@dataclass(frozen=True, eq=False)
class FigureSet:
    """The figures of a form, each after those of its own file that it needs."""

    figures: tuple[Figure, ...]
    fields: Field
    """The form's fields, with those that only exist as figures."""
    typed: Field
    """The form's fields as the schema has them."""
    needs: Mapping[ValuePath, frozenset[ValuePath]] = field(default_factory=dict)
    """By figure, the figures of its own file that it reads."""
    foreign_needs: Mapping[ValuePath, frozenset[Foreign]] = field(default_factory=dict)
    """By figure, the figures of other files that it reads: the name that leads there, and the figure's path."""
    parameters: Mapping[str, Data] = field(default_factory=dict)

    @functools.cached_property
    def by_path(self) -> Mapping[ValuePath, Figure]:
        """The figures by their paths in the rules file."""
        return {figure.path: figure for figure in self.figures}

    def at(self, path: ValuePath) -> Figure | None:
        """The figure that is computed at a path of the data, with or without its positions, if one is."""
        return self._by_place.get(place_of(self.fields, path))

    def unit_at(self, path: ValuePath) -> str:
        """The unit that the figure at a path of the data prints with; empty where there is none."""
        found = self.at(path)
        return found.unit if found else ""

    def places(self, path: ValuePath) -> frozenset[figure_places.Place]:
        """The places of a path as formulas see it, looked for once."""
        found = self._places.get(path)
        if found is None:
            found = self._places[path] = places_of(self.fields, path)
        return found

    @functools.cached_property
    def _places(self) -> dict[ValuePath, frozenset[figure_places.Place]]:
        return {}

    def reading(self, path: ValuePath) -> frozenset[Figure]:
        """The figures that a formula reads at a path as formulas see it, in a file of this form."""
        places = self.places(path)
        return frozenset(self._by_place[place] for place in places if place in self._by_place)

    def within(self, path: ValuePath) -> frozenset[Figure]:
        """The figures that go into what stands at a path as formulas see it."""
        around = self.places(path)
        depths = {len(place) for place in around}
        return frozenset(
            figure for place, figure in self._by_place.items() if any(place[:depth] in around for depth in depths)
        )

    def needed(self, name: str, used: Figure) -> frozenset[Figure]:
        """The figures of this form that a figure of any form reads in the file that a name leads to; its own by ''."""
        leaves = used.reads if not name else [path for origin, path in used.foreign if origin == name]
        contents = [path for origin, path in used.contents if origin == name]
        found = [*(self.reading(path) for path in leaves), *(self.within(path) for path in contents)]
        return frozenset[Figure]().union(*found)

    @functools.cached_property
    def computed(self) -> frozenset[figure_places.Place]:
        """The places of all figures."""
        return frozenset(self._by_place)

    @functools.cached_property
    def _by_place(self) -> Mapping[figure_places.Place, Figure]:
        return {place: figure for figure in self.figures for place in figure.places}

    @property
    def origins(self) -> frozenset[str]:
        """The names of other files that its formulas use."""
        return frozenset[str]().union(*(figure.origins for figure in self.figures))

    @functools.cached_property
    def of_other_files(self) -> frozenset[ValuePath]:
        """The paths of the figures that take from other files, directly or through others of their own file."""
        found: set[ValuePath] = set()
        for figure in self.figures:  # each after those that it needs
            if figure.origins or not found.isdisjoint(self.needs.get(figure.path, ())):
                found.add(figure.path)
        return frozenset(found)

    def compute(self, data: dict[str, Data]) -> dict[ValuePath, FigureValue]:
        """Every figure of valid data that stands alone: one that needs something absent, as another file, is None.

        Raises FormulaError when a formula cannot be computed.
        """
        sheet = figure_sheet.alone(data, self.fields, self.figures, self.parameters)
        for gap in sheet.gaps.values():
            if gap.error is not None:
                raise gap.error
        return sheet.results

    def compute_what_can(self, data: dict[str, Data]) -> tuple[dict[ValuePath, FigureValue], list[ValuePath]]:
        """The figures of data that may be wrong, and the paths of those that cannot be computed because of it."""
        known = figure_sheet.with_unknown(data, self.fields)
        sheet = figure_sheet.alone(known, self.fields, self.figures, self.parameters)
        failed = list(sheet.gaps)
        return {path: value for path, value in sheet.results.items() if path not in sheet.gaps}, failed

    @staticmethod
    def filled(data: Data, computed: Mapping[ValuePath, FigureValue]) -> Data:
        """Data as it is typed with the figures put in, a computed one in place of a typed one."""
        values = copied(data)
        for path, value in computed.items():
            put(values, path, value)
        return values

    @property
    def units(self) -> dict[ValuePath, str]:
        """By figure, the unit it prints with; a figure of every row has one path without positions."""
        return {figure.path: figure.unit for figure in self.figures}
