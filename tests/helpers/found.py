"""What tests look at among findings."""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.findings import Finding, Level


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """The errors: what stops a build."""
    return [finding for finding in findings if finding.level is Level.ERROR]


def unanswered(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, and warnings nobody has given a reason for."""
    grave = (Level.ERROR, Level.WARNING)
    return [finding for finding in findings if finding.level in grave and not finding.reason]


def by_rule(findings: Iterable[Finding], rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in findings if finding.rule == rule]
