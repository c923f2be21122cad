"""Two versions of a document into differences: rows are matched by identity, then by likeness.

A list's rows are told apart by the member that the schema names (`x-identity`). A row without
its like is looked for among the others of its list (it was renamed), then elsewhere under the
same heading (it went to another group). Position never matters, so a move within a list, the
order of keys and the spelling of numbers say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from perfgen.data import ValuePath
from perfgen.display import show
from perfgen.fields import Field
from perfgen.review.similarity import alike, pair
from perfgen.values import Measure, parse

_UNKNOWN = Field("value", "")
_SHORT = 14


class DifferenceKind(StrEnum):
    """What happened to a value or row."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"


@dataclass(frozen=True)
class PathStep:
    """One step of the way to a value: a member by its name, or a row by its identity."""

    name: str
    title: str
    is_row: bool = False
    shown: bool = True
    """Whether a label needs it: the only row of a list goes without saying."""


@dataclass(frozen=True)
class Difference:
    """A value or row that is not the same in both versions, and the way to it in each."""

    kind: DifferenceKind
    field: Field
    steps: tuple[PathStep, ...]
    old_path: ValuePath | None
    new_path: ValuePath | None
    old: Any = None
    new: Any = None
    row: Field | None = None
    """The fields of the row it belongs to, where it is one or lies in one."""
    names: tuple[str, ...] = ()
    """What that row is called, in the old version and in the new."""
    came_from: tuple[PathStep, ...] = ()
    """For a row in another group, where it was."""

    @property
    def measures(self) -> tuple[Measure, Measure]:
        """The values before and after as target values; blank where they are none."""
        kept = [value if isinstance(value, str | Decimal) else None for value in (self.old, self.new)]
        return parse(kept[0]), parse(kept[1])


@dataclass(frozen=True)
class _Position:
    steps: tuple[PathStep, ...] = ()
    old: ValuePath | None = ()
    new: ValuePath | None = ()
    row: Field | None = None
    names: tuple[str, ...] = ()

    def to(self, step: PathStep, old: str | int | None, new: str | int | None) -> _Position:
        return replace(
            self,
            steps=(*self.steps, step),
            old=None if self.old is None or old is None else (*self.old, old),
            new=None if self.new is None or new is None else (*self.new, new),
        )

    def difference(self, kind: DifferenceKind, field: Field, old: Any, new: Any) -> Difference:
        return Difference(kind, field, self.steps, self.old, self.new, old, new, self.row, self.names)


def differences(old: Any, new: Any, fields: Field, leave_out: frozenset[str] = frozenset()) -> list[Difference]:
    """Everything that differs between two versions of a document's data, in the form's order.

    `leave_out` names top-level fields that are not compared.
    """
    kept = [{name: value for name, value in data.items() if name not in leave_out} for data in (old, new)]
    return _with_moves(list(_object(kept[0], kept[1], fields, _Position())))


def same(old: Any, new: Any, field: Field = _UNKNOWN) -> bool:
    """Whether two values say the same: equal but for the spelling of numbers."""
    if _is_tree(old) or _is_tree(new):
        return bool(_stripped(old) == _stripped(new))
    if field.measure:
        return _spelling(old) == _spelling(new)
    return show(old) == show(new)


def counterparts(old: Any, new: Any, fields: Field) -> dict[ValuePath, ValuePath]:
    """By path in the new version, the path of what it was in the old one; whole groups and rows too."""
    found: dict[ValuePath, ValuePath] = {}

    def walk(old: Any, new: Any, field: Field, before: ValuePath, after: ValuePath) -> None:
        found[after] = before
        if field.kind == "object" and isinstance(old, dict) and isinstance(new, dict):
            for name in old.keys() & new.keys():
                walk(old[name], new[name], field.member(name) or _UNKNOWN, (*before, name), (*after, name))
        elif field.item and isinstance(old, list) and isinstance(new, list):
            for one, other in pair(old, new, field.identity):
                if one is not None and other is not None:
                    walk(old[one], new[other], field.item, (*before, one), (*after, other))

    walk(old, new, fields, (), ())
    return found


def _is_tree(value: Any) -> bool:
    return isinstance(value, dict | list)


def _stripped(value: Any) -> Any:
    """A value without what is absent."""
    if isinstance(value, dict):
        return {name: below for name, part in value.items() if (below := _stripped(part)) is not None} or None
    if isinstance(value, list):
        return [_stripped(part) for part in value] or None
    return None if value is None else show(value)


def _spelling(value: Any) -> str:
    """A typed value with its numbers spelled one way: 1.50% and 1.5%, 1,200 and 1200."""
    return re.sub(r"\d[\d,]*(?:\.\d+)?", lambda n: show(Decimal(n[0].replace(",", ""))), show(value))


def _any(old: Any, new: Any, field: Field, way: _Position) -> Iterator[Difference]:
    if field.kind == "object" and _all(dict, old, new):
        yield from _object(old or {}, new or {}, field, way)
    elif field.kind == "array" and field.item and _all(list, old, new):
        yield from _list(old or [], new or [], field, field.item, way)
    elif not same(old, new, field):
        kind = (
            DifferenceKind.ADDED if old is None else DifferenceKind.REMOVED if new is None else DifferenceKind.CHANGED
        )
        yield way.difference(kind, field, old, new)


