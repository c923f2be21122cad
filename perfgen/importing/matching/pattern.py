"""A template's rows as an automaton: after each row, the rows that may follow, and at what cost.

Rows, loops and conditions are a regular expression over rows. A loop may turn any number of
times, none included. A row that a form lacks may be skipped, which costs. The rows that may follow
a row are computed once, each by the cheapest way (Dijkstra). With each goes the outermost loop that
begins a new turn on that way: it decides whether a merged cell continues or a new one begins.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Literal, NamedTuple

from perfgen.table.template import Repeat, TemplateRow, TemplateTable

MISSING = 4.0
"""The cost of a row of the template that the form lacks."""


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

EdgeKind = Literal["pass", "turn", "leave", "skip"]


class _State(NamedTuple):
    """A state of the automaton: before or after a row, or at a point of a loop."""

    kind: Literal["start", "in", "out", "head", "body", "tail", "end"]
    number: int = 0
    """The row's number for `in` and `out`, the loop's identity for `head`, `body` and `tail`."""


class _Edge(NamedTuple):
    """A way from one state to the next; `loop` is the one that is turned or left."""

    target: _State
    kind: EdgeKind
    loop: Repeat | None


class _Search(NamedTuple):
    """A point of the search for the cheapest ways; the order of the members is the order of the search."""

    cost: float
    number: int
    """Its place among all points: of two that cost the same, the earlier goes first."""
    state: _State
    loops: tuple[Repeat, ...]
    """The open loops, from the outside in."""
    turned: int | None
    """The depth of the outermost loop that has begun a turn."""
    skipped: tuple[int, ...]

    def after(self, edge: _Edge, number: int) -> _Search:
        """The point to which an edge leads."""
        loops, turned, cost, skipped = self.loops, self.turned, self.cost, self.skipped
        if edge.kind == "turn":
            assert edge.loop is not None
            depth = loops.index(edge.loop) if edge.loop in loops else len(loops)
            loops = (*loops[:depth], edge.loop)
            turned = depth if turned is None else min(turned, depth)
        elif edge.kind == "leave":
            loops = loops[: loops.index(edge.loop)] if edge.loop in loops else loops
            turned = None if turned is not None and turned >= len(loops) else turned
        elif edge.kind == "skip":
            cost, skipped = cost + MISSING, (*skipped, edge.target.number)
        return _Search(cost, number, edge.target, loops, turned, skipped)


class Pattern:
    """The automaton of a template's table."""

    def __init__(self, template: TemplateTable) -> None:
        self.template = template
        self.spots: list[Spot] = []
        self._edges: dict[_State, list[_Edge]] = {}
        last = self._sequence(template.rows, (), _State("start"))
        self._link(last, _State("end"))
        self.steps: dict[int, list[Step]] = {START: self._follow(_State("start"), ())}
        for spot in self.spots:
            self.steps[spot.number] = self._follow(_State("out", spot.number), spot.loops)

    def _link(self, source: _State, target: _State, kind: EdgeKind = "pass", loop: Repeat | None = None) -> None:
        self._edges.setdefault(source, []).append(_Edge(target, kind, loop))

    def _sequence(self, parts: tuple[TemplateRow | Repeat, ...], loops: tuple[Repeat, ...], before: _State) -> _State:
        """Links parts one after another; gives the state after the last of them."""
        for part in parts:
            before = self._loop(part, loops, before) if isinstance(part, Repeat) else self._row(part, loops, before)
        return before

    def _loop(self, loop: Repeat, loops: tuple[Repeat, ...], before: _State) -> _State:
        """Links a loop or a condition; a condition turns at most once."""
        head, body, tail = _State("head", id(loop)), _State("body", id(loop)), _State("tail", id(loop))
        self._link(before, head)
        self._link(head, body, "turn", loop)
        last = self._sequence(loop.body, (*loops, loop), body)
        if loop.open.variable is not None:
            self._link(last, body, "turn", loop)
        self._link(last, tail, "leave", loop)
        self._link(head, tail)
        return tail

    def _row(self, row: TemplateRow, loops: tuple[Repeat, ...], before: _State) -> _State:
        number = len(self.spots)
        self.spots.append(Spot(number, row, loops))
        self._link(before, _State("in", number))
        self._link(_State("in", number), _State("out", number), "skip")
        return _State("out", number)

    def _follow(self, source: _State, loops: tuple[Repeat, ...]) -> list[Step]:
        """Every row that may come after a state, and the end, each by its cheapest ways."""
        steps: dict[tuple[int, int | None], Step] = {}
        done: set[tuple[_State, int, int | None]] = set()
        counter = 0
        heap = [_Search(0.0, counter, source, loops, None, ())]
        while heap:
            point = heapq.heappop(heap)
            key = (point.state, len(point.loops), point.turned)
            if key in done:
                continue
            done.add(key)
            if point.state.kind == "in":
                number = point.state.number
                steps.setdefault((number, point.turned), Step(number, point.turned, point.cost, point.skipped))
            elif point.state.kind == "end":
                steps.setdefault((END, None), Step(END, None, point.cost, point.skipped))
            for edge in self._edges.get(point.state, ()):
                counter += 1
                heapq.heappush(heap, point.after(edge, counter))
        return list(steps.values())
