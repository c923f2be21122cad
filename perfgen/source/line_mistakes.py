"""What is wrong with single lines, whatever a parser says: their heads, dashes, blanks, and a `#` that cuts one off.

A person sees a list or a value; YAML goes on reading the line before, or stops where a comment begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from perfgen.source import scalars
from perfgen.source.characters import INVISIBLE, WIDE_BLANK, name_of

Mistake: TypeAlias = tuple[str, str, str]
"""The rule, what is wrong, and what to do."""
Trouble: TypeAlias = tuple[tuple[int, int], Mistake]
"""Line and column, from 0, and what is wrong there."""

WIDE_INDENT = ("yaml-space", "行首是全角空格，不是缩进。", "缩进只能用半角空格，每层两个。")
NO_SPACE_AFTER_DASH = ("yaml-dash", "“-”后面缺一个空格。", "在 - 后面加一个空格；左边和别的各条对齐。")
_WIDE_DASH = ("yaml-dash", "“-”是全角的。", "改成英文 -，后面加一个空格。")
_TWO_DASHES = ("yaml-dash", "“-”写多了。", "一条前面只写一个 - 和一个空格。")
_NEW_LINE = ("yaml-dash", "“-”要写在下一行。", "从 - 起另起一行，行首比名称多空两格。")
_NO_DASH = (
    "yaml-indent",
    "这一行前面缺“-”。",
    "新的一条，前面加上 - 和一个空格；是上一条的文字，就接到上一行后面。",
)
NO_COLON = ("yaml-colon", "名称后面缺一个冒号。", "加上英文冒号；后面还有值的，冒号和值之间空一格。")
_LONE_QUOTE = ("yaml-quotes", "引号没有成对：前面没有开头的那一个。", "删掉它，或者在值的前面补上英文引号。")
_TAB_BEHIND = ("yaml-space", "“-”后面是制表符（Tab），不是空格。", "改成半角空格。")
CUT_IN_BRACKETS = (
    "yaml-comment",
    "# 前面有空格，后面的成了注释，括号就没有成对。",
    "# 是要印的，给整个值加上英文双引号；是注释的，移到括号外面。",
)
_CUT_IN_NAME = (
    "yaml-comment",
    "# 前面有空格，从这里起是注释，名称后面的冒号也在里面。",
    "# 是名称里的，给名称加上英文双引号；是注释的，移到单独一行。",
)
_CUT_IN_TEXT = (
    "yaml-comment",
    "从 # 起是注释，下一行就接不上了。",
    "# 是要印的，给整个值加上英文双引号；是注释的，移到这一项外面。",
)

TAB = ("yaml-tab", "缩进用了制表符（Tab）。", "缩进只能用空格，左边和同一级的各行对齐。")
_TAB_HEAD = re.compile(r" *\t[ \t]*(?:-(?:\s|$)|[^\s:：#\"'{\[]{1,30}:(?:\s|$))")
_BLANK = WIDE_BLANK.pattern
_BLANK_IN_NAME = re.compile(rf"{_BLANK}+$|(?<=:){_BLANK}")
_UNSEEN_HEAD = re.compile(rf"[ \t]*(?:{_BLANK}[ \t]*)*(?!\t)({INVISIBLE.pattern})")
_WIDE_HEAD = re.compile(
    rf" *({_BLANK})[ \t]*(?:{_BLANK}[ \t]*)*(?:[-－](?:\s|$)|#|$|[^\s:：#\"'{{\[]{{1,30}}[:：](?:\s|$))"
)
_WIDE_BEHIND = re.compile(rf" *(?:-(?=\t|{_BLANK})|(?:- )?[^\s:：#\"'{{\[-][^\s:：]{{0,29}}:(?!\t))(\t|{_BLANK})")
_DASH = re.compile(r" *(?:(-)[^\s\-]|([－–—])(?=\s*[^\s－–—])|([‐‑‒―−·•●▪■◆◇○◦])(?=\s*\w)|([*+ー])(?=\s+\w)|(-)-+ +\w)")
"""A dash without a blank, a wide one, and other signs that mark an item on paper or in other languages."""
_COMMENT_IN_NAME = re.compile(r"\s*(?:- +)*[^\s:：#{\[\"'|>][^:：#{\[\"']*\s(#)[^:#\s][^:#]{0,30}:(?:\s|$)")
_IN_QUOTES = re.compile(r"(?<![^\s,{\[:-])(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')")
_AMOUNT = re.compile(r"[-－–—]\s*\d[\d.]*\s*[%％‰℃]?$")


_BARE = re.compile(r" *(?:- +)?(?P<name>[^\s:：#\"'{}\[\]，。；、-][^\s:：#{}\[\]，。；、]{0,29})(?=[ {\[]|\s*$)")
"""A line up to the end of the name that it begins with."""

_ROWS_ABOVE = 10
"""How far below the mistake a parser may stumble: comments may stand between."""


def wide_indent(character: str) -> Mistake:
    """What is said of a line that begins with a blank that is no indentation."""
    if character == "\u3000":
        return WIDE_INDENT
    return WIDE_INDENT[0], f"行首是 {name_of(character)}，不是缩进。", WIDE_INDENT[2]


def wide_blank(character: str) -> Mistake:
    """What is said of a blank inside a line that YAML does not take for one."""
    if character == "\t":
        return _TAB_BEHIND
    return "yaml-space", f"这里的空格是 {name_of(character)}，不是半角的。", "改成半角空格。"


def blank_beside(text: str) -> tuple[int, Mistake] | None:
    """Where a text without quotes begins or ends with a blank that YAML takes for none."""
    if not text or text == text.strip():
        return None
    at = 0 if text[0].isspace() else len(text.rstrip())
    return at, wide_blank(text[at])


def blank_in_name(name: str, before: str) -> tuple[int, Mistake] | None:
    """Where such a blank stands at a name's head, its end or behind a colon in it; `before` is the line up to it."""
    if WIDE_BLANK.match(name):
        return 0, wide_blank(name[0]) if before.strip(" -") else wide_indent(name[0])
    blank = _BLANK_IN_NAME.search(name)
    return (blank.start(), wide_blank(blank[0][0])) if blank else None


