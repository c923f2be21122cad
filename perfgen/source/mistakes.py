"""A YAML parser's error in plain words: what people type that YAML reads otherwise.

It looks at the line that the error points at and at the lines before, never at the parser's English.
"""

from __future__ import annotations

import itertools
import re

import yaml

from perfgen.findings import Finding, Place
from perfgen.source import bare_lines, brackets, indents, line_mistakes
from perfgen.source.line_mistakes import Mistake, Trouble

WIDE_COLON = ("yaml-colon", "冒号是全角的。", "改成英文冒号，后面加一个空格。")
_NO_SPACE = ("yaml-colon", "冒号后面缺一个空格。", "在冒号后面加一个空格。")
_NESTED = (
    "yaml-nested",
    "值里有冒号加空格，会被当成新的一项。",
    "给整个值加上英文双引号；是两项的，中间用英文逗号加空格隔开。",
)
_NO_COMMA = ("yaml-comma", "两项之间缺一个逗号。", "在前一项后面加上英文逗号和空格。")
_TWO_COMMAS = ("yaml-comma", "两个逗号之间什么也没有。", "删掉一个逗号；是漏了一项的，补上。")
_COMMA_IN_VALUE = (
    "yaml-comma", "值里的英文逗号把这一项分成了两项。",
    "是一个值的，逗号改成中文的，或者给整个值加上英文双引号。",
)  # fmt: skip
_INDENT = (
    "yaml-indent",
    "这一行的缩进和上面的对不上。",
    "同一级的各行左边对齐，下一级多两个空格；上一行已经写了值的，下面不能再有下一级。",
)
_TOO_DEEP = ("yaml-indent", "这一行多缩进了。", "同一级的各行左边对齐，只比上一级多两个空格。")
UNCLOSED = ("yaml-quotes", "从这里开始的引号没有成对。", "补上少的那个英文引号。")
_AFTER_QUOTE = ("yaml-quotes", "引号已经结束，后面还有内容。", "整个值放在一对英文引号里；里面的引号改成中文引号“”。")
_CONFLICT = (
    "yaml-conflict", "这里合并时有冲突，还没有处理。",
    "两边各改了什么都写在这里：留下要的内容，删掉 <<<<<<<、=======、>>>>>>> 开头的行。",
)  # fmt: skip
_THOUSANDS = (
    "yaml-thousands", "数里的逗号把这一项分成了两项。",
    "去掉千位逗号；是一句话的，给整个值加上英文双引号。",
)  # fmt: skip
_WIDE_COMMENT = ("yaml-wide", "注释开头的 # 是全角的。", "改成英文 #。")
_OTHER = (
    "yaml-syntax", "这里不合 YAML 的写法。",
    "检查这一行和上一行的缩进、括号、逗号和引号：每项是“名称: 值”，冒号后有一个空格。",
)  # fmt: skip

WIDE_COLONS = "：﹕︰∶꞉"
"""What looks like a colon and is none to YAML."""
_KEY = rf"\s*(?:-\s+)*[^\s:{WIDE_COLONS}{{\[\"'#，]+"
NEXT_MEMBER = re.compile(r"，\s*([^\s，。；：:,{}\[\]]{1,12})\s*[:：]")
"""A full-width comma in a row and the name behind it, which may be that of the next member."""
MOST_MEMBERS = 50
"""In how many members of one row something is looked for: each is compared with all other rows."""


_Position = tuple[int, int]
"""Line and column, from 0."""


def explain_mistake(error: yaml.MarkedYAMLError, text: str, file: str) -> Finding:
    """The finding for a parser's error in a text."""
    if left_by_git := conflict(text, file):
        return left_by_git
    lines = text.replace("\r\n", "\n").split("\n")
    mark = error.problem_mark or error.context_mark
    at = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    begin = error.context_mark
    opening = (min(begin.line, len(lines) - 1), begin.column) if begin else None
    (row, column), (rule, message, hint) = _trouble(lines, at, opening)
    return Finding(Place(file, row + 1, column + 1), rule, message, hint)


def conflict(text: str, file: str) -> Finding | None:
    """The first of the lines that git leaves where two changes could not be merged; None where there is none."""
    lines = text.replace("\r\n", "\n")
    mark = re.search(r"^(?:<{7,} .*|={7}|>{7,} .*)$", lines, re.MULTILINE)
    if not mark:
        return None
    rule, message, hint = _CONFLICT
    return Finding(Place(file, lines.count("\n", 0, mark.start()) + 1, 1), rule, message, hint)


def thousands(before: str, name: str) -> Mistake | None:
    """What is wrong where a name with nothing behind it is the rest of a number; `before` is the line up to it."""
    is_rest = re.match(r"\d{3}(?!\d)", name) and re.search(r"(?<![\d.,])\d{1,3}(?:,\d{3})*,$", before)
    return _THOUSANDS if is_rest else None


