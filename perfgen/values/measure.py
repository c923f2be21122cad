"""A target value taken apart: direction, number and unit, or a date, or a word."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from perfgen.display import show
from perfgen.notation import SCALES
from perfgen.values.dates import Period

Sign = str
"""One of ≥ ≤ > < =, or nothing."""

DATE_UNIT = "日期"
"""The unit of a date: what counts in it is no amount of anything."""

_DASHES = frozenset("—-–―－/无") | {"——", "--", "N/A", "不适用"}

# 提升≥10%, 比上年减少≥5%; but 提升到≥90% is a level
_CHANGE_WORD = re.compile(
    r"(?:(?P<rise>提升|提高|增长|增加|上升|上涨|上浮|扩大|递增|[增涨升]幅|增速)|下降|减少|降低|压减|压降|压缩|缩短|缩小|"
    r"节约|节省|下浮|递减|[降减跌]幅)(?:(?:率|幅度|比例)为?|(?<=[幅速])为)?:?$"
)
_TIME = re.compile("[年月]|季度")
# 投入（万元）: the unit stands in the name
_UNIT_IN_NAME = re.compile(r"[（(\[【].+[）)\]】]$")


@dataclass(frozen=True)
class Measure:
    """A parsed value. `number` is None for words and dates; a range has `high` too, a date has its `period`."""

    text: str
    sign: Sign = ""
    number: Decimal | None = None
    high: Decimal | None = None
    scale: Decimal = Decimal(1)
    unit: str = ""
    label: str = ""
    period: Period | None = None
    bare: Decimal | None = None
    """For a date that is typed as a number is (2021.12), that number."""
    year: int | None = None
    """The year that the value is about, where it is a date or speaks of one and that year is known."""

    def __hash__(self) -> int:
        """By the text, whose hash Python keeps: values are looked up thousands of times, and few of one text differ."""
        return hash(self.text)

    @property
    def is_number(self) -> bool:
        """Whether it is an amount."""
        return self.number is not None

    @property
    def is_date(self) -> bool:
        """Whether it is a date of a known year, which can be held against another."""
        return self.period is not None

    @property
    def is_blank(self) -> bool:
        """Whether it is a dash or another way to say that there is none."""
        return self.number is None and (not self.text or self.text in _DASHES)

    @property
    def word(self) -> str:
        """The grade or sentence that stands in place of a number or a date."""
        return "" if self.is_number or self.is_date or self.is_blank else self.text

    @property
    def day(self) -> Decimal | None:
        """The day that counts of a date, counted from January 1 of the year 1: its first where it is due from then on,
        else its last. None for what is no date."""
        if self.period is None:
            return None
        counted = self.period.first if self.sign in ("≥", ">") else self.period.last
        return Decimal(counted.toordinal())

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

    @property
    def may_be_date(self) -> bool:
        """Whether it is a date, or words that may speak of one."""
        return self.is_date or bool(self.word and _TIME.search(self.text))

    def about(self, year: int) -> Measure:
        """The same date, or words that may speak of one, as a value about a year; anything else as it is."""
        return replace(self, year=year) if self.may_be_date else self

    def under(self, name: str) -> Measure:
        """The same value in a row of a name: where that ends with a unit in brackets, 2021.12 is an amount."""
        return self.as_number() if self.bare is not None and _UNIT_IN_NAME.search(name) else self

    def as_number(self) -> Measure:
        """A date that is typed as a number is, as that number; anything else as it is."""
        return self if self.bare is None else Measure(self.text, number=self.bare)
