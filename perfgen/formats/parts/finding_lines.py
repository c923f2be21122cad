"""A finding as lines for people: the sentence, the source line with a caret, what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from perfgen.display import visible
from perfgen.findings import Finding, FindingsError, Level, Place, ToolError
from perfgen.project.snapshot import Project

_WIDTH = 76
"""Columns of a source line that are shown; a longer one is cut around the caret."""
INDENT = "    "


def counts(findings: Iterable[Finding]) -> str:
    """`2 个错误，3 个警告（1 个已说明）`."""
    all_findings = list(findings)
    parts = []
    for level in Level:
        of_level = [finding for finding in all_findings if finding.level is level]
        answered = sum(bool(finding.reason) for finding in of_level)
        more = f"（{answered} 个已说明）" if answered else ""
        if of_level:
            parts.append(f"{len(of_level)} 个{level.value}{more}")
    return "，".join(parts)


def finding_lines(finding: Finding, lines: list[str], also: str = "") -> Iterator[str]:
    """A finding in full, with the lines of its file; `also` says where else it was found."""
    yield str(finding)
    if 0 < finding.place.line <= len(lines):
        yield from _with_caret(lines[finding.place.line - 1], finding.place)
    if also:
        yield f"{INDENT}{also}"
    if finding.hint:
        yield f"{INDENT}改法：{finding.hint}"
    if finding.reason:
        yield f"{INDENT}已说明：{finding.reason}"


def lines_of(project: Project, file: str) -> list[str]:
    """A file's lines, as its places count them; none where it cannot be read as text."""
    try:
        return project.read(file).decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except (OSError, FindingsError, ToolError, UnicodeDecodeError):
        return []


def _with_caret(line: str, place: Place) -> Iterator[str]:
    """The source line and a caret under its column; wide characters take two columns."""
    text, at = line.rstrip().replace("\t", " "), max(place.column - 1, 0)
    begin = max(0, at - _WIDTH)  # a line may be as long as a file: only what is near is measured
    while columns(visible(text[begin:at])) > _WIDTH * 2 // 3:
        begin += 1
    end = min(len(text), begin + _WIDTH)
    while columns(visible(text[begin:end])) > _WIDTH and end > at:
        end -= 1
    shown = ("…" if begin else "") + visible(text[begin:end]) + ("…" if end < len(text) else "")
    before = ("…" if begin else "") + visible(text[begin:at])
    if shown.strip():
        yield f"{INDENT}{shown}"
        yield f"{INDENT}{' ' * columns(before)}^"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes (Unicode Standard Annex 11, wide and full-width)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
