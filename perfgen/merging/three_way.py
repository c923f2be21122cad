"""The data of two versions that came from one, merged: what one side changed is taken, what both changed must be equal.

A row that one side took out and the other changed, a value that both changed, rows that cannot be told apart: only a
person can say what is meant, and CannotJoinError says which it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from perfgen.data import Data, as_group, as_list, as_scalar, is_same
from perfgen.display import show
from perfgen.fields import Field
from perfgen.merging.rows import CannotJoinError, Key, arranged, keys, rows_of

_UNKNOWN = Field("value", "")
_SHORT, _MOST_WORDS = 40, 5


@dataclass(frozen=True)
class Sides:
    """One value in the version that both came from, and in both."""

    base: Data
    ours: Data
    theirs: Data


@dataclass(frozen=True)
class _Spot:
    """Where in the data it is: the field, and its name in words."""

    field: Field
    words: tuple[str, ...] = ()

    def to(self, name: str) -> _Spot:
        """The spot of a member."""
        return _Spot(self.field.member(name) or _UNKNOWN, (*self.words, name))

    def row(self, row: Data, number: int) -> _Spot:
        """The spot of a row of a list."""
        name = as_group(row).get(self.field.identity or "")
        word = show(as_scalar(name)) or f"第 {number + 1} 项"
        return _Spot(self.field.item or _UNKNOWN, (*self.words, shortened(word)))

    def stop(self, why: str) -> CannotJoinError:
        """Says that a person must look here."""
        words = self.words if len(self.words) < _MOST_WORDS else (self.words[0], "…", *self.words[-2:])
        return CannotJoinError(f"“{' › '.join(words)}”{why}")


def merged(sides: Sides, fields: Field | None) -> dict[str, Data]:
    """The data of both sides; `base` is an empty group where the file is new on both.

    Raises CannotJoinError where a person must look.
    """
    if not all(isinstance(side, dict) for side in (sides.base, sides.ours, sides.theirs)):
        raise CannotJoinError("文件不是一行行“名称: 值”")
    result = _group(sides, _Spot(fields or _UNKNOWN))
    _require_all_rows_once(sides, result, fields)
    return result


def _value(sides: Sides, spot: _Spot) -> Data:
    base, ours, theirs = sides.base, sides.ours, sides.theirs
    if is_same(ours, theirs) or is_same(theirs, base):
        return ours
    if is_same(ours, base):
        return theirs
    is_new = base is None
    if isinstance(ours, dict) and isinstance(theirs, dict) and (is_new or isinstance(base, dict)):
        return _group(replace(sides, base=as_group(base)), spot)
    if isinstance(ours, list) and isinstance(theirs, list) and (is_new or isinstance(base, list)):
        return _list(as_list(base), ours, theirs, spot)
    raise spot.stop(f"一边{_changed_to(ours)}，另一边{_changed_to(theirs)}")


def _group(sides: Sides, spot: _Spot) -> dict[str, Data]:
    base, ours, theirs = as_group(sides.base), as_group(sides.ours), as_group(sides.theirs)
    found: dict[str, Data] = {}
    for name in dict.fromkeys((*base, *ours, *theirs)):
        if name in ours and name in theirs:
            found[name] = _value(Sides(base.get(name), ours[name], theirs[name]), spot.to(name))
        elif name not in base:
            found[name] = ours[name] if name in ours else theirs[name]
        elif name in ours or name in theirs:
            _require_unchanged(base[name], ours.get(name, theirs.get(name)), spot.to(name))
    try:
        order = arranged(list(base), list(ours), list(theirs), set(found))
    except CannotJoinError:  # names have no order for a reader of the data; the layout says where it cannot keep both
        order = list(found)
    return {name: found[name] for name in order}


def _require_unchanged(base: Data, left: Data, spot: _Spot) -> None:
    """Raises CannotJoinError where one side changed what the other took out."""
    if not is_same(base, left):
        raise spot.stop("一边删掉了，另一边改了")


@dataclass(frozen=True)
class _Rows:
    """The rows of a list in one version, by what tells them apart."""

    by_key: dict[Key, Data]

    def renamed(self, base: _Rows, identity: str) -> _Rows:
        """The rows, by the names of the base where only the name of a group of rows changed.

        A group is known by the rows in it; a row by nothing but its name.
        """
        gone = {key: row for key, row in base.by_key.items() if key not in self.by_key and _holds_rows(row)}
        known: dict[Key, Key] = {}
        for key in (key for key in self.by_key if key not in base.by_key):
            same = [one for one, row in gone.items() if _is_same_but(identity, row, self.by_key[key])]
            if len(same) == 1:
                known[key] = same[0]
        if len(set(known.values())) < len(known):
            return self
        return _Rows({known.get(key, key): row for key, row in self.by_key.items()})


def _holds_rows(row: Data) -> bool:
    """Whether there is a row of members in a list somewhere in a row."""
    below = list(as_group(row).values()) or as_list(row)
    return any((isinstance(one, dict) and isinstance(row, list)) or _holds_rows(one) for one in below)


def _is_same_but(identity: str, old: Data, new: Data) -> bool:
    one, other = ({k: v for k, v in as_group(row).items() if k != identity} for row in (old, new))
    return is_same(one, other)


def _list(base: list[Data], ours: list[Data], theirs: list[Data], spot: _Spot) -> list[Data]:
    identity = spot.field.identity
    if not base and identity is None:
        raise spot.stop("两边都新写了，写得不一样")
    versions = [_rows(rows, spot) for rows in (base, ours, theirs)]
    if identity:
        versions = [versions[0], *(side.renamed(versions[0], identity) for side in versions[1:])]
    old, mine, other = (side.by_key for side in versions)
    found: dict[Key, Data] = {}
    for number, key in enumerate(dict.fromkeys((*old, *mine, *other))):
        below = spot.row(old.get(key, mine.get(key, other.get(key))), number)
        if key in mine and key in other:
            found[key] = _row(old.get(key), mine[key], other[key], below)
        elif key not in old:
            found[key] = mine[key] if key in mine else other[key]
        elif key in mine or key in other:
            _require_unchanged(old[key], mine.get(key, other.get(key)), below)
    _require_no_other_name(old, mine, other, spot)
    try:
        order = arranged(list(old), list(mine), list(other), set(found))
    except CannotJoinError as error:
        raise spot.stop(str(error)) from error
    return _told_apart([found[key] for key in order], spot)


def _rows(rows: list[Data], spot: _Spot) -> _Rows:
    known = keys(rows, spot.field.identity)
    if known is None:
        raise spot.stop("里有分不清的两行（名称一样，或者没有名称）")
    return _Rows(dict(zip(known, rows, strict=True)))


def _row(base: Data, ours: Data, theirs: Data, spot: _Spot) -> Data:
    """A row that both sides have; one that is new on both must be the same."""
    if base is None and not is_same(ours, theirs):
        raise spot.stop("两边都新加了，写得不一样")
    return _value(Sides(base, ours, theirs), spot)


def _require_no_other_name(old: dict[Key, Data], mine: dict[Key, Data], other: dict[Key, Data], spot: _Spot) -> None:
    """Raises CannotJoinError where both took the same row out and both put others in: each may be that row, rewritten.

    Then what looks like two new rows is one row that both changed.
    """
    gone = next((number for number, key in enumerate(old) if key not in mine and key not in other), None)
    alone = [any(key not in old and key not in rest for key in side) for side, rest in ((mine, other), (other, mine))]
    if gone is not None and all(alone):
        raise spot.row(list(old.values())[gone], gone).stop("两边都换掉了，换得不一样")


def _told_apart(rows: list[Data], spot: _Spot) -> list[Data]:
    """The rows of the merged list. Raises CannotJoinError where two of them have one name."""
    if keys(rows, spot.field.identity) is None:
        raise spot.stop("里合并以后有两行名称一样")
    return rows


def _require_all_rows_once(sides: Sides, result: dict[str, Data], fields: Field | None) -> None:
    """Raises CannotJoinError where a row stands oftener or less often than what both sides did to it makes.

    So a row that one side moved and the other took out, or both moved to different places, is seen.
    """
    for name in result:
        field = fields.member(name) if fields else None
        base, ours, theirs, found = (
            Counter(rows_of(as_group(side).get(name), field)) for side in (sides.base, sides.ours, sides.theirs, result)
        )
        for key in {*base, *ours, *theirs, *found}:
            changes = ours[key] - base[key], theirs[key] - base[key]
            wanted = {base[key] + sum(changes)}
            if changes[0] == changes[1]:  # one row that both put in or took out, or two rows that were taken out
                wanted = {base[key] + changes[0], base[key] + min(changes[0], 0) * 2}
            if found[key] not in wanted:
                raise CannotJoinError(f"“{shortened(_name(key))}”两边都挪动过，或者一边挪动、一边删掉")


def _name(key: Key) -> str:
    """The name of a row, out of what tells it apart."""
    while isinstance(key, tuple) and key:
        key = key[-1]
    return show(key) if isinstance(key, str | Decimal) else "有一项"


def _changed_to(value: Data) -> str:
    if value in (None, "", [], {}):
        return "清空了"
    return "改了里面的内容" if isinstance(value, dict | list) else f"改成“{shortened(show(value))}”"


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"
