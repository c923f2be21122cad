"""Values of some years as the points of a small line: what a page needs to draw it, in numbers.

The height of the picture stands for at least a tenth of the largest value, so that a small change looks small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfgen import values
from perfgen.display import round_half_up, show

WIDTH, HEIGHT, EDGE = 100, 32, 5
"""The size of the picture, and how far from its edges the first and last point stand."""
_LEAST_RANGE = Decimal("0.1")
_FULL = Decimal(100)


@dataclass(frozen=True)
class Point:
    """A point of the line, in units of the picture as SVG writes them."""

    x: str
    y: str


@dataclass(frozen=True)
class Line:
    """A line through two or more points, oldest first."""

    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self) -> str:
        """The points as the attribute `points` of a polyline has them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def last(self) -> Point:
        """The point of the newest value."""
        return self.points[-1]


def line(past: Iterable[tuple[object, object]], value: object) -> Line | None:
    """The line of past values, newest first, that leads to a value.

    None where they cannot be drawn beside each other: fewer than two, words, ranges, or amounts of different units.
    """
    typed = [text for text in map(str, [value, *(each for _, each in past)]) if text.strip()]
    measures = [measure for measure in map(values.parse, reversed(typed)) if not measure.is_blank]
    amounts = [measure.amount for measure in measures if measure.amount is not None and measure.high is None]
    if len(amounts) < len(measures) or len(amounts) < 2 or len({measure.unit for measure in measures}) > 1:
        return None
    return Line(tuple(map(Point, _across(len(amounts)), _up(amounts))))


def share(text: object) -> str:
    """A share such as 7.5% as a length of 0 to 100; empty where it is none."""
    measure = values.parse(str(text))
    if measure.amount is None or measure.unit != "%" or measure.high is not None:
        return ""
    return show(min(max(measure.amount, Decimal(0)), _FULL))


def lengths(texts: Iterable[object]) -> list[str]:
    """Amounts as lengths of 0 to 100, the largest as 100; empty for what is no amount above zero."""
    amounts = [measure.amount for measure in map(values.parse, map(str, texts))]
    largest = max((amount for amount in amounts if amount is not None), default=Decimal(0))
    return [
        _rounded(_FULL * amount / largest) if amount is not None and amount > 0 and largest > 0 else ""
        for amount in amounts
    ]


def _across(count: int) -> list[str]:
    room = Decimal(WIDTH - 2 * EDGE)
    return [_rounded(EDGE + room * number / (count - 1)) for number in range(count)]


def _up(amounts: Sequence[Decimal]) -> list[str]:
    low, high = min(amounts), max(amounts)
    spread = max(high - low, _LEAST_RANGE * max(map(abs, amounts))) or Decimal(1)
    below = (low + high - spread) / 2
    room = Decimal(HEIGHT - 2 * EDGE)
    return [_rounded(HEIGHT - EDGE - room * (amount - below) / spread) for amount in amounts]


def _rounded(value: Decimal) -> str:
    return show(round_half_up(value, 1))
