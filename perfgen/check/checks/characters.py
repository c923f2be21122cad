"""Characters that look right and are not: controls, radicals, compatibility forms.

A pasted Kangxi radical (⼀, U+2F00) looks like the character 一, but no search finds it, and in
a PDF the two cannot be told apart. Which characters these are, and why, is in `source/characters`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.data import ValuePath, leaves, path_text
from perfgen.findings import Finding, Level, Place
from perfgen.source.characters import INVISIBLE, LOOKALIKE, NOT_TEXT, is_plain, name_of, replacement
from perfgen.source.mojibake import garbled
from perfgen.source.reader import Document

ORDER = 10
GATE = True
RULES = {
    "character-control": "有看不见的控制字符，多半是粘贴来的。",
    "character-lookalike": "有部首或兼容字：看着像汉字，但查不到，在 PDF 里会混淆。",
    "character-unusable": "有自造字或不是正式文字的字符。",
    "character-garbled": "有乱码：文件用一种编码保存，用另一种编码打开过。",
}


def check(filing: Filing) -> Iterator[Finding]:
    """One finding for each text with characters that must not be printed."""
    yield from findings(filing.document)


def findings(document: Document) -> Iterator[Finding]:
    """The same for a document whose form nobody knows yet."""
    clean: set[str] = set()  # the same names and words stand in a file a hundred times
    for path, value, is_name in leaves(document.data):
        if isinstance(value, str) and value not in clean:
            found = list(_text(value, path, document, key=is_name))
            yield from found
            if not found:
                clean.add(value)


def _text(text: str, path: ValuePath, document: Document, *, key: bool) -> Iterator[Finding]:
    if not is_plain(text):
        yield from _not_printed(text, path, document, key=key)
    if piece := garbled(text):
        message, hint = piece.in_words()
        level = Level.ERROR if piece.is_sure else Level.WARNING
        place = _place(document, path, re.compile(re.escape(piece.piece)), key=key)
        yield Finding(place, "character-garbled", message, hint, level, path)


def _not_printed(text: str, path: ValuePath, document: Document, *, key: bool) -> Iterator[Finding]:
    for pattern, rule, say in (
        (INVISIBLE, "character-control", _say_invisible),
        (LOOKALIKE, "character-lookalike", _say_lookalike),
        (NOT_TEXT, "character-unusable", _say_unusable),
    ):
        if found := sorted(set(pattern.findall(text))):
            message, hint = say(found)
            place = _place(document, path, pattern, key=key)
            yield Finding(place, rule, f"“{path_text(path)}”{message}", hint, path=path)


def _place(document: Document, path: ValuePath, pattern: re.Pattern[str], *, key: bool) -> Place:
    """Where the first such character stands; the place of the whole text where it is written as an escape."""
    span = (document.key_spans if key else document.spans).get(path)
    match = pattern.search(document.text, span.start, span.end) if span else None
    return document.place_at(match.start()) if match else document.place(path, key=key)


def _say_invisible(found: list[str]) -> tuple[str, str]:
    codes = "、".join(map(name_of, found))
    return f"里有看不见的控制字符 {codes}。", "删掉它；多半是从别处粘贴时带来的。制表符请改成空格。"


def _say_lookalike(found: list[str]) -> tuple[str, str]:
    pairs = "、".join(f"{c}（U+{ord(c):04X}）" for c in found)
    right = "、".join(f"{c} 改成 {replacement(c)}" for c in found)
    return f"里有部首或兼容字符 {pairs}：看着像汉字，但查不到、印不准。", f"{right}。"


def _say_unusable(found: list[str]) -> tuple[str, str]:
    codes = "、".join(f"U+{ord(c):04X}" for c in found)
    return f"里有不是正式文字的字符 {codes}。", "换成通用的字；自造字请用规范字或说明代替。"
