"""Dates as people type them in place of an amount: 2025年9月底前, 2026-10-31, 2021.12, 二〇二五年第三季度.

A date is a period of days, one day at least; words and signs say whether something is due by it or from it on.
Nothing is added to what was typed: without a year, or with a month before which something is due (by its
first day or its last?), a date is named with what it lacks (`DateProblem`), and is no date that can be compared.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from dataclasses import dataclass
from enum import StrEnum

from perfgen.notation import normalized


class DateProblem(StrEnum):
    """Why a text about a date cannot be held against a day, as part of a sentence."""

    NO_YEAR = "没有写哪一年"
    NO_SUCH_DAY = "日历上没有这一天"
    SPAN = "是从一天到另一天，不是一个期限"
    EDGE = "看不出到这一段的开头还是末尾"
    LOST_ZERO = "没有加引号，当成了数，印出来少一个 0，看不出是几月"
    VAGUE = "没有说准是哪一天"


@dataclass(frozen=True)
class Period:
    """The days that a date names, first and last: one day, a month, a quarter, half a year or a year."""

    first: datetime.date
    last: datetime.date

    def in_year(self, year: int) -> Period:
        """The same days of the year in which the last one is moved to `year`; February 29 becomes 28 where it must."""
        years = year - self.last.year
        return Period(_moved(self.first, years), _moved(self.last, years))


@dataclass(frozen=True)
class DateReading:
    """What a text about a date says: a period with a sign and a label, or a problem."""

    period: Period | None = None
    sign: str = ""
    """≤ for not later, ≥ for not earlier, or the typed sign; empty for a date that says neither."""
    label: str = ""
    """The words around it that say what is done: 开工."""
    problem: DateProblem | None = None
    is_number: bool = False
    """Whether it is typed as numbers are, and only what stands beside it can tell: 2021.12."""


_UNTIL = (
    *("不晚于", "不迟于", "不得晚于", "不得迟于", "不能晚于", "不能迟于", "最迟", "最晚", "至迟", "赶在"),
    *("截至", "截止到", "截止至", "截止", "至", "到"),
)
_FROM = ("不早于", "不得早于", "最早", "自", "从")
_BEFORE = {**dict.fromkeys(_UNTIL, "≤"), **dict.fromkeys(_FROM, "≥")}
_AFTER = {
    **dict.fromkeys(("前", "以前", "之前", "内", "以内", "之内", "止", "为止", "截止"), "≤"),
    **dict.fromkeys(("后", "以后", "之后", "起", "开始"), "≥"),
}
_OUTSIDE = frozenset({"前", "以前", "之前", "后", "以后", "之后", "<", ">"})
"""Words and signs that leave open whether a longer period itself counts: 9月前."""

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_IN_YEAR = (
    r"(?:(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})(?:[日号]|(?=[以之]?前|$))|(?P<third>[上中下])旬)?"
    r"|(?P<until>前)?第?(?P<quarter>[1-4一二三四])个?季度"
    r"|(?P<half>[上下])半年)"
)
_END = r"(?P<end>[年月]?[底末])?"


def _alternatives(words: dict[str, str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LABEL = rf"(?P<label>[^\d≥≤<>=]{{0,12}}?)(?P<before>{_alternatives(_BEFORE)})?(?P<sign>[≥≤<>=])?"
_REST = rf"(?P<after>{_alternatives(_AFTER)})?(?P<rest>[^\d%‰≥≤<>=~,;、:]{{0,10}}?)[。.!]?"
_NUMERIC = re.compile(rf"{_LABEL}{_YEAR}(?P<mark>[-./])(?P<month>\d{{1,2}})(?:(?P=mark)(?P<day>\d{{1,2}})日?)?{_REST}")
_WORDED = re.compile(rf"{_LABEL}{_YEAR}年度?{_IN_YEAR}?{_END}{_REST}")
_NO_YEAR = re.compile(rf"{_LABEL}(?P<typed>(?P<this>[今本当明次]?年度?)?{_IN_YEAR}?{_END}){_REST}")
_SPAN = re.compile(
    r"[^\d]{0,6}(?:19|20)\d\d(?:年?(?:[-./]?\d{1,2})?(?:月份?)?(?:[-./]?\d{1,2})?[日号]?)(?:-|~|—|–|至|到){1,2}"
    r"(?:(?:19|20)\d\d年?)?(?:[-./]?\d{1,2}月?)?(?:[-./]?\d{1,2})?[日号]?[底末内]?[^\d%]{0,10}"
)
_SPELLED_YEAR = re.compile(r"([零〇○一二三四五六七八九]{4})(?=年)")
_SPELLED = re.compile(r"(?<![零〇一二三四五六七八九十])([一二三四五六七八九]?十?[一二三四五六七八九]?)(?=[月日号])")
_DIGITS = {digit: str(number) for number, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}

_FILLER = re.compile(
    r"[::]|时间|日期|时限|期限|节点|计划|全部|全面|按时|如期|完成|务必|(?:必须|须|应当|应)(?!急)|将|已经|已|项目|工程(?!队)|工作|于|在|为|是"
)
_NOT_EXACT = re.compile(
    r"力争|争取|预计|估计|大约|(?<!节)约|大概|左右|前后|上下|基本|原则上|可能|拟|不|未|无|没|[比较]|高于|低于|优于|大于|小于|超|同期|水平|标准|"
    r"以[上下]|近|每|[()]"
)
_HALVES = {"上": (1, 6), "下": (7, 12)}
_THIRDS = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}


@functools.lru_cache(maxsize=16384)
def read_date(typed: str) -> DateReading | None:
    """What a text says of a date; None for one that is not about a date."""
    text = _in_digits(normalized(typed))
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match)
    if match := _WORDED.fullmatch(text):
        return _reading(match)
    if _SPAN.fullmatch(text) and re.search("[年月]", text):
        return DateReading(problem=DateProblem.SPAN)
    match = _NO_YEAR.fullmatch(text)
    if match and _is_time(match):
        return DateReading(problem=DateProblem.NO_YEAR)
    return None


def with_year(typed: str, year: int) -> str:
    """A text about a date without a year, with one: 9月底前 as 2025年9月底前; empty for another text.

    `year` is the one that 今年, or no word, stands for.
    """
    match = _NO_YEAR.fullmatch(_in_digits(normalized(typed)))
    if match is None or not _is_time(match):
        return ""
    this = match["this"] or ""
    start, rest = match.start("typed") + len(this), match.string
    dated = f"{rest[: match.start('typed')]}{year + (this[:1] in '明次' and bool(this[:1]))}年{rest[start:]}"
    found = read_date(dated)
    return dated if found and found.period else ""


def _is_time(match: re.Match[str]) -> bool:
    """Whether a text without a year means a date: 9月底前, but neither 5月 nor 3年末."""
    has_part = any(match[name] for name in ("month", "quarter", "half"))
    is_due = any(match[name] for name in ("end", "after", "before", "day", "third"))
    if match["this"] and not has_part:
        return bool(match["end"] or match["after"])
    return has_part and (is_due or not match["month"])


def _in_digits(text: str) -> str:
    """A text with its dates in plain digits, without （含） and a second 年, which say nothing more."""
    text = re.sub(r"\(含[^()\d]{0,2}\)(?=以?前|内|$)", "", text)
    text = re.sub("年年(?=[底末终内])|年(?=年终)", "年", text).replace("年终", "年末")
    text = _SPELLED_YEAR.sub(lambda match: "".join(_DIGITS[digit] for digit in match[1]), text)
    return _SPELLED.sub(lambda match: _number(match[1]) if match[1] else "", text)


def _number(digits: str) -> str:
    tens, ten, ones = digits.partition("十")
    if not ten:
        return _DIGITS.get(digits, digits)
    return f"{_DIGITS[tens] if tens else '1'}{_DIGITS[ones] if ones else '0'}"


def _numeric(match: re.Match[str]) -> DateReading | None:
    """A date of numbers alone; 2025.10元 and ≥2025.10 are amounts."""
    if match["day"]:
        return _reading(match)
    has_words = bool(match["label"] or match["sign"] or match["rest"])
    if has_words or int(match["month"]) not in range(1, 13):
        return None
    found = _reading(match)
    is_number = match["mark"] == "." and not (match["before"] or match["after"])
    return DateReading(found.period, found.sign, found.label, found.problem, is_number)


def _reading(match: re.Match[str]) -> DateReading:
    """What a match says, or what is wrong with it."""
    named = match.groupdict()
    around = named["label"] + named["rest"]
    signs = {
        sign for sign in (named["sign"], _BEFORE.get(named["before"] or ""), _AFTER.get(named["after"] or "")) if sign
    }
    period = _period(named)
    if period is None:
        return DateReading(problem=DateProblem.NO_SUCH_DAY)
    if _NOT_EXACT.search(around) or len({sign in "≥>" for sign in signs}) > 1 or ("=" in signs and len(signs) > 1):
        return DateReading(problem=DateProblem.VAGUE)
    is_long = period.first != period.last
    if is_long and _OUTSIDE & {named["after"], named["sign"]}:
        return DateReading(problem=DateProblem.EDGE)
    label = _FILLER.sub("", around)
    is_due = bool(signs or named.get("end") or named["day"])
    if label and not is_due:
        return DateReading(problem=DateProblem.VAGUE)
    return DateReading(period, named["sign"] or next(iter(signs), ""), label)


def _period(named: dict[str, str | None]) -> Period | None:
    """The days of a match; None where a month or day is not in the calendar."""
    year, end = int(named["year"] or 0), named.get("end")
    month, day, third, quarter, half = (named.get(name) for name in ("month", "day", "third", "quarter", "half"))
    first_month, last_month = 1, 12
    if month:
        first_month = last_month = int(month)
    elif quarter:
        last_month = 3 * int(_DIGITS.get(quarter, quarter))
        first_month = 1 if named["until"] else last_month - 2
    elif half:
        first_month, last_month = _HALVES[half]
    if not 1 <= last_month <= 12 or (end and (day or third or (end[0] == "年" and last_month != 12))):
        return None
    length = calendar.monthrange(year, last_month)[1]
    from_day, to_day = _THIRDS[third] if third else (int(day), int(day)) if day else (1, length)
    if not 1 <= from_day <= length or (day and to_day > length):
        return None
    last = datetime.date(year, last_month, min(to_day, length))
    return Period(last if end else datetime.date(year, first_month, from_day), last)


def _moved(day: datetime.date, years: int) -> datetime.date:
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
