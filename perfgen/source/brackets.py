"""What is wrong with the brackets of a row: of another kind, closed too early, left open, or none at all."""

from __future__ import annotations

import re

from perfgen.source.indents import indent_of, is_empty
from perfgen.source.line_mistakes import Mistake, Trouble, comment_in_brackets, masked

PAIRS = {"（": "）", "(": ")", "［": "］", "【": "】", "〔": "〕", "｛": "｝"}
"""What somebody types for the brackets of a group, by the left one."""
_NO_LEFT = ("yaml-bracket", "前面少一个“{”。", "在这里补上英文的“{”；不是一组的，删掉行尾的“}”。")
_TWICE = ("yaml-bracket", "多了一个右括号。", "删掉一个；少了左括号的，补上左括号。")
UNPAIRED = (
    "yaml-bracket",
    "从这里开始的括号没有成对，或者括号外面还有内容。",
    "补上右括号；整个是文字的，给它加上英文双引号。",
)
_OTHER = ("yaml-bracket", "一组内容的括号要用英文的 { }。", "两头的括号改成 { 和 }；整个是文字的，给它加上英文双引号。")
_NONE = ("yaml-bracket", "一组内容外面缺大括号。", "在前后加上英文的 { 和 }；整个是文字的，给它加上英文双引号。")
_EARLY = ("yaml-bracket", "这个右括号写早了，后面还有内容。", "删掉它。")
_NO_COMMA = ("yaml-comma", "行尾缺一个逗号，下一行还是这一组的。", "在行尾加上英文逗号。")
_WIDE_COMMA = ("yaml-wide", "行尾的逗号是全角的。", "改成英文逗号。")
_OPEN = ("yaml-bracket", "从这里开始的括号没有成对。", "补上右括号；整个是文字的，给它加上英文双引号。")
_INSIDE = ("yaml-bracket", "值里有英文的括号。", "改成中文的括号，或者给整个值加上英文双引号。")

_WIDE_MARKS = {"，": "逗号", "｛": "大括号", "｝": "大括号", "［": "方括号", "］": "方括号"}


_PART = re.compile(r"\s*([^\s:：,，{}\[\]]{1,20}):\s+[^\s,:][^,:]*")
_EARLY_RIGHT = re.compile(r"\}(?=\s*,\s*[^\s:,{}]{1,20}\s*:\s)")
_TEXT_WITH = re.compile(r":\s+(?:(?=[^\s\"'{\[,])[^,\"'{}\[\]]*)?([{\[])[^,:{}\[\]]*[}\]][^\s,}\]]")
_ROW = re.compile(r" *(?:- |[^\s:#{\[]+: )")


def group_without(line: str, lines: list[str]) -> tuple[int, Mistake] | None:
    """Where a value with members of its own begins, in brackets of another kind or in none.

    A text may hold colons too: one of the names must be that of a member somewhere else in the file.
    """
    match = re.match(r" *(?:- +)*[^\s:#{\[\"']+:\s+(?P<value>[^\s{｛\[\"'#].*?)\s*(?:\s#.*)?$", line)
    if not match:
        return None
    value = match["value"]
    is_other = PAIRS.get(value[0]) == value[-1]
    names = names_in(value[1:-1] if is_other else value)
    others = "\n".join(other for other in lines if other != line)
    if not any(re.search(rf"[{{,] *{re.escape(name)}:\s", others) for name in names):
        return None
    return match.start("value"), _OTHER if is_other else _NONE


def names_in(value: str) -> list[str]:
    """The names of the members that a text consists of; none where it holds anything else."""
    parts = [_PART.fullmatch(part) for part in re.split(r",\s*", value)]
    return [part[1] for part in parts if part] if all(parts) else []


def opened(text: str, begin: int, end: int) -> str:
    """The text with a left bracket before a group, and a right one behind it unless it has one of its own."""
    value = text[begin:end].rstrip()
    if "}" in value:
        return f"{text[:begin]}{{{text[begin:]}"
    inside = value[1:-1] if PAIRS.get(value[:1]) == value[-1:] else value
    return f"{text[:begin]}{{{inside}}}{text[begin + len(value) :]}"


