"""Says how alike two rows or texts are, and pairs the rows of two lists."""

from __future__ import annotations

import difflib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfgen.data import Data
from perfgen.display import show
from perfgen.values import plain_name

ENOUGH = 0.6
"""Two rows with different names, or two texts, that are at least so alike are taken for one that was changed."""
_NAME_COUNTS = 0.65
_LONG = 300
_MANY = 8
_TOO_MANY = 40_000
"""More pairs of rows than this are not compared one by one: where everything changed, everything is new."""


class _Scored(NamedTuple):
    """How alike a row of the old list and a row of the new one are (0 to 1), by their numbers."""

    score: float
    old: int
    new: int


class _Pairing:
    """The pairs of rows so far."""

    def __init__(self, old: Sequence[Data], new: Sequence[Data]) -> None:
        self.old, self.new = old, new
        self.old_of: dict[int, int] = {}
        """By number in the new list, the number in the old one."""

    def take(self, scored: Iterable[_Scored]) -> None:
        """Pairs the rows that are still free, the likest first."""
        taken = set(self.old_of.values())
        for _, old, new in sorted(scored, key=lambda s: (-s.score, abs(s.old - s.new), s.old)):
            if new not in self.old_of and old not in taken:
                self.old_of[new] = old
                taken.add(old)

    def free(self) -> tuple[list[int], list[int]]:
        """The numbers of the rows without a partner, in the old list and in the new one."""
        taken = set(self.old_of.values())
        free_old = [number for number in range(len(self.old)) if number not in taken]
        return free_old, [number for number in range(len(self.new)) if number not in self.old_of]

    def equal(self) -> Iterator[_Scored]:
        """Pairs of rows that are equal."""
        for old, row in enumerate(self.old):
            for new, candidate in enumerate(self.new):
                if candidate == row:
                    yield _Scored(1.0, old, new)

    def same_name(self, identity: str) -> Iterator[_Scored]:
        """Pairs of free rows that have the same name, quotation marks and blanks aside."""
        free_old, free_new = self.free()
        by_name: dict[str, list[int]] = {}
        for new in free_new:
            if (name := _plain_identity(self.new[new], identity)) is not None:
                by_name.setdefault(name, []).append(new)
        for old in free_old:
            if (name := _plain_identity(self.old[old], identity)) is not None:
                for new in by_name.get(name, ()):
                    yield _Scored(alike(self.old[old], self.new[new]), old, new)

    def similar(self, identity: str | None) -> Iterator[_Scored]:
        """Pairs of free rows that are alike enough."""
        free_old, free_new = self.free()
        if len(free_old) * len(free_new) > _TOO_MANY:
            return
        for old in free_old:
            for new in free_new:
                score = _score(self.old[old], self.new[new], identity)
                if score >= ENOUGH:
                    yield _Scored(score, old, new)


def pair(old: Sequence[Data], new: Sequence[Data], identity: str | None) -> list[tuple[int | None, int | None]]:
    """The rows of two lists that belong together, in the new order; a row that is gone comes after its neighbour.

    Equal rows first, then rows of one name (the likest first, where a name stands twice), then
    the likest of the rest. Position only decides between rows that nothing else tells apart.
    """
    pairing = _Pairing(old, new)
    pairing.take(pairing.equal())
    if identity:
        pairing.take(pairing.same_name(identity))
    pairing.take(pairing.similar(identity))
    return _in_order(pairing.old_of, len(old), len(new))


def _in_order(old_of: dict[int, int], old_count: int, new_count: int) -> list[tuple[int | None, int | None]]:
    """All rows as pairs of numbers in the old and the new list, None where a row is in one list only."""
    paired = set(old_of.values())
    order: list[tuple[int | None, int | None]] = [(old_of.get(new), new) for new in range(new_count)]
    for old in range(old_count):
        if old not in paired:
            previous = next((at for at, (b, _) in enumerate(order) if b is not None and b == old - 1), None)
            order.insert(0 if old == 0 else len(order) if previous is None else previous + 1, (old, None))
    return order


def _plain_identity(row: Data, identity: str) -> str | None:
    """A row's name without quotation marks and blanks; None for what is no row of members."""
    return plain_name(show(row.get(identity))) if isinstance(row, dict) else None


def _score(old: Data, new: Data, identity: str | None) -> float:
    """How alike two rows are, 0 to 1: by their texts, by their values, or by name and values."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0 if isinstance(old, dict) or isinstance(new, dict) else ratio(show(old), show(new))
    if identity is None:
        return alike(old, new)
    names = ratio(*(plain_name(show(row.get(identity))) for row in (old, new)))
    if _size(old) > _MANY and _size(new) > _MANY:
        return max(names, alike(old, new))  # a group is known by what it holds
    # what the contents could add at best decides whether they are worth looking at
    return _NAME_COUNTS * names + (1 - _NAME_COUNTS) * alike(old, new) if names > 0.35 else 0.0


def alike(old: Data, new: Data) -> float:
    """The share of values that two rows have in common, by their names, 0 to 1."""
    old_leaves, new_leaves = Counter(_leaves(old, "")), Counter(_leaves(new, ""))
    total = old_leaves.total() + new_leaves.total()
    return 2 * (old_leaves & new_leaves).total() / total if total else 0.0


def _size(row: Data) -> int:
    return sum(1 for _ in _leaves(row, ""))


def _leaves(node: Data, name: str) -> Iterator[tuple[str, str]]:
    """Every single value below a node, with the name of the member that holds it."""
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
        old_pairs, new_pairs = (Counter(itertools.pairwise(text)) for text in (old, new))
        return 2 * (old_pairs & new_pairs).total() / (old_pairs.total() + new_pairs.total())
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ENOUGH / 2 else 0.0
