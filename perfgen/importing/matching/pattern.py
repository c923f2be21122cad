"""A template's rows as an automaton: after each row, the rows that may follow, and at what cost.

Rows, loops and conditions are a regular expression over rows. A loop may turn any number of
times, none included; a row that a form lacks may be skipped, which costs. What follows a row is
worked out once, by the cheapest way (Dijkstra), together with the outermost loop that begins a
new turn on that way: on it depends whether a merged cell goes on or begins anew.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

from perfgen.table.template import Repeat, TemplateRow, TemplateTable

MISSING = 4.0
"""What it costs to do without one of the template's rows."""


@dataclass(frozen=True, eq=False)
class Spot:
    """A row of the template, with the loops around it from the outside in."""

    number: int
    row: TemplateRow
    loops: tuple[Repeat, ...]


@dataclass(frozen=True)
class Step:
    """A way to a row: the depth of the outermost loop that begins a turn (None for none), and its cost.

    The depth counts the loops around the row from 0.
    """

    target: int
    turned: int | None
    cost: float
    skipped: tuple[int, ...]


START, END = -1, -2


class Pattern:
    """The automaton of a template's table."""

    def __init__(self, template: TemplateTable) -> None:
        self.template = template
        self.spots: list[Spot] = []
        self._edges: dict[Any, list[tuple[Any, str, Repeat | None]]] = {}
        ends = self._sequence(template.rows, (), ("start",))
        self._link(ends, ("end",))
        self.steps: dict[int, list[Step]] = {START: self._follow(("start",), ())}
        for spot in self.spots:
            self.steps[spot.number] = self._follow(("out", spot.number), spot.loops)

    def _link(self, source: Any, target: Any, kind: str = "", loop: Repeat | None = None) -> None:
        self._edges.setdefault(source, []).append((target, kind, loop))

    def _sequence(self, parts: Any, loops: tuple[Repeat, ...], before: Any) -> Any:
        """Links parts one after another; the node after the last of them."""
        for part in parts:
            if isinstance(part, Repeat):
                head, tail = ("head", id(part)), ("tail", id(part))
                inner = (*loops, part)
                self._link(before, head)
                self._link(head, ("body", id(part)), "turn", part)
                end = self._sequence(part.body, inner, ("body", id(part)))
                if part.open.variable is not None:
                    self._link(end, ("body", id(part)), "turn", part)
                self._link(end, tail, "leave", part)
                self._link(head, tail)
                before = tail
            else:
                number = len(self.spots)
                self.spots.append(Spot(number, part, loops))
                self._link(before, ("in", number))
                self._link(("in", number), ("out", number), "skip")
                before = ("out", number)
        return before

    def _follow(self, source: Any, loops: tuple[Repeat, ...]) -> list[Step]:
        """Every row that may come after a node, and the end, each by its cheapest ways."""
        found: dict[tuple[int, int | None], Step] = {}
        done: set[Any] = set()
        counter = 0
        # the state is a node, the open loops, and the depth of the outermost turn among them
        heap: list[Any] = [(0.0, counter, source, loops, None, ())]
        while heap:
            cost, _, node, around, turned, skipped = heapq.heappop(heap)
            if (node, len(around), turned) in done:
                continue
            done.add((node, len(around), turned))
            if node[0] == "in":
                found.setdefault((node[1], turned), Step(node[1], turned, cost, skipped))
            elif node[0] == "end":
                found.setdefault((END, None), Step(END, None, cost, skipped))
            for target, kind, loop in self._edges.get(node, ()):
                counter += 1
                now, turn, more, missed = around, turned, 0.0, skipped
                if kind == "turn":
                    assert loop is not None
                    now = around if loop in around else (*around, loop)
                    now = now[: now.index(loop) + 1]
                    turn = now.index(loop) if turned is None else min(turned, now.index(loop))
                elif kind == "leave":
                    now = around[: around.index(loop)] if loop in around else around
                    turn = None if turned is not None and turned >= len(now) else turned
                elif kind == "skip":
                    more, missed = MISSING, (*skipped, target[1])
                heapq.heappush(heap, (cost + more, counter, target, now, turn, missed))
        return list(found.values())
