"""Where the entries of a group or list stand in the text: the lines and the comments of each.

An entry is a member of a group or an item of a list. In a group or list without brackets it takes whole lines:
the comment lines right above it, the blank lines above those, its own lines with the comment beside it, and the
comment lines below it that are indented deeper than it is. A comment that a blank line parts from the entry below
belongs to no entry, as do the comments at the head of the file.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.data import ValuePath
from perfgen.source.reader import Document, Span

_BETWEEN = re.compile(r"(?:\s|#[^\r\n]*)*")
"""Blanks, line breaks and comments."""
_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<comment>#)?(?P<rest>[^\r\n]*)(?:\r\n|\r|\n|\Z)")
_BESIDE = re.compile(r"(?P<blanks>[ \t]*)(?P<comment>#[^\r\n]*)")
COMMENT = re.compile(r"(?<![^\s{\[,])#[^\r\n]*")
"""A comment, in text that is no value: a # behind other characters begins none."""
_HEADER = re.compile(r"[|>][^\s#]*(?P<blanks>[ \t]+)(?P<comment>#[^\r\n]*)")
"""The line on which a block text begins, with a comment."""


@dataclass(frozen=True)
class Entry:
    """Where one entry stands; offsets in the text."""

    path: ValuePath
    before: int
    """Where the lines above it begin that belong to no entry; `lead` where there are none."""
    lead: int
    """Where the blank lines and comments begin that go with it."""
    start: int
    """Its key or dash; in brackets, its key or value."""
    end: int
    """Behind its last line break; in brackets, behind its value."""
    column: int
    """How far its key or dash is indented."""

    @property
    def shares_a_line(self) -> bool:
        """Whether it stands behind a dash, as the first member of a group in a list does."""
        return self.lead == self.start and self.column > 0


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    column: int
    is_comment: bool
    is_blank: bool


