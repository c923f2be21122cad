"""Writes the findings of a comparison's rules as annotations on the lines of a pull request."""

from __future__ import annotations

from dataclasses import replace

from perfgen import formats
from perfgen.findings import Finding, Place
from perfgen.review.compare import Comparison, UnitComparison


def render(comparison: Comparison) -> str:
    """One line for each finding; a finding about something that is gone is placed at its file."""
    findings = [_placed(finding, unit) for unit in comparison.units for finding in unit.findings]
    return formats.render("github", findings, comparison.project)


def _placed(finding: Finding, unit: UnitComparison) -> Finding:
    """A finding at a place of the new version."""
    new_places = {change.new_place for change in unit.changes} | {remark.place for remark in unit.remarks}
    return finding if finding.place in new_places else replace(finding, place=Place(unit.file))
