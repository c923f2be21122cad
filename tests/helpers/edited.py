"""What an edit must do to data, and where it may touch the text: by other code than that which makes it.

A path leads through groups by names and through lists by numbers, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

from perfgen.data import ValuePath
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Put, Remove, Rename
from perfgen.source.reader import Document

Free = Callable[[ValuePath], Callable[[str], bool]]
"""Of a group, which of its members are groups under names that people choose."""


class AnyForm(SimpleNamespace):
    """A form that takes everything: each member of a group is a group that people may name and move."""

    def __init__(self) -> None:
        anything = SimpleNamespace(
            kind="object", groups="组", label="名", members={}, required=frozenset(), role=None, title=""
        )
        anything.other = anything.item = anything
        anything.member = anything.at = lambda _: anything
        super().__init__(fields=anything, figures=SimpleNamespace(at=lambda _: None))


def holder(data: Any, path: ValuePath) -> Any:
    """What holds the entry at a path."""
    for step in path[:-1]:
        data = data[step]
    return data


def expected(data: Any, edit: Edit, free: Free, holes: Callable[[ValuePath], list[str]]) -> Any:
    """The data after an edit; `holes` are the values that a new row at a path must have."""
    data = deepcopy(data)
    match edit:
        case Many(edits):
            for one in edits:
                data = expected(data, one, free, holes)
        case Put(path, value):
            _put(data, path, value, holes)
        case Drop(path) | Remove(path):
            del holder(data, path)[path[-1]]
        case Rename(path, name):
            around = holder(data, path)
            pairs = [(name if one == path[-1] else one, value) for one, value in around.items()]
            around.clear()
            around.update(pairs)
        case Add(rows, at, value, None):
            _list_at(data, rows, holes).insert(at, value)
        case Add(rows, at, value, name):
            _put(data, (*rows, name), value, holes)
            _reorder(data, (*rows, name), at, free(rows))
        case Move(path, to) if isinstance(path[-1], int):
            around = holder(data, path)
            around.insert(to, around.pop(path[-1]))
        case Move(path, to):
            _reorder(data, path, to, free(path[:-1]))
    return data


def _list_at(data: Any, rows: ValuePath, holes: Callable[[ValuePath], list[str]]) -> list[Any]:
    here = holder(data, rows) if _has(data, rows) else None
    if here is None or here[rows[-1]] is None:
        _put(data, rows, [], holes)
    found = holder(data, rows)[rows[-1]]
    assert isinstance(found, list)
    return found


def _has(data: Any, path: ValuePath) -> bool:
    for step in path:
        is_there = step in data if isinstance(data, dict) else isinstance(data, list) and int(step) < len(data)
        if not is_there:
            return False
        data = data[step]
    return True


def _put(data: Any, path: ValuePath, value: Any, holes: Callable[[ValuePath], list[str]]) -> None:
    for number in range(1, len(path)):
        around, step = holder(data, path[:number]), path[number - 1]
        there = step in around if isinstance(around, dict) else step < len(around)
        if not there or around[step] is None:
            made: Any = [] if isinstance(path[number], int) else {}
            if made == {} and isinstance(step, int):
                made = dict.fromkeys(holes(path[:number]))
            _set(around, step, made)
    _set(holder(data, path), path[-1], value)


def _set(around: Any, step: str | int, value: Any) -> None:
    if isinstance(around, list) and step == len(around):
        around.append(value)
    else:
        around[step] = value


def _reorder(data: Any, path: ValuePath, to: int, is_free: Callable[[str], bool]) -> None:
    """The free groups in their new order; where the others stand makes no difference."""
    around, name = holder(data, path), path[-1]
    others = [one for one in around if is_free(one) and one != name]
    if is_free(str(name)):
        others.insert(to, name)
    pairs = [(one, around[one]) for one in [*(one for one in around if not is_free(one)), *others]]
    around.clear()
    around.update(pairs)


def is_as_expected(found: Any, wanted: Any, free: Free, path: ValuePath = ()) -> bool:
    """Whether data is what was wanted, numbers as numbers and texts as texts, with its free groups in their order."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        is_free = free(path)
        return (
            found.keys() == wanted.keys()
            and [name for name in found if is_free(name)] == [name for name in wanted if is_free(name)]
            and all(is_as_expected(found[name], wanted[name], free, (*path, name)) for name in wanted)
        )
    if isinstance(wanted, list) and isinstance(found, list):
        pairs = enumerate(zip(found, wanted, strict=False))
        return len(found) == len(wanted) and all(is_as_expected(*pair, free, (*path, at)) for at, pair in pairs)
    return type(found) is type(wanted) and found == wanted


