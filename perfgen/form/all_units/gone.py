"""What a row of last year promised is gone this year: `比较: 取消, 对象: 甲.乙, 看: 值, 按: 名`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from perfgen.data import Data, ValuePath, value_at
from perfgen.display import show
from perfgen.findings import Finding, Place
from perfgen.form.all_units import NamedFindings, Seen, UnitFile, Year
from perfgen.form.likeness import Budget
from perfgen.form.past_values import moved_on, past_names
from perfgen.form.rules import BY, COLUMN, OBJECT, AllUnitsRule, rows
from perfgen.form.similarity import pair
from perfgen.values import parse, plain_name

KIND, ORDER = "取消", 40
NEEDS = (OBJECT, COLUMN, BY)


class _Row(NamedTuple):
    """A row of one of the years: where it stands, the groups around it, and its data."""

    path: ValuePath
    groups: tuple[str, ...]
    name: str
    data: Data


def look(rule: AllUnitsRule, unit: UnitFile) -> Iterator[Seen]:
    """Each row of last year with a promise that this year's file has no more, under its name and its groups.

    A row that only has another name is there: its past values and its likeness tell (`similarity`).
    """
    last = unit.last_year
    if last is None:
        return
    for path in rule.paths:
        old = _rows(rule, path, last, moved_on(last.data, last.fields))
        new = _rows(rule, path, unit, unit.data)
        for row in _gone(old, new, rule, past_names(unit.fields)):
            promise = show(value_at(last.data, (*row.path, rule.column)))
            if not parse(promise).is_blank:
                place = _nearest(unit, row.path)
                yield Seen(place, row.name, f"{promise}（{last.place(row.path)}）", row.groups)


def _rows(rule: AllUnitsRule, path: tuple[str, ...], unit: UnitFile, data: Data) -> list[_Row]:
    """The rows at a path of one year's file that promise something; `data` is what they are compared by."""
    found = []
    for row, *_ in rows(unit.view, path):
        value = value_at(unit.data, (*row.path, rule.column))
        if not isinstance(value, dict | list) and not parse(value).is_blank:
            groups = tuple(step for step in row.path if isinstance(step, str))
            name = show(value_at(unit.data, (*row.path, rule.by)))
            found.append(_Row(row.path, groups, name, value_at(data, row.path)))
    return found


def _gone(old: Iterable[_Row], new: Iterable[_Row], rule: AllUnitsRule, past: frozenset[str]) -> list[_Row]:
    """The old rows without a new one: of their name anywhere below the path, or much like them in their group."""
    left_old, left_new = _without_namesakes(old, new)
    new_of_group = _by_group(left_new)
    gone = []
    for groups, of_group in _by_group(left_old).items():
        others = new_of_group.get(groups, [])
        pairs = pair([row.data for row in of_group], [row.data for row in others], rule.by, Budget(), past)
        gone += [of_group[before] for before, after in pairs if before is not None and after is None]
    return sorted(gone, key=lambda row: [str(step) if isinstance(step, str) else f"{step:09}" for step in row.path])


def _without_namesakes(old: Iterable[_Row], new: Iterable[_Row]) -> tuple[list[_Row], list[_Row]]:
    """The rows of both years without those of a name that both have, one for one, those of the same group first."""
    left_old, left_new = list(old), list(new)
    for with_groups in (True, False):
        counts = Counter(_key(row, with_groups=with_groups) for row in left_new)
        common = counts & Counter(_key(row, with_groups=with_groups) for row in left_old)
        left_old, left_new = (_less(rows, common, with_groups=with_groups) for rows in (left_old, left_new))
    return left_old, left_new


def _key(row: _Row, *, with_groups: bool) -> tuple[str, ...]:
    return (*(row.groups if with_groups else ()), plain_name(row.name))


def _less(left: Iterable[_Row], common: Mapping[tuple[str, ...], int], *, with_groups: bool) -> list[_Row]:
    """The rows without so many of each key."""
    to_go = dict(common)
    kept = []
    for row in left:
        key = _key(row, with_groups=with_groups)
        if to_go.get(key, 0):
            to_go[key] -= 1
        else:
            kept.append(row)
    return kept


def _by_group(all_rows: Iterable[_Row]) -> dict[tuple[str, ...], list[_Row]]:
    groups: dict[tuple[str, ...], list[_Row]] = defaultdict(list)
    for row in all_rows:
        groups[row.groups].append(row)
    return groups


def _nearest(unit: UnitFile, path: ValuePath) -> Place:
    """Where this year's file has the innermost group that a row of last year stood in."""
    for end in range(len(path) - 1, 0, -1):
        if value_at(unit.data, path[:end]) is not None:
            return unit.place(path[:end])
    return unit.place(())


def compare(rule: AllUnitsRule, year: Year) -> NamedFindings:
    """A finding for each promise that is gone; where many units have none of its name any more, that is said."""
    units: dict[str, set[str]] = defaultdict(set)
    for seen in year.seen:
        units[plain_name(seen.name)].add(seen.place.file)
    for seen in year.seen:
        others = len(units[plain_name(seen.name)]) - 1
        beside = f"，另外 {others} 个单位也取消了它" if others else ""
        message = f"“{seen.name}”上年要求 {seen.value}，今年没有了{beside}。"
        yield (
            (*seen.groups, seen.name),
            Finding(seen.place, rule.id, message, "加回去；确实取消的，写明理由。", rule.level),
        )
