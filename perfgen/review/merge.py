"""Merges what a form says into the data that stands: what differs is changed, what the form does not say stays.

A value is emptied only where the form has its place, blank; a row is dropped only where its list was read as a
whole. What is unsure replaces nothing that stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from perfgen.comparison.match import same
from perfgen.data import Data, ValuePath, as_group, as_list, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.figures import FigureSet
from perfgen.form.grouping import group_named, grouping
from perfgen.importing.values import read_again
from perfgen.review.merge_sides import Kept, Merged, Sides, Spot, Why
from perfgen.values import taken_apart

_UNKNOWN = Field("value", "")


def merge(sides: Sides, fields: Field, figures: FigureSet) -> Merged:
    """The data that stands with what a form says put in.

    A figure that is computed, and does not stand, is not put in; where the form prints another, that is noted.
    """
    merger = _Merger(sides, figures)
    merger.merged.data = merger.group(fields, Spot((), (), ()))
    came = set(merger.merged.origin.values())
    if lost := {new for new in sides.moved if sides.partner[new] not in came}:  # where they went was not added
        partner = {new: old for new, old in sides.partner.items() if new not in lost}
        return merge(replace(sides, partner=partner, moved=sides.moved - lost), fields, figures)
    merger.tell_of_figures(fields)
    return merger.merged


@dataclass(frozen=True)
class _Groups:
    """The groups of an object that are on one side only."""

    gone: frozenset[str] = frozenset()
    """Those that only stand."""
    doubtful: frozenset[str] = frozenset()
    """Those that only the form has, by a name that is unsure, so that each may be one that only stands."""


class _Merger:
    """Walks both sides together, and makes the wanted data."""

    def __init__(self, sides: Sides, figures: FigureSet) -> None:
        self.sides = sides
        self.figures = figures
        self.evidence = sides.evidence
        self.merged = Merged()
        self.claims: dict[ValuePath, ValuePath] = {}
        """By path in the wanted data, the path in what was read of a computed figure that does not stand."""
        self.paired = set(sides.partner.values())
        self.moved = {sides.partner[new] for new in sides.moved}

    def stands(self, spot: Spot) -> Data:
        """What stands at a place."""
        return value_at(self.sides.old, spot.old)

    def read(self, spot: Spot) -> Data:
        """What was read for a place."""
        return value_at(self.sides.new, spot.new)

    def keep(self, why: Why, field: Field, spot: Spot) -> None:
        """Notes that something was not changed."""
        self.merged.kept.append(Kept(why, field, spot))

    def value(self, field: Field, spot: Spot) -> Data:
        """The wanted value of a place; None where there is none."""
        stands, read = self.stands(spot), self.read(spot)
        if stands is None:
            return self.added(field, spot.new, spot.path)
        if field.kind == "object" and isinstance(stands, dict) and isinstance(read, dict | None):
            return self.group(field, spot)
        if field.kind == "array" and field.item and isinstance(stands, list) and isinstance(read, list | None):
            return _List(self, field, field.item, spot).wanted()
        return self.missing(field, spot) if read is None else self.changed(field, spot)

    def group(self, field: Field, spot: Spot) -> dict[str, Data]:
        """The wanted members of a group that stands."""
        stands, read = as_group(self.stands(spot)), as_group(self.read(spot))
        groups = self.groups(field, spot)
        wanted: dict[str, Data] = {}
        for name in [*stands, *(name for name in read if name not in stands)]:
            value = self.member(field.member(name) or _UNKNOWN, spot.to(name), groups, name)
            was_empty = name in stands and stands[name] in (None, {}, [])
            if was_empty or value not in (None, {}, []):
                wanted[name] = stands[name] if value is None else value
        return wanted

    def groups(self, field: Field, spot: Spot) -> _Groups:
        """Which groups of an object are on one side only; none, where the form shows no group of it."""
        if grouping(field) is None:
            return _Groups()
        stands, read = (
            {name: None for name in as_group(side) if group_named(field, name)}
            for side in (self.stands(spot), self.read(spot))
        )
        gone = frozenset(stands.keys() - read.keys()) if read else frozenset()
        doubtful = {name for name in read.keys() - stands.keys() if self.evidence.is_unsure((*spot.new, name))}
        return _Groups(gone, frozenset(doubtful) if gone else frozenset())

    def member(self, field: Field, spot: Spot, groups: _Groups, name: str) -> Data:
        """The wanted value of a group's member; None where it goes, or does not come."""
        if name in groups.gone:
            return self.missing_rows(
                field, spot, is_open=bool(groups.doubtful) or self.evidence.may_lack_rows(spot.new)
            )
        if name in groups.doubtful:
            self.keep(Why.NOT_ADDED, field, spot)
            return None
        return self.value(field, spot)

    def added(self, field: Field, new: ValuePath, path: ValuePath) -> Data:
        """What only the form has, without the figures that are computed."""
        read = value_at(self.sides.new, new)
        if read is not None and not isinstance(read, dict | list) and self.figures.at(path):
            self.claims[path] = new
            return None
        if read is not None:
            self.merged.taken[path] = new
        if isinstance(read, dict):
            members = {name: self.added(field.member(name) or _UNKNOWN, (*new, name), (*path, name)) for name in read}
            return {name: value for name, value in members.items() if value is not None} or None
        if isinstance(read, list) and field.item:
            return _List(self, field, field.item, Spot((), new, path)).wanted()
        return read

    def changed(self, field: Field, spot: Spot) -> Data:
        """The wanted value where both have one."""
        stands, read = self.stands(spot), self.read(spot)
        if same(stands, read, field) or same(read_again(stands, field), read, field):
            return stands
        if spot.new in self.evidence.parted and taken_apart(show(stands)) == taken_apart(show(read)):
            return stands  # 不低于80% and ≥80% are the same three cells
        if self.evidence.has_unsure_below(spot.new):
            self.keep(Why.UNSURE, field, spot)
            return stands
        self.merged.taken[spot.path] = spot.new
        return read

    def missing(self, field: Field, spot: Spot) -> Data:
        """A value that only stands: it goes where the form has its place, blank, and nothing is unsure there."""
        if spot.old in self.sides.shown:
            why = self.reason_to_keep(field, spot)
            if why is None:
                return None
            self.keep(why, field, spot)
        return self.rest(self.stands(spot), spot.old, spot.path)

    def reason_to_keep(self, field: Field, spot: Spot) -> Why | None:
        """Why a value or list that is not on the form is not emptied; None where it is."""
        if self.evidence.has_unsure_below(spot.new):
            return Why.UNSURE
        if field.kind == "array" and self.evidence.may_lack_rows(spot.new):
            return Why.ROWS_OPEN
        return None if spot.new in self.evidence.blank else Why.NO_CELL

    def missing_rows(self, field: Field, spot: Spot, *, is_open: bool) -> Data:
        """A row or group that only stands; with `is_open`, something on the form may be it."""
        rest = self.rest(self.stands(spot), spot.old, spot.path)
        if spot.old not in self.sides.shown or rest in ({}, []):
            return rest
        if not is_open:
            return None
        self.keep(Why.ROWS_OPEN, field, spot)
        return rest

    def rest(self, stands: Data, old: ValuePath, path: ValuePath) -> Data:
        """A value as it stands, without the rows that the form has in another place."""
        if isinstance(stands, dict):
            members = {name: self.rest(value, (*old, name), (*path, name)) for name, value in stands.items()}
            return {name: value for name, value in members.items() if value not in ({}, []) or stands[name] in ({}, [])}
        if not isinstance(stands, list):
            return stands
        items: list[Data] = []
        for number, item in enumerate(stands):
            if (*old, number) not in self.moved:
                self.merged.origin[*path, len(items)] = (*old, number)
                items.append(self.rest(item, (*old, number), (*path, len(items))))
        return items

    def tell_of_figures(self, fields: Field) -> None:
        """Notes the figures that the form prints otherwise than they are computed from the wanted data.

        What cannot be computed was told by the import.
        """
        computed, failed = self.figures.compute_what_can(self.merged.data)
        for path, new in self.claims.items():
            field = fields.at(path)
            differs = computed.get(path) != value_at(self.sides.new, new)
            if field and differs and path not in failed and not self.evidence.is_unsure(new):
                self.keep(Why.COMPUTED, field, Spot(path, new, path))