def lone_part(before: str, name: str, text: str) -> tuple[int, Mistake] | None:
    """How far from a name with nothing behind it a mark is missing or too much, and what is wrong with it.

    What names there are, the file itself tells: such a name is a member without its colon, or the rest of a text.
    """
    head = re.match(r"[^\s:]+(?= +\S)", name)
    if head and _is_a_name(head[0], text):
        return head.end(), line_mistakes.NO_COLON
    rest = re.search(r":\s+[^\s,:{}\[\]\"'][^,:{}\[\]\"']*(?<=\D)(,\s*)$", before)
    if rest and not _is_a_name(name, text) and re.search(r"[\u4e00-\u9fff]", name):
        return -len(rest[1]), _COMMA_IN_VALUE
    return None


def _is_a_name(name: str, text: str) -> bool:
    return re.search(rf"(?:^|[\s{{,])[\"']?{re.escape(name)}[\"']?\s*[:：]", text, re.MULTILINE) is not None


def _trouble(lines: list[str], at: _Position, opening: _Position | None) -> Trouble:
    """What is wrong near the position where the parser stopped; the first cause that fits is the one.

    `opening` is where the parser began to read what it could not finish, if it says so.
    """
    row, column = at
    line = lines[row]
    opening_mark = lines[opening[0]][opening[1] : opening[1] + 1] if opening else ""
    if left_open := line_mistakes.open_quote(lines, row):
        return left_open, UNCLOSED
    if opening and (trouble := _begun(lines, opening, row)):
        return trouble
    if trouble := line_mistakes.near(lines, row, opening[0] if opening_mark in ("{", "[") and opening else None):
        return trouble
    if trouble := _wide_comment(lines, row) or _bad_start(line, row) or _colon_trouble(lines, row):
        return trouble
    if opening and opening_mark in ('"', "'"):
        return opening, UNCLOSED
    if re.search(r"[:,{\[-]\s*([\"']).*\1\s*[^\s,}\]:#]", line[: column + 1]):
        return at, _AFTER_QUOTE
    if opening_mark not in ("{", "["):
        extra = brackets.closed_early(line) or brackets.unopened(line) or brackets.group_without(line, lines)
        if extra:
            return (row, extra[0]), extra[1]
    if trouble := _wide_mark(lines, row) or line_mistakes.before_bracket(line, row) or _nested_trouble(line, row):
        return trouble
    if line_mistakes.masked(line)[: column + 1].replace(" ", "").endswith(",,"):
        return at, _TWO_COMMAS
    if opening and opening_mark in ("{", "["):
        inside = brackets.inside_text(lines[opening[0]])
        return ((opening[0], inside[0]), inside[1]) if inside else (opening, brackets.UNPAIRED)
    if trouble := line_mistakes.dash_behind(line, row) or bare_lines.above(lines, row):
        return trouble
    if no_dash := line_mistakes.without_dash(lines, row):
        return no_dash
    if (deep := indents.first_too_deep(lines, row)) is not None:
        return (deep, indents.indent_of(lines[deep])), _TOO_DEEP
    is_item = row > 0 and re.match(r" *- ", line) and not lines[row - 1].rstrip().endswith((":", ","))
    if (key := re.match(_KEY + r":(\s|$)|\s*-\s", line)) and (column < key.end() or is_item):
        parent = indents.parent_too_far_left(lines, row)
        wrong = row if parent is None else parent
        return (wrong, indents.indent_of(lines[wrong])), _INDENT
    return at, _OTHER


def _begun(lines: list[str], opening: _Position, stop: int) -> Trouble | None:
    """What is wrong with the line where the parser began what it could not finish, where that line itself says it."""
    row, column = opening
    line = lines[row]
    if line[column : column + 1] in ("{", "["):
        lone = not line[:column].strip()
        return (
            brackets.over_lines(lines, opening, stop)
            or brackets.unclosed(line, row, column)
            or (line_mistakes.bare(lines, row) if lone else None)
        )
    if (
        line[:column].strip(" -")
        or line[column : column + 1] in ('"', "'")
        or re.match(r"- |[^\s:][^:]*:(?:\s|$)", line[column:])
    ):
        return None
    found = line_mistakes.near([*lines[: row + 1]], row, None) or _wide_comment(lines[: row + 1], row)
    found = found or _colon_trouble(lines, row) or _spaced_name(line, row) or line_mistakes.bare(lines, row)
    return found or (bare_lines.stray(lines, row, column) if row < stop else None)


def _spaced_name(line: str, row: int) -> Trouble | None:
    """A full-width colon behind a name with blanks in it."""
    match = re.match(r"\s*(?:- +)?", line)
    colon = wide_colon(line[match.end() :]) if match else None
    return ((row, match.end() + colon), WIDE_COLON) if match and colon is not None else None


