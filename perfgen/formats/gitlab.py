"""Findings as a GitLab Code Quality report.

Source: https://docs.gitlab.com/ci/testing/code_quality (report format): description, check_name,
fingerprint, severity (info, minor, major, critical, blocker), location.path, location.lines.begin.
"""

from __future__ import annotations

import json

from perfgen.findings import Finding, Level
from perfgen.formats import FindingsReport, fingerprint

_SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "minor"}


def render(report: FindingsReport) -> str:
    """A JSON array; what is answered or undecided is only information."""
    return json.dumps([_issue(finding) for finding in report.findings], ensure_ascii=False, indent=1)


def _issue(finding: Finding) -> dict[str, object]:
    parts = (finding.message, finding.hint, finding.reason and f"（已说明：{finding.reason}）")
    return {
        "description": "".join(part for part in parts if part),
        "check_name": finding.rule,
        "fingerprint": fingerprint(finding),
        "severity": "info" if finding.reason else _SEVERITIES.get(finding.level, "info"),
        "location": {"path": finding.place.file, "lines": {"begin": max(finding.place.line, 1)}},
    }
