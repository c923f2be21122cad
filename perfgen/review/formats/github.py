"""What the rules of a comparison find, as annotations on the lines of a pull request."""

from __future__ import annotations

from dataclasses import replace

from perfgen import formats
from perfgen.findings import Finding, Place
from perfgen.review.compare import Comparison, UnitComparison


def render(comparison: Comparison) -> str:
    """One line a finding; what is gone has no line any more and stands at its file."""
    found = [_placed(finding, unit) for unit in comparison.units for finding in unit.findings]
    return formats.render("github", found, comparison.project)


def _placed(finding: Finding, unit: UnitComparison) -> Finding:
    new = {change.new_place for change in unit.changes} | {remark.place for remark in unit.remarks}
    return finding if finding.place in new else replace(finding, place=Place(unit.file))
