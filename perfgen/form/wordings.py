"""What a value that is no single exact amount says, and the values it may have been meant as.

`90%-95%` is a range, `39.5%左右` about a number, `全覆盖` all of it, `2026年10月底前` a date. Nothing here
changes what a value is read as (`values.parse`): it only names the kind, and what to write in its place.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfgen.notation import AFTER, BEFORE, DOWN, EQUAL, SCALES, UP, normalized, sign_of, way
from perfgen.values import DateProblem, Measure, Sign, parse, read_date, with_year


class Wording(StrEnum):
    """How a value is worded."""

    PLAIN = ""
    RANGE = "区间"
    ABOUT = "约数"
    ALL = "全部"
    SPELLED = "汉字"
    CHANGE = "增减"
    INCLUSIVE = "含本数"
    DATE = "日期"


@dataclass(frozen=True)
class Meant:
    """A kind of wording with the amounts it may mean, as texts with a unit; a range has two, the lower one first."""

    wording: Wording
    amounts: tuple[str, ...] = ()
    sign: Sign = ""
    """The sign that its words say, where they say one."""


_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = r"[^\d\s,;、:≥≤<>=~+±—–-]{0,10}?"
_BEFORE, _AFTER = ("|".join(sorted(words, key=len, reverse=True)) for words in (BEFORE, AFTER))
_LABEL = r"(?P<label>[^\d≥≤<>=]{0,12}?)"

_DATES = re.compile(
    r"[^\d]{0,6}(?:(?:19|20)\d\d(?:-|~|至|到)(?:19|20)\d\d年?|[今本当明次]?年[底末内]|第?[一二三四]季度|[上下]半年)[^\d%]{0,10}"
)
"""Dates that are none of a year: `read_date` reads the others."""
_DATE_NUMBER = re.compile(r"(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])")

_RANGE = re.compile(
    rf"(?:在|为)?{_LABEL}(?P<sign>[≥≤<>=]|{_BEFORE})?(?P<low>{_NUMBER})(?P<low_unit>{_UNIT})(?:-|~|—|–|至|到)"
    rf"[≥≤<>=]?(?P<high>{_NUMBER})(?P<unit>{_UNIT})(?:之间|区间|范围|左右)?(?P<after>{_AFTER})?"
)
_TWO_BOUNDS = re.compile(
    rf"{_LABEL}[≥>](?P<low>{_NUMBER})(?P<low_unit>{_UNIT})(?:且|并且|和|而|但|[,，;；、/])*[≤<]"
    rf"(?P<high>{_NUMBER})(?P<unit>{_UNIT})"
)
_PLUS_MINUS = re.compile(rf"{_LABEL}(?P<middle>{_NUMBER})(?P<low_unit>{_UNIT})±(?P<around>{_NUMBER})(?P<unit>{_UNIT})")

_ABOUT_BEFORE = re.compile(
    r"(?P<label>[^\d]{0,8}?)(?:大约|大概|大致|(?<!节)约|将近|接近|差不多|近|估计|预计)为?(?P<rest>[≥≤<>=\d].*)"
)
_ABOUT_INSIDE = re.compile(r"(?P<number>\d[千百万亿]*)[余多来几](?P<rest>.*)")
_ABOUT_AFTER = re.compile(r"(?P<rest>.*\d.*)(?:左右|上下|前后|许|不等)(?P<bracket>\([^()]*\))?")

_ALL = re.compile(
    r"(?:实现|达到|做到|基本)?(?:.{0,6}(?:全覆盖|全面覆盖|百分之?百)|全(?:部|面|员|数)(?:覆盖|完成|到位|合格|达标|建成|办结"
    r"|参[与加]|落实|兑现|整改|公开|实现|通过|发放|支付|入库|培训|检查)?|应.{1,2}尽.{1,2}|百分之?百.{0,4}|悉数.{0,4})[。.!]?"
)
_GRADE_OF_ALL = frozenset({"全面", "全员"})

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SPELLED = re.compile(
    r"(?P<before>[^百一二三四五六七八九十两零〇]{0,6})(?:百分之(?P<share>[一二三四五六七八九十零〇两]{1,4})"
    r"|(?P<tenths>[一二三四五六七八九])成(?P<ones>[半一二三四五六七八九])?)(?P<after>.{0,4})"
)
POINTS = frozenset({"个百分点", "百分点"})
"""Units that only a change has: a share rises by 3个百分点."""
_INCLUSIVE = re.compile(r"\(含[^()\d]{0,4}\)")
_WITH_BOUND = {">": "≥", "<": "≤"}
_PLAIN_CHANGE = re.compile(rf"(?P<label>[^\d≥≤<>=]{{1,12}})(?P<amount>{_NUMBER}{_UNIT})(?P<after>{_AFTER})?")


@functools.lru_cache(maxsize=16384)
def meant(measure: Measure) -> Meant:
    """The kind of wording of a value and the amounts it may mean; plain for one that is read as it stands."""
    text = normalized(measure.text)
    if not text or measure.is_blank:
        return Meant(Wording.PLAIN)
    if found := _inclusive(text) or _points(measure):
        return found
    if measure.is_date or date_problem(measure) or _is_like_month(measure):
        return Meant(Wording.DATE)
    if measure.is_number and measure.high is None:
        return Meant(Wording.PLAIN)
    for found in (_range(text), _about(text), _plain_change(text), _spelled(text), _all(text)):
        if found is not None:
            return found
    return Meant(Wording.PLAIN)


def date_problem(measure: Measure) -> str:
    """Why a value about a date is none that can be compared, as part of a sentence; empty for any other value."""
    if measure.is_date:
        return ""
    if measure.is_number and measure.high is None:
        has_lost_zero = _is_like_month(measure) and measure.text.endswith("0")
        return DateProblem.LOST_ZERO.value if has_lost_zero else ""
    found = read_date(measure.text)
    if found is not None and found.problem:
        return found.problem.value
    return DateProblem.VAGUE.value if _DATES.fullmatch(normalized(measure.text)) else ""


def _as_date(measure: Measure) -> str:
    """A value about a date as one that can be compared, where only that can be meant; else empty."""
    if date_problem(measure) == DateProblem.LOST_ZERO:
        return "{}年{}月".format(*measure.text.split("."))
    return with_year(measure.text, measure.year) if measure.year else ""


def _is_like_month(measure: Measure) -> bool:
    """Whether an amount is typed as a month may be: 2025.10."""
    is_plain = measure.is_number and not measure.sign and not measure.unit
    return is_plain and _DATE_NUMBER.fullmatch(normalized(measure.text)) is not None


def exact(measure: Measure) -> Measure:
    """The amount that a value about a number means, or one in plain words; the value itself elsewhere."""
    found = meant(measure)
    if len(found.amounts) != 1 or found.wording is Wording.DATE:
        return measure
    return parse(found.amounts[0])


def suggestions(measure: Measure, usual: str) -> list[str]:
    """The values with a sign that can stand in place of one, the first way that is usual for its name if any is.

    One where the direction is known, by its words or by what is usual; two, more and less, where it is not.
    A sign that is not usual gives the usual one. A date without a year gets the one that its value is about.
    Empty for words that mean no amount.
    """
    found = meant(measure)
    if found.wording is Wording.DATE and (dated := _as_date(measure)):
        return [dated]
    amounts = list(found.amounts) or ([measure.text] if measure.is_number and found.wording is not Wording.DATE else [])
    if not amounts:
        return []
    typed = parse(amounts[0])
    if typed.sign and found.wording is not Wording.PLAIN:
        one_way = {UP: amounts[:1], DOWN: amounts[1:]}.get(way(usual[0])) if usual else None
        return one_way or amounts
    if typed.sign:
        is_turned = bool(usual) and typed.sign not in usual
        return [f"{typed.label}{_signs(usual)[0]}{typed.in_words(typed.amount)}"] if is_turned and typed.amount else []
    signs = [found.sign] if found.sign else _signs(usual)
    if typed.amount == 0 and not typed.is_change and DOWN not in map(way, signs[:1]):
        signs = [EQUAL]  # at least nothing asks nothing
    return [text for sign in signs if (text := with_sign(amounts[-1 if way(sign) == DOWN else 0], sign))]


def _signs(usual: str) -> list[Sign]:
    """The sign to offer first for a name, or both ways where none is usual."""
    for signs, sign in ((UP, "≥"), (DOWN, "≤"), (EQUAL, EQUAL)):
        if usual and way(usual[0]) == signs:
            return [sign]
    return ["≥", "≤"]


def with_sign(text: str, sign: Sign) -> str:
    """A typed amount with a sign before its number, written so that it reads as just that; empty where it cannot."""
    before = parse(text)
    number = re.search(r"(?<![\d.])-?\d", text)
    if number is None:
        return ""
    plain = sign + before.in_words(before.number * before.scale) if before.number is not None else sign + text
    for typed in (text[: number.start()] + sign + text[number.start() :], sign + text, plain):
        after = parse(typed)
        if after.is_number and after.sign == sign and (after.amount == before.amount or not before.is_number):
            return typed
    return ""


def _inclusive(text: str) -> Meant | None:
    """A bound that says that it is part of it, as signs do anyway: 95%以上（含）."""
    typed = parse(_INCLUSIVE.sub("", text)) if _INCLUSIVE.search(text) else None
    if typed is None or typed.number is None or typed.high is not None or not typed.sign or typed.label:
        return None
    sign = _WITH_BOUND.get(typed.sign, typed.sign)
    return Meant(Wording.INCLUSIVE, (sign + typed.in_words(typed.number * typed.scale),), sign)


def _points(measure: Measure) -> Meant | None:
    """A change of a share that does not say up or down: 5个百分点; both ways, up first."""
    if measure.unit not in POINTS or measure.sign or measure.label or measure.high is not None:
        return None
    return Meant(Wording.CHANGE, tuple(f"{word}≥{measure.text}" for word in ("提高", "降低")))


def _range(text: str) -> Meant | None:
    """Two ends of one amount, the lower one first, each with the unit."""
    if match := _PLUS_MINUS.fullmatch(text):
        middle, around = (parse(match[name]).number for name in ("middle", "around"))
        if middle is None or around is None:
            return None
        low, high, sign = f"{middle - around:f}", f"{middle + around:f}", ""
    elif match := _RANGE.fullmatch(text):
        low, high = match["low"], match["high"]
        sign = sign_of(match["sign"] or "", match["after"] or "", match["label"]) or ""
    elif match := _TWO_BOUNDS.fullmatch(text):
        low, high, sign = match["low"], match["high"], ""
    else:
        return None
    unit = match["unit"] or match["low_unit"]
    low_unit = match["low_unit"] if match["low_unit"] and match["low_unit"] not in SCALES else unit
    ends = [f"{match['label']}{low}{_typed(low_unit)}", f"{match['label']}{high}{_typed(unit)}"]
    return Meant(Wording.RANGE, tuple(sorted(ends, key=_amount)), sign)


def _amount(text: str) -> Decimal:
    """What an end of a range is sorted by."""
    number = re.search(_NUMBER, text)
    return (number and parse(text[number.start() :]).amount) or Decimal(0)


def _typed(unit: str) -> str:
    """A unit in normal form as people type it."""
    return unit.replace("(", "（").replace(")", "）").replace("°C", "℃")


def _about(text: str) -> Meant | None:
    """The number that words of doubt stand at; 余 and 多 say that it is more."""
    sign, rest = "", text
    if match := _ABOUT_BEFORE.fullmatch(rest):
        rest = match["label"] + match["rest"]
    if match := _ABOUT_INSIDE.search(rest):
        sign = "≥" if rest[match.end("number")] in "余多" else ""
        rest = rest[: match.end("number")] + match["rest"]
    if match := _ABOUT_AFTER.fullmatch(rest):
        rest = match["rest"] + (match["bracket"] or "")
    if rest == text:
        return None
    changed = _plain_change(rest)
    amount = changed.amounts[0] if changed else _typed(rest)
    return Meant(Wording.ABOUT, (amount,), sign) if changed or parse(amount).is_number else None


def _plain_change(text: str) -> Meant | None:
    """A change without a sign, given with the one that its words say, or at least so much."""
    match = _PLAIN_CHANGE.fullmatch(text)
    if match is None:
        return None
    sign = AFTER.get(match["after"] or "", "≥")
    typed = f"{match['label']}{sign}{_typed(match['amount'])}"
    return Meant(Wording.CHANGE, (typed,), sign) if parse(typed).is_change else None


def _all(text: str) -> Meant | None:
    return Meant(Wording.ALL, ("100%",), EQUAL) if _ALL.fullmatch(text) and text not in _GRADE_OF_ALL else None


def _spelled(text: str) -> Meant | None:
    """A share in Chinese digits: 百分之九十五, 九成以上."""
    match = _SPELLED.fullmatch(text)
    if match is None:
        return None
    number = _number(match["share"]) if match["share"] else 10 * _DIGITS[match["tenths"]] + _ones(match["ones"])
    typed = f"{match['before']}{number}%{match['after']}"
    return (
        Meant(Wording.SPELLED, (typed,), parse(typed).sign) if number is not None and parse(typed).is_number else None
    )


def _ones(digit: str | None) -> int:
    return 5 if digit == "半" else _DIGITS[digit] if digit else 0


def _number(digits: str) -> int | None:
    """A number up to 99 in Chinese digits; None for anything else."""
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return _DIGITS[digits] if len(digits) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
