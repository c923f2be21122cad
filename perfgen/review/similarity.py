"""How alike two rows or texts are, and which row of one version is which of the other."""

from __future__ import annotations

import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from perfgen.display import show
from perfgen.values import plain_name

ENOUGH = 0.6
"""From here on two rows with different names, or two texts, are taken for one that was changed."""
_NAME_COUNTS = 0.65
_LONG = 300
_MANY = 8
_TOO_MANY = 40_000
"""So many pairs of rows are not looked at one by one: where everything changed, everything is new."""


def pair(old: Sequence[Any], new: Sequence[Any], identity: str | None) -> list[tuple[int | None, int | None]]:
    """The rows of two lists that belong together, in the new order, each that is gone after its neighbour.

    Equal rows first, then rows of one name (the likest first, where a name stands twice), then
    the likest of the rest. Position only decides between rows that nothing else tells apart.
    """
    found: dict[int, int] = {}

    def match(scores: Iterator[tuple[float, int, int]]) -> None:
        taken = set(found.values())
        for _, before, after in sorted(scores, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1])):
            if after not in found and before not in taken:
                found[after] = before
                taken.add(before)

    def free() -> tuple[list[int], list[int]]:
        taken = set(found.values())
        return [i for i in range(len(old)) if i not in taken], [i for i in range(len(new)) if i not in found]

    def scores() -> Iterator[tuple[float, int, int]]:
        before, after = free()
        if len(before) * len(after) > _TOO_MANY:
            return
        for one in before:
            for other in after:
                score = _score(old[one], new[other], identity)
                if score >= ENOUGH:
                    yield score, one, other

    match((1.0, i, j) for i, row in enumerate(old) for j in _equal(row, new))
    if identity:
        match(_same_name(old, new, identity, free()))
    match(scores())
    return _in_order(found, len(old), len(new))


def _equal(row: Any, rows: Sequence[Any]) -> Iterator[int]:
    return (number for number, other in enumerate(rows) if other == row)


def _in_order(found: dict[int, int], old: int, new: int) -> list[tuple[int | None, int | None]]:
    after_of = {before: after for after, before in found.items()}
    result: list[tuple[int | None, int | None]] = [(found.get(after), after) for after in range(new)]
    for before in range(old):
        if before not in after_of:
            previous = next((i for i, (b, _) in enumerate(result) if b is not None and b == before - 1), None)
            result.insert(0 if before == 0 else len(result) if previous is None else previous + 1, (before, None))
    return result


def _same_name(
    old: Sequence[Any], new: Sequence[Any], identity: str, free: tuple[list[int], list[int]]
) -> Iterator[tuple[float, int, int]]:
    """Pairs of rows that are called the same, quotation marks and blanks aside."""
    by_name: dict[str, list[int]] = {}
    for other in free[1]:
        if isinstance(new[other], dict):
            by_name.setdefault(plain_name(show(new[other].get(identity))), []).append(other)
    for one in free[0]:
        if isinstance(old[one], dict):
            for other in by_name.get(plain_name(show(old[one].get(identity))), ()):
                yield alike(old[one], new[other]), one, other


def _score(old: Any, new: Any, identity: str | None) -> float:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0 if isinstance(old, dict) or isinstance(new, dict) else ratio(show(old), show(new))
    if identity is None:
        return alike(old, new)
    one, other = (plain_name(show(row.get(identity))) for row in (old, new))
    if _size(old) > _MANY and _size(new) > _MANY:
        return max(ratio(one, other), alike(old, new))  # a group is known by what it holds
    named = ratio(one, other)
    # what the contents could add at best decides whether they are worth looking at
    return _NAME_COUNTS * named + (1 - _NAME_COUNTS) * alike(old, new) if named > 0.35 else 0.0


def alike(old: Any, new: Any) -> float:
    """The share of values that two rows have in common, by their names, 0 to 1."""
    one, other = Counter(_leaves(old, "")), Counter(_leaves(new, ""))
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _size(row: Any) -> int:
    return sum(1 for _ in _leaves(row, ""))


def _leaves(node: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, name)
    elif node is not None:
        yield name, show(node)


def ratio(old: str, new: str) -> float:
    """How alike two texts are, 0 to 1; by their pairs of characters where they are long, which is fast."""
    if max(len(old), len(new)) > _LONG:
        one, other = (Counter(itertools.pairwise(text)) for text in (old, new))
        return 2 * (one & other).total() / (one.total() + other.total())
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ENOUGH / 2 else 0.0
