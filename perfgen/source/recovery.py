"""All that is wrong with the YAML of a text, not only what stops the parser first.

A mistake with one meaning is put right in memory, another one is left out in memory, and the text is read again. What
is tried is judged by how far the reading comes: of the ways to read on, the one that comes farthest invents nothing.
No line is put in or taken out, so that every place is that of the author's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from perfgen.findings import DataError, Finding, Place
from perfgen.source import fixes, positions
from perfgen.source.characters import NOT_IN_A_FILE, TYPED_BLANKS
from perfgen.source.indents import indent_of, is_empty

Read: TypeAlias = Callable[[str], Finding | None]
"""Reads a text; gives what stops the reading first, None where nothing does."""
_Lines: TypeAlias = list[str]

_LAST = frozenset({"yaml-conflict", "yaml-documents", "yaml-depth", "yaml-empty"})
"""What leaves no doubt that the rest of the file is something else than it looks."""
_ANYWHERE = frozenset({"yaml-character", "yaml-garbled"})
"""What is looked for in the whole text before the parser reads it, so that what follows may stand above it."""
_BY_POSITION = frozenset(
    {"yaml-indent", "yaml-syntax", "yaml-nested", "yaml-bracket", "yaml-comma", "yaml-wide", "text-joined"}
)
"""What depends on the lines around; right below a line that was left out, it may be a consequence."""
_ADDED = 40
"""How many letters repairs may add to a line, beside doubling it."""
_MEMBER = re.compile(r"(?P<head> *(?:- +)*)(?P<name>[^\s:#{\[\"'][^:#{\[\"']*?)[ \t]*:(?=\s|$)")


@dataclass(frozen=True)
class Limits:
    """When to stop: after so many repairs, or after so many bytes read."""

    repairs: int = 2000
    bytes: int = 10_000_000


@dataclass
class Recovered:
    """What is wrong with a text, in the order it was found, and the text with what could be put right."""

    text: str
    readable: str = ""
    """The text without what could not be put right either, where it can be read to its end."""
    findings: list[Finding] = field(default_factory=list)
    repaired: list[Finding] = field(default_factory=list)
    """Those of the findings that the text has no more."""
    read: int = 0
    """How many bytes were read for it, after the first reading."""
    is_whole: bool = True
    """Whether nothing more can be said of the text."""


class Unreadable(DataError):
    """A file whose YAML cannot be read, and its text without the mistakes that were found."""

    def __init__(self, text: str, found: Recovered) -> None:
        self.text = text
        self.readable = found.readable
        super().__init__(found.findings)


def recover(text: str, read: Read, limits: Limits | None = None) -> Recovered:
    """Reads a text to its end, whatever is wrong in it. Never raises."""
    return _Recovery(text, read, limits or Limits()).run()


class _Recovery:
    def __init__(self, text: str, read: Read, limits: Limits) -> None:
        self._read, self._limits = read, limits
        self._lines = text.split("\n")
        self._longest = [2 * len(line) + _ADDED for line in self._lines]
        self._typed = list(self._lines)
        """As `_lines`, but with what was only left out."""
        self._found = Recovered(text)

    def run(self) -> Recovered:
        """Goes from one mistake to the next."""
        found = self._found
        finding = self._first(self._lines)
        found.read = 0
        while finding and not (found.findings and finding.rule == "yaml-empty"):
            self._note(finding)
            step = None if self._is_over(finding) else self._repaired(finding) or self._left_out(finding)
            if step is None:
                found.is_whole = finding.rule in _LAST
                break
            self._lines, finding = step
        found.text, found.readable = "\n".join(self._typed), "\n".join(self._lines)
        return found

    def _note(self, finding: Finding) -> None:
        """Keeps a finding; the same slip is said once a line."""
        if not any((one.rule, one.place.line) == (finding.rule, finding.place.line) for one in self._found.findings):
            self._found.findings.append(finding)

    def _is_over(self, finding: Finding) -> bool:
        over = self._found.read >= self._limits.bytes or len(self._found.repaired) >= self._limits.repairs
        return over or finding.rule in _LAST or not finding.place.line

    def _first(self, lines: _Lines) -> Finding | None:
        text = "\n".join(lines)
        self._found.read += len(text.encode())
        return self._read(text)

    def _repaired(self, finding: Finding) -> tuple[_Lines, Finding | None] | None:
        """The lines with a mistake put right that has one meaning, and what is found next."""
        fix = fixes.FIXES.get(finding.rule)
        text = "\n".join(self._lines)
        changed = fix(text, positions.offset(text, finding.place)) if fix else None
        if changed is None or changed == text:
            return None
        lines = changed.split("\n")
        rows = [row for row, (old, new) in enumerate(zip(self._lines, lines, strict=False)) if old != new]
        if len(lines) != len(self._lines) or any(self._typed[row] != self._lines[row] for row in rows):
            return None
        if any(len(lines[row]) > self._longest[row] for row in rows):
            return None  # a value that is put into quotes again and again doubles each time
        after = self._first(lines)
        if after and after.place <= finding.place and finding.rule not in _ANYWHERE:
            return None
        for row in rows:
            self._typed[row] = lines[row]
        self._found.repaired.append(finding)
        return lines, after

    def _left_out(self, finding: Finding) -> tuple[_Lines, Finding | None] | None:
        """The lines without a mistake, and what is found next; None where the rest cannot be told from it."""
        row = min(finding.place.line, len(self._lines)) - 1
        if finding.rule in _ANYWHERE:
            self._lines = _with(self._lines, row, NOT_IN_A_FILE.sub("", self._lines[row]))
            after = self._first(self._lines)
            if after is None or after.place.line != finding.place.line:
                return self._lines, after
        best: tuple[_Lines, Finding | None] | None = None
        for line in _other_lines(self._lines, row):
            lines = _with(self._lines, row, line)
            after = self._first(lines)
            if after is None:
                return lines, None
            if best is None or (best[1] and _reach(after, row) > _reach(best[1], row)):
                best = lines, after
        if best and best[1] and _is_apart(self._lines, row, best[1]):
            return best
        return self._without_a_block(row)

    def _without_a_block(self, row: int) -> tuple[_Lines, Finding | None] | None:
        """The lines without the entry that a line belongs to: the smallest without which more can be read."""
        for begin, end in _blocks(self._lines, row):
            if self._found.read >= self._limits.bytes:
                return None
            lines = [*self._lines[:begin], *("#" for _ in range(begin, end)), *self._lines[end:]]
            after = self._first(lines)
            if after is None or after.place.line > end:
                return lines, after
        return None


def _with(lines: _Lines, row: int, line: str) -> _Lines:
    return [*lines[:row], line, *lines[row + 1 :]]


def _reach(after: Finding, row: int) -> tuple[bool, Place]:
    """How far the reading comes behind a line: to a line that is wrong in itself, better than to any other one."""
    return after.rule not in _BY_POSITION and after.place.line > row + 1, after.place


def _is_apart(lines: _Lines, row: int, after: Finding) -> bool:
    """Whether what was found behind a line that was changed is no consequence of the change."""
    if after.place.line <= row + 1:
        return False
    between = [line for line in lines[row + 1 : after.place.line - 1] if not is_empty(line)]
    return bool(between) or after.rule not in _BY_POSITION


def _other_lines(lines: _Lines, row: int) -> Iterator[str]:
    """What may stand for a line that cannot be read, so that the lines around can be."""
    line = lines[row].rstrip("\r")
    blanks, body = line[: indent_of(line)], line.lstrip(TYPED_BLANKS)
    dash = "- " if body.startswith("-") else ""
    if not line.rstrip().endswith((":", "}", "]")):
        yield line.rstrip() + ":"
    if member := _MEMBER.match(line):
        yield f"{member['head']}{member['name']}: x"
        yield f"{member['head']}{member['name']}:"
    yield f"{blanks}- x" if dash else f"{blanks}- {body}"
    yield "#"
    for indent in _indents(lines, row):
        yield " " * indent + body


def _indents(lines: _Lines, row: int) -> list[int]:
    """How far a line may be meant to stand from the margin: as far as one of the lines above it, the nearest first."""
    found: dict[int, None] = {}
    for line in reversed(lines[max(row - 40, 0) : row]):
        if not is_empty(line):
            found[indent_of(line)] = None
    found.pop(indent_of(lines[row]), None)
    return list(found)[:6]


def _blocks(lines: _Lines, row: int) -> Iterator[tuple[int, int]]:
    """The entries around a line, each with the lines that stand deeper than its head: the innermost first."""
    while True:
        indent = indent_of(lines[row])
        end = row + 1
        while end < len(lines) and (is_empty(lines[end]) or indent_of(lines[end]) > indent):
            end += 1
        yield row, end
        above = [number for number in range(row) if not is_empty(lines[number]) and indent_of(lines[number]) < indent]
        if not above:
            return
        row = above[-1]
