"""Whether what came of a promise is what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfgen.notation import DOWN, UP
from perfgen.values.comparison import Unlike, better, side_by_side, unlike, way_of_date
from perfgen.values.measure import Measure
from perfgen.values.vocabulary import Vocabulary


class Achievement(StrEnum):
    """What an outcome says of its promise."""

    NOT_FILLED = ""
    """One of the two is not there."""
    REACHED = "达到"
    MISSED = "没有达到"
    UNKNOWN = "不能比"


@dataclass(frozen=True)
class _Between:
    """All that a value may be: from `low` to `high`, without an end where that is None."""

    low: Decimal | None
    high: Decimal | None
    has_low: bool = True
    has_high: bool = True
    """Whether the ends themselves are part of it."""

    def lies_in(self, other: _Between) -> bool:
        """Whether all of it is part of another."""
        if other.low is not None:
            if self.low is None or self.low < other.low:
                return False
            if self.low == other.low and self.has_low and not other.has_low:
                return False
        if other.high is not None:
            if self.high is None or self.high > other.high:
                return False
            if self.high == other.high and self.has_high and not other.has_high:
                return False
        return True

    def is_apart_from(self, other: _Between) -> bool:
        """Whether no part of it is part of another."""
        return _ends_before(self, other) or _ends_before(other, self)


def _ends_before(one: _Between, other: _Between) -> bool:
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and not (one.has_high and other.has_low))


def reached(promise: Measure, outcome: Measure, name: str = "", vocabulary: Vocabulary | None = None) -> Achievement:
    """What an outcome says of a promise of that name: by its direction, by the usual one where it has none.

    `=` is also reached on the side that is better for the name. A promise without a direction, and a name without a
    usual one, are only reached by that very value. A grade is reached by itself and every better one of its scale.
    """
    words = vocabulary or Vocabulary()
    if promise.is_blank or outcome.is_blank:
        return Achievement.NOT_FILLED
    promise, outcome = side_by_side(promise, outcome, name)
    if promise.word and outcome.word:
        return _of_grades(promise.word, outcome.word, words)
    if unlike(promise, outcome, name, words) not in (None, Unlike.DIRECTION):
        return Achievement.UNKNOWN
    if promise.is_date:
        wanted, found = _due(promise), _days(outcome)
    else:
        wanted, found = _wanted(promise, words.usual_signs(name)), _possible(outcome)
    if found.lies_in(wanted):
        return Achievement.REACHED
    if not found.is_apart_from(wanted) or not _has_way(promise, words.usual_signs(name)):
        return Achievement.UNKNOWN
    return Achievement.MISSED


def _of_grades(promise: str, outcome: str, words: Vocabulary) -> Achievement:
    scale = words.scale_of(promise)
    if outcome in scale:
        return Achievement.MISSED if scale.index(outcome) > scale.index(promise) else Achievement.REACHED
    return Achievement.REACHED if promise == outcome else Achievement.UNKNOWN


def _has_way(promise: Measure, usual: str) -> bool:
    """Whether a promise can be missed: it has a sign, two ends, a day, or a usual direction."""
    return bool(promise.sign or promise.high is not None or promise.is_date or usual)


def _wanted(promise: Measure, usual: str) -> _Between:
    """The amounts that keep a promise; those on the better side of `=` and of a range do too."""
    low, high = promise.amount, promise.upper
    way = better(promise.sign, usual)
    is_strict = promise.sign in ("<", ">")
    if way > 0:
        return _Between(low, None, has_low=not is_strict)
    if way < 0:
        return _Between(None, high, has_high=not is_strict)
    return _Between(low, high)


def _possible(outcome: Measure) -> _Between:
    """The amounts that an outcome may mean: ≥95% is every one from there on."""
    low, high = outcome.amount, outcome.upper
    is_strict = outcome.sign in ("<", ">")
    if outcome.sign in tuple(UP):
        return _Between(low, None, has_low=not is_strict)
    if outcome.sign in tuple(DOWN):
        return _Between(None, high, has_high=not is_strict)
    return _Between(low, high)


def _due(promise: Measure) -> _Between:
    """The days that keep a promise."""
    is_strict = promise.sign in ("<", ">")
    if promise.sign == "=":
        return _days(promise)
    if way_of_date(promise) > 0:
        return _Between(promise.day, None, has_low=not is_strict)
    return _Between(None, promise.day, has_high=not is_strict)


def _days(outcome: Measure) -> _Between:
    """The days on which something may have happened: 2025年9月 is every one of that month."""
    assert outcome.period is not None
    if outcome.sign in ("≥", ">"):
        return _Between(outcome.day, None, has_low=outcome.sign == "≥")
    if outcome.sign in ("≤", "<"):
        return _Between(None, outcome.day, has_high=outcome.sign == "≤")
    return _Between(Decimal(outcome.period.first.toordinal()), Decimal(outcome.period.last.toordinal()))