class Entries:
    """Finds the entries of a document's groups and lists."""

    def __init__(self, text: str, document: Document) -> None:
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.text = text if text.endswith(("\n", "\r")) else text + self.newline
        """The text, whose last line is ended."""
        self.document = document
        self._found: dict[ValuePath, list[Entry]] = {}
        self._by_path: dict[ValuePath, Entry] = {}

    def of(self, path: ValuePath) -> list[Entry]:
        """The entries of the group or list at a path, in the order of the text."""
        if path not in self._found:
            find = self._in_brackets if self.document.spans[path].flow else self._on_lines
            self._found[path] = list(find(path))
        return self._found[path]

    def entry(self, path: ValuePath) -> Entry:
        """The entry at a path."""
        if path not in self._by_path:
            self._by_path.update((entry.path, entry) for entry in self.of(path[:-1]))
        return self._by_path[path]

    def span(self, path: ValuePath) -> Span:
        """A value's place, without the line breaks at the end of a block text."""
        span = self.document.spans[path]
        typed = self.text[span.start : span.end]
        return Span(span.start, span.start + len(typed.rstrip("\r\n")), span.flow, span.style)

    def head_end(self, entry: Entry) -> int:
        """The end of an entry's dash, or of the colon behind its key."""
        if isinstance(entry.path[-1], int):
            return entry.start + 1
        match = _BETWEEN.match(self.text, self.document.key_spans[entry.path].end)
        assert match
        return match.end() + 1

    def line_start(self, position: int) -> int:
        """The start of the line in which a position is."""
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def next_line(self, position: int) -> int:
        """The end of the line in which a position is, behind its line break."""
        return self._line_at(position).end

    def comment_at(self, position: int) -> tuple[str, str] | None:
        """The comment that follows a position in its line, with the blanks before it."""
        match = _BESIDE.match(self.text, position)
        return (match["blanks"], match["comment"]) if match else None

    def header_comment(self, path: ValuePath) -> tuple[str, str] | None:
        """The comment behind the sign of a block text, with the blanks before it."""
        match = _HEADER.match(self.text, self.document.spans[path].start)
        return (match["blanks"], match["comment"]) if match else None

    def comments(self, start: int, end: int) -> list[str]:
        """The comments from one position to another; a # inside a value begins none."""
        first = bisect.bisect_left(self._scalars, (start, 0))
        last = bisect.bisect_right(self._scalars, (end + 1, end + 1))
        inside = [(begin, finish) for begin, finish in self._scalars[first:last] if finish <= end + 1]
        comments, position = [], start
        for begin, finish in [*inside, (end, end)]:
            comments += [match[0] for match in COMMENT.finditer(self.text, position, max(position, begin))]
            position = max(position, finish)
        return comments

    @functools.cached_property
    def _scalars(self) -> list[tuple[int, int]]:
        """Where the keys and the single values begin and end, in the order of the text."""
        values = [span for path, span in self.document.spans.items() if not self.is_group(path)]
        return sorted((span.start, span.end) for span in (*values, *self.document.key_spans.values()))

    def is_group(self, path: ValuePath) -> bool:
        """Whether a group or a list stands at a path."""
        return isinstance(self.document.value(path), dict | list)

    def in_brackets(self, path: ValuePath) -> bool:
        """Whether an entry stands in brackets."""
        return self.document.spans[path[:-1]].flow

    def paths_below(self, path: ValuePath) -> list[ValuePath]:
        """The paths of the entries of a group or list."""
        value = self.document.value(path)
        steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        return [(*path, step) for step in steps]

    def _in_brackets(self, path: ValuePath) -> Iterator[Entry]:
        for below in self.paths_below(path):
            span = self.span(below)
            start = self._key_start(below) if below in self.document.key_spans else span.start
            yield Entry(below, start, start, start, span.end, start - self.line_start(start))

    def _on_lines(self, path: ValuePath) -> Iterator[Entry]:
        start, before, lead = self.document.spans[path].start, -1, -1
        for below in self.paths_below(path):
            end = self.span(below).end
            if before < 0:
                start = self._key_start(below) if below in self.document.key_spans else start
                before, lead = self._above_the_first(start, is_root=not path)
            elif below in self.document.key_spans:
                start = self._key_start(below)
            column = start - self.line_start(start)
            lines = list(self._lines_from(self._line_at(end).end))
            deeper = _deeper(lines, column)
            last = lines[deeper - 1].end if deeper else self._line_at(end).end
            yield Entry(below, before, lead, start, last, column)
            before, lead = last, _lead(lines[deeper:], last)
            following = _BETWEEN.match(self.text, end)
            assert following
            start = following.end()

    def _key_start(self, path: ValuePath) -> int:
        """Where a key begins, or the question mark before it."""
        start = self.document.key_spans[path].start
        before = self.text[self.line_start(start) : start].rstrip()
        return self.line_start(start) + len(before) - 1 if before.endswith("?") else start

    def _above_the_first(self, start: int, *, is_root: bool) -> tuple[int, int]:
        """Where the lines above a first entry begin: those of no entry, and those that go with it."""
        line = self.line_start(start)
        if self.text[line:start].strip():
            return start, start
        begin = line
        while begin:
            above = self._line_at(self.line_start(begin - 1 - self.text[:begin].endswith("\r\n")))
            if not (above.is_blank or above.is_comment):
                break
            begin = above.start
        lines = [found for found in self._lines_from(begin) if found.start < line]
        return begin, line if is_root else _lead(lines, line)

    def _line_at(self, position: int) -> _Line:
        """What is left of a line from a position on."""
        match = _LINE.match(self.text, position)
        assert match
        is_blank = not match["comment"] and not match["rest"].strip()
        return _Line(match.start(), match.end(), len(match["indent"]), bool(match["comment"]), is_blank)

    def _lines_from(self, position: int) -> Iterator[_Line]:
        """The blank lines and comment lines from the start of a line on, up to the next line with something else."""
        while position < len(self.text):
            line = self._line_at(position)
            if not (line.is_blank or line.is_comment):
                return
            yield line
            position = line.end


def _deeper(lines: list[_Line], column: int) -> int:
    """How many lines below an entry belong to it: up to the last comment that is indented deeper than it."""
    count = 0
    for number, line in enumerate(lines, 1):
        if line.is_comment and line.column <= column:
            break
        if line.is_comment:
            count = number
    return count


def _lead(lines: list[_Line], position: int) -> int:
    """Where the lines begin that go with the entry below: comments right above it, and blank lines above those.

    Blank lines that part it from a comment stay with that comment.
    """
    index = len(lines)
    while index and lines[index - 1].is_comment:
        index -= 1
    if not any(line.is_comment for line in lines[:index]):
        index = 0
    if index < len(lines):
        return lines[index].start
    return lines[-1].end if lines else position
