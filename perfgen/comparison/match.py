"""Finds the differences between two versions of a document: rows are matched by identity, then by likeness.

The member that the schema names (`x-identity`) tells the rows of a list apart. A row that finds no row of
its name is compared with the rest of its list (it was renamed), then with the other groups under the same
heading (it went to another group). Position never matters: a move within a list, another order of keys and
another spelling of a number are no differences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfgen.comparison.difference import Difference, DifferenceKind, PathStep
from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.row_name import row_name
from perfgen.form.similarity import Pairer
from perfgen.values import parse

_UNKNOWN = Field("value", "")
_SHORT = 14


@dataclass(frozen=True)
class _Position:
    """Where the comparison is: the steps to it, its path in each version, and the row around it."""

    steps: tuple[PathStep, ...] = ()
    old: ValuePath | None = ()
    new: ValuePath | None = ()
    row: Field | None = None
    names: tuple[str, ...] = ()
    pairer: Pairer = field(default_factory=Pairer, compare=False, repr=False)

    def to(self, step: PathStep, old: str | int | None, new: str | int | None) -> _Position:
        """The position one step below; `old` and `new` are that step in each version, None where it is not there."""
        return replace(
            self,
            steps=(*self.steps, step),
            old=None if self.old is None or old is None else (*self.old, old),
            new=None if self.new is None or new is None else (*self.new, new),
        )

    def difference(self, kind: DifferenceKind, field: Field, old: Data, new: Data) -> Difference:
        """A difference at this position."""
        return Difference(kind, field, self.steps, self.old, self.new, old, new, self.row, self.names)


def differences(
    old: Data, new: Data, fields: Field, leave_out: frozenset[str] = frozenset(), pairer: Pairer | None = None
) -> list[Difference]:
    """Everything that differs between two versions of a document's data, in the form's order.

    `leave_out` names top-level fields that are not compared; `pairer` keeps what it finds for `counterparts`.
    """
    pairer = pairer or Pairer()
    before, after = (
        {name: value for name, value in as_group(data).items() if name not in leave_out} for data in (old, new)
    )
    return list(_with_moves(list(_in_group(before, after, fields, _Position(pairer=pairer))), pairer))


def same(old: Data, new: Data, field: Field = _UNKNOWN) -> bool:
    """Whether two values say the same: equal but for the spelling of numbers."""
    if _is_tree(old) or _is_tree(new):
        return _stripped(old) == _stripped(new)
    if field.measure:
        dates = [parse(value).period for value in (old, new) if isinstance(value, str | Decimal)]
        return _spelling(old) == _spelling(new) and (len(dates) < 2 or dates[0] == dates[1])  # 2025.1 and 2025.10
    return show(old) == show(new)


def counterparts(old: Data, new: Data, fields: Field, pairer: Pairer | None = None) -> dict[ValuePath, ValuePath]:
    """By path in the new version, the path of the same value, row or group in the old one."""
    old_paths: dict[ValuePath, ValuePath] = {}
    known = pairer or Pairer()

    def walk(old: Data, new: Data, field: Field, before: ValuePath, after: ValuePath) -> None:
        old_paths[after] = before
        if field.kind == "object" and isinstance(old, dict) and isinstance(new, dict):
            for name in [name for name in old if name in new]:
                walk(old[name], new[name], field.member(name) or _UNKNOWN, (*before, name), (*after, name))
        elif field.item and isinstance(old, list) and isinstance(new, list):
            for old_number, new_number in known.pair((old, new), field.identity, (before, after)):
                if old_number is not None and new_number is not None:
                    row_paths = (*before, old_number), (*after, new_number)
                    walk(old[old_number], new[new_number], field.item, *row_paths)

    walk(old, new, fields, (), ())
    return old_paths


def _is_tree(value: Data) -> bool:
    return isinstance(value, dict | list)


def _stripped(value: Data) -> Data:
    """A value without its empty parts."""
    if isinstance(value, dict):
        return {name: below for name, part in value.items() if (below := _stripped(part)) is not None} or None
    if isinstance(value, list):
        return [_stripped(part) for part in value] or None
    return None if value is None else show(value)


def _spelling(value: Data) -> str:
    """A typed value with its numbers spelled one way: 1.50% and 1.5%, 1,200 and 1200."""
    return re.sub(r"\d[\d,]*(?:\.\d+)?", lambda n: show(Decimal(n[0].replace(",", ""))), show(value))


def _in_value(old: Data, new: Data, field: Field, position: _Position) -> Iterator[Difference]:
    """The differences in a value of any kind; a value that does not have its field's kind is one difference."""
    if field.kind == "object" and _are(dict, old, new):
        yield from _in_group(as_group(old), as_group(new), field, position)
    elif field.kind == "array" and field.item and _are(list, old, new):
        yield from _in_list(_ListVersions(as_list(old), as_list(new), field, field.item), position)
    elif not same(old, new, field):
        kind = (
            DifferenceKind.ADDED if old is None else DifferenceKind.REMOVED if new is None else DifferenceKind.CHANGED
        )
        yield position.difference(kind, field, old, new)


def _are(kind: type, *values: Data) -> bool:
    """Whether all values that are there are of a kind."""
    return all(value is None or isinstance(value, kind) for value in values)


def _in_group(
    old: Mapping[str, Data], new: Mapping[str, Data], field: Field, position: _Position
) -> Iterator[Difference]:
    """The differences in a group's members, in the form's order."""
    for name in dict.fromkeys([*field.members, *old, *new]):
        if name in old or name in new:
            member = field.member(name) or _UNKNOWN
            title = (member.title if name in field.members else "") or name
            below = position.to(PathStep(name, title), name if name in old else None, name if name in new else None)
            yield from _in_value(old.get(name), new.get(name), member, below)


