"""Signs that a form writes in two ways: a wide ％ here, a narrow % there; it looks careless in print.

A sign that is typed as two (<=, ＞＝) is told wherever a number follows: Word would print both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.findings import Finding, Level
from perfgen.source.reader import Document

ORDER = 45
GATE = False
RULE = "mixed-signs"
RULES = {RULE: "同一份表里，同一个符号有两种写法（％ 和 %，≧ 和 ≥），或者一个符号写成了两个（<=）。"}

_SAME = {"％": "%", "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "＞": ">", "＜": "<", "＝": "="}
"""By the other way to write it, the sign."""
_PAIRS = {
    f"{one}{blank}{two}" if not turned else f"{two}{blank}{one}": sign
    for sign, ones in (("≥", ">＞"), ("≤", "<＜")) for one in ones for two in "=＝"
    for blank in ("", " ") for turned in (False, True)
}  # fmt: skip
"""By a sign that is typed as two, the sign."""
_MEANT = _PAIRS | _SAME
_TWO = f"(?:{'|'.join(_PAIRS)})(?=\\s*\\d)"
_ANY = re.compile(f"{_TWO}|[{''.join(sorted({*_SAME, *_SAME.values()}))}]")
_LINES = 8
"""How many lines are named."""


def check(filing: Filing) -> Iterator[Finding]:
    """One finding for a file, with how often each way stands in what is printed, and the lines of the other ways."""
    document = filing.document
    printed, counts, mixed = _mixed(filing)
    if not mixed:
        return
    first = next(path for path, sign in printed if sign in mixed)
    counted = "；".join(f"{other} {counts[other]} 处，{sign} {counts[sign]} 处" for other, sign in mixed.items())
    changes = "、".join(f"{other} 改成 {sign}" for other, sign in mixed.items())
    lines = sorted({document.place(path).line for path, sign in printed if sign in mixed})
    named = "、".join(map(str, lines[:_LINES])) + ("……" if len(lines) > _LINES else "")
    yield Finding(
        document.place_at(_begin(document, first, mixed)), RULE, f"{_what(mixed, counts)}：{counted}。",
        f"统一写法：{changes}（第 {named} 行）。", Level.WARNING if _PAIRS.keys() & mixed else Level.NOTE, first,
    )  # fmt: skip


def _what(mixed: dict[str, str], counts: Counter[str]) -> str:
    is_alone = all(not counts[sign] for sign in mixed.values())
    return "一个符号写成了两个" if is_alone else "同一个符号有两种写法"


def _mixed(filing: Filing) -> tuple[list[tuple[ValuePath, str]], Counter[str], dict[str, str]]:
    """The signs in what is printed with their paths, how many there are of each, and the usual one by each other."""
    printed = [(path, sign) for path, text in _printed(filing) for sign in _ANY.findall(text)]
    counts = Counter(sign for _, sign in printed)
    return printed, counts, {
        other: sign for other, sign in _MEANT.items() if counts[other] and (counts[sign] or other in _PAIRS)
    }  # fmt: skip


def in_one_way(filing: Filing) -> dict[ValuePath, str]:
    """By path, the texts that hold a sign of which a form has two ways, with the usual one."""
    printed, _, mixed = _mixed(filing)
    paths = dict.fromkeys(path for path, sign in printed if sign in mixed)
    return {path: _ANY.sub(lambda one: mixed.get(one[0], one[0]), filing.printed_texts[path]) for path in paths}


def _printed(filing: Filing) -> Iterator[tuple[ValuePath, str]]:
    """The printed texts with their paths, no claims of figures."""
    computed = filing.form.figures
    return ((path, text) for path, text in filing.printed_texts.items() if computed.at(path) is None)


def _begin(document: Document, path: ValuePath, signs: dict[str, str]) -> int:
    """Where the first of some signs stands in a text; where the text begins, if they are written as escapes."""
    span = document.spans[path]
    found = (one for one in _ANY.finditer(document.text, span.start, span.end) if one[0] in signs)
    return next((one.start() for one in found), span.start)
