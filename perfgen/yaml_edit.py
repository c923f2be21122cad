"""Changes to single values of a YAML file that leave every other character as its author typed it.

Values are put in, emptied, taken out and added by their positions in the text; comments, blank
lines, quotes, the order of members and one-line groups stay. Whoever edits reads the result
back and compares: what is written here by position is proven by the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfgen import yaml_text
from perfgen.findings import Path
from perfgen.yaml_source import Document, Span

_BETWEEN = re.compile(r"(?:\s|#[^\r\n]*)*")
"""Blanks, line breaks and comments."""
_COMMENT = re.compile(r"[ \t]*(#[^\r\n]*)?")


class Editor:
    """Collects changes to one document's text; `text` is the document with all of them."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._document = document
        self._edits: list[tuple[int, int, str]] = []
        self._removed: list[Path] = []
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def text(self) -> str:
        """The text with every change."""
        removals = [edit for path in self._removed for edit in self._removal(path)]
        parts, position = [], 0
        for start, end, new in sorted([*self._edits, *removals], key=lambda edit: edit[:2]):
            assert position <= start, "two changes at one place"
            parts += [self._text[position:start], new]
            position = end
        return "".join(parts) + self._text[position:]

    def mark(self) -> tuple[int, int]:
        """What `undo` needs to forget the changes that come after."""
        return len(self._edits), len(self._removed)

    def undo(self, mark: tuple[int, int]) -> None:
        """Forgets every change since a mark."""
        del self._edits[mark[0] :]
        del self._removed[mark[1] :]

    def source(self, path: Path) -> str:
        """A value exactly as it is typed, quotes and all."""
        span = self._span(path)
        return self._text[span.start : span.end]

    def put(self, path: Path, typed: str) -> None:
        """Another value, as it is typed, in place of the present one."""
        span = self._span(path)
        if self._text[span.start : span.end] == typed:
            return
        # an empty value stands right behind its colon
        gap = " " if typed and span.start == span.end and self._text[span.start - 1 : span.start] == ":" else ""
        self._edits.append((span.start, span.end, gap + typed))

    def empty(self, path: Path) -> None:
        """Leaves a key (or a list's dash) with nothing behind it."""
        span = self._span(path)
        start = span.start if self._in_flow(path) else len(self._text[: span.start].rstrip())
        self._edits.append((start, span.end, ""))

    def remove(self, path: Path) -> None:
        """Takes a member out, key and value; a comment behind it stays."""
        self._removed.append(path)

    def insert(self, parent: Path, name: str, typed: str, order: Sequence[str], present: Sequence[str]) -> None:
        """Adds a member where `order` (all names in order) has it among those `present` (as they stand)."""
        flow = self._document.spans[parent].flow
        new = f"{yaml_text.text(name, flow=flow)}: {typed}"
        before = [other for other in order[: order.index(name)] if other in present]
        if before:
            end = self._span((*parent, before[-1])).end
            if flow:
                self._edits.append((end, end, f", {new}"))
                return
            line_end = self._next_line(end)
            ended = self._text[:line_end].endswith("\n")
            line = f"{self._indent(parent, present)}{new}"
            whole = f"{line}{self._newline}" if ended else f"{self._newline}{line}"
            self._edits.append((line_end, line_end, whole))
        elif present:
            start = self._document.key_spans[(*parent, present[0])].start
            behind = ", " if flow else f"{self._newline}{self._indent(parent, present)}"
            self._edits.append((start, start, f"{new}{behind}"))
        else:
            start = self._document.spans[parent].start + 1
            self._edits.append((start, start, new))

    def _span(self, path: Path) -> Span:
        """A value's place; the line breaks at the end of a block text are not of it."""
        span = self._document.spans[path]
        typed = self._text[span.start : span.end]
        return Span(span.start, span.start + len(typed.rstrip("\r\n")), span.flow)

    def _in_flow(self, path: Path) -> bool:
        return self._document.spans[path[:-1]].flow

    def _removal(self, path: Path) -> Iterator[tuple[int, int, str]]:
        start, end = self._document.key_spans[path].start, self._span(path).end
        if self._in_flow(path):
            yield start, end, ""
            yield self._comma(path)
            return
        line = self._text.rfind("\n", 0, start) + 1
        behind = _COMMENT.match(self._text, end)
        assert behind is not None
        if behind[1]:
            yield start, behind.start(1), ""
        elif not self._text[line:start].strip():
            yield line, self._next_line(end), ""
        else:
            yield start, end, ""

    def _comma(self, path: Path) -> tuple[int, int, str]:
        """The comma that goes with a member of a flow group: the one behind it, but before it where all behind go."""
        parent = path[:-1]
        group = self._document.value(parent)
        members = [(*parent, name) for name in group]
        index = members.index(path)
        if all(other in self._removed for other in members[index + 1 :]) and index:
            near = _BETWEEN.match(self._text, self._span(members[index - 1]).end)
        else:
            near = _BETWEEN.match(self._text, self._span(path).end)
        assert near is not None
        comma = near.end()
        if self._text[comma] != ",":
            return comma, comma, ""
        blanks = re.compile(r"[ \t]*").match(self._text, comma + 1)
        assert blanks is not None
        return comma, blanks.end(), ""

    def _next_line(self, position: int) -> int:
        found = self._text.find("\n", position)
        return len(self._text) if found < 0 else found + 1

    def _indent(self, parent: Path, present: Sequence[str]) -> str:
        _, column = self._document.keys[(*parent, present[0])]
        return " " * (column - 1)