def blank_behind(item: str) -> tuple[int, Mistake] | None:
    """Where such a blank stands behind the dash that an item begins with."""
    blank = WIDE_BLANK.match(item, 1)
    return (1, wide_blank(blank[0])) if blank else None


def near(lines: list[str], row: int, opening: int | None) -> Trouble | None:
    """The line at or above one where a parser stopped that explains why, if its beginning or a `#` does.

    `opening` is the line where the bracket stands that the parser could not close, if there is one.
    """
    return _first_above(lines, row, _bad_head) or _cut_off(lines, row, opening) or _first_above(lines, row, dash)


def without_dash(lines: list[str], row: int) -> Trouble | None:
    """The line above an item that stands as far from the margin and is no item, no member and no comment."""
    indent = len(lines[row]) - len(lines[row].lstrip(" "))
    above = lines[row - 1] if row else ""
    is_text = re.match(rf" {{{indent}}}(?![ #]|- |-$|[^\s:]+:(?:\s|$))\S", above)
    before = next((line for line in reversed(lines[: max(row - 1, 0)]) if re.match(rf" {{{indent}}}[^ #]", line)), "")
    if is_text and lines[row].startswith("- ", indent) and before.startswith("- ", indent):
        return (row - 1, indent), _NO_DASH
    return None


def bare(lines: list[str], row: int) -> Trouble | None:
    """What a line lacks that was begun as a name and has no colon: its dash among items, else the colon."""
    line, below = lines[row], _next_line(lines, row)
    indent = len(line) - len(line.lstrip(" "))
    is_item = _is_item(line, indent)
    if not is_item and _is_item(below, indent) and _is_among_items(lines, row, indent):
        return (row, indent), _NO_DASH
    match = _BARE.match(line)
    is_group = match and re.match(rf" {{{match.start('name') + 1}}}", below) is not None
    return ((row, match.end()), NO_COLON) if match and (is_group or not is_item) else None


def before_bracket(line: str, row: int) -> Trouble | None:
    """A name right before a bracket, without a colon between them."""
    match = _BARE.match(line)
    return ((row, match.end()), NO_COLON) if match and re.match(r" *[{\[]", line[match.end() :]) else None


def dash_behind(line: str, row: int) -> Trouble | None:
    """A dash of an item in the line of the name above it."""
    match = re.match(r" *(?:- +)*[^\s:#{\[\"']+:\s+(?=- )", line)
    return ((row, match.end()), _NEW_LINE) if match else None


def open_quote(lines: list[str], row: int) -> tuple[int, int] | None:
    """The first quote up to a line that opens a value and is not closed before the next item or member begins."""
    for number in range(row + 1):
        begin = re.search(r"(?:^ *|[:,{\[-] +|[{\[])([\"'])", masked(lines[number]))
        if begin and ends_a_value(lines[number], _next_line(lines, number)):
            return number, begin.start(1)
    return None


def ends_a_value(line: str, below: str) -> bool:
    """Whether the line below begins an item or a member that stands no deeper."""
    indents = [len(one) - len(one.lstrip(" ")) for one in (line, below)]
    return indents[1] <= indents[0] and re.match(r" *(?:- |[^\s:\"']+:(?:\s|$))", below) is not None


def lone_quote(value: str) -> tuple[int, Mistake] | None:
    """Where a value without quotes ends with one; a number may have one behind it, for inches."""
    return (len(value) - 1, _LONE_QUOTE) if scalars.ends_in_lone_quote(value) else None


def _next_line(lines: list[str], row: int) -> str:
    return next((line for line in lines[row + 1 :] if line.strip() and not line.lstrip().startswith("#")), "")


def _is_item(line: str, indent: int) -> bool:
    return line.startswith("- ", indent) and not line[:indent].strip()


