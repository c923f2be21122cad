"""Whether figures that take from other files may be published, as far as fields say: only what is public in all forms.

A figure is public by its own form where all that it reads there is (`figure_visibility`). Here the forms are put side
by side: what a figure takes from another file has to be public in that file's form too, and so on through figures of
other forms; where the schema has the place of such a figure, that has to be public as well. Forms may take from one
another in a circle that leads to earlier years, so figures are taken for public until something says they are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.figure_places import OPEN, Place, at_place, places_of
from perfgen.form.figures import Figure, FigureSet
from perfgen.form.formulas import Formula
from perfgen.form.names import seen_fields


@dataclass(frozen=True, eq=False)
class Part:
    """A form among others: its fields, without and with figures, and the forms that names in its formulas lead to."""

    typed: Field
    figures: FigureSet
    forms: Mapping[str, str]


def disclosed(name: str, parts: Mapping[str, Part]) -> FigureSet:
    """The figures of the form called `name`, private where they take what is; `parts` has all forms that it reaches."""
    own = parts[name].figures
    if not any(_takes(figure.formula) for figure in own.figures):
        return own
    forms = {of: _Form(part) for of, part in parts.items()}
    private = {of: form.private for of, form in forms.items()}
    spreads = True
    while spreads:
        spreads = any([form.spread(private[of], forms, private) for of, form in forms.items()])  # noqa: C419
    return replace(own, fields=_hidden(own.fields, private[name], ()))


def _takes(formula: Formula) -> bool:
    """Whether a formula reads other files."""
    return bool(formula.foreign or formula.foreign_wholes or any(origin for origin, _ in formula.contents))


class _Form:
    """A form, and which of its figures stand where."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.fields = part.figures.fields
        self.places = [(figure, places_of(self.fields, figure.path)) for figure in part.figures.figures]
        self.seen = seen_fields(self.fields)

    @property
    def private(self) -> set[Place]:
        """The places of figures that are not public by their own form."""
        return {place for _, places in self.places for place in places if not _is_public(at_place(self.fields, place))}

    def spread(self, private: set[Place], forms: Mapping[str, _Form], all_private: Mapping[str, set[Place]]) -> bool:
        """Adds the figures that take what is private, and says whether there were any."""
        found = [
            places
            for figure, places in self.places
            if not places <= private and self.takes_private(figure, places, private, forms, all_private)
        ]
        private.update(*found)
        return bool(found)

    def takes_private(
        self,
        figure: Figure,
        places: frozenset[Place],
        private: set[Place],
        forms: Mapping[str, _Form],
        all_private: Mapping[str, set[Place]],
    ) -> bool:
        formula = figure.formula
        if any(not private.isdisjoint(places_of(self.fields, path)) for path in formula.reads | formula.wholes):
            return True
        if not _takes(formula):
            return False
        if any(not _is_public(typed) for place in places if (typed := at_place(self.part.typed, place))):
            return True
        leads = [(self.part.forms[origin], path) for origin, path in formula.foreign]
        wholes = [(self.part.forms[of], path) for of, path in formula.foreign_wholes | formula.contents if of]
        return any(forms[of].hides(path, all_private[of]) for of, path in leads) or any(
            forms[of].hides_some(path, all_private[of]) for of, path in wholes
        )

    def hides(self, path: ValuePath, private: set[Place]) -> bool:
        """Whether a single value is private; a group's name is as public as what stands in it is."""
        places = places_of(self.fields, path)
        if places:
            return any(place in private or not _is_public(at_place(self.fields, place)) for place in places)
        return self.hides_some(path[:-1], private) if _leaf(self.seen, path) is not None else True

    def hides_some(self, path: ValuePath, private: set[Place]) -> bool:
        """Whether anything below a path is private; of the file itself, which is there or not, whether all is."""
        if not path:
            return not self.fields.holds_public()
        leaves = [
            leaf for place in places_of(self.fields, path) for leaf in _leaves(at_place(self.fields, place), place)
        ]
        return not leaves or any(place in private or not leaf.public for place, leaf in leaves)


def _is_public(field: Field | None) -> bool:
    return field is not None and field.public


def _leaf(field: Field, path: ValuePath) -> Field | None:
    """The field at a path of names, through lists as through objects."""
    here: Field | None = field
    for step in path:
        here = here.item if here and here.kind == "array" else here
        here = here.member(str(step)) if here else None
    return here


def _leaves(field: Field | None, place: Place) -> Iterator[tuple[Place, Field]]:
    """The fields below a place that hold single values, with their places."""
    if field is None:
        return
    below = [((*place, name), member) for name, member in field.members.items()]
    below += [((*place, OPEN), field.other)] if field.other else []
    if field.item:
        yield from _leaves(field.item, place)
    elif not below:
        yield place, field
    for inner, part in below:
        yield from _leaves(part, inner)


def _hidden(field: Field, private: set[Place], place: Place) -> Field:
    """Fields in which those at some places are not public."""
    if field.kind == "value":
        return replace(field, public=field.public and place not in private)
    members = {name: _hidden(member, private, (*place, name)) for name, member in field.members.items()}
    other = _hidden(field.other, private, (*place, OPEN)) if field.other else None
    item = _hidden(field.item, private, place) if field.item else None
    return replace(field, members=members, other=other, item=item)