def _all(kind: type, *found: Any) -> bool:
    return all(value is None or isinstance(value, kind) for value in found)


def _object(old: Mapping[str, Any], new: Mapping[str, Any], field: Field, way: _Position) -> Iterator[Difference]:
    for name in dict.fromkeys([*field.members, *old, *new]):
        if name in old or name in new:
            member = field.member(name) or _UNKNOWN
            title = (member.title if name in field.members else "") or name
            step = PathStep(name, title)
            here = way.to(step, name if name in old else None, name if name in new else None)
            yield from _any(old.get(name), new.get(name), member, here)


@dataclass(frozen=True)
class _Lists:
    """Both versions of a list, and the fields of the list and of a row."""

    old: Sequence[Any]
    new: Sequence[Any]
    field: Field
    item: Field


def _list(old: Sequence[Any], new: Sequence[Any], field: Field, item: Field, way: _Position) -> Iterator[Difference]:
    lists = _Lists(old, new, field, item)
    for before, after in pair(old, new, field.identity):
        here = _row_way(lists, before, after, way)
        if before is not None and after is not None:
            yield from _row(old[before], new[after], field, item, here)
        elif after is not None:
            yield from _whole(DifferenceKind.ADDED, new[after], item, here)
        elif before is not None:
            yield from _whole(DifferenceKind.REMOVED, old[before], item, here)


def _row_way(lists: _Lists, before: int | None, after: int | None, way: _Position) -> _Position:
    """The way to a row. Its identity in the steps is the old one, which a renaming does not change."""
    item = lists.item
    rows = [side[at] for side, at in ((lists.old, before), (lists.new, after)) if at is not None]
    names = tuple(_name(row, lists.field) for row in rows)
    only = _holds_lists(item) and len(lists.old) <= 1 and len(lists.new) <= 1
    label = names[-1] or f"第 {(after if after is not None else before or 0) + 1} 项"
    title = _shortened(label) if _holds_lists(item) else label
    here = way.to(PathStep(names[0], title, is_row=True, shown=item.kind == "object" and not only), before, after)
    if item.kind != "object" or _holds_lists(item):
        return here
    return replace(here, row=item, names=names)


def _shortened(text: str) -> str:
    """A sentence as part of a label."""
    text = text.rstrip("。；;.")
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"


def _name(row: Any, field: Field) -> str:
    """What tells a row from others: its identity, else its first text."""
    if not isinstance(row, dict):
        return show(row) if not isinstance(row, list) else ""
    if field.identity:
        return show(row.get(field.identity)) if not _is_tree(row.get(field.identity)) else ""
    return next((value for value in row.values() if isinstance(value, str)), "")


def _holds_lists(item: Field) -> bool:
    below = [*item.members.values(), *([item.other] if item.other else [])]
    return any(member.kind == "array" or _holds_lists(member) for member in below)


def _row(old: Any, new: Any, field: Field, item: Field, way: _Position) -> Iterator[Difference]:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield from _any(old, new, item, way)
        return
    for found in _object(old, new, item, way):
        own = field.identity and found.steps[:-1] == way.steps and found.steps[-1].name == field.identity
        yield replace(found, kind=DifferenceKind.RENAMED) if own and found.kind is DifferenceKind.CHANGED else found


def _whole(kind: DifferenceKind, row: Any, item: Field, way: _Position) -> Iterator[Difference]:
    """A row that is only in one version. One that holds lists gives each of their rows its own difference."""
    if not (_holds_lists(item) and isinstance(row, dict)):
        yield way.difference(kind, item, *((None, row) if kind is DifferenceKind.ADDED else (row, None)))
        return
    own = {name: value for name, value in row.items() if not _is_tree(value)}
    yield way.difference(kind, item, *((None, own) if kind is DifferenceKind.ADDED else (own, None)))
    rest = {name: value for name, value in row.items() if _is_tree(value)}
    yield from _object(*(({}, rest) if kind is DifferenceKind.ADDED else (rest, {})), item, way)


def _with_moves(found: list[Difference]) -> list[Difference]:
    """Joins a row that is gone with one of the same name that is new in another group."""
    gone = {i: d for i, d in enumerate(found) if d.kind is DifferenceKind.REMOVED and d.row is d.field and d.names[0]}
    result: list[Difference | None] = list(found)
    inserted: dict[int, list[Difference]] = {}
    for number, added in enumerate(found):
        if added.kind is not DifferenceKind.ADDED or added.row is not added.field:
            continue
        wanted: Callable[[Difference], bool] = lambda d, a=added: (  # type: ignore[misc]  # noqa: E731
            d.names == a.names and d.steps[0] == a.steps[0] and d.field.members == a.field.members
        )
        like = {i: alike(d.old, added.new) for i, d in gone.items() if wanted(d)}
        if not like:
            continue
        best = max(like, key=lambda i: (like[i], -i))
        inserted[number] = list(_moved(gone.pop(best), added))
        result[number] = result[best] = None
    return [d for number, one in enumerate(result) for d in (inserted.get(number) or ([one] if one else []))]


def _moved(gone: Difference, added: Difference) -> Iterator[Difference]:
    way = _Position(added.steps, gone.old_path, added.new_path, added.row, (*gone.names, *added.names))
    yield replace(way.difference(DifferenceKind.MOVED, added.field, gone.old, added.new), came_from=gone.steps)
    yield from _object(gone.old, added.new, added.field, way)
