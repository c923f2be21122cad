"""Random edits of any data, of each kind; the values and names in them are those that YAML would read as others."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

from perfgen.data import Data, ValuePath
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Put, Remove, Rename
from tests.helpers.edited import expected
from tests.helpers.styled import NAMES, SCALARS, paths_of

VALUES: list[Data] = [
    *SCALARS, "值: 1", "# 注", " 前空", "后空 ", "0012", "2025", "yes", "null", "~", "一\n二\n三", "a\tb", "\\n", "'",
    '"', "'''", "：全角", "%x", "@x", "- ", "?", ":", "长文字" * 200, Decimal("12345678.90"), Decimal(0), False,
]  # fmt: skip
GROUPS: list[Data] = [
    {},
    [],
    {"a": Decimal(1)},
    {"a": "x: y", "b c": [Decimal(1), "二"]},
    [{"a": "x"}, {"a": None}],
    ["甲", "乙\n丙"],
]
NEW_NAMES = [*NAMES, "新", "新 名", '"引"', "'单'", "a: b", "- a", "2025", "null", "#1 室", "名" * 30, "[x]"]
_DEEP: list[ValuePath] = [("下", "值"), (0,), ("下", 0, "值")]
_IN_A_HOLE: list[ValuePath] = [("组", 0, "值"), ("甲组", "乙组", 0), (0, "值")]


def all_free(_: ValuePath) -> Callable[[str], bool]:
    """Each member of each group is a group under a name that people choose."""
    return lambda name: True


def no_holes(_: ValuePath) -> list[str]:
    """New rows have no values that must be there."""
    return []


class Editors:
    """Makes random edits of data of the form that takes everything."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def one(self, data: Data) -> Edit:
        """An edit that can be made."""
        paths = [path for path in paths_of(data) if path]
        kinds = [self.put, self.put, self.put_new, self.put_deep, self.drop, self.rename, self.add, self.add_group,
                 self.remove, self.move]  # fmt: skip
        while (edit := self.dice.choice(kinds)(data, paths)) is None:
            pass
        return edit

    def many(self, data: Data, count: int) -> Many:
        """Some edits, each of the data that the one before left."""
        edits: list[Edit] = []
        for _ in range(count):
            edits.append(self.one(data))
            data = expected(data, edits[-1], all_free, no_holes)
        return Many(tuple(edits))

    def pick(self, paths: list[ValuePath], fits: Callable[[ValuePath], Any]) -> ValuePath | None:
        fitting = [path for path in paths if fits(path)]
        return self.dice.choice(fitting) if fitting else None

    def put(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(paths, lambda one: not at(data, one) or not isinstance(at(data, one), dict | list))
        return path and Put(path, self.dice.choice(VALUES))

    def put_new(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick([(), *paths], lambda one: isinstance(at(data, one), dict | list))
        return None if path is None else Put((*path, self.step(at(data, path))), self.dice.choice(VALUES))

    def put_deep(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(
            [(), *paths], lambda one: isinstance(at(data, one), dict | list) or (one and at(data, one) is None)
        )
        if path is None:
            return None
        there = at(data, path)
        below = self.dice.choice(
            [("组", 0, "值"), ("甲组", "乙组", 0), (0, "值")]
            if there is None
            else [("下", "值"), (0,), ("下", 0, "值")]
        )
        return Put((*path, *([] if there is None else [self.step(there)]), *below), self.dice.choice(VALUES))

    def step(self, around: Any) -> str | int:
        if isinstance(around, list):
            return len(around)
        return self.dice.choice([name for name in NEW_NAMES if name not in around])

    def drop(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(paths, lambda one: isinstance(one[-1], str))
        return path and Drop(path)

    def rename(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(paths, lambda one: isinstance(one[-1], str))
        name = path and self.step(at(data, path[:-1]))
        return Rename(path, name) if path and free_name(data, path[:-1], name) else None

    def add(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(paths, lambda one: isinstance(at(data, one), list) or at(data, one) is None)
        if path is None:
            return None
        count = len(at(data, path) or [])
        return Add(path, self.dice.choice([0, count, self.dice.randint(0, count)]), self.new())

    def add_group(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick([(), *paths], lambda one: isinstance(at(data, one), dict) or (one and at(data, one) is None))
        if path is None:
            return None
        around = at(data, path) or {}
        name = self.step(around)
        return Add(path, self.dice.randint(0, len(around)), self.new(), name) if free_name(data, path, name) else None

    def new(self) -> Data:
        value = self.dice.choice([*GROUPS, *VALUES])
        return "字" if value is None else deepcopy(value)

    def remove(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(paths, lambda one: True)
        return path and Remove(path)

    def move(self, data: Data, paths: list[ValuePath]) -> Edit | None:
        path = self.pick(paths, lambda one: len(at(data, one[:-1])) > 1)
        return path and Move(path, self.dice.randrange(len(at(data, path[:-1]))))


def at(data: Any, path: ValuePath) -> Any:
    for step in path:
        data = data[step]
    return data


def plain(name: Any) -> str:
    return re.sub(r"[\s\"'“”‘’「」『』《》]", "", str(name))


def free_name(data: Data, path: ValuePath, name: Any) -> bool:
    return bool(plain(name)) and plain(name) not in {plain(one) for one in at(data, path) or ()}
