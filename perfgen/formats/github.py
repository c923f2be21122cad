"""Findings as GitHub Actions annotations.

Source: workflow commands of the runner, https://docs.github.com/actions (workflow commands):
`::error file=…,line=…,col=…,title=…::message`, with %, line breaks, `:` and `,` escaped.
"""

from __future__ import annotations

from perfgen.findings import Finding, Level
from perfgen.formats import FindingsReport

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def render(report: FindingsReport) -> str:
    """One line a finding; what is answered or undecided is a notice."""
    return "\n".join(_annotation(finding) for finding in report.findings)


def _annotation(finding: Finding) -> str:
    command = "notice" if finding.reason else _COMMANDS.get(finding.level, "notice")
    place = finding.place
    where = {
        "file": place.file,
        "line": place.line,
        "col": place.column,
        "title": f"{finding.level.value} {finding.rule}",
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items() if value)
    parts = (finding.message, finding.hint and f"改法：{finding.hint}", finding.reason and f"已说明：{finding.reason}")
    return f"::{command} {properties}::{_data(chr(10).join(part for part in parts if part))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
