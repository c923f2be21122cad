"""The lines of an entry at another place of the file: with its comments, as its author typed them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping

from perfgen.data import Data, ValuePath, frozen
from perfgen.source.entries import Entries

BREAK = re.compile(r"\r\n|\r|\n")

Origins = Mapping[ValuePath, ValuePath]
"""Where parts of a new value stood before: by the path in the value, the path in the old document."""


def lines_of(entries: Entries, origins: Origins) -> dict[ValuePath, Callable[[str], list[str]]]:
    """For each part of a new value that stood elsewhere, what gives its lines with another indent."""
    return {below: _at(entries, path) for below, path in origins.items()}


def _at(entries: Entries, path: ValuePath) -> Callable[[str], list[str]]:
    return lambda indent: _lines(entries, path, indent)


def _lines(entries: Entries, path: ValuePath, indent: str) -> list[str]:
    """The lines of an entry and those that go with it, without blank lines at their head."""
    entry = entries.entry(path)
    text = " " * entry.column + entries.text[entry.start : entry.end]
    if not entry.shares_a_line:
        text = entries.text[entry.lead : entry.end]
    lines = BREAK.split(text)[:-1]
    while not lines[0].strip():
        lines.pop(0)
    return [_moved(line, entry.column, indent) for line in lines]


def _moved(line: str, column: int, indent: str) -> str:
    head, rest = line[:column], line[column:]
    return indent + (line.lstrip(" ") if head.strip() else rest) if line.strip() else rest


class Moves:
    """What went from one place and what came at another: finds what only moved.

    A row or a group is known again by its value, a text only as an item of a list. What stood in brackets has no
    lines of its own, and is written anew.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._gone: dict[Hashable, list[ValuePath]] = {}
        self._used: set[ValuePath] = set()

    def gone(self, path: ValuePath, value: Data) -> None:
        """Notes an entry that is taken out, and all below it."""
        if not path or not self._entries.in_brackets(path):
            if path and (kind := _kind(path[-1], value)):
                self._gone.setdefault(kind, []).append(path)
            self.below_gone(path, value)

    def below_gone(self, path: ValuePath, value: Data) -> None:
        """Notes what is in a group or list whose place another value takes."""
        below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, inside in below:
            self.gone((*path, step), inside)

    def origins(self, name: str | int | None, value: Data) -> dict[ValuePath, ValuePath]:
        """The parts of a new value that stood elsewhere; `name` is its own, or its number in a list.

        Where `name` is None, the value takes the place of another, and only parts of it are looked for.
        """
        return dict(self._found(name, (), value))

    def _found(self, step: str | int | None, at: ValuePath, value: Data) -> list[tuple[ValuePath, ValuePath]]:
        kind = None if step is None else _kind(step, value)
        for path in self._gone.get(kind, ()) if kind else ():
            if not any(path[:end] in self._used for end in range(len(path) + 1)):
                self._used.add(path)
                return [(at, path)]
        below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [found for name, inside in below for found in self._found(name, (*at, name), inside)]


def _kind(step: str | int, value: Data) -> Hashable:
    """What is equal for two entries that may be the same one; None for what is not known again."""
    is_item = isinstance(step, int)
    if not value or not isinstance(value, dict | list | str) or (isinstance(value, str) and not is_item):
        return None
    return "" if is_item else step, is_item, frozen(value)
