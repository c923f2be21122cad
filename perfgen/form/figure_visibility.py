"""Whether a figure may be published: only where all that it is computed from may be, in its own form and in others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.figure import Figure
from perfgen.form.figure_places import Place, at_place, with_public
from perfgen.form.figure_set import FigureSet
from perfgen.form.grouping import grouping

Node: TypeAlias = "tuple[str, ValuePath]"
"""A figure of a form: the form's name, and the figure's path."""
FormOf: TypeAlias = "Callable[[str, str], str | None]"
"""A form, and a name of other files in it → the form of these; None where it is not known."""


def hidden_figures(
    sets: Mapping[str, FigureSet], needs: Mapping[Node, frozenset[Node]], form_of: FormOf
) -> frozenset[Node]:
    """The figures of some forms that must not be published: they read what is private, or a figure that does."""
    feeds: dict[Node, list[Node]] = defaultdict(list)
    for node, needed in needs.items():
        for other in needed:
            feeds[other].append(node)
    waiting = [
        (form, figure.path)
        for form, found in sets.items()
        for figure in found.figures
        if not all(_reads_public(sets, form, figure, form_of))
    ]
    hidden: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in hidden:
            hidden.add(node)
            waiting += feeds[node]
    return frozenset(hidden)


def with_visibility(figures: FigureSet, hidden: frozenset[ValuePath]) -> Field:
    """The fields of a form in which each figure is public exactly where it may be published."""
    fields = figures.fields
    for figure in figures.figures:
        for place in figure.places:
            public = figure.path not in hidden and _may_be_public(figures.typed, place)
            known = at_place(fields, place)
            if known is None or known.public != public:
                fields = with_public(fields, place, public)
    return fields


def _may_be_public(typed: Field, place: Place) -> bool:
    """Whether a place itself keeps no figure from being published: the schema does not hide it, nor its rows.

    A figure of each row tells how many rows there are: in a list without anything public it is private.
    """
    own = at_place(typed, place)
    return (own is None or own.public) and _shows_its_rows(typed, place)


def _shows_its_rows(typed: Field, place: Place) -> bool:
    """Whether every list, and every group of an open name, that a place runs through holds something public."""
    above = [at_place(typed, place[:length]) for length in range(1, len(place))]
    return all(found.holds_public() for found in above if found and found.kind == "array")


def _reads_public(sets: Mapping[str, FigureSet], form: str, figure: Figure, form_of: FormOf) -> Iterator[bool]:
    """Of each thing that a figure reads, beside other figures, whether it is public."""
    own = sets[form]
    yield from (_is_public(own, path) for path in figure.reads)
    yield from (_is_wholly_public(own, path) for path in figure.wholes)
    for name, path in figure.foreign:
        other = form_of(form, name)
        yield other is not None and _is_public(sets[other], path)
    for name, path in figure.foreign_wholes:
        other = form_of(form, name)
        # whether there is a file, and how many, follows from which files are published
        yield other is not None and (not path or _is_wholly_public(sets[other], path))


def _is_public(figures: FigureSet, path: ValuePath) -> bool:
    """Whether a single value that a formula reads is public; of a figure, only whether its places are."""
    places = figures.places(path)
    if not places:
        return _is_name_of_public_groups(figures, path)
    computed = {place for figure in figures.reading(path) for place in figure.places}
    for place in places:
        own = at_place(figures.typed, place)
        if place in computed:
            if not _may_be_public(figures.typed, place):
                return False
        elif own is None or not own.public:
            return False
    return True


def _is_name_of_public_groups(figures: FigureSet, path: ValuePath) -> bool:
    """Whether a path leads to the names of groups that all hold something public."""
    around = [at_place(figures.fields, place) for place in figures.places(path[:-2])] if path[2:] else []
    names = [grouping(one.item or one) for one in around if one]
    if not names or any(one is None or (one.rows, one.label) != path[-2:] for one in names):
        return False
    groups = [at_place(figures.typed, place) for place in figures.places(path[:-1])]
    return bool(groups) and all(group is not None and group.holds_public() for group in groups)


def _is_wholly_public(figures: FigureSet, path: ValuePath) -> bool:
    """Whether all that is typed in the list or object at a path is public, and something is."""
    found = [(place, at_place(figures.typed, place)) for place in figures.places(path)]
    leaves = [
        leaf.public
        for start, field in found
        for place, leaf in (_leaves(field, start) if field else ())
        if place not in figures.computed
    ]
    return bool(leaves) and all(leaves)


def _leaves(field: Field, place: Place) -> Iterator[tuple[Place, Field]]:
    """The fields at a place that hold single values, or nothing that is known, with their places."""
    below = [((*place, name), member) for name, member in field.members.items()]
    below += [((*place, ""), field.other)] if field.other else []
    below += [(place, field.item)] if field.item else []
    if not below:
        yield place, field
    for where, part in below:
        yield from _leaves(part, where)
