"""What changed in one file, in words, as a commit's message: a line that sums it up, and a line for each change."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.display import visible
from perfgen.findings import PerfgenError
from perfgen.project.snapshot import Project
from perfgen.review.change import Change
from perfgen.review.compare import compare
from perfgen.review.headline import in_short
from perfgen.review.unit_comparison import UnitComparison
from perfgen.review.versions import range_of

_LISTED = 30
"""So many changes are told; the file tells the rest."""
_LONGEST = 200
"""So many characters of one are told."""


def proposed(project: Project, source: str) -> str:
    """A message for a commit of one data file as it is on the disk, beside the last commit."""
    try:
        units = compare(project, range_of(project.root, "HEAD"), [(source, source)]).units
    except PerfgenError:  # no commit yet, or a form that is broken: a person can say what it is
        units = ()
    unit = next((unit for unit in units if unit.file == source), None)
    return visible("\n".join(_lines(unit))) if unit else f"改 {source}"


def _lines(unit: UnitComparison) -> Iterator[str]:
    name = f"{unit.name}{f' {unit.years}' if unit.years else ''}"
    told = [change for change in unit.by_weight if not change.is_whole_file]
    if len(told) == 1:
        yield f"{name}：{told[0].label}"
    else:
        yield f"{name}：{in_short(unit).removesuffix('。')}"
    if told:
        yield ""
    yield from map(_change, told[:_LISTED])
    if len(told) > _LISTED:
        yield f"- 另有 {len(told) - _LISTED} 处"


def _change(change: Change) -> str:
    reason = f"（理由：{change.reason}）" if change.reason else ""
    line = f"- {change.label}：{change.sentence}{reason}".replace("\n", " ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}……"
