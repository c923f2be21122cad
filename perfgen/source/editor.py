"""Changes to single values of a YAML file that leave every other character as its author typed it.

Values are put in, emptied, taken out and added by their positions in the text; comments, blank
lines, quotes, the order of members and one-line groups stay. Whoever edits reads the result
back and compares: what is written here by position is proven by the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfgen.data import ValuePath, as_group
from perfgen.source import writer
from perfgen.source.reader import Document, Span

_BETWEEN = re.compile(r"(?:\s|#[^\r\n]*)*")
"""Blanks, line breaks and comments."""
_BLANKS = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"(?<![^\s{\[,])#[^\r\n]*")

_Edit = tuple[int, int, str]
"""Start and end of what is replaced, and the new text."""


@dataclass(frozen=True)
class _Insertion:
    """A member to be added to a group, and all names in the order they belong in."""

    parent: ValuePath
    name: str
    typed: str
    order: Sequence[str]


class Editor:
    """Collects changes to one document's text; `text` is the document with all of them."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._document = document
        self._edits: list[_Edit] = []
        self._removed: list[ValuePath] = []
        self._inserted: list[_Insertion] = []
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def text(self) -> str:
        """The text with every change."""
        edits = dict.fromkeys(self._edits)
        edits |= dict.fromkeys(edit for insertion in self._inserted for edit in self._insertion(insertion))
        edits |= dict.fromkeys(edit for path in self._removed for edit in self._removal(path))
        parts, position = [], 0
        for start, end, typed in sorted(edits, key=lambda edit: edit[:2]):
            assert position <= start, "two changes at one place"
            parts += [self._text[position:start], typed]
            position = end
        return "".join(parts) + self._text[position:]

    def mark(self) -> tuple[int, int, int]:
        """A mark for `undo`, which forgets the changes made after it."""
        return len(self._edits), len(self._removed), len(self._inserted)

    def undo(self, mark: tuple[int, int, int]) -> None:
        """Forgets every change since a mark."""
        edits, removed, inserted = mark
        del self._edits[edits:], self._removed[removed:], self._inserted[inserted:]

    def source(self, path: ValuePath) -> str:
        """A value exactly as it is typed, quotes and all."""
        span = self._span(path)
        return self._text[span.start : span.end]

    def put(self, path: ValuePath, typed: str) -> None:
        """Replaces a value; `typed` is the new one as it is typed."""
        span = self._span(path)
        if self._text[span.start : span.end] != typed:
            self._edits.append((span.start, span.end, typed + self._kept_below(path, span)))

    def empty(self, path: ValuePath) -> None:
        """Removes a value and leaves its key."""
        span = self._span(path)
        start = span.start if self._in_flow(path) else len(self._text[: span.start].rstrip())
        self._edits.append((start, span.end, self._kept_below(path, span)))

    def remove(self, path: ValuePath) -> None:
        """Removes a member, key and value; comments stay."""
        self._removed.append(path)

    def insert(self, parent: ValuePath, name: str, typed: str, order: Sequence[str]) -> None:
        """Adds a member to a group, after the nearest one that comes before it in `order`."""
        self._inserted.append(_Insertion(parent, name, typed, order))

    def _removal(self, path: ValuePath) -> Iterator[_Edit]:
        key, value = self._document.key_spans[path], self._span(path)
        if self._in_flow(path):
            yield key.start, value.end, self._kept_below(path, value)
            yield self._comma(path)
            return
        line = self._text.rfind("\n", 0, key.start) + 1
        behind = _COMMENT.match(self._text, self._after(_BLANKS, value.end))
        comments = [*self._comments(key.end, value.end), *([behind[0]] if behind else [])]
        if comments or self._text[line : key.start].strip():
            apart = self._newline + " " * (self._document.keys[path][1] - 1)
            yield key.start, behind.end() if behind else value.end, apart.join(comments)
        else:
            yield line, self._next_line(value.end), ""

    def _comma(self, path: ValuePath) -> _Edit:
        """The comma that goes with a member of a flow group: the one behind it, or before it where none is."""
        members = self._members(path[:-1])
        index = members.index(path)
        behind = self._after(_BETWEEN, self._span(path).end)
        at_end = index == len(members) - 1
        if index and (
            self._text[behind] != "," if at_end else all(later in self._removed for later in members[index + 1 :])
        ):
            behind = self._after(_BETWEEN, self._span(members[index - 1]).end)
        if self._text[behind] != ",":
            return behind, behind, ""
        end = self._after(_BLANKS, behind + 1)
        return behind, behind + 1 if self._text[end] == "#" else end, ""

    def _after(self, pattern: re.Pattern[str], position: int) -> int:
        """The end of what a pattern matches at a position; the position itself where it matches nothing."""
        match = pattern.match(self._text, position)
        return match.end() if match else position

    def _insertion(self, new: _Insertion) -> Iterator[_Edit]:
        flow = self._document.spans[new.parent].flow
        typed = f"{writer.text(new.name, flow=flow)}: {new.typed}"
        members = [path for path in self._members(new.parent) if not flow or path not in self._removed]
        names = new.order[: new.order.index(new.name)]
        earlier = [path for path in members if path[-1] in names]
        if earlier:
            yield self._inserted_after(max(earlier, key=lambda path: names.index(str(path[-1]))), typed, flow=flow)
        elif members:
            yield self._inserted_before(members[0], typed, flow=flow)
        else:
            start = self._document.spans[new.parent].start + 1
            yield start, start, typed

    def _inserted_after(self, path: ValuePath, typed: str, *, flow: bool) -> _Edit:
        """The change that adds a member after another."""
        if flow:
            end = self._span(path).end
            return end, end, f", {typed}"
        end = self._next_line(self._span(path).end)
        indent = " " * (self._document.keys[path][1] - 1)
        is_ended = self._text[:end].endswith("\n")
        return end, end, f"{indent}{typed}{self._newline}" if is_ended else f"{self._newline}{indent}{typed}"

    def _inserted_before(self, path: ValuePath, typed: str, *, flow: bool) -> _Edit:
        """The change that adds a member before another, which is the first of its group."""
        start = self._document.key_spans[path].start
        line = self._text.rfind("\n", 0, start) + 1
        indent = " " * (self._document.keys[path][1] - 1)
        if flow:
            return start, start, f"{typed}, "
        if self._text[line:start].strip():
            return start, start, f"{typed}{self._newline}{indent}"
        return line, line, f"{indent}{typed}{self._newline}"

    def _members(self, parent: ValuePath) -> list[ValuePath]:
        return [(*parent, name) for name in as_group(self._document.value(parent))]

    def _span(self, path: ValuePath) -> Span:
        """A value's place, without the line breaks at the end of a block text."""
        span = self._document.spans[path]
        typed = self._text[span.start : span.end]
        return Span(span.start, span.start + len(typed.rstrip("\r\n")), span.flow)

    def _in_flow(self, path: ValuePath) -> bool:
        return self._document.spans[path[:-1]].flow

    def _kept_below(self, path: ValuePath, span: Span) -> str:
        """The comments inside a group that is removed, on lines of their own."""
        comments = self._comments(span.start, span.end) if self._is_group(path) else []
        if self._in_flow(path):
            return "".join(f" {comment}{self._newline}" for comment in comments)
        indent = " " * (self._document.keys[path][1] + 1) if path in self._document.keys else ""
        return "".join(f"{self._newline}{indent}{comment}" for comment in comments)

    def _comments(self, start: int, end: int) -> list[str]:
        """The comments from one position to another; a # inside a value begins none."""
        values = [self._document.spans[path] for path in self._document.spans if not self._is_group(path)]
        inside = sorted(
            (span.start, span.end)
            for span in (*values, *self._document.key_spans.values())
            if start <= span.start and span.end <= end + 1
        )
        comments, position = [], start
        for begin, finish in [*inside, (end, end)]:
            comments += [match[0] for match in _COMMENT.finditer(self._text, position, max(position, begin))]
            position = max(position, finish)
        return comments

    def _is_group(self, path: ValuePath) -> bool:
        return isinstance(self._document.value(path), dict | list)

    def _next_line(self, position: int) -> int:
        line_end = self._text.find("\n", position)
        return len(self._text) if line_end < 0 else line_end + 1
