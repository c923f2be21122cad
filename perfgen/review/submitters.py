"""Says which files were changed by somebody whom the list does not name for their unit.

The list is that of the older version. An author is what anybody can type into a commit, so this finds mistakes, not
lies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfgen.findings import Finding, Level, Place
from perfgen.project.snapshot import Project
from perfgen.review.file_version import VersionPair
from perfgen.review.reviewers import Reviewers, reviewers_at
from perfgen.review.rules import NOT_SUBMITTER
from perfgen.system import git, git_steps
from perfgen.system.git_steps import PastCommit

_SHORT = 10
"""So many digits of a commit's name are told."""
_TOLD = 3
"""So many of a file's commits are told."""
_MERGE = 2
"""A commit with so many parents or more is a merge."""


@dataclass(frozen=True)
class _Changed:
    """A file that changed, at the paths that it had, and the unit that it is for."""

    file: str
    paths: tuple[str, ...]
    unit: str


def strangers(
    project: Project, base: str, head: str | None, pairs: Sequence[VersionPair]
) -> Mapping[str, list[Finding]]:
    """By file, a finding where commits after `base` changed it that are by nobody listed for its unit.

    Nothing where the list names no submitters for the unit, or the history was cut off. A merge is not looked at: it
    brings together what others wrote. Raises ToolError where git fails.
    """
    root = project.root
    reviewers = reviewers_at(project, base) if pairs else Reviewers()
    files = [_changed(pair) for pair in pairs]
    named = [file for file in files if reviewers.has_submitters(file.unit)]
    if not named or git.is_shallow(root):
        return {}
    commits = [commit for commit in git_steps.between(root, base, head or "HEAD") if len(commit.parents) < _MERGE]
    changes = {
        step.commit: set(step.blobs)
        for step in git_steps.steps(root, commits, sorted({path for file in named for path in file.paths}))
    }
    found = {}
    for file in named:
        of_file = [commit for commit in commits if changes[commit.name].intersection(file.paths)]
        others = [commit for commit in of_file if not reviewers.may_change(commit.address, file.unit)]
        if others:
            found[file.file] = [_finding(file, others)]
    return found


def _changed(pair: VersionPair) -> _Changed:
    paths = tuple(dict.fromkeys(side.file for side in (pair.new, pair.old) if side))
    return _Changed(pair.latest.file, paths, pair.first_name)


def _finding(file: _Changed, commits: list[PastCommit]) -> Finding:
    told = "、".join(f"{one.author}（{one.address}，{one.name[:_SHORT]}）" for one in commits[:_TOLD])
    more = f"等 {len(commits)} 个提交" if len(commits) > _TOLD else ""
    message = NOT_SUBMITTER.about.format(name=file.unit, who=told + more)
    return Finding(Place(file.file), NOT_SUBMITTER.id, message, NOT_SUBMITTER.remedy, Level.WARNING)
