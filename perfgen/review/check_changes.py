"""Compares what `check` says of two versions of a file: which findings are new, gone or answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from perfgen.check import path_labels
from perfgen.findings import Finding, Level
from perfgen.review.file_version import FileVersion

_Identity: TypeAlias = tuple[str, tuple[str, ...]]
"""A rule and a place, by which a finding of one version is known in the other."""


class CheckDelta(NamedTuple):
    """The difference between the findings of `check` before and after."""

    appeared: tuple[Finding, ...] = ()
    """Findings that are open now and were not before."""
    gone: tuple[Finding, ...] = ()
    """Findings that were open before and are not there now."""
    answered: tuple[Finding, ...] = ()
    """Findings that are answered now and were not before."""

    @classmethod
    def total(cls, deltas: Iterable[CheckDelta]) -> CheckDelta:
        """The deltas of several units as one."""
        whole = cls()
        for delta in deltas:
            whole = cls(whole.appeared + delta.appeared, whole.gone + delta.gone, whole.answered + delta.answered)
        return whole

    def lines(self) -> list[str]:
        """How many findings came, went and were answered, in a sentence; none where there are no such findings."""
        parts = [f"{word} {_by_level(findings)}" for word, findings in self._named() if findings]
        return [f"检查的结果：{'；'.join(parts)}。"] if parts else []

    def by_word(self) -> Iterator[tuple[str, Finding]]:
        """Each finding with the word for what happened to it."""
        for word, findings in self._named():
            for finding in findings:
                yield word, finding

    def _named(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        return ("新出现", self.appeared), ("消失", self.gone), ("新答复", self.answered)


def _by_level(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    return "、".join(f"{counts[level]} 个{level.value}" for level in Level if counts[level])


def between(old: FileVersion | None, new: FileVersion | None) -> CheckDelta:
    """The difference between the findings of two versions.

    Where an error kept `check` from going on, in either version, only such errors are compared.
    """
    all_seen = all(version is None or version.is_fully_checked for version in (old, new))
    before, after = (_by_identity(version, all_seen=all_seen) for version in (old, new))
    was_open, is_open = (
        {identity: [finding for finding in findings if not finding.reason] for identity, findings in side.items()}
        for side in (before, after)
    )
    return CheckDelta(_beyond(is_open, was_open), _beyond(was_open, after), _newly_answered(before, after))


def _beyond(findings: dict[_Identity, list[Finding]], others: dict[_Identity, list[Finding]]) -> tuple[Finding, ...]:
    """The findings of one side that are more in number than those of the other side with their identity."""
    return tuple(finding for identity, alike in findings.items() for finding in alike[len(others.get(identity, ())) :])


def _newly_answered(
    before: dict[_Identity, list[Finding]], after: dict[_Identity, list[Finding]]
) -> tuple[Finding, ...]:
    """The findings with a reason now, where no finding of their identity had one before."""
    return tuple(
        finding
        for identity, findings in after.items()
        for finding in findings
        if finding.reason and not any(earlier.reason for earlier in before.get(identity, ()))
    )


def _by_identity(version: FileVersion | None, *, all_seen: bool) -> dict[_Identity, list[Finding]]:
    """Findings by rule and place, the place by the names of rows and not by their numbers."""
    by_identity: dict[_Identity, list[Finding]] = {}
    if version and version.form:
        for finding in version.findings:
            is_early = finding.level is Level.ERROR and finding.rule not in version.own_rules
            if finding.level is not Level.UNDECIDED and (all_seen or is_early):
                labels = path_labels.path_labels(version.data, version.form.fields, finding.path)
                by_identity.setdefault((finding.rule, labels), []).append(finding)
    return by_identity
