"""Commits one file as its user would on a terminal: hooks run, commits are signed, and what git says is handed on.

`git commit --only` (git-commit(1)) takes the file as it is on the disk and nothing else; what is staged of other files
stays staged. Where git refuses, the index is as it was before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from perfgen.display import visible
from perfgen.findings import ToolError
from perfgen.system import git, git_user
from perfgen.system.git_call import answer, as_user, lines, output

SECONDS = 300
"""So long may a commit take, its hooks and whoever types a password included."""
_MOST = 4000
"""So many characters of what git and the hooks say are handed on: the last ones."""
_COLORS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_UNDER_WAY = {
    "MERGE_HEAD": "合并", "CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert",
    "rebase-merge": "rebase", "rebase-apply": "rebase",
}  # fmt: skip
"""What lies in git's folder in the middle of something, and what that is called."""


@dataclass(frozen=True)
class Committed:
    """What came of a commit."""

    name: str
    """The new commit; empty where there is none."""
    said: str
    """What git and the hooks said, in their words."""
    is_late: bool = False
    """Whether it was ended because it took too long; there may be a commit all the same."""


def hindrance(root: Path, path: str) -> str:
    """Why a file below `root` cannot be committed now, in a sentence; empty where it can be."""
    try:
        if not git.is_repository(root):
            return "这个文件夹不在 git 仓库里，没有地方可以提交；改动都在文件里。"
        return _under_way(root) or _of_file(root, path) or _of_user(root)
    except ToolError as error:  # there is no git
        return str(error)


def _under_way(root: Path) -> str:
    for name, word in _UNDER_WAY.items():
        place = answer(root, "rev-parse", "--git-path", name)
        if place and (root / place).exists():
            return f"仓库正在{word}，没有做完；做完或者放弃以后再提交。"
    if git_user.branch(root) is None:
        return "仓库现在不在哪个分支上（检出的是一次提交）；先换到分支上（git switch 分支）再提交。"
    return ""


def _of_file(root: Path, path: str) -> str:
    if not (root / path).is_file():
        return "文件不在了。"
    if not lines(root, "ls-files", "-z", "--", path) and as_user(root, "check-ignore", "-q", "--", path).code == 0:
        return "仓库的 .gitignore 写着不要这个文件，不提交它。"
    return ""


def _of_user(root: Path) -> str:
    words = ("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
    if as_user(root, *words).code == 0:
        return ""
    return (
        "git 里还没有设你的姓名和邮箱，提交要写上是谁改的。在命令行窗口里运行一次："
        "git config --global user.name 姓名，和 git config --global user.email 邮箱。"
    )


def has_changed(root: Path, path: str) -> bool:
    """Whether a file below `root` is not as the last commit has it. Raises ToolError where git fails."""
    return git.state_of(root / path) is not git.FileState.COMMITTED


def others_staged(root: Path, path: str) -> int:
    """How many other files are staged. Raises ToolError where git fails."""
    if git.head(root) is None:
        listed = lines(root, "ls-files", "-z", "--full-name")
    else:
        listed = lines(root, "diff-index", "--cached", "-z", "--name-only", "--no-renames", "HEAD")
    return sum(one != f"{answer(root, 'rev-parse', '--show-prefix') or ''}{path}" for one in listed)


def commit(root: Path, path: str, message: str) -> Committed:
    """Commits a file below `root` alone, on the branch that is checked out; nothing is pushed.

    Raises ToolError where there is no git.
    """
    before = git.head(root)
    is_new = not lines(root, "ls-files", "-z", "--", path)
    if is_new:
        output(root, "add", "--intent-to-add", "--", path)
    words = ("-c", "i18n.commitEncoding=UTF-8", "commit", "--only", "--cleanup=whitespace", "-F", "-")
    try:
        done = as_user(
            root, *words, "--", f":(literal){path}", given=message.encode("utf-8", "replace"), seconds=SECONDS
        )
    finally:
        after = git.head(root)
        if is_new and after == before:
            output(root, "update-index", "--force-remove", "--", path)
    return Committed(after if after and after != before else "", _readable(done.said), done.code is None)


def _readable(said: str) -> str:
    """What git and the hooks said, without colours, and not more than anybody reads."""
    text = visible(_COLORS.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    return text if len(text) <= _MOST else f"……{text[-_MOST:]}"
