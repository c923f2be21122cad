"""What happened between two commits: who made each commit, and what each changed in some files.

Two calls of git, however many commits and files there are. Every parent of a commit counts: a merge is compared with
each of them, so what it brings by itself is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfgen.system.git_call import output

_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%aI"
_PARTS = 5
_REGULAR = ("100644", "100755")
"""The modes of files; what is a link or another repository has no content here."""


@dataclass(frozen=True)
class PastCommit:
    """A commit: its parents, who wrote it (anybody can type any name), and when (ISO 8601, empty for no date)."""

    name: str
    parents: tuple[str, ...]
    author: str
    address: str
    date: str


@dataclass(frozen=True)
class Step:
    """What lies between a commit and one of its parents; `parent` is empty for a commit without parents."""

    commit: str
    parent: str
    blobs: Mapping[str, tuple[str | None, str | None]]
    """By path of a file that differs, the names of its blobs before and after; None where there is no file."""


def between(root: Path, base: str, head: str) -> list[PastCommit]:
    """The commits that `head` has and `base` has not, children before their parents. Raises ToolError where git fails.

    In a clone whose history was cut off, there may be fewer: ask `git.is_shallow` first.
    """
    options = ("--topo-order", "--encoding=UTF-8", f"--format={_FORMAT}", "--end-of-options")
    listed = output(root, "rev-list", *options, head, f"^{base}").decode("utf-8", "replace")
    # rev-list puts a line of its own before each one that the format makes
    lines = [line for line in listed.split("\n") if line.count("\0") == _PARTS - 1]
    return [_commit(line) for line in lines]


def _commit(line: str) -> PastCommit:
    name, parents, author, address, date = line.split("\0")
    return PastCommit(name, tuple(parents.split()), author, address, date)


def steps(root: Path, commits: Iterable[PastCommit], paths: Sequence[str]) -> list[Step]:
    """What each commit changed in some files, beside each of its parents; paths are relative to `root`.

    Raises ToolError where git fails.
    """
    pairs = [(commit.name, parent) for commit in commits for parent in commit.parents or ("",)]
    if not pairs or not paths:
        return []
    options = ("--stdin", "--always", "--root", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--relative")
    given = "".join(f"{commit} {parent}".rstrip() + "\n" for commit, parent in pairs).encode()
    listed = output(root, "diff-tree", *options, "--", *paths, given=given).decode("utf-8", "surrogateescape")
    return [Step(*pair, blobs) for pair, blobs in zip(pairs, _blobs(listed.split("\0")), strict=True)]


def _blobs(words: list[str]) -> Iterator[dict[str, tuple[str | None, str | None]]]:
    """The answer of diff-tree taken apart: a word for each pair of commits, then two for each file that differs."""
    found: dict[str, tuple[str | None, str | None]] | None = None
    remaining = iter(words)
    for word in remaining:
        if word.startswith(":"):
            old_mode, new_mode, old, new, _ = word.removeprefix(":").split(" ")
            assert found is not None
            found[next(remaining)] = (old if old_mode in _REGULAR else None, new if new_mode in _REGULAR else None)
        elif word:
            if found is not None:
                yield found
            found = {}
    if found is not None:
        yield found
