"""Who may approve a unit's changes, by the list of the version that is compared with: no request appoints its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.check import units
from perfgen.check.units import Reviewer, UnitList
from perfgen.findings import DataError
from perfgen.project.layout import DATA
from perfgen.project.snapshot import Project
from perfgen.system.commit_tree import CommitTree


@dataclass(frozen=True)
class Reviewers:
    """The list of units and reviewers of one version; `broken` says why it cannot be read."""

    listed: UnitList = field(default_factory=UnitList)
    broken: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is no list of reviewers, so that anybody's approval counts."""
        return not self.listed.reviewers and not self.broken

    def named(self, address: str) -> list[Reviewer]:
        """The reviewers who commit under an address."""
        wanted = _plain(address)
        return [reviewer for reviewer in self.listed.reviewers.values() if _plain(reviewer.address) == wanted]

    def may_review(self, reviewer: Reviewer, unit: str) -> bool:
        """Whether a reviewer is one of a unit's; all are where the list names none for it."""
        entry = self.listed.units.get(unit)
        return not (entry and entry.reviewers) or reviewer.name in entry.reviewers

    def names_for(self, unit: str) -> list[str]:
        """The names of those who may review a unit."""
        return [name for name, reviewer in self.listed.reviewers.items() if self.may_review(reviewer, unit)]

    def has_submitters(self, unit: str) -> bool:
        """Whether the list names those who may change a unit's file."""
        entry = self.listed.units.get(unit)
        return bool(entry and entry.submitters)

    def may_change(self, address: str, unit: str) -> bool:
        """Whether somebody who commits under an address may change a unit's file: its submitters and reviewers.

        Anybody may where the list names no submitters for it.
        """
        entry = self.listed.units.get(unit)
        if not (entry and entry.submitters) or _plain(address) in map(_plain, entry.submitters):
            return True
        return any(self.may_review(reviewer, unit) for reviewer in self.named(address))


def reviewers_in(project: Project) -> Reviewers:
    """The list of a version of the project; one that cannot be read is broken, not empty."""
    try:
        return Reviewers(units.load_units(project))
    except DataError as error:
        return Reviewers(broken=f"{units.FILE} 有错误：{error.findings[0].message}")


def reviewers_at(project: Project, commit: str) -> Reviewers:
    """The same of a commit. Raises ToolError where git fails."""
    return reviewers_in(project.with_folder(DATA, CommitTree(project.root, commit)))


def _plain(address: str) -> str:
    return address.strip().casefold()
