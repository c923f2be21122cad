"""Repairs exactly what YAML misreads and what must not be printed; every other byte stays as it is.

Each repair answers one finding at its place. It is kept only if the finding is gone from there
afterwards, so a wrong guess changes nothing. What YAML misreads comes first, all of it: a mistake that
cannot be repaired does not keep the others.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from perfgen.check.checks import characters as character_check
from perfgen.check.checks import text_lines
from perfgen.findings import DataError, Finding
from perfgen.source import characters, encoding, fixes, positions, reader, recovery

_NUMBERED = re.compile(r"[（(]?\d{1,2}(?:[、．)）]|\.(?!\d))|[（(]?[一二三四五六七八九十]{1,3}[、．)）]|[①-⑳]")
_MOST = 2000
"""How many repairs one file may get; more of them are no typing errors."""
_MOST_READ = 100_000_000
"""Bytes. Each repair reads the file again: the limit ends a run on a huge file after minutes; another run goes on."""
_BOM = "\ufeff"


@dataclass(frozen=True)
class Repaired:
    """A file's bytes after the repairs, and the findings that were answered."""

    content: bytes
    answered: tuple[Finding, ...]


def repair(content: bytes, file: str, most: int = _MOST) -> Repaired:
    """Repairs a file, `most` findings at most; gives the same bytes where nothing can be repaired. Never raises."""
    try:
        text = encoding.decode(content, file)
    except DataError:
        return Repaired(content, ())
    head = _BOM if content.startswith(_BOM.encode()) else ""
    found = recovery.recover(text, lambda changed: _stops(changed, file), recovery.Limits(most, _MOST_READ))
    answered, text = list(found.repaired), found.text
    troubles = _troubles(text, file)
    read = found.read
    while len(answered) < most and read < _MOST_READ:
        step = _next(text, file, troubles)
        if step is None:
            break
        text, finding, troubles = step
        answered.append(finding)
        read += len(text.encode())
    return Repaired((head + text).encode() if answered else content, tuple(answered))


def difference(before: bytes, after: bytes, file: str) -> str:
    """What a repair changed, as a unified diff; empty where it changed nothing."""
    old, new = (text.decode("utf-8-sig", "replace").splitlines() for text in (before, after))
    return "\n".join(difflib.unified_diff(old, new, f"a/{file}", f"b/{file}", lineterm="", n=1))


def _next(text: str, file: str, before: list[Finding]) -> tuple[str, Finding, list[Finding]] | None:
    """The text after the first repair that helps, its finding, and the findings it still has; None without one."""
    for finding in before:
        fix = _FIXES.get(finding.rule)
        if fix is None:
            continue
        changed = fix(text, positions.offset(text, finding.place))
        if changed is None or changed == text:
            continue
        after = _troubles(changed, file)
        if _is_better(before, after, finding):
            return changed, finding, after
    return None


def _is_better(before: list[Finding], after: list[Finding], answered: Finding) -> bool:
    """Whether there is less to say than before, or something else."""
    if any(finding.rule.startswith("yaml") for finding in after):
        return False
    if answered.rule == "text-fold":
        return len(after) <= len(before)  # the next fold of the same text may stand at the same place
    return len(after) < len(before) or (len(after) == len(before) and after != before)


def _stops(text: str, file: str) -> Finding | None:
    """What is wrong first: what stops the reading, else a line that became part of the text before it."""
    document = reader.read(text, file)
    if isinstance(document, Finding):
        return document
    return next((one for one in text_lines.findings(document) if one.rule == "text-joined"), None)


def _troubles(text: str, file: str) -> list[Finding]:
    """The findings about a text that can be read, which a repair may answer, in the order they are tried."""
    document = reader.read(text, file)
    if isinstance(document, Finding):
        return []
    return [*character_check.findings(document), *text_lines.findings(document)]


def _fold(text: str, at: int) -> str | None:
    """Joins a line with the one before it; not one that begins as an item with a number does."""
    begin = text.rfind("\n", 0, at) + 1
    if _NUMBERED.match(text, at):
        return None
    before = len(text[:begin].rstrip())
    return text_lines.joined(text, text_lines.Fold(before, at)) if before else None


def _spaced(text: str, at: int) -> str:
    """Takes out the blanks at a position."""
    return text[:at] + text[at:].lstrip(" \u3000\xa0")


def _character(text: str, at: int) -> str | None:
    """Replaces the first character from a position on that must not be printed."""
    for position in range(at, len(text)):
        char = text[position]
        if char in "\r\n":
            continue
        if characters.LOOKALIKE.match(char) or characters.INVISIBLE.match(char):
            return text[:position] + characters.replacement(char) + text[position + 1 :]
    return None


_FIXES: dict[str, Callable[[str, int], str | None]] = {
    "character-lookalike": _character,
    "character-control": _character,
    "text-fold": _fold,
    "text-spaced": _spaced,
}
RULES = frozenset({*fixes.FIXES, *_FIXES})
"""What may be repaired, where it can mean one thing only."""
