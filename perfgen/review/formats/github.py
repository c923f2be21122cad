"""Writes the findings of a comparison's rules as annotations on the lines of a pull request."""

from __future__ import annotations

from dataclasses import replace

from perfgen import formats
from perfgen.findings import Finding, Place
from perfgen.review import rules
from perfgen.review.compare import Comparison
from perfgen.review.unit_comparison import UnitComparison


def render(comparison: Comparison) -> str:
    """One line for each finding; a finding about something that is gone is placed at its file."""
    findings = [finding for change in comparison.settings.changes if (finding := rules.of_setting(change))]
    findings += [_placed(finding, unit) for unit in comparison.units for finding in (*_unread(unit), *unit.findings)]
    return formats.render("github", findings, comparison.project)


def _unread(unit: UnitComparison) -> list[Finding]:
    """Why a version could not be read, said as what it means here."""
    return [replace(finding, message=f"读不出来，没有比较：{finding.message}") for finding in unit.broken]


def _placed(finding: Finding, unit: UnitComparison) -> Finding:
    """A finding at a place of the new version."""
    new = unit.pair.new
    new_places = {change.new_place for change in unit.changes} | {remark.place for remark in unit.remarks}
    new_places |= {finding.place for finding in (new.broken if new else ())}
    return finding if finding.place in new_places else replace(finding, place=Place(unit.file))