class Region:
    """Where in a document's text an edit may change something: two offsets."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text

    def of(self, edit: Edit) -> tuple[int, int]:
        """From where to where."""
        match edit:
            case Put(path, value) if path in self.document.spans:
                return self._of_value(path, value)
            case Rename(path, _):
                key = self.document.key_spans[path]
                return key.start, key.end
            case Drop(path) | Remove(path):
                return self._of_entry(path)
            case Move(path, _):
                return self._of_group(path[:-1])
            case Put(path, _):
                return self._of_new(path)
            case Add(rows, at, _, None):
                return self._of_new((*rows, at))
            case Add(rows, _, _, name):
                return self._of_new((*rows, str(name)))
            case _:
                raise AssertionError(edit)

    def _of_value(self, path: ValuePath, value: Any) -> tuple[int, int]:
        span, old = self.document.spans[path], self.document.value(path)
        in_flow = self.document.spans[path[:-1]].flow
        is_typed = old is not None and not isinstance(old, dict | list) and span.style not in ("|", ">")
        one_line = isinstance(value, str) and "\n" not in value
        if is_typed and (in_flow or one_line or not isinstance(value, str | dict | list | None)):
            return span.start, span.end
        if in_flow:
            return self._of_group(path[:-1])
        return self._of_entry(path)

    def _siblings(self, path: ValuePath) -> list[ValuePath]:
        around = self.document.value(path[:-1])
        steps: Sequence[str | int] = list(around) if isinstance(around, dict) else range(len(around or ()))  # type: ignore[arg-type]
        return [(*path[:-1], step) for step in steps]

    def _of_entry(self, path: ValuePath) -> tuple[int, int]:
        """The lines of an entry and those around it that hold no value."""
        if self.document.spans[path[:-1]].flow:
            return self._of_group(path[:-1])
        siblings = self._siblings(path)
        number = siblings.index(path)
        end = self._next_after(path)
        if number == 0:
            # behind a dash stands the next one then, without its indent
            behind_a_dash = len(path) > 1 and isinstance(path[-2], int) and len(siblings) > 1
            return self._head_of(path), self._begin(siblings[1], end) if behind_a_dash else end
        return self._line_end(self.document.spans[siblings[number - 1]].end), end

    def _of_group(self, path: ValuePath) -> tuple[int, int]:
        span = self.document.spans[path]
        if span.flow:
            return span.start, span.end
        siblings = self._siblings((*path, 0))
        return self._head_of(siblings[0]), self._next_after(path)

    def _of_new(self, path: ValuePath) -> tuple[int, int]:
        """Where something comes into being: in the innermost thing that is there."""
        known = max(end for end in range(len(path)) if path[:end] in self.document.spans)
        around = path[:known]
        if not self.document.value(around):
            return self._of_entry(around) if around else (0, len(self.text))
        return self._of_group(around)

    def _head_of(self, first: ValuePath) -> int:
        """The start of the line of what holds a first entry; of the file for one of the document."""
        around = first[:-1]
        if around in self.document.key_spans:
            return self._line_start(self.document.key_spans[around].start)
        if not around:
            return 0
        siblings = self._siblings(around)
        number = siblings.index(around)
        if number:
            return self._line_end(self.document.spans[siblings[number - 1]].end)
        return self._head_of(around)

    def _begin(self, path: ValuePath, behind: int) -> int:
        """Where a key or a dash stands."""
        key = self.document.key_spans.get(path)
        return key.start if key else self.text.index("-", behind)

    def _next_after(self, path: ValuePath) -> int:
        """The start of the line of the next entry that does not lie in this one."""
        end = self.document.spans[path].end
        starts = [span.start for span in self.document.key_spans.values() if span.start >= end]
        items = [
            self.document.spans[one].start
            for one in self.document.spans
            if one and isinstance(one[-1], int) and one[: len(path)] != path and self.document.spans[one].start >= end
        ]
        following = min([*starts, *items], default=None)
        return len(self.text) if following is None else max(self._line_start(following), end)

    def _line_start(self, position: int) -> int:
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def _line_end(self, position: int) -> int:
        typed = self.text[:position].rstrip("\r\n")
        match = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)").match(self.text, len(typed))
        assert match
        return match.end()


def nothing_else_changed(document: Document, new: str, edit: Edit) -> bool:
    """Whether all text outside what one edit may touch is the same, byte for byte."""
    start, end = Region(document).of(edit)
    old = document.text
    if not old.endswith("\n"):  # the last line stays without a line break, whichever it is then
        newline = "\r\n" if "\r\n" in old else "\n"
        end += len(newline) * (end == len(old))
        old, new = old + newline, new + newline
    return new.startswith(old[:start]) and new.endswith(old[end:]) and len(new) >= start + len(old) - end


def difference(old: str, new: str) -> str:
    """What of two texts differs, for a message."""
    start = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(map(len, (old, new)))
    )
    return f"{old[max(start - 120, 0) : start + 160]!r}\n→ {new[max(start - 120, 0) : start + 160]!r}"
