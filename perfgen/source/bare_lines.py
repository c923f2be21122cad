"""Lines that became part of a text, so that a parser stops at a line below them, which has no mistake.

Such a line was begun as a name, stands at the head of the file, or is nothing that YAML has a place for.
"""

from __future__ import annotations

import re

from perfgen.source.indents import indent_of, is_empty
from perfgen.source.line_mistakes import NO_COLON, Trouble

_HEAD_TOO_DEEP = ("yaml-indent", "第一行多缩进了。", "最上面一级的各行左边不空格。")
_END = ("yaml-documents", "“...”表示文件到这里为止，后面还有内容。", "删掉这一行。")
_STRAY = (
    "yaml-indent",
    "这一行接不上前面的内容。",
    "是上一行的文字，就接到上一行后面；新的一条，前面加上 - 和一个空格；新的一项，名称后面加上英文冒号。",
)

_ENTRY = re.compile(r" *(?:- |[^\s:#{\[\"'-][^:#{\[]*:(?:\s|$))")
_NAME = re.compile(r" *(?:- )?(?P<name>[^\s:：#\"'{}\[\]，。；、-][^\s:：#{}\[\]，。；、]{0,29})(?P<rest>[ \t]+\S.*)?$")


def above(lines: list[str], row: int) -> Trouble | None:
    """What is wrong with the line above the one where a parser stopped, if that line explains it."""
    before = next((number for number in range(row - 1, -1, -1) if not is_empty(lines[number])), None)
    if before is None or indent_of(lines[row]) == len(lines[row]):
        return None
    if lines[before].rstrip() == "...":
        return (before, 0), _END
    return _head_too_deep(lines, row) or _first_name(lines, before, row)


def stray(lines: list[str], row: int, column: int) -> Trouble | None:
    """A line that is no item and no member, though it stands where one begins."""
    line = lines[row]
    if line[:column].strip() or _ENTRY.match(line) or line[column : column + 1] in ("", "{", "[", '"', "'", "#"):
        return None
    return (row, column), _STRAY


def _head_too_deep(lines: list[str], row: int) -> Trouble | None:
    """The first line of the file, where it stands farther from the margin than one that follows."""
    first = next(number for number, line in enumerate(lines) if not is_empty(line))
    between = [indent_of(line) for line in lines[first:row] if not is_empty(line)]
    if indent_of(lines[row]) > 0 or min(between) == 0 or not _ENTRY.match(lines[first]):
        return None
    return (first, indent_of(lines[first])), _HEAD_TOO_DEEP


def _first_name(lines: list[str], before: int, row: int) -> Trouble | None:
    """The first line of a group, without the colon behind its name: YAML takes it for a text that goes on below."""
    line, match = lines[before], _NAME.match(lines[before])
    if not match or not _ENTRY.match(lines[row]) or _ENTRY.match(line[match.start("name") :]):
        return None
    column, is_item = match.start("name"), line.lstrip().startswith("- ")
    if is_item:
        is_first = match["rest"] is not None and indent_of(lines[row]) == column
        is_first = is_first and not lines[row].lstrip().startswith("- ")
    else:
        around = next((one for one in reversed(lines[:before]) if not is_empty(one)), None)
        is_first = around is None or (around.rstrip().endswith(":") and indent_of(around) < column)
        is_first = is_first and indent_of(lines[row]) >= column
    return ((before, match.end("name")), NO_COLON) if is_first else None