@dataclass(frozen=True)
class _ListVersions:
    """Both versions of a list, and the fields of the list and of a row."""

    old: list[Data]
    new: list[Data]
    field: Field
    item: Field


def _in_list(lists: _ListVersions, position: _Position) -> Iterator[Difference]:
    """The differences in a list's rows; rows of both versions in the new order."""
    at = position.old, position.new
    for before, after in position.pairer.pair((lists.old, lists.new), lists.field.identity, at):
        below = _row_position(lists, before, after, position)
        if before is not None and after is not None:
            yield from _in_row(lists.old[before], lists.new[after], lists, below)
        elif after is not None:
            yield from _whole_row(DifferenceKind.ADDED, lists.new[after], lists.item, below)
        elif before is not None:
            yield from _whole_row(DifferenceKind.REMOVED, lists.old[before], lists.item, below)


def _row_position(lists: _ListVersions, before: int | None, after: int | None, position: _Position) -> _Position:
    """The position of a row. Its identity in the steps is the old one, which a renaming does not change."""
    item = lists.item
    rows = [rows[number] for rows, number in ((lists.old, before), (lists.new, after)) if number is not None]
    names = tuple(row_name(row, lists.field) for row in rows)
    is_only = _holds_lists(item) and len(lists.old) <= 1 and len(lists.new) <= 1
    label = names[-1] or f"第 {(after if after is not None else before or 0) + 1} 项"
    title = _shortened(label) if _holds_lists(item) else label
    step = PathStep(names[0], title, is_row=True, shown=item.kind == "object" and not is_only)
    below = position.to(step, before, after)
    if item.kind != "object" or _holds_lists(item):
        return below
    return replace(below, row=item, names=names)


def _shortened(text: str) -> str:
    """A sentence as part of a label."""
    text = text.rstrip("。；;.")
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"


def _holds_lists(item: Field) -> bool:
    below = [*item.members.values(), *([item.other] if item.other else [])]
    return any(member.kind == "array" or _holds_lists(member) for member in below)


def _in_row(old: Data, new: Data, lists: _ListVersions, position: _Position) -> Iterator[Difference]:
    """The differences in a row that is in both versions; another identity means that it was renamed."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield from _in_value(old, new, lists.item, position)
        return
    identity = lists.field.identity
    for difference in _in_group(old, new, lists.item, position):
        *around, last = difference.steps
        is_identity = identity and tuple(around) == position.steps and last.name == identity
        if is_identity and difference.kind is DifferenceKind.CHANGED:
            yield replace(difference, kind=DifferenceKind.RENAMED)
        else:
            yield difference


def _whole_row(kind: DifferenceKind, row: Data, item: Field, position: _Position) -> Iterator[Difference]:
    """A row that is only in one version. In a row that holds lists, each of their rows has its own difference."""
    is_new = kind is DifferenceKind.ADDED
    has_lists = _holds_lists(item) and isinstance(row, dict)
    own: Data = {name: value for name, value in as_group(row).items() if not _is_tree(value)} if has_lists else row
    yield position.difference(kind, item, None if is_new else own, own if is_new else None)
    if has_lists:
        rest = {name: value for name, value in as_group(row).items() if _is_tree(value)}
        yield from _in_group({} if is_new else rest, rest if is_new else {}, item, position)


def _with_moves(unjoined: list[Difference], pairer: Pairer) -> Iterator[Difference]:
    """The differences, with a row that went and one that came to another group joined where they are one row."""
    moves = _moves(unjoined, pairer)
    joined = set(moves.values())
    for number, difference in enumerate(unjoined):
        if number in moves:
            yield from _moved(unjoined[moves[number]], difference, pairer)
        elif number not in joined:
            yield difference


def _moves(unjoined: list[Difference], pairer: Pairer) -> dict[int, int]:
    """By the number of an added row, the number of the removed row that it was; both are numbers in `unjoined`."""
    gone: dict[tuple[str, ...], dict[int, Difference]] = {}
    for number, difference in enumerate(unjoined):
        if _is_row(difference, DifferenceKind.REMOVED) and difference.names[0]:
            gone.setdefault(difference.names, {})[number] = difference
    moves = {}
    for number, added in enumerate(unjoined):
        if _is_row(added, DifferenceKind.ADDED):
            best = _counterpart(added, gone.get(added.names, {}), pairer)
            if best is not None:
                moves[number] = best
                del gone[added.names][best]
    return moves


def _is_row(difference: Difference, kind: DifferenceKind) -> bool:
    """Whether a whole row came or went."""
    return difference.kind is kind and difference.row is difference.field


def _counterpart(added: Difference, gone: Mapping[int, Difference], pairer: Pairer) -> int | None:
    """The key of the removed row of the same heading and members that is most like an added one of its name."""
    scores = {
        number: pairer.alike(removed.old, added.new)
        for number, removed in gone.items()
        if removed.steps[0] == added.steps[0] and removed.field.members == added.field.members
    }
    return max(scores, key=lambda number: (scores[number], -number), default=None)


def _moved(gone: Difference, added: Difference, pairer: Pairer) -> Iterator[Difference]:
    """The difference of a row that moved, then what changed in the row."""
    position = _Position(added.steps, gone.old_path, added.new_path, added.row, (*gone.names, *added.names), pairer)
    moved = position.difference(DifferenceKind.MOVED, added.field, gone.old, added.new)
    yield replace(moved, came_from=gone.steps)
    yield from _in_group(as_group(gone.old), as_group(added.new), added.field, position)
