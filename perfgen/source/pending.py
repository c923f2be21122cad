"""The comment `# 待核：…` in a data file: an import was unsure there, until a person takes the comment away."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.source.scalars import ESCAPED

RULE = "import-pending"
"""The id of the findings on these comments."""
_WORD = "待核"
_COMMENT = re.compile(rf"(?:(?<=[ \t\r\n])|\A)#+[ \t]*{_WORD}(?=\s|[：:]|\Z)[^\r\n\x85\u2028\u2029]*")
_REASON = re.compile(rf"#+[ \t]*{_WORD}[：:\s]*")
_LONGEST = 200


@dataclass(frozen=True)
class Pending:
    """One such comment: where it begins (line and column from 1, offset from 0), and what it says."""

    line: int
    column: int
    offset: int
    reason: str


def comment(reasons: Iterable[str]) -> str:
    """The text of a comment, without its `#`, on one line and without what a file may not hold."""
    texts = (" ".join(ESCAPED.sub(" ", reason).split()).rstrip("。；") for reason in reasons)
    return f"{_WORD}：{'；'.join(dict.fromkeys(texts))[:_LONGEST]}"


def find_pending(text: str, scalars: Iterable[tuple[int, int]]) -> tuple[Pending, ...]:
    """The comments of a text; `scalars` are the offsets where its keys and values begin and end."""
    matches = list(_COMMENT.finditer(text))
    if not matches:
        return ()
    spans = sorted((begin + len(_head(text, begin)), end) for begin, end in scalars)
    return tuple(_pending(text, match) for match in matches if not _is_inside(match.start(), spans))


def _is_inside(offset: int, spans: list[tuple[int, int]]) -> bool:
    """Whether an offset lies in one of some spans, which are sorted and do not overlap."""
    at = bisect.bisect_right(spans, offset, key=lambda span: span[0])
    return at > 0 and offset < spans[at - 1][1]


def _head(text: str, begin: int) -> str:
    """The line on which a block text begins, from its sign on: a comment may stand there; empty for other values."""
    return text[begin:].partition("\n")[0] if text[begin : begin + 1] in ("|", ">") else ""


def _pending(text: str, match: re.Match[str]) -> Pending:
    before = text[: match.start()]
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    return Pending(line, column, match.start(), _REASON.sub("", match[0], count=1).strip())


def without(text: str, comments: Iterable[Pending]) -> str:
    """A text without some of its comments; a line that holds nothing else goes with its comment."""
    for found in sorted(comments, key=lambda one: one.offset, reverse=True):
        begin = text.rfind("\n", 0, found.offset) + 1
        end = text.find("\n", found.offset)
        end = len(text) if end < 0 else end
        before = text[begin : found.offset]
        if before.strip():
            tail = "\r" if text[:end].endswith("\r") else ""
            text = text[:begin] + before.rstrip() + tail + text[end:]
        else:
            text = text[:begin] + text[end + 1 :]
    return text
