"""Finds in public text what a private field holds: a name, a note, a telephone number, in any writing.

A value counts that has two Han characters or six digits. Names stand in Chinese text without blanks around them, so a
short value must stand as a word of its own: beside punctuation, or beside a word that goes with persons. What is
nothing but a date, and what `private_numbers` knows anyway, is left out.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfgen.check.filing import Filing
from perfgen.check.private_numbers import Run, chains, plain_digits, private_numbers
from perfgen.data import Data
from perfgen.display import show
from perfgen.fields import Field
from perfgen.source.characters import put_right

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]")
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴"
    "崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "慕容",
    "司徒",
    "夏侯",
    "端木",
)
_BESIDE = (
    "联系人", "负责人", "经办人", "经办", "责任人", "承办人", "承办", "办理人", "办理", "审核人", "审核", "复核人",
    "复核", "制表人", "制表", "编制人", "编制", "姓名", "电话", "手机", "号码", "主任", "局长", "处长", "科长",
    "股长", "馆长", "校长", "院长", "部长", "所长", "站长", "组长", "队长", "书记", "会计", "出纳", "同志", "同事",
    "老师", "先生", "女士", "专员", "经理", "主管", "主办", "分管", "牵头", "负责", "联系", "统计", "提供", "组织",
    "协调", "汇总", "撰写", "签字", "由", "请", "找", "与", "和", "及", "向", "给", "经", "是", "为", "等", "的",
    "在",
)  # fmt: skip
"""Words that stand right before or behind the name of a person."""
_NO_NAMES = {*_BESIDE, "暂无", "没有", "不详", "待定", "保密", "同上", "内容", "说明", "备注"}
_LONG_WORD = 6
"""From how many characters on a value is no part of another word by chance."""
_FEWEST_DIGITS, _MOST_DIGITS = 6, 32
_MANY_DIGITS = re.compile(rf"(?:[0-9][^0-9]*+){{{_FEWEST_DIGITS}}}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")
_AREA = re.compile(r"(?:0(?:10|2\d|[3-9]\d\d)|86)(\d{7,8})")
"""A telephone number with its area code."""
_EXTENSION = re.compile(r"转|分机|ext\.?", re.IGNORECASE)
_UNIT_BEHIND = re.compile(r"\s*[元万亿%人个户家件次项吨公里平亩套条台年月日号]")
_KEYS = (64, 32, 16, 8, 4, 2)
"""How many first characters of a value are looked up, the most that it has."""


@dataclass(frozen=True)
class PrivateValue:
    """A private value as it is compared, and the name of the field that holds it."""

    plain: str
    field: str


class PrivateValues:
    """The private values of a filing, ready to be looked for in one text after the other."""

    def __init__(self, filing: Filing) -> None:
        fields = filing.form.fields
        public = {_word(show(filing.of_role("unit"))), _word(show(filing.of_role("year")))}
        self.beside = tuple({*_BESIDE, *(field.title for field in fields.members.values()), *public} - {""})
        self.words: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        for name, member in fields.members.items():
            for text in _private_texts(filing.document.top.get(name), member):
                self._add(text, name)
        for word in {*_NO_NAMES, *public, *map(_word, self.beside)} & self.words.keys():
            del self.words[word]
        self.index()

    def index(self) -> None:
        """Makes ready what words are looked up by: their first characters."""
        self.lengths: dict[str, set[int]] = {}
        for word in self.words:
            self.lengths.setdefault(word[: _key(word)], set()).add(len(word))
        firsts = "".join(sorted({re.escape(word[0]) for word in self.words}))
        self.first = re.compile(f"[{firsts}]") if firsts else None

    def _add(self, text: str, name: str) -> None:
        whole = _word(text)
        if len(_HAN.findall(whole)) >= 2:
            self.words.setdefault(whole, name)
        for word in re.findall(f"{_HAN.pattern}+", unicodedata.normalize("NFKC", put_right(text))):
            if is_name(word):
                self.words.setdefault(word, name)
        for number in _numbers_of(text):
            self.numbers.setdefault(number, name)

    def found_in(self, text: str) -> Iterator[PrivateValue]:
        """The private values in a text, each once; one that is a part of another is not told beside it."""
        met = dict.fromkeys([*self._words_in(text), *self._numbers_in(text)])
        found = [plain for plain in met if not any(plain != other and plain in other for other in met)]
        yield from (PrivateValue(plain, self.words.get(plain) or self.numbers[plain]) for plain in found)

    def _words_in(self, text: str) -> Iterator[str]:
        if self.first is None or not self.first.search(_in_one_writing(text)):
            return
        plain, places, whole = squeezed(text)
        for match in self.first.finditer(plain):
            start = match.start()
            for length in _KEYS:
                for size in self.lengths.get(plain[start : start + length], ()):
                    word = plain[start : start + size]
                    if word in self.words and self._is_alone(word, places[start : start + size], whole):
                        yield word

    def _is_alone(self, word: str, places: list[int], whole: str) -> bool:
        """Whether a word is no part of another one, and its characters belong together."""
        if len(word) >= _LONG_WORD:
            return True
        start, end = places[0], places[-1] + 1
        between = "".join(whole[a + 1 : b] for a, b in itertools.pairwise(places))
        if not all(map(_is_gap, between)):
            return False
        if is_name(word) and len(word) >= 3:
            return True
        before, behind = whole[max(start - 12, 0) : start], whole[end : end + 12]
        left = not _HAN.match(before[-1:]) or before.endswith(self.beside)
        return left and (not _HAN.match(behind[:1]) or behind.startswith(self.beside))

    def _numbers_in(self, text: str) -> Iterator[str]:
        if self.numbers:
            plain = _EXTENSION.sub("-", plain_digits(text))
            for chain in chains(plain) if _MANY_DIGITS.search(plain) else ():
                yield from _wanted_in(chain, plain, self.numbers)


def _in_one_writing(text: str) -> str:
    return unicodedata.normalize("NFKC", put_right(text)).lower()


def squeezed(text: str) -> tuple[str, list[int], str]:
    """The letters and digits of a text in one writing, where each stands in the whole, and the whole."""
    whole = _in_one_writing(text)
    places = [place for place, sign in enumerate(whole) if sign.isalnum()]
    return "".join(whole[place] for place in places), places, whole


def is_name(word: str) -> bool:
    """Whether a word looks like the name of a person: a surname and one or two characters."""
    if word in _NO_NAMES:
        return False
    if word.startswith(_DOUBLE_SURNAMES):
        return len(word) in (3, 4)
    return word[:1] in tuple(_SURNAMES) and len(word) in (2, 3)


def _word(text: str) -> str:
    return squeezed(text)[0]


def _key(word: str) -> int:
    return next(length for length in _KEYS if len(word) >= length)


def _is_gap(sign: str) -> bool:
    """Whether a sign may stand within a name: a blank, a dash, a dot."""
    return sign.isspace() or sign in "·•・‧._*" or unicodedata.category(sign) in ("Cf", "Pd", "Zs")


def _private_texts(node: Data, field: Field | None) -> Iterator[str]:
    """What is typed in private text fields, names that the schema leaves open as well.

    Fields with a role hold reasons and approvals; of those that list their choices no text is anybody's own.
    """
    if field is None or field.role is not None:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            member = field.member(name)
            if member and name not in field.members and not member.holds_public():
                yield name
            yield from _private_texts(value, member)
    elif isinstance(node, list):
        for value in node:
            yield from _private_texts(value, field.item)
    elif field.textual and not field.public and not field.choices and isinstance(node, str | Decimal):
        yield show(node)


def _numbers_of(text: str) -> Iterator[str]:
    """The numbers of a private value: whole, by their groups, a telephone number also without its area code."""
    plain = _EXTENSION.sub("-", plain_digits(text))
    known = {number for number, _ in private_numbers(text)}
    for chain in chains(plain):
        groups = [run.digits for run in chain]
        whole = "".join(groups)
        if whole in known or _DATE.fullmatch(whole) or _UNIT_BEHIND.match(plain, chain[-1].end):
            continue
        for number in (whole, *groups, "".join(groups[:2]), *_AREA.findall(whole)):
            if _FEWEST_DIGITS <= len(number) <= _MOST_DIGITS and not _DATE.fullmatch(number) and number not in known:
                yield number


def _wanted_in(chain: list[Run], plain: str, wanted: Container[str]) -> Iterator[str]:
    """Those of some numbers that stand in runs that are together; the parts of a decimal number are none."""
    joints = [plain[a.end : b.start] for a, b in itertools.pairwise(chain)]
    for start in range(len(chain)):
        digits = ""
        for end in range(start + 1, len(chain) + 1):
            digits += chain[end - 1].digits
            if len(digits) > _MOST_DIGITS:
                break
            if digits in wanted and not _is_decimal(joints, start, end, len(digits)):
                yield digits


def _is_decimal(joints: list[str], start: int, end: int, digits: int) -> bool:
    """Whether a decimal point stands inside some runs, before them or behind them."""
    inside = joints[start : end - 1]
    outside = [*joints[max(start - 1, 0) : start], *joints[end - 1 : end]]
    return inside == ["."] or (digits < 7 and "." in outside)
