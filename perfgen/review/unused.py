"""Finds what a version changed beside its data, and what of it a comparison does not use."""

from __future__ import annotations

from pathlib import Path

from perfgen.project.layout import PROGRAM, SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.review.versions import VersionRange
from perfgen.system import git


def unused_files(root: Path, ends: VersionRange) -> list[str]:
    """The forms, templates and parts of the program that a commit changed and that are not in use here, by path.

    A comparison runs what the work tree has: of a stranger's commit it takes the data and nothing else.
    """
    if ends.head is None:
        return []
    folders = (SCHEMA_FOLDER, TEMPLATE_FOLDER, *PROGRAM)
    new = git.in_commit(root, ends.head, folders)
    not_here = {file.path for file in git.changed(root, new, git.in_work_tree(root, folders, new))}
    changed = git.changed(root, git.in_commit(root, ends.base, folders), new)
    return [file.path for file in changed if file.path in not_here]