@dataclass(frozen=True)
class _Entry:
    """An item of a wanted list: the item that stood, and the number of the one that was read."""

    old: ValuePath | None
    number: int | None


@dataclass(frozen=True)
class _List:
    """One list on both sides. An empty path of the data that stands means that only the form has it."""

    merger: _Merger
    field: Field
    item: Field
    spot: Spot

    def wanted(self) -> list[Data]:
        """The items: in the form's order; one that is kept comes behind the one behind which it stood."""
        merger, read = self.merger, as_list(self.merger.read(self.spot))
        stands = as_list(merger.stands(self.spot)) if self.spot.old else []
        if stands and not read:
            return as_list(merger.missing(self.field, self.spot))
        origins = [merger.sides.partner.get((*self.spot.new, number)) for number in range(len(read))]
        free = [at for number in range(len(stands)) if (at := (*self.spot.old, number)) not in merger.paired]
        come = [number for number, origin in enumerate(origins) if origin is None]
        doubtful = {number for number in come if free and self.is_doubtful(number)}
        entries = [_Entry(origin, number) for number, origin in enumerate(origins) if number not in doubtful]
        self.note_order(entries)
        is_open = bool(doubtful) or self.is_open()
        staying = {at for at in free if is_open or at not in merger.sides.shown}
        for number in doubtful:
            merger.keep(Why.NOT_ADDED, self.item, Spot((), (*self.spot.new, number), self.spot.path))
        entries = self.with_staying(entries, staying, len(stands))
        return [self.one(entry, (*self.spot.path, number), is_open) for number, entry in enumerate(entries)]

    def is_doubtful(self, number: int) -> bool:
        """Whether it is unsure which row an item that was read is."""
        at = (*self.spot.new, number)
        if self.field.identity is None:
            return self.merger.evidence.has_unsure_below(at)
        name = (*at, self.field.identity)
        return value_at(self.merger.sides.new, name) is None or self.merger.evidence.is_unsure(name)

    def is_open(self) -> bool:
        """Whether the list may have more items than those that were read."""
        evidence = self.merger.evidence
        return evidence.may_lack_rows(self.spot.new) or evidence.is_unsure(self.spot.new)

    def with_staying(self, entries: list[_Entry], staying: set[ValuePath], count: int) -> list[_Entry]:
        """The entries with the items that stay, each behind the nearest one that stood before it."""
        placed = {entry.old for entry in entries}
        anchor: ValuePath | None = None
        behind: dict[ValuePath | None, list[_Entry]] = {}
        for number in range(count):
            at = (*self.spot.old, number)
            if at in staying:
                behind.setdefault(anchor, []).append(_Entry(at, None))
            elif at in placed:
                anchor = at
        found = [[entry, *(behind.get(entry.old, []) if entry.old else [])] for entry in entries]
        return [*behind.get(None, []), *(entry for group in found for entry in group)]

    def note_order(self, entries: list[_Entry]) -> None:
        """Notes a list whose items the form has in another order."""
        numbers = [entry.old[-1] for entry in entries if entry.old and entry.old[:-1] == self.spot.old]
        if numbers != sorted(numbers, key=int):
            self.merger.merged.reordered.append(self.spot.path)

    def one(self, entry: _Entry, path: ValuePath, is_open: bool) -> Data:
        """The wanted item of an entry."""
        merger = self.merger
        if entry.old is not None:
            merger.merged.origin[path] = entry.old
        if entry.number is None:
            assert entry.old is not None
            return merger.missing_rows(self.item, Spot(entry.old, self.spot.new, path), is_open=is_open)
        new = (*self.spot.new, entry.number)
        if entry.old is None:
            return merger.added(self.item, new, path)
        spot = Spot(entry.old, new, path)
        if self.is_another(spot):
            merger.keep(Why.UNSURE, self.item, spot)
            return merger.rest(merger.stands(spot), spot.old, path)
        return merger.value(self.item, spot)

    def is_another(self, spot: Spot) -> bool:
        """Whether two rows were taken for one by likeness, while the name that was read is unsure."""
        name = self.field.identity
        if name is None or not self.merger.evidence.is_unsure((*spot.new, name)):
            return False
        return not same(as_group(self.merger.stands(spot)).get(name), as_group(self.merger.read(spot)).get(name))
