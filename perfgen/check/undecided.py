"""What could not be decided, said once for a file: it asks nobody to do anything, and must not bury what does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from perfgen.findings import Finding, Level
from perfgen.form.rules import Rule

RULE = "undecided"
"""The id where several rules could not be decided; one alone keeps its own."""


def in_one(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """Findings with those that are undecided as one, by what is missing; those that need a hole are dropped.

    The message of an undecided one is what is missing, without a full stop.
    """
    kept: list[Finding] = []
    missing: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.level is not Level.UNDECIDED:
            kept.append(finding)
        elif not finding.unfilled:
            missing.setdefault(finding.message, []).append(finding)
    undecided = [finding for of_one in missing.values() for finding in of_one]
    if not undecided:
        return kept
    first = min(undecided, key=lambda finding: finding.place)
    if len(undecided) == 1:
        name = rules[first.rule].name if first.rule in rules else first.rule
        return [*kept, _said(first, first.rule, f"{name}：判断不了，{first.message}。")]
    causes = (f"{cause}（{'、'.join(finding.rule for finding in of_one)}）" for cause, of_one in missing.items())
    return [*kept, _said(first, RULE, f"{len(undecided)} 条规则判断不了：{'；'.join(causes)}。")]


def _said(first: Finding, rule: str, message: str) -> Finding:
    return Finding(first.place, rule, message, level=Level.UNDECIDED, path=first.path)
