"""What can be reached from something, in circles: things that lead to each other belong together."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T", bound=Hashable)


class Circles(Generic[_T]):
    """A walk by Tarjan's algorithm (SIAM J. Comput. 1, 1972), which does not call itself: chains may be long."""

    def __init__(self, leads_to: Callable[[_T], Iterable[_T]], known: Container[_T]) -> None:
        """`known` is left out, with what is only reached through it; it may grow on the way."""
        self.leads_to = leads_to
        self.known = known
        self._number: dict[_T, int] = {}
        self._lowest: dict[_T, int] = {}
        """By thing, the smallest number of those on the way to it that it leads back to."""
        self._open: dict[_T, None] = {}
        """Those whose circle is not yet known, in the order in which they were met."""

    def reached_from(self, start: _T) -> Iterator[frozenset[_T]]:
        """Gives circles, most of one thing, each after all that it leads to."""
        way = [(start, self._enter(start))]
        while way:
            here, others = way[-1]
            new = next((other for other in others if not self._was_met(here, other)), None)
            if new is not None:
                way.append((new, self._enter(new)))
                continue
            way.pop()
            if way:
                self._leads_back(way[-1][0], self._lowest[here])
            if self._lowest[here] == self._number[here]:
                yield self._closed(here)

    def _enter(self, one: _T) -> Iterator[_T]:
        self._number[one] = self._lowest[one] = len(self._number)
        self._open[one] = None
        return iter(self.leads_to(one))

    def _was_met(self, here: _T, other: _T) -> bool:
        if other in self._open:
            self._leads_back(here, self._number[other])
        return other in self._number or other in self.known

    def _leads_back(self, here: _T, number: int) -> None:
        self._lowest[here] = min(self._lowest[here], number)

    def _closed(self, first: _T) -> frozenset[_T]:
        """The circle of the first thing of it that was met."""
        found = []
        while first in self._open:
            found.append(self._open.popitem()[0])
        return frozenset(found)