def closed_early(line: str) -> tuple[int, Mistake] | None:
    """Where a right bracket stands before the last members of a row that has another one at its end."""
    clean = masked(line)
    early = _EARLY_RIGHT.search(clean) if clean.count("}") > clean.count("{") else None
    return (early.start(), _EARLY) if early else None


def inside_text(line: str) -> tuple[int, Mistake] | None:
    """Where brackets stand in a text without quotes."""
    found = _TEXT_WITH.search(masked(line))
    return (found.start(1), _INSIDE) if found else None


def over_lines(lines: list[str], opening: tuple[int, int], row: int) -> Trouble | None:
    """What is wrong with a row over several lines that is not closed up to the line where a parser stopped."""
    begin, column = opening
    for number in range(begin, row):
        line, below = masked(lines[number]).rstrip(), lines[number + 1]
        if is_empty(below) or line.endswith(("{", "[")) or re.search(r"\s#", line):
            continue
        if indent_of(below) <= indent_of(lines[begin]) and _ROW.match(below):
            return ((begin, column), _OPEN) if number > begin else None
        if line.endswith("，"):
            return (number, len(line) - 1), _WIDE_COMMA
        if not line.endswith(",") and _PART.match(below) and not below.lstrip().startswith("- "):
            return (number, len(line)), _NO_COMMA
    return None


def unclosed(line: str, row: int, column: int) -> Trouble | None:
    """A bracket that its line opens and does not close, though no comma says that the next line goes on."""
    clean = masked(line).rstrip()
    is_open = any(clean.count(left) > clean.count(right) for left, right in ("{}", "[]"))
    if not is_open or clean.endswith((",", "{", "[")) or comment_in_brackets(line):
        return None
    wide = re.compile("[｝］]").search(clean, column)
    return ((row, wide.start()), wide_mark(wide[0])) if wide else ((row, column), UNPAIRED)


def unopened(line: str) -> tuple[int, Mistake] | None:
    """Where a bracket is missing or too much in a line that closes more of them than it opens, and what is wrong."""
    clean = masked(line)
    if clean.count("}") + clean.count("]") <= clean.count("{") + clean.count("[") or re.search("[｛［]", clean):
        return None
    begin = re.match(r" *(?:- +|[^\s:{\[]+: +(?=[^\s:{\[]+: ))", clean)
    if "{" not in clean and "[" not in clean:
        return (begin.end(), _NO_LEFT) if begin and re.search(r"[^:]: .*\}\s*$", clean[begin.end() :]) else None
    twice = re.search(r"[}\]]\s*([}\]])\s*(?:#.*)?$", clean)
    return (twice.start(1), _TWICE) if twice else None


def wide_mark(sign: str) -> Mistake:
    """What is said of a full-width comma or bracket."""
    name = _WIDE_MARKS[sign]
    return "yaml-wide", f"{name}是全角的。", f"改成英文{name}；是值里的文字，就给整个值加英文引号。"


def bracket_before(name: str, line: str) -> tuple[int, Mistake] | None:
    """How far from a name that ends with a full-width bracket the other one stands before it, and what is wrong."""
    bracket = re.search(r"[［｛][^\]}］｝]*$", line) if name.endswith(("］", "｝")) else None
    return (bracket.start() - len(line), wide_mark(bracket[0][0])) if bracket else None


def closed_row(text: str, begin: int, end: int) -> str | None:
    """The text with the right bracket at the end of a row of a list where the next row follows; None elsewhere."""
    row = re.compile(r"( *)- \{[^{}\[\]\"'#]*[^{}\[\]\"'#,\s]").fullmatch(text, begin, end)
    if not row or not re.compile(rf"\r?\n{row[1]}- \{{").match(text, end):
        return None
    return text[:end] + "}" + text[end:]
