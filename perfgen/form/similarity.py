"""Says how alike two rows are, and pairs the rows of two lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from perfgen.data import Data, ValuePath, frozen
from perfgen.display import show
from perfgen.form.likeness import ENOUGH, Budget, Text, exact_ratio, ratio_at_most, ratio_within
from perfgen.form.past_values import PastEvidence, evidence_of
from perfgen.values import plain_name

_NAME_COUNTS = 0.65
_LEAST_NAME = 0.35
_MANY = 8
_TOO_MANY = 40_000
"""More pairs of rows than this are not compared one by one: where everything changed, everything is new."""
_ALIKE = 10
"""Steps to compare two rows by their values, and so many for each value beside."""

Pairs = list[tuple[int | None, int | None]]
"""Rows that belong together, by their numbers in the old list and the new one; None where it is in one list only."""


class _Scored(NamedTuple):
    """How alike a row of the old list and a row of the new one are (0 to 1), by their numbers."""

    score: float
    old: int
    new: int


class _Row:
    """A row that is compared with many others: what is asked of it each time is worked out once."""

    def __init__(self, row: Data, identity: str | None) -> None:
        self.row = row
        self.identity = identity

    @property
    def is_group(self) -> bool:
        """Whether it has members."""
        return isinstance(self.row, dict)

    @cached_property
    def name(self) -> str | None:
        """Its name without quotation marks and blanks; None for what is no row of members, or where none has a name."""
        if not isinstance(self.row, dict) or self.identity is None:
            return None
        return plain_name(show(self.row.get(self.identity)))

    @cached_property
    def text(self) -> Text:
        """What it is compared by first: its name, or itself."""
        return Text(self.name if self.name is not None else show(self.row))

    @cached_property
    def leaves(self) -> Counter[tuple[str, str]]:
        """Its values by the names of their members."""
        return Counter(_leaves(self.row, ""))

    @cached_property
    def key(self) -> Hashable:
        """Equal for rows that are equal."""
        return frozen(self.row)


class _Pairing:
    """The pairs of rows so far."""

    def __init__(
        self, old: Sequence[Data], new: Sequence[Data], identity: str | None, budget: Budget, past: frozenset[str]
    ) -> None:
        self.old, self.new = ([_Row(row, identity) for row in rows] for rows in (old, new))
        self.budget = budget
        self.past = past
        self.old_of: dict[int, int] = {}
        """By number in the new list, the number in the old one."""

    def take(self, scored: Iterable[_Scored]) -> None:
        """Pairs the rows that are still free, the likest first."""
        taken = set(self.old_of.values())
        for _, old, new in sorted(scored, key=lambda s: (-s.score, abs(s.old - s.new), s.old, s.new)):
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
        old, new = (((n, row.key) for n, row in enumerate(rows)) for rows in (self.old, self.new))
        for olds, news in _groups(old, new):
            yield from (_Scored(1.0, *numbers) for numbers in _all_pairs(olds, news))

    def same_name(self) -> Iterator[_Scored]:
        """Pairs of free rows that have the same name, quotation marks and blanks aside."""
        free_old, free_new = self.free()
        by_name = ((n, self.old[n].name) for n in free_old), ((n, self.new[n].name) for n in free_new)
        for olds, news in _groups(*by_name):
            for old, new in _all_pairs(olds, news):
                is_only = len(olds) == len(news) == 1
                yield _Scored(1.0 if is_only else self.alike(self.old[old], self.new[new]), old, new)

    def similar(self) -> Iterator[_Scored]:
        """Pairs of free rows that are alike enough; those that stand near each other are looked at first."""
        free_old, free_new = self.free()
        if len(free_old) * len(free_new) > _TOO_MANY:
            self.budget.was_short = True
            return
        near = sorted(
            ((old, new) for old in range(len(free_old)) for new in range(len(free_new))),
            key=lambda numbers: abs(numbers[0] - numbers[1]),
        )
        for old, new in near:
            score = self.score(self.old[free_old[old]], self.new[free_new[new]])
            if score >= ENOUGH:
                yield _Scored(score, free_old[old], free_new[new])

    def score(self, old: _Row, new: _Row) -> float:
        """How alike two rows are: by their texts, by their values, or by name and values; 0 where not enough."""
        if not old.is_group or not new.is_group:
            if old.is_group or new.is_group:
                return 0.0
            return ratio_within(old.text, new.text, ENOUGH, self.budget)
        if old.identity is None:
            return self.alike(old, new)
        past = evidence_of(old.row, new.row, self.past)
        if past is PastEvidence.NEW_ROW:
            return 0.0
        if past is PastEvidence.SAME_ROW:
            return ENOUGH + (1 - ENOUGH) * ratio_within(old.text, new.text, 0, self.budget)
        if old.leaves.total() > _MANY and new.leaves.total() > _MANY:
            # a group is known by what it holds
            return max(ratio_within(old.text, new.text, ENOUGH, self.budget), self.alike(old, new))
        # what costs little comes first, and the rest only where it could still be enough
        names = ratio_at_most(old.text, new.text, _LEAST_NAME, self.budget)
        if _NAME_COUNTS * names + (1 - _NAME_COUNTS) < ENOUGH:
            return 0.0
        contents = (1 - _NAME_COUNTS) * self.alike(old, new)
        if _NAME_COUNTS * names + contents < ENOUGH:
            return 0.0
        names = exact_ratio(old.text, new.text, self.budget)
        return _NAME_COUNTS * names + contents if names > _LEAST_NAME else 0.0

    def alike(self, old: _Row, new: _Row) -> float:
        """The share of values that two rows have in common; 0 where the budget is spent."""
        return _share(old.leaves, new.leaves) if self.budget.take(_ALIKE + len(old.leaves)) else 0.0


class Pairer:
    """Pairs the rows of the lists of two versions of a document, each pair of lists once."""

    def __init__(self, budget: Budget | None = None, past: frozenset[str] = frozenset()) -> None:
        """`past` names the members that hold a value of an earlier year, where the two versions are two years."""
        self.budget = budget or Budget()
        self.past = past
        self._found: dict[object, Pairs] = {}
        """By the paths of both lists and their lengths."""

    def pair(
        self, lists: tuple[Sequence[Data], Sequence[Data]], identity: str | None,
        at: tuple[ValuePath | None, ValuePath | None],
    ) -> Pairs:  # fmt: skip
        """The rows of the old and the new list that belong together; `at` are the paths of the lists."""
        key = at, *map(len, lists)
        if key not in self._found:
            self._found[key] = pair(*lists, identity, self.budget, self.past)
        return self._found[key]

    def alike(self, old: Data, new: Data) -> float:
        """The share of values that two rows have in common, by their names, 0 to 1; 0 where the budget is spent."""
        leaves = [Counter(_leaves(row, "")) for row in (old, new)]
        return _share(*leaves) if self.budget.take(_ALIKE + len(leaves[0])) else 0.0


def pair(
    old: Sequence[Data], new: Sequence[Data], identity: str | None, budget: Budget, past: frozenset[str] = frozenset()
) -> Pairs:
    """The rows of two lists that belong together, in the new order; a row that is gone comes after its neighbour.

    Equal rows first, then rows of one name (the likest first, where a name stands twice), then
    the likest of the rest, as far as the budget goes. Position only decides between rows that
    nothing else tells apart. `past`: see `Pairer`.
    """
    pairing = _Pairing(old, new, identity, budget, past)
    pairing.take(pairing.equal())
    if identity:
        pairing.take(pairing.same_name())
    pairing.take(pairing.similar())
    return _in_order(pairing.old_of, len(old), len(new))


def _groups(
    old: Iterable[tuple[int, object]], new: Iterable[tuple[int, object]]
) -> Iterator[tuple[list[int], list[int]]]:
    """The numbers in the old list and in the new one that have the same key, by keys that both have; none is None."""
    by_key: dict[object, tuple[list[int], list[int]]] = {}
    for side, numbered in enumerate((old, new)):
        for number, key in numbered:
            if key is not None:
                by_key.setdefault(key, ([], []))[side].append(number)
    return ((olds, news) for olds, news in by_key.values() if olds and news)


def _all_pairs(olds: list[int], news: list[int]) -> Iterable[tuple[int, int]]:
    """Each of some rows with each of others; one with one, in their order, where these are too many."""
    if len(olds) * len(news) > _TOO_MANY:
        return zip(olds, news, strict=False)
    return ((old, new) for old in olds for new in news)


def _in_order(old_of: dict[int, int], old_count: int, new_count: int) -> Pairs:
    """All rows as pairs of numbers in the old and the new list, None where a row is in one list only."""
    paired = set(old_of.values())
    order: Pairs = []

    def gone(first: int) -> None:
        """The rows that are gone from a number on, up to the next that is not."""
        while first < old_count and first not in paired:
            order.append((first, None))
            first += 1

    gone(0)
    for new in range(new_count):
        old = old_of.get(new)
        order.append((old, new))
        if old is not None:
            gone(old + 1)
    return order


def _share(old: Counter[tuple[str, str]], new: Counter[tuple[str, str]]) -> float:
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0


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
