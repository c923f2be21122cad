"""What git knows of the past of files: who changed each last, and which commits changed it at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from perfgen.system.git_call import answer, output

_COMMITS_AT_ONCE = 1000
"""Of so many commits the names of the files that they changed are asked for at once."""
_AS_COMMITS = ("--encoding=UTF-8", "--format=%H%n%an%n%aI")


@dataclass(frozen=True)
class Commit:
    """Who wrote a commit, in any characters, and when (ISO 8601 with the writer's own offset; empty for no date)."""

    name: str
    author: str
    date: str


def last_commit(root: Path, tip: str, path: str) -> Commit | None:
    """The last commit up to `tip` that changed a file; None when none did."""
    said = answer(root, "rev-list", "-1", *_AS_COMMITS, tip, "--", path)
    return _commits_in(said)[0] if said else None


def commits_that_changed(root: Path, tip: str, paths: Iterable[str]) -> list[Commit]:
    """The commits up to `tip` that changed any of some files or folders, the newest first.

    Raises ToolError where git fails.
    """
    said = output(root, "rev-list", *_AS_COMMITS, tip, "--", *dict.fromkeys(paths))
    return [commit for commit in _commits_in(said.decode("utf-8", "replace")) if commit.name]


def files_that_held(root: Path, tip: str, text: str, folder: str) -> list[str]:
    """The paths below a folder of the files in which a commit up to `tip` put a text, or took it out, the newest first.

    Raises ToolError where git fails.
    """
    given = output(root, "rev-list", tip, "--", folder)
    looked = ("diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--relative", "--name-only")
    said = output(root, *looked, f"-S{text}", "--", folder, given=given).decode("utf-8", "surrogateescape")
    return list(dict.fromkeys(part for part in said.split("\0") if part.startswith(f"{folder}/")))


def last_commits(root: Path, tip: str, paths: Iterable[str]) -> dict[str, Commit]:
    """The last commit up to `tip` that changed each file, by path; a file that none changed is left out.

    Raises ToolError where git fails.
    """
    wanted = dict.fromkeys(paths)
    folders = sorted({path.partition("/")[0] for path in wanted})
    said = output(root, "rev-list", f"--max-count={_COMMITS_AT_ONCE}", *_AS_COMMITS, tip, "--", *folders)
    by_name = {commit.name: commit for commit in _commits_in(said.decode("utf-8", "replace"))}
    given = "".join(f"{name}\n" for name in by_name).encode()
    # of a merge it names the files that it has otherwise than every parent
    names = ("diff-tree", "--stdin", "-c", "-r", "-z", "--root", "--no-renames", "--relative", "--name-only")
    found: dict[str, Commit] = {}
    commit = None
    for part in output(root, *names, given=given).decode("utf-8", "surrogateescape").split("\0"):
        commit = by_name.get(part) or commit
        if commit and part in wanted:
            found.setdefault(part, commit)
    others = ((path, last_commit(root, tip, path)) for path in wanted if path not in found)
    return {**found, **{path: commit for path, commit in others if commit}}


def _commits_in(said: str) -> list[Commit]:
    """The commits of an answer of rev-list, which puts a line of its own before the three of the format.

    What is empty at its end may be cut off.
    """
    parts = [*said.split("\n"), "", ""]
    return [Commit(*parts[at + 1 : at + 4]) for at in range(0, len(parts) - 3, 4)]
