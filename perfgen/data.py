"""Plain data, as YAML and JSON give it, and the path of a value in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

Data: TypeAlias = "dict[str, Data] | list[Data] | str | Decimal | bool | None"
"""Groups by name, lists, texts, numbers, flags, and what is not there."""

Scalar: TypeAlias = "str | Decimal | bool | None"

ValuePath = tuple[str | int, ...]
"""Where a value stands: names and list positions (from 0), from the root."""


def as_group(data: Data) -> dict[str, Data]:
    """A group's members; none for anything else."""
    return data if isinstance(data, dict) else {}


def as_list(data: Data) -> list[Data]:
    """A list's items; none for anything else."""
    return data if isinstance(data, list) else []


def as_scalar(data: Data) -> Scalar:
    """A single value; None for a group or a list."""
    return None if isinstance(data, dict | list) else data


def row_of(path: ValuePath) -> ValuePath:
    """The path of the innermost row that a value lies in; empty where it lies in none."""
    rows = [number for number, step in enumerate(path, 1) if isinstance(step, int)]
    return path[: rows[-1]] if rows else ()


def value_at(data: Data, path: ValuePath) -> Data:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


class Leaf(NamedTuple):
    """A single value in data, or the name of a member, with its path; a name has the path of what is called so."""

    path: ValuePath
    value: Scalar
    is_name: bool = False


def leaves(data: Data, path: ValuePath = ()) -> Iterator[Leaf]:
    """Every name and every single value in some data, which stands at a path, in order; a name before its value."""
    found: list[Leaf] = []
    _find_leaves(data, path, found)
    return iter(found)


def _find_leaves(data: Data, path: ValuePath, found: list[Leaf]) -> None:
    """Adds the leaves of some data to a list; generators in one another would hand each leaf up level by level."""
    if isinstance(data, dict):
        for name, value in data.items():
            below = (*path, name)
            found.append(Leaf(below, name, is_name=True))
            _find_leaves(value, below, found)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            _find_leaves(value, (*path, number), found)
    else:
        found.append(Leaf(path, data))


def texts(data: Data) -> Iterator[tuple[ValuePath, str]]:
    """Every text in some data that is no name, with its path, in order."""
    return ((leaf.path, leaf.value) for leaf in leaves(data) if isinstance(leaf.value, str) and not leaf.is_name)


def copied(data: Data) -> Data:
    """The same data with groups and lists of its own; what stands in them is shared."""
    if isinstance(data, dict):
        return {name: copied(value) for name, value in data.items()}
    return [copied(item) for item in data] if isinstance(data, list) else data


def is_same(one: Data, other: Data) -> bool:
    """Whether two values are the same, of the same kind: 1 is 1.0, but neither the text 1 nor a flag."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(is_same(value, other[name]) for name, value in one.items())
        case list(), list():
            return len(one) == len(other) and all(is_same(*pair) for pair in zip(one, other, strict=True))
        case _:
            return type(one) is type(other) and one == other


def frozen(value: Data) -> Hashable:
    """What is equal for values that are the same, and for no others; it may be a key."""
    match value:
        case dict():
            return "group", frozenset((name, frozen(below)) for name, below in value.items())
        case list():
            return "list", tuple(frozen(below) for below in value)
        case _:
            return type(value), value


def put(data: Data, path: ValuePath, value: Data) -> None:
    """Puts a value at a path; the groups on the way to it are made where they are not there.

    Raises KeyError for a way that leads through a value, IndexError for an item that is not there.
    """
    *way, last = path
    for step, following in zip(way, path[1:], strict=True):
        if isinstance(data, dict) and isinstance(step, str):
            data = data.setdefault(step, {}) if isinstance(following, str) else data[step]
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    match data:
        case dict() if isinstance(last, str):
            data[last] = value
        case list() if isinstance(last, int):
            data[last] = value
        case _:
            raise KeyError(path)


def path_text(path: ValuePath) -> str:
    """A path as people read it: `项目[2].名称`, list positions counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text
