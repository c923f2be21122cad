"""Findings for programs: a list of objects."""

from __future__ import annotations

import json

from perfgen.data import path_text
from perfgen.findings import Finding
from perfgen.formats import FindingsReport


def render(report: FindingsReport) -> str:
    """A JSON array; `line` and `column` count from 1, 0 means the file as a whole."""
    return json.dumps([record(finding) for finding in report.findings], ensure_ascii=False, indent=1)


def record(finding: Finding) -> dict[str, object]:
    """A finding as a JSON object."""
    return {
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "path": path_text(finding.path),
        "rule": finding.rule,
        "level": finding.level.value,
        "message": finding.message,
        "hint": finding.hint,
        "reason": finding.reason,
    }
