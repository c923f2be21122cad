"""Which data files somebody works on: those that differ from where the work parted from the main branch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from perfgen.findings import ToolError, UsageError
from perfgen.review import versions


def changed_since(root: Path, base: str) -> frozenset[str]:
    """The paths of the data files on the disk that differ from where HEAD and `base` parted, also untracked ones.

    Raises UsageError where there is no repository, no such commit, or no common past.
    """
    if ".." in base:
        raise UsageError(f"“{base}”是两个版本；这里写一个，和现在的文件比。")
    return _changed(root, replace(versions.range_of(root, f"{base}...HEAD"), head=None))


def changed_on_branch(root: Path) -> frozenset[str] | None:
    """The same since the main branch; None where nothing tells: no git, no main branch, a history cut off."""
    try:
        return _changed(root, versions.range_of(root, None))
    except (UsageError, ToolError):
        return None


def _changed(root: Path, ends: versions.VersionRange) -> frozenset[str]:
    changed, _ = versions.changed_files(root, ends)
    return frozenset(file.path for file in changed if file.new_blob or file.in_work_tree)
