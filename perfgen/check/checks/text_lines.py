"""Texts that YAML reads otherwise than they look: cut off by a `#`, or going on in the next lines.

A comment one blank behind a text without quotes may have been meant as part of it. A text over several lines gets a
blank where it was folded, which Chinese and numbers do not have; a line too far to the right, meant as the next item
or member, becomes the end of the text before it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.findings import Finding, Level
from perfgen.source.line_mistakes import dash
from perfgen.source.reader import Document, Span

ORDER = 15
GATE = True
RULES = {
    "text-comment": "文字后面空一格写了 #，从 # 起是注释，印不出来。",
    "text-joined": "一行缩进得太多，YAML 把它接在上一行的文字后面，没有成为新的一项。",
    "text-spaced": "两个字的姓名中间有空格。",
    "text-fold": "一项文字折了行，折行处会成为空格。",
}
_CLOSE_COMMENT = re.compile(r"[ \t]#")
_LINE = re.compile(r"[^\r\n]+")
_HEAD = " \t\u3000\xa0"
_ITEM = re.compile(r"[-－](?:\s|$)")
_MEMBER = re.compile(r"(?!\d+[:：]\d)[^\s:：，。；、！？\"'“”{}\[\]（）()]{1,20}[:：](?!//)")

SPACED_PAIR = re.compile(r"[\"']?(?P<first>[\u4e00-\u9fff])(?P<blanks>[ \u3000\xa0]+)(?P<last>[\u4e00-\u9fff])[\"']?")
"""A value of two Chinese characters with blanks between them."""
_SPACED = re.compile(r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]")
"""Chinese set off from letters or digits by a blank, as some like it."""


class Fold(NamedTuple):
    """A line break inside a text that YAML joins."""

    before: int
    """Where the last character before it ends, in the file's text."""
    after: int
    """Where the first character behind it begins."""
    is_blank: bool = True
    """Whether it is read as a blank; beside an empty line it stays a line break."""


def check(filing: Filing) -> Iterator[Finding]:
    """A warning for each text with a comment close behind, an error or a warning for each that goes on below."""
    yield from findings(filing.document)


def findings(document: Document) -> Iterator[Finding]:
    """The same for a document whose form nobody knows yet."""
    for path, span in document.spans.items():
        if isinstance(document.value(path), str):
            yield from _comment(document, path, span)
            yield from _going_on(document, path, span)
            yield from _spaced(document, path, span)


def _comment(document: Document, path: ValuePath, span: Span) -> Iterator[Finding]:
    """What stands one blank behind a text that has no quotes."""
    if span.style or not _CLOSE_COMMENT.match(document.text, span.end):
        return
    yield Finding(
        document.place_at(span.end + 1), "text-comment", "# 前面有空格，从这里起是注释，不会印出来。",
        "要印就给整个值加上英文双引号；确实是注释，就在 # 前面空两格。", Level.WARNING, path,
    )  # fmt: skip


def _spaced(document: Document, path: ValuePath, span: Span) -> Iterator[Finding]:
    """Two Chinese characters that are all of a value, set apart as names of two are on paper."""
    if match := SPACED_PAIR.fullmatch(document.text, span.start, span.end):
        yield Finding(
            document.place_at(match.start("blanks")), "text-spaced", "两个字中间有空格。",
            f"去掉空格，写成“{match['first']}{match['last']}”。", Level.ERROR, path,
        )  # fmt: skip


def _going_on(document: Document, path: ValuePath, span: Span) -> Iterator[Finding]:
    """The first line of a text that was meant as something else, else its first fold that prints a blank too many."""
    text, bad = document.text, []
    begin = document.place_at(span.start).column if not span.style and _MEMBER.match(text, span.start) else None
    for fold in folds(text, span):
        if begin == document.place_at(fold.after).column and _MEMBER.match(text, fold.after):
            return  # a group whose colons are wide: the form says what belongs here
        if not span.style and (joined := _joined(text[fold.after : span.end].partition("\n")[0])):
            yield Finding(document.place_at(fold.after), "text-joined", *joined, path=path)
            return
        bad += [fold] if prints_a_blank(text, fold) else []
    if bad:
        sure = any(_is_sure(text, fold) for fold in bad)
        yield Finding(
            document.place_at(bad[0].after), "text-fold", "这一项折了行，折行处会成为空格。", "写成一行。",
            Level.ERROR if sure else Level.WARNING, path,
        )  # fmt: skip


