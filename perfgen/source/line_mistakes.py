"""What is wrong with single lines, whatever a parser says: their heads, dashes, blanks, and a `#` that cuts one off.

A person sees a list or a value; YAML goes on reading the line before, or stops where a comment begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from perfgen.source.characters import INVISIBLE, WIDE_BLANK, name_of

Mistake: TypeAlias = tuple[str, str, str]
"""The rule, what is wrong, and what to do."""
Trouble: TypeAlias = tuple[tuple[int, int], Mistake]
"""Line and column, from 0, and what is wrong there."""

WIDE_INDENT = ("yaml-space", "行首是全角空格，不是缩进。", "缩进只能用半角空格，每层两个。")
NO_SPACE_AFTER_DASH = ("yaml-dash", "“-”后面缺一个空格。", "在 - 后面加一个空格；左边和别的各条对齐。")
_WIDE_DASH = ("yaml-dash", "“-”是全角的。", "改成英文 -，后面加一个空格。")
CUT_IN_BRACKETS = (
    "yaml-comment",
    "# 前面有空格，后面的成了注释，括号就没有成对。",
    "# 是要印的，给整个值加上英文双引号；是注释的，移到括号外面。",
)
_CUT_IN_TEXT = (
    "yaml-comment",
    "# 前面有空格，后面的成了注释，下一行就接不上了。",
    "# 是要印的，给整个值加上英文双引号；是注释的，移到这一项外面。",
)

_BLANK = WIDE_BLANK.pattern
_UNSEEN_HEAD = re.compile(rf"[ \t]*(?:{_BLANK}[ \t]*)*(?!\t)({INVISIBLE.pattern})")
_WIDE_HEAD = re.compile(
    rf" *({_BLANK})[ \t]*(?:{_BLANK}[ \t]*)*(?:[-－](?:\s|$)|[^\s:：#\"'{{\[]{{1,30}}[:：](?:\s|$))"
)
_WIDE_BEHIND = re.compile(rf" *(?:-|(?:- )?[^\s:：#\"'{{\[-][^\s:：]{{0,29}}:)({_BLANK})")
_DASH = re.compile(r" *(?:(-)[^\s\-]|([－–—])(?=\s*[^\s－–—]))")
_IN_QUOTES = re.compile(r"(?<![^\s,{\[:-])(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')")
_AMOUNT = re.compile(r"[-－–—]\s*\d[\d.]*\s*[%％‰℃]?$")


_ROWS_ABOVE = 10
"""How far below the mistake a parser may stumble: comments may stand between."""


def wide_indent(character: str) -> Mistake:
    """What is said of a line that begins with a blank that is no indentation."""
    if character == "\u3000":
        return WIDE_INDENT
    return WIDE_INDENT[0], f"行首是 {name_of(character)}，不是缩进。", WIDE_INDENT[2]


def near(lines: list[str], row: int, opening: int | None) -> Trouble | None:
    """The line at or above one where a parser stopped that explains why, if its beginning or a `#` does.

    `opening` is the line where the bracket stands that the parser could not close, if there is one.
    """
    return _first_above(lines, row, _bad_head) or _cut_off(lines, row, opening) or _first_above(lines, row, dash)


def dash(line: str) -> tuple[int, Mistake] | None:
    """Where a dash stands that was meant to begin an item and does not, and what is wrong with it."""
    match = _DASH.match(line)
    if not match or _AMOUNT.match(line.strip()):
        return None
    return (match.start(1), NO_SPACE_AFTER_DASH) if match[1] else (match.start(2), _WIDE_DASH)


def _first_above(lines: list[str], row: int, mistake_of: Callable[[str], tuple[int, Mistake] | None]) -> Trouble | None:
    """The first of the lines up to `row`, one above the other, that have a mistake."""
    trouble: Trouble | None = None
    for number in range(row, max(row - _ROWS_ABOVE, -1), -1):
        if found := mistake_of(lines[number]):
            trouble = (number, found[0]), found[1]
        elif trouble:
            break
    return trouble


def _bad_head(line: str) -> tuple[int, Mistake] | None:
    """Where blanks at the head of a line only look like blanks, and what is wrong with them."""
    if unseen := _UNSEEN_HEAD.match(line):
        message = f"行首有看不见的字符 {name_of(unseen[1])}。"
        return unseen.start(1), ("yaml-character", message, "删掉这个看不见的字符。")
    if wide := _WIDE_HEAD.match(line):
        return wide.start(1), wide_indent(wide[1])
    if behind := _WIDE_BEHIND.match(line):
        message = f"这里的空格是 {name_of(behind[1])}，不是半角的。"
        return behind.start(1), ("yaml-space", message, "改成半角空格。")
    return None


def _cut_off(lines: list[str], row: int, opening: int | None) -> Trouble | None:
    """A `#` behind a blank that makes a comment of the rest of a row in brackets, or of a text that goes on below."""
    for number in range(row, max(row - _ROWS_ABOVE, -1), -1):
        if column := _comment_in_brackets(lines[number]):
            return (number, column), CUT_IN_BRACKETS
    above = row - 1 if opening is None else -1
    while above >= 0 and not lines[above].strip():
        above -= 1
    column = _comment(lines[above]) if above >= 0 else None
    if column and re.match(r"\s*(?:-\s+)?[^\s#].*\S $", lines[above][:column]) and _goes_on(lines[above], lines[row]):
        return (above, column), _CUT_IN_TEXT
    return None


def _goes_on(line: str, next_line: str) -> bool:
    """Whether the next line stands deeper, as the rest of a text does, and is no item and no member itself."""
    deeper = len(next_line) - len(next_line.lstrip()) > len(line) - len(line.lstrip())
    return deeper and not re.match(r"\s*(?:-\s|#|[^\s:]+:(?:\s|$))", next_line)


def _masked(line: str) -> str:
    """The line with what stands in quotes blotted out."""
    return _IN_QUOTES.sub(lambda match: "x" * len(match[0]), line)


def _comment(line: str) -> int | None:
    """The column of the `#` that begins a comment behind something; None where there is none."""
    match = re.search(r"(?<=\s)#", _masked(line))
    return match.start() if match and line[: match.start()].strip() else None


def _comment_in_brackets(line: str) -> int | None:
    """The column of a `#` that hides the bracket or comma which would end what stands before it."""
    column = _comment(line)
    if column is None:
        return None
    masked = _masked(line)
    before = masked[:column]
    is_open = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    ends = r"[}\],]\s*$" if re.search(r"[^\s,{\[]\s$", before) else r"[}\]]\s*$"
    return column if is_open and re.search(ends, masked) else None
