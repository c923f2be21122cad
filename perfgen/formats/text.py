"""Findings for people: the sentence, the source line with a caret, what to do; what is undecided apart."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator

from perfgen.display import visible
from perfgen.findings import Finding, Level, Place, ToolError
from perfgen.formats import FindingsReport
from perfgen.project.snapshot import Project

_WIDTH = 76
"""Columns of a source line that are shown; a longer one is cut around the caret."""
_INDENT = "    "


def render(report: FindingsReport) -> str:
    """All findings, and how many there are of each level; nothing for none."""
    findings = report.findings
    lines = functools.lru_cache(maxsize=64)(functools.partial(_lines, report.project))
    decided = [finding for finding in findings if finding.level is not Level.UNDECIDED]
    parts = [line for finding in decided for line in _finding(finding, lines(finding.place.file))]
    parts += _undecided([finding for finding in findings if finding.level is Level.UNDECIDED])
    if findings:
        parts.append(f"共 {counts(findings)}。")
    return visible("\n".join(parts))


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


def _finding(finding: Finding, lines: list[str]) -> Iterator[str]:
    yield str(finding)
    if 0 < finding.place.line <= len(lines):
        yield from _with_caret(lines[finding.place.line - 1], finding.place)
    if finding.hint:
        yield f"{_INDENT}改法：{finding.hint}"
    if finding.reason:
        yield f"{_INDENT}已说明：{finding.reason}"


def _undecided(findings: list[Finding]) -> Iterator[str]:
    if findings:
        yield "下面这些现在判断不了（缺少要用的数），不算违反："
    for finding in findings:
        yield f"{_INDENT}{finding}"


def _lines(project: Project, file: str) -> list[str]:
    """A file's lines, as its places count them; none where it cannot be read as text."""
    try:
        return project.read(file).decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except (OSError, ToolError, UnicodeDecodeError):
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
        yield f"{_INDENT}{shown}"
        yield f"{_INDENT}{' ' * columns(before)}^"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes (Unicode Standard Annex 11, wide and full-width)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
