"""A target value as people type it, parsed once: direction, number, unit, or a word.

`≥80%`, `不低于80%`, `3项`, `0.5个工作日`, `成本<100万元`, `3～5天`, `规范` and `—` all come through here,
and nothing else in perfgen looks into such a text. Numbers keep their typed form beside the
amount in the base unit, so that 1.2万元 and 12000元 compare, and 5‰ and 0.5%.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from perfgen.data import Scalar
from perfgen.display import show
from perfgen.notation import (
    BEFORE,
    DOWN,
    OF_EACH,
    SCALES,
    UP,
    has_other_digits,
    is_inexact,
    normalized,
    of_each,
    sign_of,
)

Sign = str
"""One of ≥ ≤ > < =, or nothing."""

_DASHES = frozenset("—-–―－/无") | {"——", "--", "N/A", "不适用"}

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
# 提升≥10%, 比上年减少≥5%; but 提升到≥90% is a level
_CHANGE_WORD = re.compile(
    r"(?:(?P<rise>提升|提高|增长|增加|上升|上涨|上浮|扩大|递增|[增涨升]幅|增速)|下降|减少|降低|压减|压降|压缩|缩短|缩小|"
    r"节约|节省|下浮|递减|[降减跌]幅)(?:(?:率|幅度|比例)为?|(?<=[幅速])为)?:?$"
)
# 2025年底前完成, 6月30日前: a date is no amount
_DATE = re.compile(r"[年月日号][^/]+|[年月日号]/?[底末初前]")


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


@dataclass(frozen=True)
class Measure:
    """A parsed value. `number` is None for words; a range has `high` too."""

    text: str
    sign: Sign = ""
    number: Decimal | None = None
    high: Decimal | None = None
    scale: Decimal = Decimal(1)
    unit: str = ""
    label: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is an amount."""
        return self.number is not None

    @property
    def is_blank(self) -> bool:
        """Whether it is a dash or another way to say that there is none."""
        return self.number is None and (not self.text or self.text in _DASHES)

    @property
    def word(self) -> str:
        """The grade or sentence that stands in place of a number."""
        return "" if self.is_number or self.is_blank else self.text

    @property
    def amount(self) -> Decimal | None:
        """The number in its base unit (元, %, 户 …)."""
        return None if self.number is None else self.number * self.scale

    @property
    def upper(self) -> Decimal | None:
        """The upper end of a range, or the amount itself, in the base unit."""
        return self.amount if self.high is None else self.high * self.scale

    @property
    def change(self) -> int:
        """Which way something changes by the amount: 1 提升≥10%, -1 减少≥10%; 0 where it is how much there is."""
        found = _CHANGE_WORD.search(self.label) if self.is_number else None
        return 0 if found is None else 1 if found["rise"] else -1

    @property
    def is_change(self) -> bool:
        """Whether the amount is by how much something changes, not how much there is."""
        return self.change != 0

    def in_words(self, amount: Decimal) -> str:
        """An amount of the base unit, in this value's own scale and unit: 20万元."""
        scaled = next((word for word, scale in SCALES.items() if scale == self.scale), "")
        return show(amount / self.scale if scaled else amount) + self.typed_unit

    @property
    def typed_unit(self) -> str:
        """The scale and unit as people type them: 万元, 场（次）."""
        scale = next((word for word, scale in SCALES.items() if scale == self.scale), "")
        return scale + self.unit.replace("(", "（").replace(")", "）")


@dataclass(frozen=True)
class Vocabulary:
    """What a form knows about values: the usual signs by the end of a name, and ordered grades."""

    signs: Mapping[str, str] = field(default_factory=dict)
    """Name or end of a name → the signs that make sense for it, e.g. {"执行率": "≥>"}."""
    grades: tuple[tuple[str, ...], ...] = ()
    """Scales of words, each from best to worst."""

    def usual_signs(self, name: str) -> str:
        """The signs that make sense for a name, by its longest known ending; empty where unknown."""
        plain = plain_name(name)
        if not plain.endswith(self._plain_endings):
            return ""
        endings = [end for plain_end, end in self._endings if plain.endswith(plain_end)]
        return self.signs[max(endings, key=len)]

    @functools.cached_property
    def _endings(self) -> tuple[tuple[str, str], ...]:
        return tuple((plain_name(end), end) for end in self.signs)

    @functools.cached_property
    def _plain_endings(self) -> tuple[str, ...]:
        return tuple(plain for plain, _ in self._endings)

    def scale_of(self, word: str) -> tuple[str, ...]:
        """The scale of a grade; empty where none was declared."""
        return next((scale for scale in self.grades if word in scale), ())


_AROUND_NAMES = re.compile(r"[\s“”\"'‘’「」《》]")


@functools.lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """A name without quotation marks and blanks, which people type in many ways."""
    return _AROUND_NAMES.sub("", unicodedata.normalize("NFKC", name))


@functools.lru_cache(maxsize=65536, typed=True)
def parse(typed: Scalar) -> Measure:
    """The parsed form of a typed value; None, dashes and flags give a blank measure. Never fails."""
    if typed is None or isinstance(typed, bool):
        return Measure("")
    if isinstance(typed, Decimal):
        return Measure(format(typed, "f"), number=typed)
    if has_other_digits(typed):
        return Measure(typed.strip())
    text = normalized(typed)
    measure = _measure(text, typed.strip())
    return measure if measure.is_number else _rewritten(text, measure)


def _measure(text: str, typed: str) -> Measure:
    """The parsed form of a text in normal form; words where its parts contradict, or leave the number open."""
    match = _VALUE.fullmatch(text)
    if match is None or (match["unit"] and _DATE.match(match["unit"])):
        return Measure(typed)
    number, high = _decimal(match["low"]), match["high"] and _decimal(match["high"])
    label, (unit, scale) = match["label"] or "", _unit(match)
    sign = sign_of(match["sign"] or "", match["after"] or "", label)
    whole = int(number) if number == number.to_integral_value() and scale == 1 else None
    if sign is None or is_inexact(whole, label, unit) or (high and high < number):
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
    if old.is_number and new.is_number:
        return _change_of_numbers(old, new, words.usual_signs(name))
    if old.text == new.text:
        return MeasureChange.SAME
    if old.is_number != new.is_number:
        return MeasureChange.REDEFINED
    scale = words.scale_of(old.word)
    if new.word not in scale or not old.word:
        return MeasureChange.REWORDED
    return MeasureChange.WEAKER if scale.index(new.word) > scale.index(old.word) else MeasureChange.STRICTER


def unlike(old: Measure, new: Measure, name: str = "", vocabulary: Vocabulary | None = None) -> Unlike | None:
    """Why two values of that name are REDEFINED; None for two that can be compared, or that nobody filled in.

    A value without a sign says nothing of a direction: 99% and =100% are alike enough to stand side by side.
    """
    if old.is_blank or new.is_blank or compare_measures(old, new, name, vocabulary) is not MeasureChange.REDEFINED:
        return None
    if old.is_number != new.is_number:
        return Unlike.NUMBER
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
    strength = {"≥": 0, "≤": 0, ">": 1, "<": 1, "=": 2}
    if strength[old.sign] == strength[new.sign]:
        return MeasureChange.SAME
    return MeasureChange.STRICTER if strength[new.sign] > strength[old.sign] else MeasureChange.WEAKER
