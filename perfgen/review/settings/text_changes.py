"""What changed in a template that is text: pages, style sheets. Where a line hides something, that is said first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfgen.findings import Place
from perfgen.review.settings.change import SettingChange, SettingClass, can_be_lined_up, cut

_TOLD = 6
"""So many places of a file are told in words."""
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden|opacity\s*:\s*0*\.?0*(?![\d.])"
    r"|font-size\s*:\s*0*\.?0*(?![\d.])|(?<![\w-])color\s*:\s*(?:transparent|white|#fff)|clip(?:-path)?\s*:|"
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0*\.?0*(?![\d.])|text-indent\s*:\s*-|(?:left|top|right|bottom)\s*:\s*-\d"
    r"|overflow\s*:\s*hidden|scale\(0|\shidden(?=[\s>])|aria-hidden|\{%-?\s*if\s+(?:false|False|0)\b",
    re.IGNORECASE,
)
"""What a page or a style sheet hides things with."""


class _Hunk(NamedTuple):
    """Neighbouring lines that went and came, and the line where they stand in the new version."""

    line: int
    gone: Sequence[str]
    come: Sequence[str]


def text_changes(old: bytes, new: bytes, file: str) -> list[SettingChange]:
    """The changes of a template that both versions have."""
    texts = [content.decode("utf-8", "replace") for content in (old, new)]
    if texts[0].split() == texts[1].split():  # what is a comment, only the program that reads the file knows
        told = "只改了空白或换行"
        return [SettingChange(SettingClass.SAME, file, "模板", told, is_only_layout=True)]
    lines = [text.splitlines() for text in texts]
    if not can_be_lined_up(*lines):
        return [SettingChange(SettingClass.CHANGED, file, "模板", "行太多，没有逐行比较")]
    hunks = list(_hunks(*lines))
    hiding = [hunk for hunk in hunks if any(map(_HIDES.search, hunk.come))]
    changes = []
    if hiding:
        told = f"有会把内容藏起来的写法：{_told(hiding)}"
        changes.append(SettingChange(SettingClass.LOOSER, file, "模板", told, None, Place(file, hiding[0].line)))
    if others := [hunk for hunk in hunks if hunk not in hiding]:
        place = Place(file, others[0].line)
        changes.append(SettingChange(SettingClass.CHANGED, file, "模板", _told(others), None, place))
    return changes


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Hunk]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_begin, old_end, new_begin, new_end in matcher.get_opcodes():
        if kind != "equal":
            yield _Hunk(new_begin + 1, old[old_begin:old_end], new[new_begin:new_end])


def _told(hunks: Sequence[_Hunk]) -> str:
    parts = []
    for hunk in hunks[:_TOLD]:
        words = [
            f"{word}“{cut(' '.join(lines))}”"
            for word, lines in (("去掉了", hunk.gone), ("加了", hunk.come))
            if "".join(lines).strip()
        ]
        parts.append(f"第 {hunk.line} 行{'，'.join(words) or '改了空白'}")
    rest = f"；还有 {len(hunks) - _TOLD} 处" if len(hunks) > _TOLD else ""
    return "；".join(parts) + rest