def _is_among_items(lines: list[str], row: int, indent: int) -> bool:
    """Whether the line before stands as far from the margin and is an item, or is the name above the items."""
    above = next((line for line in reversed(lines[:row]) if line.strip() and not line.lstrip().startswith("#")), "")
    is_name = above.rstrip().endswith(":") and len(above) - len(above.lstrip(" ")) < indent
    return is_name or any(_is_item(line, indent) for line in (above, _sibling_above(lines, row, indent)))


def _sibling_above(lines: list[str], row: int, indent: int) -> str:
    """The nearest line above that stands no deeper."""
    return next((line for line in reversed(lines[:row]) if re.match(rf" {{0,{indent}}}[^ #]", line)), "")


def dash(line: str) -> tuple[int, Mistake] | None:
    """Where a dash stands that was meant to begin an item and does not, and what is wrong with it."""
    match = _DASH.match(line)
    if not match or _AMOUNT.match(line.strip()):
        return None
    at = match.start(match.lastindex or 0)
    if sign := match[3] or match[4]:
        return at, (_WIDE_DASH[0], f"“{sign}”不是英文的 -。", _WIDE_DASH[2])
    return at, NO_SPACE_AFTER_DASH if match[1] else _TWO_DASHES if match[5] else _WIDE_DASH


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
    if _TAB_HEAD.match(line):
        return 0, TAB
    if unseen := _UNSEEN_HEAD.match(line):
        message = f"行首有看不见的字符 {name_of(unseen[1])}。"
        return unseen.start(1), ("yaml-character", message, "删掉这个看不见的字符。")
    if wide := _WIDE_HEAD.match(line):
        return wide.start(1), wide_indent(wide[1])
    if behind := _WIDE_BEHIND.match(line):
        return behind.start(1), wide_blank(behind[1])
    return None


def _cut_off(lines: list[str], row: int, opening: int | None) -> Trouble | None:
    """A `#` behind a blank that makes a comment of the rest of a row in brackets, or of a text that goes on below."""
    for number in range(row, max(row - _ROWS_ABOVE, -1), -1):
        if column := comment_in_brackets(lines[number]):
            return (number, column), CUT_IN_BRACKETS
    for number in (row, row - 1):
        if number >= 0 and (in_name := _COMMENT_IN_NAME.match(lines[number])):
            return (number, in_name.start(1)), _CUT_IN_NAME
    return _text_cut_off(lines, row) if opening is None else None


def _text_cut_off(lines: list[str], row: int) -> Trouble | None:
    """A `#` that ends a text, behind it or on a line between its lines, though it goes on in `row`."""
    above = row - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0:
        return None
    column = _comment(lines[above])
    if column and re.match(r"\s*(?:-\s+)?[^\s#].*\S $", lines[above][:column]) and _goes_on(lines[above], lines[row]):
        return (above, column), _CUT_IN_TEXT
    between = re.match(r"\s*(?=#)", lines[above])
    if between and above and lines[above - 1].strip() and _goes_on(lines[above - 1], lines[row]):
        return (above, between.end()), _CUT_IN_TEXT
    return None


def _goes_on(line: str, next_line: str) -> bool:
    """Whether the next line stands deeper, as the rest of a text does, and is no item and no member itself."""
    deeper = len(next_line) - len(next_line.lstrip()) > len(line) - len(line.lstrip())
    is_own = re.match(r"\s*(?:-\s|#|[^\s:]+:(?:\s|$))", next_line) or dash(next_line)
    return deeper and not is_own


def masked(line: str) -> str:
    """The line with what stands in quotes blotted out."""
    return _IN_QUOTES.sub(lambda match: "x" * len(match[0]), line)


def _comment(line: str) -> int | None:
    """The column of the `#` that begins a comment behind something; None where there is none."""
    match = re.search(r"(?<=\s)#", masked(line))
    return match.start() if match and line[: match.start()].strip() else None


def comment_in_brackets(line: str) -> int | None:
    """The column of a `#` that hides the bracket or comma which would end what stands before it."""
    clean = masked(line)
    for match in re.finditer(r"(?<=[\s{\[,])#", clean):
        column, before = match.start(), clean[: match.start()]
        is_open = before.count("{") + before.count("[") > before.count("}") + before.count("]")
        ends = r"[}\],]\s*$" if re.search(r"[^\s,{\[]\s$", before) else r"[}\]],?\s*$"
        hidden = re.split(r"(?<=[}\]])\s+#", clean[column + 1 :])[0]
        if before.strip() and is_open and (re.search(ends, clean) or re.search(ends, hidden)):
            return column
    return None


def may_be_member(name: str, line: str, others: list[str]) -> bool:
    """Whether a name in a row in brackets begins a member: rows like it have one, or there are no rows like it."""
    named = [other for other in others if name in other]
    if any(re.search(rf"[{{,]\s*{re.escape(name)}\s*:\s", masked(other)) for other in named):
        return True
    head = re.search(r"[{｛]\s*[^\s:：]+(?=\s*[:：])", line)
    like = sum(head[0][1:] in other for other in others) if head else 0
    alike = [other for other in named if head and head[0][1:] in other]
    having = [other for other in alike if re.search(rf"[，｛]\s*{re.escape(name)}\s*[:：]", other)]
    return 2 * len(having) >= like
