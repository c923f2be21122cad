"""Which data files somebody works on, and which approvals in them count: beside where the work parted from main."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from perfgen.check.standing import Judgement
from perfgen.findings import ToolError, UsageError
from perfgen.project.snapshot import Project
from perfgen.review import versions
from perfgen.review.judge import judge


def changed_since(root: Path, base: str) -> frozenset[str]:
    """The paths of the data files on the disk that differ from where HEAD and `base` parted, also untracked ones.

    Raises UsageError where there is no repository, no such commit, or no common past.
    """
    return _changed(root, parting(root, base))


def judged_since(project: Project, base: str) -> Judgement:
    """Which approvals count in the files on the disk, judged by the history since HEAD and `base` parted.

    Raises as `changed_since` does, FormError for a broken form, ToolError where git fails.
    """
    return _judged(project, parting(project.root, base))


def _judged(project: Project, ends: versions.VersionRange) -> Judgement:
    changed, _ = versions.changed_files(project.root, ends)
    before, after = versions.sides(project, ends, changed)
    return judge(ends.base, ends.head, before, after, changed)


def judged_on_branch(project: Project) -> Judgement | None:
    """The same since the main branch; None where nothing tells: no git, no main branch, a history cut off.

    Raises FormError for a broken form.
    """
    try:
        return _judged(project, versions.range_of(project.root, None))
    except (UsageError, ToolError):
        return None


def parting(root: Path, base: str) -> versions.VersionRange:
    """From where HEAD and `base` parted to the files on the disk. Raises as `changed_since` does."""
    if ".." in base:
        raise UsageError(f"“{base}”是两个版本；这里写一个，和现在的文件比。")
    return replace(versions.range_of(root, f"{base}...HEAD"), head=None)


def changed_on_branch(root: Path) -> frozenset[str] | None:
    """The same since the main branch; None where nothing tells: no git, no main branch, a history cut off."""
    try:
        return _changed(root, versions.range_of(root, None))
    except (UsageError, ToolError):
        return None


def _changed(root: Path, ends: versions.VersionRange) -> frozenset[str]:
    changed, _ = versions.changed_files(root, ends)
    return frozenset(file.path for file in changed if file.new_blob or file.in_work_tree)
