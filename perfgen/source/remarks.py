"""A comment that is put beside a value, or above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from perfgen.data import ValuePath
from perfgen.source.edits import Edit
from perfgen.source.entries import Entries, Entry

_BLANKS = re.compile(r"[ \t]*")


def comment(entries: Entries, path: ValuePath, text: str, *, above: bool, taken: Set[int]) -> Iterator[Edit]:
    """The changes that put a comment, without its `#`, at a value; none where it stands there already.

    It stands above where the line holds a comment, or another one is put there (`taken`), and where the line begins
    with another value. A value in brackets has its comment at the line of the brackets.
    """
    while path and entries.in_brackets(path):
        path = path[:-1]
    if not path:
        start = entries.line_start(entries.document.spans[()].start)
        yield from _lines(entries, text, start, 0, entries.text[:start])
        return
    entry = entries.entry(path)
    position = None if above or "\n" in text else _line_end(entries, entry)
    if position is not None:
        beside = entries.comment_at(position)
        if beside is not None and beside[1].lstrip("# \t").rstrip() == text.strip():
            return
        if beside is None and position not in taken:
            end = position + len(_blanks(entries.text, position))
            yield Edit(position, end, (f"  # {text}",))
            return
    while entry.shares_a_line:
        entry = entries.entry(entry.path[:-1])
    start = entries.line_start(entry.start)
    yield from _lines(entries, text, start, entry.column, entries.text[entry.before : start])


def _lines(entries: Entries, text: str, start: int, column: int, there: str) -> Iterator[Edit]:
    """The comment lines that are not there yet."""
    known = {line.strip() for line in there.splitlines()}
    for line in text.split("\n"):
        if f"# {line}".strip() not in known:
            yield Edit(start, start, (f"{' ' * column}# {line}".rstrip() + entries.newline,))


def _line_end(entries: Entries, entry: Entry) -> int | None:
    """Where the comment beside an entry stands; None for one whose line begins with another value too."""
    span = entries.span(entry.path)
    if span.style in ("|", ">"):
        return span.start + len(entries.text[span.start :].split(maxsplit=1)[0])
    if not entries.is_group(entry.path) or span.flow:
        return span.end
    return None if entries.of(entry.path)[0].shares_a_line else entries.head_end(entry)


def _blanks(text: str, position: int) -> str:
    match = _BLANKS.match(text, position)
    return match[0] if match else ""
