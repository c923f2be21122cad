"""Compares what `check` says of two versions of a file: which findings are new, gone or answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from perfgen.check import last_year, path_labels
from perfgen.data import ValuePath, row_of
from perfgen.findings import Finding, Level
from perfgen.form.forms import Form
from perfgen.review.change import Change
from perfgen.review.file_version import FileVersion

_Identity: TypeAlias = tuple[str, tuple[str, ...]]
"""A rule and a place, by which a finding of one version is known in the other."""
_OF_LAST_YEAR = (last_year.RULE, last_year.STILL_EXPECTED)
"""The rules about columns that come from last year's file."""


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

    def lines(self, *, with_errors: bool = True) -> list[str]:
        """How many findings came, went and were answered, in a sentence; none where there are no such findings.

        `with_errors` is for those who did not tell new errors before.
        """
        appeared = [f for f in self.appeared if with_errors or f.level is not Level.ERROR]
        named = [(word, appeared if findings is self.appeared else findings) for word, findings in self._named()]
        parts = [f"{word} {_by_level(findings)}" for word, findings in named if findings]
        return [f"检查的结果：{'；'.join(parts)}。"] if parts else []

    def by_word(self, *, with_errors: bool = True) -> Iterator[tuple[str, Finding]]:
        """Each finding with the word for what happened to it, new errors first, or without these."""
        if with_errors:
            yield from (("新出现", finding) for finding in self.errors)
        for word, findings in self._named():
            for finding in findings:
                if word != "新出现" or finding.level is not Level.ERROR:
                    yield word, finding

    def _named(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        return ("新出现", self.appeared), ("消失", self.gone), ("新答复", self.answered)

    @property
    def errors(self) -> list[Finding]:
        """The errors that appeared."""
        return [finding for finding in self.appeared if finding.level is Level.ERROR]


def _by_level(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    return "、".join(f"{counts[level]} 个{level.value}" for level in Level if counts[level])


def between(
    old: FileVersion | None,
    new: FileVersion | None,
    changes: Iterable[Change] = (),
    new_paths: Mapping[ValuePath, ValuePath] | None = None,
) -> CheckDelta:
    """The difference between the findings of two versions.

    Where an error kept `check` from going on, in either version, only such errors are compared. What a change asks
    is not asked again; that nothing is found in what was dropped is no improvement. `new_paths` are the paths in the
    new version by those in the old one, so that a row under a new name is the same row.
    """
    all_seen = all(version is None or version.is_fully_checked for version in (old, new))
    told = Told(changes, new.form if new else None)
    before = _by_identity(old, all_seen=all_seen, moved=new_paths or {}, now=new)
    after = _by_identity(new, all_seen=all_seen)
    was_open, is_open = (
        {identity: [finding for finding in findings if not finding.reason] for identity, findings in side.items()}
        for side in (before, after)
    )
    appeared = tuple(finding for finding in _beyond(is_open, was_open) if not told.asks(finding))
    gone = tuple(finding for finding in _beyond(was_open, after) if not told.is_of_dropped(finding))
    return CheckDelta(appeared, gone, _newly_answered(before, after))


def of_a_year(new: FileVersion | None) -> CheckDelta:
    """What `check` says of this year's file that matters beside last year's: its errors, and what was not taken over.

    The rest is not about what changed from year to year.
    """
    findings = new.findings if new else ()
    return CheckDelta(tuple(f for f in findings if f.level is Level.ERROR or (f.is_open and f.rule in _OF_LAST_YEAR)))


class Told:
    """What some changes say already, so that `check` need not say it beside them."""

    def __init__(self, changes: Iterable[Change], form: Form | None) -> None:
        self.rules = form.rules if form else None
        self.asked: set[tuple[str, ValuePath]] = set()
        self.dropped: list[ValuePath] = []
        for change in changes:
            old_path, new_path = change.difference.old_path, change.difference.new_path
            if new_path is not None:
                self.asked.add((change.meaning.value, row_of(new_path)))
            elif old_path is not None:
                self.dropped.append(old_path)

    def asks(self, finding: Finding) -> bool:
        """Whether a change of the row asks for the same reason: the rules file says which rules ask the same."""
        asked = self.rules.asked_by(finding.rule) if self.rules else None
        return bool(asked and (asked.value, row_of(finding.path)) in self.asked)

    def is_of_dropped(self, finding: Finding) -> bool:
        """Whether it is about something that is gone."""
        return any(finding.path[: len(path)] == path for path in self.dropped)


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


def _by_identity(
    version: FileVersion | None,
    *,
    all_seen: bool,
    moved: Mapping[ValuePath, ValuePath] | None = None,
    now: FileVersion | None = None,
) -> dict[_Identity, list[Finding]]:
    """Findings by rule and place, the place by the names of rows and not by their numbers.

    A place that `moved` knows has the names of the version `now`.
    """
    by_identity: dict[_Identity, list[Finding]] = {}
    if version and version.form:
        for finding in version.findings:
            is_early = finding.level is Level.ERROR and finding.rule not in version.own_rules
            if finding.level is not Level.UNDECIDED and (all_seen or is_early):
                row = row_of(finding.path)
                at, path = version, finding.path
                if now and moved and row in moved:
                    at, path = now, (*moved[row], *path[len(row) :])
                labels = path_labels.path_labels(at.data, version.form.fields, path)
                by_identity.setdefault((finding.rule, labels), []).append(finding)
    return by_identity
