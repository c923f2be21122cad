"""Findings for people: in full and in reading order, or a short answer that says what is to be done."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from perfgen.display import visible
from perfgen.findings import Finding, Level
from perfgen.formats import FindingsReport
from perfgen.formats.parts import brief
from perfgen.formats.parts.finding_lines import INDENT, columns, counts, finding_lines, lines_of

__all__ = ["columns", "counts", "render"]


def render(report: FindingsReport) -> str:
    """All findings, and how many there are of each level; nothing for none. A report may ask for the short answer."""
    lines = functools.lru_cache(maxsize=64)(functools.partial(lines_of, report.project))
    if report.brief:
        return visible("\n".join(brief.answer(report.findings, report.brief, lines)))
    findings = report.findings
    decided = [finding for finding in findings if finding.level is not Level.UNDECIDED]
    parts = [line for finding in decided for line in finding_lines(finding, lines(finding.place.file))]
    parts += _undecided([finding for finding in findings if finding.level is Level.UNDECIDED])
    if findings:
        parts.append(f"共 {counts(findings)}。")
    return visible("\n".join(parts))


def _undecided(findings: list[Finding]) -> Iterator[str]:
    if findings:
        yield "下面这些现在判断不了（缺少要用的数），不算违反："
    for finding in findings:
        yield f"{INDENT}{finding}"