def _wide_comment(lines: list[str], row: int) -> Trouble | None:
    """A full-width # at the head of a line or of the one before."""
    for number in (row, row - 1):
        if number >= 0 and (match := re.match(r"\s*(＃)", lines[number])):
            return (number, match.start(1)), _WIDE_COMMENT
    return None


def _bad_start(line: str, row: int) -> Trouble | None:
    """A tab in the indentation, or a value that begins with a sign that YAML keeps for itself."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return (row, 0), line_mistakes.TAB
    match = re.search(r"(?::\s+|-\s+)([%@`>|&*!])", line)
    if not match:
        return None
    sign = match[1]
    hint = f'给整个值加上英文双引号，写成 "{sign}…"。'
    if typed := re.compile("> *=").match(line, match.start(1)):
        hint = f"把 {typed[0]} 写成 ≥，不用加引号。"
    return (row, match.start(1)), ("yaml-quote", f"以 {sign} 开头的内容要加引号。", hint)


def _wide_mark(lines: list[str], row: int) -> Trouble | None:
    """A full-width comma or bracket in a line with brackets; of commas, the one before the name of a member."""
    line = lines[row]
    match = re.search("[，｛｝［］]", line) if "{" in line or "[" in line or "｛" in line else None
    if not match:
        return None
    others = [*lines[:row], *lines[row + 1 :]]
    found = NEXT_MEMBER.finditer(line_mistakes.masked(line)) if match[0] == "，" else iter(())
    parts = list(itertools.islice(found, MOST_MEMBERS))
    for part in parts:
        if line_mistakes.may_be_member(part[1], line, others):
            return (row, part.start()), brackets.wide_mark("，")
    nested = _nested(line) if parts or match[0] == "，" else None
    return ((row, nested), _NESTED) if nested else ((row, match.start()), brackets.wide_mark(match[0]))


def _nested_trouble(line: str, row: int) -> Trouble | None:
    """A second colon in one value: a comma is missing before it, or the value needs quotes."""
    nested = _nested(line)
    if not nested:
        return None
    value = re.split(r":\s+", re.split(r"[{},]", line[:nested])[-1].strip())[-1]
    return (row, nested), _NO_COMMA if "{" in line and re.search(r"\s", value) else _NESTED


def _colon_trouble(lines: list[str], row: int) -> Trouble | None:
    """The first of the lines without a mapping's colon; the parser reads on in the next line and stops only there."""
    first: Trouble | None = None
    for number in range(row, -1, -1):
        colon = _colon_in(lines[number])
        if first and not colon:
            break
        if colon:
            first = (number, colon[0]), colon[1]
        elif number <= row - 2:
            break
    return first


def _colon_in(line: str) -> tuple[int, Mistake] | None:
    """Where a line's first colon stands, and what is wrong with it."""
    if match := re.match(rf"{_KEY}?[ \u3000\xa0]*([{WIDE_COLONS}])", line):
        return match.start(1), WIDE_COLON
    if match := re.match(_KEY + r"(:)[^\s/:]", line):
        return match.start(1), _NO_SPACE
    return None


def colon_in_name(name: str) -> tuple[int, Mistake] | None:
    """Where the colon stands that belongs to a name with nothing behind it, and what is wrong with it."""
    if wide := re.search(f"[{WIDE_COLONS}]", name):
        return wide.start(), WIDE_COLON
    match = re.match(r"[^\s:]+(:)\S", name)
    return (match.start(1), _NO_SPACE) if match else None


def colon_in_key(key: str, before: str, text: str) -> tuple[int, Mistake] | None:
    """Where the first colon stands in a key in brackets that holds the member before it, whose comma is wide, too.

    The name behind the comma is that of a member somewhere else in the text.
    """
    if "{" not in before:
        return None
    part = rf"[^\s:{WIDE_COLONS}，]"
    match = re.match(rf"{part}{{1,20}}([:{WIDE_COLONS}])[^，]*，\s*({part}{{1,20}})$", key)
    if not match or not re.search(rf"[{{,]\s*{re.escape(match[2])}:\s", text):
        return None
    return match.start(1), _NO_SPACE if match[1] == ":" else WIDE_COLON


def wide_colon(text: str) -> int | None:
    """Where the colon stands in a text on its own lines that was meant as `name: value`; None where there is none."""
    part = rf"[^\s:{WIDE_COLONS}，。；、\"'“”{{}}\[\]]"
    match = re.match(rf"{part}{{1,20}}(?: {part}{{1,30}}){{0,3}}([{WIDE_COLONS}])", text)
    return match.start(1) if match else None


def _nested(line: str) -> int | None:
    """Where a second colon with a space stands in a value without quotes: in a line, or in a part of a flow mapping."""
    clean = line_mistakes.masked(line)
    for part in re.finditer(r"[^{},]+" if "{" in clean else r".+", clean):
        colons = [colon.start() for colon in re.finditer(r":\s", part[0])]
        if len(colons) > 1:
            return part.start() + colons[1]
    return None
