"""A YAML parser's error in plain words: what people type that YAML reads otherwise.

Judged by the line the error points at and the lines before it, never by the parser's English.
"""

from __future__ import annotations

import re

import yaml

from perfgen.findings import Finding, Place

WIDE_COLON = ("yaml-colon", "冒号是全角的。", "改成英文冒号，后面加一个空格。")
WIDE_INDENT = ("yaml-space", "行首是全角空格，不是缩进。", "缩进只能用半角空格，每层两个。")
_NO_SPACE = ("yaml-colon", "冒号后面缺一个空格。", "在冒号后面加一个空格。")
_NESTED = (
    "yaml-nested",
    "值里有冒号加空格，会被当成新的一项。",
    "给整个值加上英文双引号；是两项的，中间用英文逗号加空格隔开。",
)
_NO_COMMA = ("yaml-comma", "两项之间缺一个逗号。", "在前一项后面加上英文逗号和空格。")
_BRACKET = (
    "yaml-bracket",
    "从这里开始的括号没有成对，或者括号外面还有内容。",
    "补上右括号；整个是文字的，给它加上英文双引号。",
)
_INDENT = (
    "yaml-indent",
    "这一行的缩进和上面的对不上。",
    "同一级的各行左边对齐，下一级多两个空格；上一行已经写了值的，下面不能再有下一级。",
)
_UNCLOSED = ("yaml-quotes", "从这里开始的引号没有成对。", "补上少的那个英文引号。")
_AFTER_QUOTE = ("yaml-quotes", "引号已经结束，后面还有内容。", "整个值放在一对英文引号里；里面的引号改成中文引号“”。")
_CONFLICT = (
    "yaml-conflict", "这里合并时有冲突，还没有处理。",
    "两边各改了什么都写在这里：留下要的内容，删掉 <<<<<<<、=======、>>>>>>> 开头的行。",
)  # fmt: skip
_THOUSANDS = (
    "yaml-thousands", "数里的逗号把这一项分成了两项。",
    "去掉千位逗号；是文字的，给整个值加上英文双引号。",
)  # fmt: skip
_WIDE_COMMENT = ("yaml-wide", "注释开头的 # 是全角的。", "改成英文 #。")
_OTHER = (
    "yaml-syntax", "这里不合 YAML 的写法。",
    "检查这一行和上一行的缩进、括号、逗号和引号：每项是“名称: 值”，冒号后有一个空格。",
)  # fmt: skip

_KEY = r"\s*(?:-\s+)*[^\s:：{\[\"'#，]+"
_WIDE_MARKS = {"，": "逗号", "｛": "大括号", "｝": "大括号", "［": "方括号", "］": "方括号"}


def explain_mistake(error: yaml.MarkedYAMLError, text: str, file: str) -> Finding:
    """The finding for a parser's error in a text."""
    mark = error.problem_mark or error.context_mark
    row, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.replace("\r\n", "\n").split("\n")
    row = min(row, len(lines) - 1)
    if found := conflict(text, file):
        return found
    begin = error.context_mark
    opening = (min(begin.line, len(lines) - 1), begin.column) if begin else None
    at, (rule, message, hint) = _trouble(lines, row, column, opening)
    return Finding(Place(file, at[0] + 1, at[1] + 1), rule, message, hint)


def conflict(text: str, file: str) -> Finding | None:
    """The first of the lines that git leaves where two changes could not be merged; None where there is none."""
    found = re.search(r"^(?:<{7} .*|={7}|>{7} .*)$", text.replace("\r\n", "\n"), re.MULTILINE)
    if not found:
        return None
    rule, message, hint = _CONFLICT
    return Finding(Place(file, text.replace("\r\n", "\n").count("\n", 0, found.start()) + 1, 1), rule, message, hint)


def thousands(before: str, name: str) -> tuple[str, str, str] | None:
    """What is wrong where a name with nothing behind it is the rest of a number; `before` is the line up to it."""
    is_rest = re.match(r"\d{3}(?!\d)", name) and re.search(r"(?<![\d.,])\d{1,3}(?:,\d{3})*,$", before)
    return _THOUSANDS if is_rest else None


