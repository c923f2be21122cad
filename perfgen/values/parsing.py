"""A typed value taken apart, once: `≥80%`, `不低于80%`, `3项`, `成本<100万元`, `2025年9月底前`, `规范`, `—`.

Nothing else in perfgen looks into such a text. Numbers keep their typed form beside the amount in the base unit, so
that 1.2万元 and 12000元 compare, and 5‰ and 0.5%.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from decimal import Decimal

from perfgen.data import Scalar
from perfgen.display import show
from perfgen.notation import BEFORE, OF_EACH, SCALES, has_other_digits, is_inexact, normalized, of_each, sign_of
from perfgen.values.dates import read_date
from perfgen.values.measure import DATE_UNIT, Measure

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WORDS_BEFORE, _SCALE_WORDS = ("|".join(sorted(words, key=len, reverse=True)) for words in (BEFORE, SCALES))
_VALUE = re.compile(
    rf"(?P<label>[^\d≥≤<>=]{{0,12}}(?=[≥≤<>=]))?(?P<sign>[≥≤<>=]|{_WORDS_BEFORE})?"
    rf"(?P<low>{_NUMBER})(?P<low_unit>[%‰]?)(?:(?:-|~|—|–|至|到)(?P<high>{_NUMBER}))?"
    rf"(?P<scale>{_SCALE_WORDS})?(?P<unit>[^\d\s,，。；;、:：≥≤<>=+~]{{0,10}}?)"
    r"(?P<after>及?以[上下]|[以之]内|(?<=[天日周月年时钟秒里米])内)?"
)
_PERCENT = {"百分比": "%"}
# 每亩300元, 每户不超过2万元: so much of each
_OF_EACH = re.compile(rf"每(?P<each>{OF_EACH})(?P<amount>.+)")
# 100%(1.0): the same share twice
_SHARE_TWICE = re.compile(rf"(?P<percent>.*?(?P<number>{_NUMBER})%)\((?P<share>{_NUMBER})\)")
# 2025年底前完成, 6月30日前: a date is no amount
_DATE = re.compile(r"[年月日号][^/]+|[年月日号]/?[底末初前]")
# only these are looked at for a date
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|[-./]\d)|[零〇○一二三四五六七八九]年")


@functools.lru_cache(maxsize=65536, typed=True)
def parse(typed: Scalar) -> Measure:
    """The parsed form of a typed value; None, dashes and flags give a blank measure. Never fails."""
    if typed is None or isinstance(typed, bool):
        return Measure("")
    if isinstance(typed, Decimal):
        text = format(typed, "f")
        return _date(text, text) or Measure(text, number=typed) if show(typed) == text else Measure(text, number=typed)
    if has_other_digits(typed):
        return Measure(typed.strip())
    text = normalized(typed)
    if date := _date(text, typed.strip()):
        return date
    measure = _measure(text, typed.strip())
    return measure if measure.is_number else _rewritten(text, measure)


def _date(text: str, typed: str) -> Measure | None:
    """The date that a text in normal form names; None where it names none, or not exactly."""
    found = read_date(text) if _YEAR.search(text) else None
    if found is None or found.period is None:
        return None
    bare = Decimal(text) if found.is_number else None
    return Measure(typed, found.sign, unit=DATE_UNIT, label=found.label, period=found.period, bare=bare)


def _measure(text: str, typed: str) -> Measure:
    """The parsed form of a text in normal form; words where its parts contradict, or leave the number open."""
    match = _VALUE.fullmatch(text)
    if match is None or (match["unit"] and _DATE.match(match["unit"])):
        return Measure(typed)
    number, high = _decimal(match["low"]), match["high"] and _decimal(match["high"])
    label, (unit, scale) = match["label"] or "", _unit(match)
    sign = sign_of(match["sign"] or "", match["after"] or "", label)
    whole = int(number) if number == number.to_integral_value() and scale == 1 else None
    if sign is None or unit == DATE_UNIT or is_inexact(whole, label, unit) or (high and high < number):
        return Measure(typed)
    label, unit = of_each(label, unit)
    return Measure(typed, sign, number, high or None, scale, unit, label)


def _unit(match: re.Match[str]) -> tuple[str, Decimal]:
    """The unit of a matched value, and by how much of it its number counts."""
    unit, scale = match["low_unit"] or match["unit"], Decimal(SCALES.get(match["scale"], 1))
    is_said_twice = match["high"] and match["unit"] == match["low_unit"]  # 80%~90%
    if match["low_unit"] and match["unit"] and not is_said_twice:
        unit += match["unit"]
    if unit == "‰":
        unit, scale = "%", scale / 10
    return _PERCENT.get(unit, unit), scale


def _rewritten(text: str, words: Measure) -> Measure:
    """The amount in two notations that say it in another order or twice; the words themselves elsewhere."""
    if (match := _SHARE_TWICE.fullmatch(text)) and _decimal(match["number"]) == _decimal(match["share"]) * 100:
        return _measure(match["percent"], words.text)
    if match := _OF_EACH.fullmatch(text):
        amount = _measure(match["amount"], words.text)
        if amount.is_number and amount.unit and "/" not in amount.unit and not amount.label:
            return replace(amount, unit=f"{amount.unit}/{match['each']}")
    return words


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
