"""Changes to values, members and items of a YAML file that leave every other character as its author typed it.

Values are put in, emptied, taken out, added and moved by their positions in the text; comments, blank
lines, quotes, the order of members and one-line groups stay. Whoever edits reads the result
back and compares: what is written here by position is proven by the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfgen.data import Data, ValuePath, as_group
from perfgen.fields import Field
from perfgen.source import arrange, remarks, writer
from perfgen.source.edits import Edit, rendered
from perfgen.source.entries import COMMENT, Entries
from perfgen.source.reader import Document, Span
from perfgen.source.replace import New, replacement

_BETWEEN = re.compile(r"(?:\s|#[^\r\n]*)*")
"""Blanks, line breaks and comments."""
_BLANKS = re.compile(r"[ \t]*")


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
        self._entries = Entries(text, document)
        self._is_ended = text == self._entries.text
        self._text = self._entries.text
        self._document = document
        self._edits: list[Edit] = []
        self._removed: list[ValuePath] = []
        self._inserted: list[_Insertion] = []
        self._replaced: dict[ValuePath, tuple[New, bool]] = {}
        self._orders: dict[ValuePath, list[int | New]] = {}
        self._newline = self._entries.newline

    def text(self) -> str:
        """The text with every change."""
        edits = list(self._edits)
        edits += [edit for insertion in self._inserted for edit in self._insertion(insertion)]
        edits += [edit for path in self._removed for edit in self._removal(path)]
        edits += [
            edit for path, order in self._orders.items() if (edit := arrange.arranged(self._entries, path, order))
        ]
        for path, (new, whole) in self._replaced.items():
            edits.append(replacement(self._entries, path, new, whole=whole))
        text = rendered(self._text, edits)
        return text if self._is_ended else text.removesuffix(self._newline)

    def mark(self) -> tuple[int, int, int]:
        """A mark for `undo`, which forgets what was put, emptied, removed and inserted after it."""
        return len(self._edits), len(self._removed), len(self._inserted)

    def undo(self, mark: tuple[int, int, int]) -> None:
        """Forgets what was put, emptied, removed and inserted since a mark."""
        edits, removed, inserted = mark
        del self._edits[edits:], self._removed[removed:], self._inserted[inserted:]

    def source(self, path: ValuePath) -> str:
        """A value exactly as it is typed, quotes and all."""
        span = self._entries.span(path)
        return self._text[span.start : span.end]

    def put(self, path: ValuePath, typed: str) -> None:
        """Replaces a value; `typed` is the new one as it is typed."""
        span = self._entries.span(path)
        if self._text[span.start : span.end] != typed:
            self._edits.append(Edit(span.start, span.end, (typed + self._kept_below(path, span),)))

    def empty(self, path: ValuePath) -> None:
        """Removes a value and leaves its key."""
        span = self._entries.span(path)
        start = span.start if self._entries.in_brackets(path) else len(self._text[: span.start].rstrip())
        self._edits.append(Edit(start, span.end, (self._kept_below(path, span),)))

    def remove(self, path: ValuePath) -> None:
        """Removes a member, key and value; comments stay."""
        self._removed.append(path)

    def insert(self, parent: ValuePath, name: str, typed: str, order: Sequence[str]) -> None:
        """Adds a member to a group, after the nearest one that comes before it in `order`."""
        self._inserted.append(_Insertion(parent, name, typed, order))

    def replace(self, path: ValuePath, new: New, *, whole: bool = False) -> None:
        """Replaces a value by another of any kind; the comment beside it stays, those inside a group go with it.

        With `whole`, a group or list is written anew, and its comments stay.
        """
        self._replaced[path] = (new, whole)

    def rename(self, path: ValuePath, name: str) -> None:
        """Gives a member another name, in the quotes that the old one stands in; everything below it stays."""
        span = self._document.key_spans[path]
        typed = writer.in_style(name, self._text[span.start], flow=self._entries.in_brackets(path))
        self._edits.append(Edit(span.start, span.end, (typed,)))

    def arrange(self, path: ValuePath, order: Sequence[int | New]) -> None:
        """Says which entries a group or list has, and in which order: old ones by their number, and new ones.

        One that is not named is taken out, with the comments above, beside and inside it.
        """
        self._orders[path] = list(order)

    def add_item(self, path: ValuePath, index: int, value: Data, field: Field | None = None) -> None:
        """Adds an item to a list, which may be empty; `index` counts the items as they are after earlier changes."""
        if path in self._document.spans:
            self._order_of(path).insert(index, New(value, field))
        else:
            self._list_at(path).insert(index, value)

    def remove_item(self, path: ValuePath, index: int) -> None:
        """Takes an item out of a list, with the comments above, beside and inside it."""
        del self._order_of(path)[index]

    def move_item(self, path: ValuePath, index: int, to: int) -> None:
        """Moves an item of a list to another place, with its comments."""
        order = self._order_of(path)
        order.insert(to, order.pop(index))

    def comment(self, path: ValuePath, text: str, *, above: bool = False) -> None:
        """Puts a comment beside a value or above it, without its `#`; one that stands there is not put again.

        It stands above where its line holds a comment, or begins with another value.
        """
        taken = {edit.start for edit in self._edits}
        self._edits += remarks.comment(self._entries, path, text, above=above, taken=taken)

    def _list_at(self, path: ValuePath) -> list[Data]:
        """A list that is not in the file, made with the groups on the way to it; it stands behind what is there."""
        known = max(end for end in range(len(path)) if path[:end] in self._document.spans)
        order, name = self._order_of(path[:known]), str(path[known])
        new = next((one for one in order if isinstance(one, New) and one.name == name), None)
        if new is None:
            order.append(new := New([] if known == len(path) - 1 else {}, name=name))
        below = new.value
        for number, step in enumerate(path[known + 1 :], known + 2):
            below = as_group(below).setdefault(str(step), [] if number == len(path) else {})
        assert isinstance(below, list)
        return below

    def _order_of(self, path: ValuePath) -> list[int | New]:
        return self._orders.setdefault(path, list(range(len(self._entries.paths_below(path)))))

    def _removal(self, path: ValuePath) -> Iterator[Edit]:
        key, value = self._document.key_spans[path], self._entries.span(path)
        if self._entries.in_brackets(path):
            yield Edit(key.start, value.end, (self._kept_below(path, value),))
            yield self._comma(path)
            return
        line = self._entries.line_start(key.start)
        behind = COMMENT.match(self._text, self._after(_BLANKS, value.end))
        comments = [*self._entries.comments(key.end, value.end), *([behind[0]] if behind else [])]
        if comments or self._text[line : key.start].strip():
            apart = self._newline + " " * (self._document.keys[path][1] - 1)
            yield Edit(key.start, behind.end() if behind else value.end, (apart.join(comments),))
        else:
            yield Edit(line, self._entries.next_line(value.end), ("",))

    def _comma(self, path: ValuePath) -> Edit:
        """The comma that goes with a member of a flow group: the one behind it, or before it where none is."""
        members = self._entries.paths_below(path[:-1])
        index = members.index(path)
        behind = self._after(_BETWEEN, self._entries.span(path).end)
        at_end = index == len(members) - 1
        if index and (
            self._text[behind] != "," if at_end else all(later in self._removed for later in members[index + 1 :])
        ):
            behind = self._after(_BETWEEN, self._entries.span(members[index - 1]).end)
        if self._text[behind] != ",":
            return Edit(behind, behind, ("",))
        end = self._after(_BLANKS, behind + 1)
        return Edit(behind, behind + 1 if self._text[end] == "#" else end, ("",))

    def _after(self, pattern: re.Pattern[str], position: int) -> int:
        """The end of what a pattern matches at a position; the position itself where it matches nothing."""
        match = pattern.match(self._text, position)
        return match.end() if match else position

    def _insertion(self, new: _Insertion) -> Iterator[Edit]:
        flow = self._document.spans[new.parent].flow
        typed = f"{writer.text(new.name, flow=flow)}: {new.typed}"
        members = [path for path in self._entries.paths_below(new.parent) if not flow or path not in self._removed]
        names = new.order[: new.order.index(new.name)]
        earlier = [path for path in members if path[-1] in names]
        if earlier:
            yield self._inserted_after(max(earlier, key=lambda path: names.index(str(path[-1]))), typed, flow=flow)
        elif members:
            yield self._inserted_before(members[0], typed, flow=flow)
        else:
            start = self._document.spans[new.parent].start + 1
            yield Edit(start, start, (typed,))

    def _inserted_after(self, path: ValuePath, typed: str, *, flow: bool) -> Edit:
        """The change that adds a member after another."""
        if flow:
            end = self._entries.span(path).end
            return Edit(end, end, (f", {typed}",))
        end = self._entries.next_line(self._entries.span(path).end)
        indent = " " * (self._document.keys[path][1] - 1)
        return Edit(end, end, (f"{indent}{typed}{self._newline}",))

    def _inserted_before(self, path: ValuePath, typed: str, *, flow: bool) -> Edit:
        """The change that adds a member before another, which is the first of its group."""
        start = self._document.key_spans[path].start
        line = self._entries.line_start(start)
        indent = " " * (self._document.keys[path][1] - 1)
        if flow:
            return Edit(start, start, (f"{typed}, ",))
        if self._text[line:start].strip():
            return Edit(start, start, (f"{typed}{self._newline}{indent}",))
        return Edit(line, line, (f"{indent}{typed}{self._newline}",))

    def _kept_below(self, path: ValuePath, span: Span) -> str:
        """The comments inside a group that is removed, on lines of their own."""
        comments = self._entries.comments(span.start, span.end) if self._entries.is_group(path) else []
        if self._entries.in_brackets(path):
            return "".join(f" {comment}{self._newline}" for comment in comments)
        indent = " " * (self._document.keys[path][1] + 1) if path in self._document.keys else ""
        return "".join(f"{self._newline}{indent}{comment}" for comment in comments)