def _joined(line: str) -> tuple[str, str] | None:
    """What is wrong, and what to do, where a line looks like an item or a member of its own; None where it does not."""
    if _ITEM.match(line) or dash(line):
        return (
            "这一行接在上一行的文字后面了，没有成为新的一条。",
            "新的一条，左边和上一条的 - 对齐，- 后面空一格；是上一条的文字，就写成一行。",
        )
    if member := _MEMBER.match(line):
        return (
            f"“{member[0][:-1]}”这一行接在上一行的文字后面了，没有成为新的一项。",
            "新的一项，左边和同一级的名称对齐，冒号用英文的，后面空一格；是上一行的文字，就写成一行。",
        )
    return None


def folds(text: str, span: Span) -> Iterator[Fold]:
    """Where a value goes on in another line, in the order of the lines."""
    begin, end = span.start, span.end
    if span.style == "|":
        return
    indent = None
    if span.style == ">":
        begin = text.find("\n", begin, end) + 1 or end
        indent = _indent(text[begin:end])
    elif span.style:
        begin, end = begin + 1, end - 1
    lines = [line for line in _LINE.finditer(text, begin, end) if line[0].strip()]
    for line, following in itertools.pairwise(lines):
        between = text[line.end() : following.start()]
        if not _stays(line[0], following[0], span.style, indent):
            before = line.start() + len(line[0].rstrip(_HEAD))
            after = following.start() + len(following[0]) - len(following[0].lstrip(_HEAD))
            yield Fold(before, after, between in ("\n", "\r\n"))


def _indent(block: str) -> int:
    """How far the lines of a block stand from the margin: the first that is not empty tells."""
    match = re.search(r"^( *)[^ \r\n]", block, re.MULTILINE)
    return len(match[1]) if match else 0


def _stays(line: str, following: str, style: str, indent: int | None) -> bool:
    """Whether a break between two lines is kept or dropped, and not made a blank."""
    if indent is not None:
        return any(one[indent : indent + 1] in (" ", "\t") for one in (line, following))
    return style == '"' and (len(line) - len(line.rstrip("\\"))) % 2 == 1


def prints_a_blank(text: str, fold: Fold) -> bool:
    """Whether a blank shows at a fold that nobody typed: not between two words in letters."""
    return fold.is_blank and not (_ends_a_word(text[fold.before - 1]) and _ends_a_word(text[fold.after]))


def _is_sure(text: str, fold: Fold) -> bool:
    """Whether a blank can only be wrong: inside Chinese, or inside a number."""
    before, after = text[fold.before - 1], text[fold.after]
    in_number = after.isdigit() and (before.isdigit() or (before in ".," and text[fold.before - 2].isdigit()))
    return in_number or (_is_wide(before) and _is_wide(after))


def joined(text: str, fold: Fold) -> str | None:
    """The text with the fold taken out; None where a blank, or a number, may be meant.

    Beside a letter or digit the blank stays where the two lines have such blanks elsewhere too.
    """
    before, after = text[fold.before - 1], text[fold.after]
    if not (_is_wide(before) or _is_wide(after)):
        return None
    lines = text[text.rfind("\n", 0, fold.before) + 1 : fold.before], text[fold.after :].partition("\n")[0]
    is_spaced = any(_SPACED.search(line) for line in lines) and not (_is_wide(before) and _is_wide(after))
    return text[: fold.before] + (" " if is_spaced else "") + text[fold.after :]


def _is_wide(character: str) -> bool:
    """A Chinese character or mark."""
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’…—·"


def _ends_a_word(character: str) -> bool:
    return not _is_wide(character) and (character.isalpha() or character in ",;:.!?()'\"-/&")
