"""Writes a comparison for a terminal: the headline, then each unit's changes, the most important first."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.display import visible
from perfgen.findings import Finding
from perfgen.review.change import Change
from perfgen.review.compare import Comparison
from perfgen.review.headline import headline, in_short
from perfgen.review.settings import lines as settings_lines
from perfgen.review.settings.review import SettingsReview
from perfgen.review.unit_comparison import UnitComparison


def render(comparison: Comparison) -> str:
    """The comparison as lines of text."""
    return visible("\n".join(_lines(comparison)))


def _lines(comparison: Comparison) -> Iterator[str]:
    first, *rest = headline(comparison)
    ends = f"{comparison.range.base_name} → {comparison.range.head_name}"
    # what could not be read limits everything else, and errors come first: they stand above the names of the versions
    yield from (
        (first, ends) if any(unit.broken or unit.check_delta.errors for unit in comparison.units) else (ends, first)
    )
    yield from rest
    if comparison.settings.changes:
        yield ""
        yield from _settings(comparison.settings)
    for unit in comparison.units:
        yield ""
        yield from _unit(unit, comparison.last_change(unit))


def _settings(settings: SettingsReview) -> Iterator[str]:
    """What changed beside the data of units."""
    yield f"■ {settings_lines.TITLE}"
    for change in settings.changes:
        mark = "!" if change.kind.wants_a_look else " "
        yield f"{mark} [{change.kind.value}] {settings_lines.in_words(change)}"
        yield f"      {settings_lines.where(change)}"
    yield from (f"    {word} {finding}" for word, finding in settings_lines.examples(settings))


def _unit(unit: UnitComparison, last_change: str) -> Iterator[str]:
    yield f"■ {unit.name}{f' {unit.years}' if unit.years else ''}（{unit.file}）"
    yield from (f"  {line}。" for line in (unit.before, last_change) if line)
    for finding in unit.broken:
        yield f"  读不出来：{finding}"
    if len(unit.changes) > 1:
        yield f"  {in_short(unit)}"
    yield from (f"  {total.sentence}。" for total in unit.moved_totals)
    yield from (f"! 新出现 {finding}" for finding in unit.check_delta.errors)
    for change in unit.by_weight:
        yield from _change(change)
    yield from (f"  {line}" for line in unit.check_to_tell.lines(with_errors=False))
    for word, finding in unit.check_to_tell.by_word(with_errors=False):
        yield f"    {word} {finding}{answer_to(finding)}"
    for finding in unit.remarks:
        yield from _finding(finding)


def answer_to(finding: Finding) -> str:
    """The reason that answers a finding of `check`, for the reviewer to judge; empty where there is none."""
    return f"（说明：{finding.reason}）" if finding.reason else ""


def _change(change: Change) -> Iterator[str]:
    mark = "!" if change.is_open else " "
    yield f"{mark} [{change.meaning.value}] {change.label}：{change.sentence}。"
    if change.reason:
        yield f"      理由：{change.reason}"
    if change.refusal:
        yield f"      {change.refusal}。"
    if change.approval:
        yield f"      {agreed(change)}"
    elif change.is_open:
        yield f"      改法：{change.remedy} [{change.rule}]"
    yield f"      {where(change)}  指纹 {change.fingerprint}"


def agreed(change: Change) -> str:
    """Who agreed to a change and when; nothing where nobody did."""
    return change.approval.sentence if change.approval else ""


def where(change: Change) -> str:
    """The places on both sides: `a.yaml:3:5（原来 a.yaml:4:5）`."""
    if change.new_place and change.old_place:
        return f"{change.new_place}（原来 {change.old_place}）"
    return str(change.new_place) if change.new_place else f"原来 {change.old_place}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {finding}"
    if finding.hint:
        yield f"      改法：{finding.hint}"
