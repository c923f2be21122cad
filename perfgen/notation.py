"""The many ways to type one value: signs and their words, blanks, units of each, and what makes a number inexact.

`values` parses with it; nothing here knows what a value means beside another.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

UP, DOWN, EQUAL = "≥>", "≤<", "="

SCALES = {
    "千": 1000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_SIGNS = {
    ">=": "≥",
    "=>": "≥",
    "≧": "≥",
    "⩾": "≥",
    "<=": "≤",
    "=<": "≤",
    "≦": "≤",
    "⩽": "≤",
    "≮": "≥",
    "≯": "≤",
    "═": "=",
    "\u2212": "-",
}
"""Other ways to type a sign; ═ draws boxes and is what some input methods give for ＝, U+2212 is a minus."""

_NOT = ("不", "不得", "不能", "不应", "不可", "未")
_MORE, _LESS = ("大于", "高于", "多于", "超过"), ("小于", "低于", "少于")
BEFORE = {
    **{f"{no}{less}": "≥" for no in _NOT for less in _LESS},
    **{f"{no}{more}": "≤" for no in _NOT for more in (*_MORE, "超出", "超")},
    **{f"{more}{equal}": "≥" for more in _MORE for equal in ("等于", "或等于")},
    **{f"{less}{equal}": "≤" for less in _LESS for equal in ("等于", "或等于")},
    **dict.fromkeys((*_MORE, "超"), ">"), **dict.fromkeys(_LESS, "<"),
    **dict.fromkeys(("至少", "最少", "达到", "达"), "≥"), **dict.fromkeys(("至多", "最多", "控制在"), "≤"), "等于": "=",
}  # fmt: skip
"""Words before a number that say a sign."""
AFTER = {"及以上": "≥", "以上": "≥", "及以下": "≤", "以下": "≤", "以内": "≤", "之内": "≤", "内": "≤"}
"""Words behind a number that say a sign; 内 only behind a unit of time or length."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0x2212: 0x2D,
    0x2013: 0x2D,
}
"""Full-width forms (Unicode block FF00) and blanks by what they stand for; character for character."""
_UNITS = {"㎡": "平方米", "㎥": "立方米", "㎢": "平方公里", "km²": "平方公里", "m²": "平方米", "m³": "立方米"}
_UNIT = re.compile("|".join(rf"(?<![A-Za-z]){typed}" for typed in _UNITS))
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s+(?=\d)")
_AT_BLANKS_BETWEEN_NUMBERS = re.compile(rf"({_BETWEEN_NUMBERS.pattern})")
_BLANK = re.compile(r"\s")
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\(([^()\d含]+)\)$")

OF_EACH = "平方米|平方公里|公里|公顷|季度|课时|学期|半年|工作日|小时|分钟|[亩人户次年月季周天日吨个家所件台套场班村米]"
"""What a value may be for each of; a closed list, since 每年举办3次 says something else."""
_EACH_LABEL = re.compile(
    rf"(?:平均)?每个?(?:(?P<known>{OF_EACH})(?P<rest>[^每]*)|(?P<other>.+))|(?P<mean>[年月日周季人户亩])均"
)
_EACH_IN_UNIT = re.compile(rf"(?P<unit>[^/每]+)每(?P<each>{OF_EACH})")

_INEXACT_UNIT = re.compile(r"[余多来几]|[%‰]{2}|.*(?:左右|上下|许|不等)(?:$|\()|.*(?:以[上下内]|之内)|.*[-/.·*^…]$")
_UNIT_BEGIN = re.compile(r"[\w%‰‱°℃(/\"“'′″]")
_UNCLEAR_LABEL = re.compile(
    r"[\W_]*$|.*(?:[不非未勿没近]|(?<!节)约|没有|大概|(?:同|环)比|[比较](?:上|去|往)年(?:同期)?)$"
)
_YEAR = re.compile(r"[财学]?年度?$")


def narrow(text: str) -> str:
    """Full-width letters, digits, signs and blanks as plain ones; as long as the text itself."""
    return text.translate(_NARROW)


def has_other_digits(text: str) -> bool:
    """Whether a text has digits that are no plain ones: 10⁴, ①, 2½; folded, they would stand beside the others."""
    return any(unicodedata.category(sign) == "No" for sign in _plain_units(text))


def normalized(text: str) -> str:
    """A text with one way to write each sign, without blanks; those between two numbers stay, they part them."""
    text = unicodedata.normalize("NFKC", _plain_units(text))
    text = "".join(
        part if number % 2 else _BLANK.sub("", part)
        for number, part in enumerate(_AT_BLANKS_BETWEEN_NUMBERS.split(text))
    )
    for typed, sign in _SIGNS.items():
        text = text.replace(typed, sign)
    return _UNIT_IN_BRACKETS.sub(r"\1", text)


def _plain_units(text: str) -> str:
    """A text with units in words whose digits normalization would leave as plain ones."""
    return _UNIT.sub(lambda match: _UNITS[match[0]], text)


def sign_of(before: str, after: str, label: str) -> str | None:
    """The sign that all words and signs of a value agree on, empty without one; None where they contradict."""
    in_label = max((word for word in BEFORE if label.endswith(word)), key=len, default="") if label else ""
    signs = [sign for sign in (BEFORE.get(before, before), BEFORE.get(in_label, ""), AFTER.get(after, "")) if sign]
    agree = all(way(one) == way(other) for one, other in itertools.pairwise(signs))
    return (signs[0] if signs else "") if agree else None


def sign_named(text: str) -> str | None:
    """The sign that a text alone stands for: ≥, >=, ≧, 大于等于, 以上; empty for nothing, None for anything else."""
    bare = normalized(text)
    sign = AFTER.get(bare) or BEFORE.get(bare) or bare
    return sign if not sign or sign in (*UP, *DOWN, EQUAL) else None


def way(sign: str) -> str:
    """The group of signs that point the same way as one."""
    return next((group for group in (UP, DOWN) if sign in group), EQUAL)


def is_inexact(number: int | None, label: str, unit: str) -> bool:
    """Whether label or unit show that the number is not the value: 5万余元, 约≥5个, 不≥5, 2025年; `number` if whole."""
    is_year = number is not None and 1900 <= number <= 2100 and _YEAR.match(unit) is not None
    has_bad_unit = bool(unit) and (_INEXACT_UNIT.match(unit) is not None or not _UNIT_BEGIN.match(unit))
    return is_year or has_bad_unit or (bool(label) and _UNCLEAR_LABEL.match(label) is not None)


def of_each(label: str, unit: str) -> tuple[str, str]:
    """Label and unit of an amount for each of something: 每季度≥5个 and ≥5个每季度 have the unit 个/季度."""
    if match := _EACH_IN_UNIT.fullmatch(unit):
        return label, f"{match['unit']}/{match['each']}"
    match = _EACH_LABEL.fullmatch(label.rstrip(":"))
    if match is None or "/" in unit:
        return label, unit
    return match["rest"] or "", f"{unit}/{match['known'] or match['mean'] or match['other']}"
