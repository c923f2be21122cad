"""Findings as SARIF 2.1.0, for code scanning and other viewers.

Source: OASIS Static Analysis Results Interchange Format (SARIF) Version 2.1.0; 3.27 (result),
3.30 (region), 3.35 (suppression).
"""

from __future__ import annotations

import json
from urllib.parse import quote

from perfgen import __version__
from perfgen.data import path_text
from perfgen.findings import Finding, Level
from perfgen.formats import FindingsReport, fingerprint

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note", Level.UNDECIDED: "none"}
_BASE = "%SRCROOT%"


def render(report: FindingsReport) -> str:
    """One run with one result a finding; a warning with a reason is suppressed, with that reason."""
    ids = list(dict.fromkeys(finding.rule for finding in report.findings))
    driver = {
        "name": "perfgen", "version": __version__, "language": "zh-CN", "rules": [{"id": rule} for rule in ids],
    }  # fmt: skip
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "项目的根目录"}}},
        "results": [_result(finding, ids.index(finding.rule)) for finding in report.findings],
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _result(finding: Finding, rule: int) -> dict[str, object]:
    place = finding.place
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(place.file), "uriBaseId": _BASE}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    location: dict[str, object] = {"physicalLocation": physical}
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": path_text(finding.path)}]
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "kind": "open" if finding.level is Level.UNDECIDED else "fail",
        "level": _LEVELS[finding.level],
        "message": {"text": finding.message + (f"\n{finding.hint}" if finding.hint else "")},
        "locations": [location],
        "partialFingerprints": {"perfgen/v1": fingerprint(finding)},
    }
    if finding.reason:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.reason}]
    return result
