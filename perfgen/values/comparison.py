"""What a step from one value to another means: stricter, weaker, or something else than before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from perfgen.notation import DOWN, UP
from perfgen.values.measure import Measure, Sign
from perfgen.values.vocabulary import Vocabulary


class MeasureChange(StrEnum):
    """What a new value means beside an old one."""

    SAME = "same"
    STRICTER = "stricter"
    WEAKER = "weaker"
    REDEFINED = "redefined"
    """Another unit, the other direction, or a number in place of words: the two cannot be compared."""
    CHANGED = "changed"
    """Another number, and it is not known which way is better."""
    REWORDED = "reworded"
    """Other words, of no declared order."""


class Unlike(StrEnum):
    """Why two values cannot be compared."""

    UNIT = "单位"
    LABEL = "比率"
    CHANGE = "增减"
    DIRECTION = "方向"
    NUMBER = "数"
    """One is an amount, the other is words."""


def better(sign: Sign, usual: str = "") -> int:
    """Which way is better: 1 more, -1 less, 0 unknown; a sign decides before what is usual."""
    for signs in (sign, *([usual] if usual else [])):
        if signs and set(signs) <= set(UP):
            return 1
        if signs and set(signs) <= set(DOWN):
            return -1
    return 1 if set(usual) & set(UP) else -1 if set(usual) & set(DOWN) else 0


def compare_measures(old: Measure, new: Measure, name: str = "", vocabulary: Vocabulary | None = None) -> MeasureChange:
    """What the change from an old value to a new one means, for a target of that name."""
    words = vocabulary or Vocabulary()
    old, new = side_by_side(old, new, name)
    if old.is_date and new.is_date:
        return _change_of_dates(old, new)
    if old.is_number and new.is_number:
        return _change_of_numbers(old, new, words.usual_signs(name))
    if old.text == new.text:
        return MeasureChange.SAME
    if not (old.word or old.is_blank) or not (new.word or new.is_blank):
        return MeasureChange.REDEFINED
    scale = words.scale_of(old.word)
    if new.word not in scale or not old.word:
        return MeasureChange.REWORDED
    return MeasureChange.WEAKER if scale.index(new.word) > scale.index(old.word) else MeasureChange.STRICTER


def side_by_side(old: Measure, new: Measure, name: str = "") -> tuple[Measure, Measure]:
    """Two values of that name as each reads beside the other: 2021.12 is no date beside an amount."""
    old, new = old.under(name), new.under(name)
    return (old.as_number() if new.is_number else old), (new.as_number() if old.is_number else new)


def unlike(old: Measure, new: Measure, name: str = "", vocabulary: Vocabulary | None = None) -> Unlike | None:
    """Why two values of that name are REDEFINED; None for two that can be compared, or that nobody filled in.

    A value without a sign says nothing of a direction: 99% and =100% are alike enough to stand side by side.
    """
    if old.is_blank or new.is_blank or compare_measures(old, new, name, vocabulary) is not MeasureChange.REDEFINED:
        return None
    old, new = side_by_side(old, new, name)
    if old.word or new.word:
        return Unlike.NUMBER
    if old.is_date or new.is_date:
        return _unlike_dates(old, new) or Unlike.UNIT
    cause = _unlike_numbers(old, new, (vocabulary or Vocabulary()).usual_signs(name))
    if cause in (None, Unlike.DIRECTION):
        return Unlike.DIRECTION if old.sign and new.sign else None
    return cause


def _unlike_numbers(old: Measure, new: Measure, usual: str) -> Unlike | None:
    ways = better(old.sign, usual), better(new.sign, usual)
    if old.change != new.change:
        return Unlike.CHANGE
    if old.unit != new.unit:
        return Unlike.UNIT
    if 0 not in ways and ways[0] != ways[1]:
        return Unlike.DIRECTION
    if not old.change and old.label and new.label and old.label != new.label:
        return Unlike.LABEL  # 合格率≥95% and 覆盖率≥95% are not the same
    return None


def _change_of_numbers(old: Measure, new: Measure, usual: str) -> MeasureChange:
    if _unlike_numbers(old, new, usual):
        return MeasureChange.REDEFINED
    ways = better(old.sign, usual), better(new.sign, usual)
    if (old.amount, old.upper, old.sign) == (new.amount, new.upper, new.sign):
        return MeasureChange.SAME
    if (old.amount, old.upper) == (new.amount, new.upper) and not (old.sign and new.sign):
        return MeasureChange.SAME  # a sign that is added says what the number meant all along
    way = ways[0] or ways[1]
    ends = [(measure.amount if way > 0 else measure.upper) or Decimal(0) for measure in (old, new)]
    if not way or (ends[0] == ends[1] and (old.upper, old.amount) != (new.upper, new.amount)):
        return MeasureChange.CHANGED if old.sign == new.sign else MeasureChange.REDEFINED
    if ends[0] != ends[1]:
        return MeasureChange.STRICTER if (ends[1] > ends[0]) == (way > 0) else MeasureChange.WEAKER
    return _change_of_signs(old, new)


def _change_of_signs(old: Measure, new: Measure) -> MeasureChange:
    strength = {"": 0, "≥": 0, "≤": 0, ">": 1, "<": 1, "=": 2}
    if strength[old.sign] == strength[new.sign]:
        return MeasureChange.SAME
    return MeasureChange.STRICTER if strength[new.sign] > strength[old.sign] else MeasureChange.WEAKER


def way_of_date(date: Measure) -> int:
    """Which way is better for a date: 1 later, where it is due from then on; -1 earlier, also without a sign."""
    return better(date.sign) or -1


def in_same_year(old: Measure, new: Measure) -> bool:
    """Whether two dates of values about two years are compared within their years: 2024年9月底前 and 2025年11月底前."""
    if old.period is None or new.period is None or old.year is None or new.year is None or old.year == new.year:
        return False
    return new.period.last.year - old.period.last.year == new.year - old.year


def days_between(old: Measure, new: Measure) -> Decimal | None:
    """How many days the second of two dates is later; negative where it is earlier, None where nobody can say.

    Two dates of values about two years are compared within their years: 2024年9月底前 last year and 2025年11月底前 this
    year are two months apart. If one of them lies in another year than the value is about, they are compared as they
    stand where they lie in one year (the same work, put off), and not at all where they do not.
    """
    before, after = old.period, new.period
    if before is None or after is None:
        return None
    is_of_one_year = old.year is None or new.year is None or old.year == new.year
    if in_same_year(old, new):
        old = replace(old, period=before.in_year(after.last.year))
    elif not is_of_one_year and after.last.year != before.last.year:
        return None
    assert old.day is not None and new.day is not None
    return new.day - old.day


def _unlike_dates(old: Measure, new: Measure) -> Unlike | None:
    """Why two dates cannot be compared, or a date and an amount."""
    if not (old.is_date and new.is_date):
        return Unlike.UNIT
    if way_of_date(old) != way_of_date(new):
        return Unlike.DIRECTION
    return Unlike.LABEL if old.label and new.label and old.label != new.label else None


def _change_of_dates(old: Measure, new: Measure) -> MeasureChange:
    if _unlike_dates(old, new):
        return MeasureChange.REDEFINED
    later = days_between(old, new)
    if later is None:
        return MeasureChange.CHANGED
    if later:
        return MeasureChange.STRICTER if (later > 0) == (way_of_date(new) > 0) else MeasureChange.WEAKER
    if "=" in (old.sign, new.sign) and "" in (old.sign, new.sign):
        return MeasureChange.SAME
    return _change_of_signs(old, new)
