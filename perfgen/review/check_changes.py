"""What `check` says of two versions of a file, held against each other: new, gone, answered."""

from __future__ import annotations

from perfgen.check import path_labels
from perfgen.findings import Finding, Level
from perfgen.review.versions import FileVersion

_Findings = tuple[Finding, ...]


def between(old: FileVersion | None, new: FileVersion | None) -> tuple[_Findings, _Findings, _Findings]:
    """What check says now only, what it said before only, and what is answered now and was not.

    Where an error kept check from going on, on either side, only such errors are held against each other.
    """
    all_seen = all(side is None or side.is_fully_checked for side in (old, new))
    before, after = (_by_identity(side, all_seen=all_seen) for side in (old, new))
    was_open, is_open = (
        {key: [f for f in found if not _reason(f)] for key, found in side.items()} for side in (before, after)
    )
    appeared = [f for key, found in is_open.items() for f in found[len(was_open.get(key, ())) :]]
    gone = [f for key, found in was_open.items() for f in found[len(after.get(key, ())) :]]
    answered = [
        f for key, found in after.items() for f in found
        if _reason(f) and not any(_reason(was) for was in before.get(key, ()))
    ]  # fmt: skip
    return tuple(appeared), tuple(gone), tuple(answered)


def _reason(finding: Finding) -> str:
    """Why a finding is let pass, where the data says so."""
    return str(getattr(finding, "reason", "") or "")


def _by_identity(side: FileVersion | None, *, all_seen: bool) -> dict[tuple[str, tuple[str, ...]], list[Finding]]:
    """Findings by rule and place, the place by the names of rows and not by their numbers."""
    found: dict[tuple[str, tuple[str, ...]], list[Finding]] = {}
    if side and side.form:
        for finding in side.findings:
            early = finding.level is Level.ERROR and finding.rule not in side.own_rules
            if finding.level is Level.UNDECIDED or not (all_seen or early):
                continue
            key = (finding.rule, path_labels.path_labels(side.data, side.form.fields, finding.path))
            found.setdefault(key, []).append(finding)
    return found