_Trouble = tuple[tuple[int, int], tuple[str, str, str]]


def _trouble(lines: list[str], row: int, column: int, opening: tuple[int, int] | None) -> _Trouble:
    line = lines[row]
    for number in (row, row - 1):
        if number >= 0 and (found := re.match(r"\s*(＃)", lines[number])):
            return (number, found.start(1)), _WIDE_COMMENT
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return (row, 0), ("yaml-tab", "缩进用了制表符（Tab）。", "缩进只能用空格，每层两个。")
    if found := re.search(r"(?::\s+|-\s+)([%@`>|&*!])", line):
        sign = found[1]
        hint = f'给整个值加上英文双引号，写成 "{sign}…"。'
        if line.startswith(">=", found.start(1)):
            hint = "把 >= 写成 ≥，不用加引号。"
        return (row, found.start(1)), ("yaml-quote", f"以 {sign} 开头的内容要加引号。", hint)
    if found_at := _colon_trouble(lines, row):
        return found_at
    if opening and lines[opening[0]][opening[1] : opening[1] + 1] in ('"', "'"):
        return opening, _UNCLOSED
    if re.search(r"[:,{\[-]\s*([\"']).*\1\s*[^\s,}\]:#]", line[: column + 1]):
        return (row, column), _AFTER_QUOTE
    if found := re.search("[，｛｝［］]", line) if "{" in line or "[" in line or "｛" in line else None:
        name = _WIDE_MARKS[found[0]]
        return (row, found.start()), (
            "yaml-wide",
            f"{name}是全角的。",
            f"改成英文{name}；是值里的文字，就给整个值加英文引号。",
        )
    if nested := _nested(line):
        value = re.split(r":\s+", re.split(r"[{},]", line[:nested])[-1].strip())[-1]
        return (row, nested), _NO_COMMA if "{" in line and re.search(r"\s", value) else _NESTED
    if opening and lines[opening[0]][opening[1] : opening[1] + 1] in ("{", "["):
        return opening, _BRACKET
    if (key := re.match(_KEY + r":(\s|$)|\s*-\s", line)) and column < key.end():
        return (row, len(line) - len(line.lstrip())), _INDENT
    return (row, column), _OTHER


def _colon_trouble(lines: list[str], row: int) -> _Trouble | None:
    """A line without a mapping's colon runs on into the next, where the parser stumbles: of such lines the first."""
    found: _Trouble | None = None
    for number in range(row, -1, -1):
        here = _colon_in(lines[number])
        if found and not here:
            break
        if here:
            found = (number, here[0]), here[1]
        elif number <= row - 2:
            break
    return found


def _colon_in(line: str) -> tuple[int, tuple[str, str, str]] | None:
    """Where a line's first colon stands, and what is wrong with it."""
    if found := re.match(_KEY + "(：)", line):
        return found.start(1), WIDE_COLON
    if found := re.match(_KEY + r"(:)[^\s/:]", line):
        return found.start(1), _NO_SPACE
    return None


def colon_in_name(name: str) -> tuple[int, tuple[str, str, str]] | None:
    """Where the colon stands that a name with nothing behind it swallowed, and what is wrong with it."""
    if "：" in name:
        return name.index("："), WIDE_COLON
    found = re.match(r"[^\s:]+(:)\S", name)
    return (found.start(1), _NO_SPACE) if found else None


def wide_colon(text: str) -> int | None:
    """Where the colon of a text stands that was meant as `name: value`, as the text stands on lines of its own."""
    found = re.match(r"[^\s:：，。；、\"'“”{}\[\]]{1,20}(：)", text)
    return found.start(1) if found else None


def _nested(line: str) -> int | None:
    """Where a second colon with a space stands in a value: in a line, or in one part of a flow mapping."""
    inside = "{" in line
    for part in re.finditer(r"[^{},]+" if inside else r".+", line):
        colons = [m.start() for m in re.finditer(r":\s", part[0])]
        if len(colons) > 1:
            return part.start() + colons[1]
    return None
