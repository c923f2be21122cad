"""What git knows of the past of many files at once: who changed each last."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from perfgen.system.git import Commit, last_commit
from perfgen.system.git_call import output

_COMMITS_AT_ONCE = 1000
"""Of so many commits the names of the files that they changed are asked for at once."""


def last_commits(root: Path, tip: str, paths: Iterable[str]) -> dict[str, Commit]:
    """The last commit up to `tip` that changed each file, by path; a file that none changed is left out.

    Raises ToolError where git fails.
    """
    wanted = dict.fromkeys(paths)
    folders = sorted({path.partition("/")[0] for path in wanted})
    options = (f"--max-count={_COMMITS_AT_ONCE}", "--encoding=UTF-8", "--format=%H%n%an%n%aI", tip)
    said = output(root, "rev-list", *options, "--", *folders).decode("utf-8", "replace").split("\n")
    # a line of rev-list's own stands before the three of the format
    commits = {said[at + 1]: Commit(*said[at + 1 : at + 4]) for at in range(0, len(said) - 3, 4)}
    given = "".join(f"{name}\n" for name in commits).encode()
    # of a merge it names the files that it has otherwise than every parent
    names = ("diff-tree", "--stdin", "-c", "-r", "-z", "--root", "--no-renames", "--relative", "--name-only")
    found: dict[str, Commit] = {}
    commit = None
    for part in output(root, *names, given=given).decode("utf-8", "surrogateescape").split("\0"):
        commit = commits.get(part) or commit
        if commit and part in wanted:
            found.setdefault(part, commit)
    others = ((path, last_commit(root, tip, path)) for path in wanted if path not in found)
    return {**found, **{path: commit for path, commit in others if commit}}
