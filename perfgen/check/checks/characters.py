"""Characters that look right and are not: controls, radicals, compatibility forms.

A pasted Kangxi radical (⼀, U+2F00) looks like the character 一, but no search finds it, and in
a PDF the two cannot be told apart. Sources: Unicode Standard, chapter 18 (CJK radicals are
symbols, not ideographs; compatibility ideographs exist for round trips only); UTS #39.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from perfgen.check.filing import Filing
from perfgen.findings import Finding, ValuePath, path_text
from perfgen.source.reader import Document

ORDER = 10
GATE = True

# The twelve ideographs U+FA0E… are unified ones in spite of their block (Unicode, section 18.1).
LOOKALIKE = re.compile(
    "[\u2e80-\u2fdf\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufaff"
    "\ufe10-\ufe1f\ufe30-\ufe4f\U0002f800-\U0002fa1f]"
)
INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)
_NOT_TEXT = re.compile("[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffd-\uffff\U000e0000-\U0010ffff]")


def check(filing: Filing) -> Iterator[Finding]:
    """One finding for each text with characters that must not be printed."""
    yield from findings(filing.document)


def findings(document: Document) -> Iterator[Finding]:
    """The same for a document whose form nobody knows yet."""
    yield from _walk(document.data, (), document)


def _walk(node: Any, path: ValuePath, document: Document) -> Iterator[Finding]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _text(key, (*path, key), document, key=True)
            yield from _walk(value, (*path, key), document)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from _walk(value, (*path, i), document)
    elif isinstance(node, str):
        yield from _text(node, path, document, key=False)


def _text(text: str, path: ValuePath, document: Document, *, key: bool) -> Iterator[Finding]:
    for pattern, rule, say in (
        (INVISIBLE, "character-control", _say_invisible),
        (LOOKALIKE, "character-lookalike", _say_lookalike),
        (_NOT_TEXT, "character-unusable", _say_unusable),
    ):
        if found := sorted(set(pattern.findall(text))):
            message, hint = say(found)
            place = document.place(path, key=key)
            yield Finding(place, rule, f"“{path_text(path)}”{message}", hint, path=path)


def _say_invisible(found: list[str]) -> tuple[str, str]:
    codes = "、".join(f"U+{ord(c):04X}" for c in found)
    return f"里有看不见的控制字符 {codes}。", "删掉它；多半是从别处粘贴时带来的。制表符请改成空格。"


def _say_lookalike(found: list[str]) -> tuple[str, str]:
    pairs = "、".join(f"{c}（U+{ord(c):04X}）" for c in found)
    right = "、".join(f"{c} 改成 {unicodedata.normalize('NFKC', c)}" for c in found)
    return f"里有部首或兼容字符 {pairs}：看着像汉字，但查不到、印不准。", f"{right}。"


def _say_unusable(found: list[str]) -> tuple[str, str]:
    codes = "、".join(f"U+{ord(c):04X}" for c in found)
    return f"里有不是正式文字的字符 {codes}。", "换成通用的字；自造字请用规范字或说明代替。"
