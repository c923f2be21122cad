"""Says who changed the file of each unit last, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfgen.review.file_version import VersionPair
from perfgen.review.versions import VersionRange
from perfgen.system import git, git_history

_SHORT = 8
"""So many digits of a commit are shown."""


@dataclass(frozen=True)
class LastChange:
    """Who changed a file last; all empty for what is not committed yet."""

    author: str = ""
    date: str = ""
    """ISO 8601, in the author's own time; empty where the commit has none."""
    commit: str = ""

    @property
    def sentence(self) -> str:
        """Who, when and in which commit, in words."""
        if not self.commit:
            return "还没有提交"
        return (
            f"最后改的是 {self.author or '没有署名的人'}，{self.date[:10] or '没有日期'}，提交 {self.commit[:_SHORT]}"
        )


def last_changes(root: Path, ends: VersionRange, pairs: Iterable[VersionPair]) -> Mapping[str, LastChange]:
    """By path, who changed each file last, up to the later version; none where there is no repository.

    Raises ToolError where git fails.
    """
    files = {pair.latest.file: pair for pair in pairs}
    if not files or not git.is_repository(root) or git.head(root) is None:
        return {}
    commits = git_history.last_commits(root, ends.head or "HEAD", files)
    found = {file: LastChange(commit.author, commit.date, commit.name) for file, commit in commits.items()}
    if ends.head is None:
        committed = git.contents(root, "HEAD", files)
        for file, pair in files.items():
            if committed[file] != (pair.latest.content if pair.new or pair.old_year else None):
                found[file] = LastChange()
    return found
