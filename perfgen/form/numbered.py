"""A number that an author typed before a text, where the template prints one: `（一）`, `5、`, `①`, `第一，`.

Which texts those are, `table/numbering` knows; importing takes the same numbers away.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from perfgen.data import ValuePath
from perfgen.notation import narrow

NUMERAL = r"\d{1,3}|[一二三四五六七八九十]{1,3}"
ITEM_NUMBER = re.compile(rf"\s*[(\[]?(?:{NUMERAL})(?:[)\]]\s*[.、:]?|[.、:](?!\d)|．)\s*")
"""A number before an item, in any style; for narrowed text."""

_FEW = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_NO_SERIES = r"(?!\s*(?:第|[\d一二三四五六七八九十百千万]))"
"""Behind 、 or a comma, another number makes a series: 一、二级医院, 5、6月."""
_ALONE = "①-⑳⑴-⒇⒈-⒛㈠-㈩❶-❿"
"""Numbers that are one character, mark and all (Unicode blocks 2460, 2776 and 3200)."""


@dataclass(frozen=True)
class NumberedText:
    """A text of the data before which the template prints a number."""

    path: ValuePath
    text: str
    words: tuple[str, ...]
    """What may stand before a typed number: the template's own word, what the schema calls the text."""
    is_name: bool = False
    """Whether it is the name at the end of the path, not the value there."""


def typed_number(text: str, words: tuple[str, ...] = ()) -> str:
    """The number that a text begins with, as it is typed, blanks and all; empty where there is none.

    A year, an amount or a name that begins with a number is none: 2025年, 1个中心, 5G网络, （市级）, 一、二级医院.
    """
    match = _pattern(words).match(narrow(text))
    return text[: match.end()] if match and text[match.end() :].strip() else ""


def without_number(text: str, words: tuple[str, ...] = ()) -> str:
    """A text without any number before it."""
    while number := typed_number(text, words):
        text = text[len(number) :]
    return text


@functools.lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """What is a typed number in narrowed text: Chinese commas are plain ones there."""
    named = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)
    ways = [
        rf"[(\[]\s*(?:{_FEW})\s*[)\]]\s*[.、:,]?",
        rf"(?:{_FEW})\)\s*[.、:]?",
        rf"(?:{_FEW})(?:、{_NO_SERIES}|\.(?!\d)|:(?![\da-zA-Z]))",
        rf"[一二三四五六七八九十]{{1,3}}、(?=\d{{1,2}}(?:\.(?!\d)|\)|、{_NO_SERIES}))",
        rf"第\s*(?:{_FEW})\s*[,、:]{_NO_SERIES}",
        rf"[{_ALONE}]\s*[.、:]?",
        *([rf"(?:{named})\s*(?:{_FEW})\s*[.、:,)](?!\d)"] if named else []),
    ]
    return re.compile(rf"\s*(?:{'|'.join(ways)})\s*")
