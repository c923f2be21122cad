"""What a change of the rules does: all units of the new version judged by the old rules and by the new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from perfgen.findings import Finding, Level
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project

Judge: TypeAlias = Callable[[Project, Project, Sequence[DataFile]], tuple[list[Finding], list[Finding]]]
"""What `check` says of some data files in each of two projects. Raises FormError where forms are broken."""


@dataclass(frozen=True)
class Relevelled:
    """Findings of a rule that are there as before, at another level."""

    rule: str
    old: Level
    new: Level
    count: int


@dataclass(frozen=True)
class Effect:
    """The difference between what the old rules and the new ones say of the same data."""

    files: int
    """How many data files were judged."""
    appeared: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    relevelled: tuple[Relevelled, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not (self.appeared or self.gone or self.relevelled)

    def sentence(self) -> str:
        """What it does, by rule, in one sentence."""
        begin = f"用原来的和现在的规则各检查一遍现在的 {self.files} 个文件："
        if self.is_empty:
            return f"{begin}结果一样。"
        parts = [
            f"{word} {len(findings)} 处（{by_rule(findings)}）"
            for word, findings in (("不再说的", self.gone), ("新说的", self.appeared))
            if findings
        ]
        parts += [f"{one.rule} 的 {one.count} 处由{one.old.value}变成{one.new.value}" for one in self.relevelled]
        return f"{begin}{'；'.join(parts)}。"


_MOST_RULES = 12
"""So many rules are named in a sentence."""


def by_rule(findings: Sequence[Finding]) -> str:
    """How many findings each rule has, the most first: `D10 67、D02 3`."""
    counts = Counter((finding.rule, finding.level) for finding in findings)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0][0]))
    more = f" 等 {len(ordered)} 条规则" if len(ordered) > _MOST_RULES else ""
    return "、".join(f"{rule} {count} 个{level.value}" for (rule, level), count in ordered[:_MOST_RULES]) + more


def effect(old: Project, new: Project, judge: Judge) -> Effect:
    """Judges all data files of the new version twice; `old` has the same data and the old forms.

    Raises FormError where a form of either is broken, ToolError where a process died.
    """
    files = new.data_files()[0]
    before, after = map(_by_place, judge(old, new, files))
    appeared, gone = _beyond(after, before), _beyond(before, after)
    return Effect(len(files), tuple(appeared), tuple(gone), tuple(_relevelled(before, after)))


_Key: TypeAlias = tuple[str, str, tuple[str | int, ...]]


def _by_place(findings: Sequence[Finding]) -> dict[_Key, list[Finding]]:
    """Findings by file, rule and place in the data: the data is the same, so what is at one place is the same."""
    found: dict[_Key, list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.place.file, finding.rule, finding.path), []).append(finding)
    return found


def _beyond(findings: dict[_Key, list[Finding]], others: dict[_Key, list[Finding]]) -> list[Finding]:
    """The findings of one side that the other has not."""
    return [finding for key, alike in findings.items() for finding in alike[len(others.get(key, ())) :]]


def _relevelled(before: dict[_Key, list[Finding]], after: dict[_Key, list[Finding]]) -> list[Relevelled]:
    counts: Counter[tuple[str, Level, Level]] = Counter()
    for key, alike in before.items():
        for was, now in zip(alike, after.get(key, ()), strict=False):
            if was.level is not now.level:
                counts[key[1], was.level, now.level] += 1
    return [Relevelled(*key, count) for key, count in sorted(counts.items())]
