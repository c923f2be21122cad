"""What perfgen asks git; it reads the object store and never touches index or work tree (`git_commit` does).

Paths are relative to the folder git is run in, which may lie below the repository's top.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.system.git_call import answer, lines, objects, output, run

_FILE_MODES = ("100644", "100755")
_LINK_MODE = "120000"
_SUBMODULE_MODE = "160000"


@dataclass(frozen=True)
class TreeEntry:
    """What stands at a path: git's mode, and the name of its object, None where it is on the disk only."""

    mode: str
    name: str | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is content: not a link to some other place."""
        return self.mode != _LINK_MODE

    @property
    def is_submodule(self) -> bool:
        """Whether it is another repository, whose files this one does not hold."""
        return self.mode == _SUBMODULE_MODE


@dataclass(frozen=True)
class Changed:
    """A file that differs between two trees: the blobs' names, None where it is not there.

    A file of the work tree has no blob yet: `in_work_tree` says that its content is on the disk.
    """

    path: str
    old_blob: str | None
    new_blob: str | None
    in_work_tree: bool = False


def head(root: Path) -> str | None:
    """The commit that is checked out, None outside a repository or without git."""
    try:
        return answer(root, "rev-parse", "--verify", "--quiet", "HEAD")
    except ToolError:
        return None


def head_seconds(root: Path) -> int | None:
    """When the commit that is checked out was made, in seconds since 1970; None without one, or without its date."""
    try:
        said = answer(root, "rev-list", "-1", "--format=%ct", "HEAD") or ""
    except ToolError:
        return None
    seconds = said.rpartition("\n")[2]
    return int(seconds) if seconds.isdecimal() and seconds.isascii() else None


def commits_of(root: Path, path: str) -> list[str]:
    """The commits that changed a file, the newest first; none outside a repository or without git."""
    try:
        return (answer(root, "rev-list", "HEAD", "--", path) or "").split()
    except ToolError:
        return []


def init(root: Path) -> bool:
    """Makes a repository whose branch is called main, as CI expects; gives whether git could do it."""
    try:
        return run(root, "init", "--quiet", "--initial-branch=main").returncode == 0
    except ToolError:
        return False


def is_repository(root: Path) -> bool:
    """Whether a folder lies in a repository's work tree."""
    return answer(root, "rev-parse", "--is-inside-work-tree") == "true"


def distrusts(root: Path) -> bool:
    """Whether git refuses a repository because somebody else owns it, as happens in containers."""
    return b"dubious ownership" in run(root, "rev-parse", "--is-inside-work-tree").stderr


def complaint(root: Path) -> str:
    """Why git cannot even say whether there is a repository, a broken setting; empty where it can."""
    said = run(root, "rev-parse", "--is-inside-work-tree").stderr.decode("utf-8", "replace").strip()
    return "" if "not a git repository" in said else said.rpartition("\n")[2].removeprefix("fatal: ")


def is_shallow(root: Path) -> bool:
    """Whether history was cut off when the repository was cloned."""
    return answer(root, "rev-parse", "--is-shallow-repository") == "true"


def commit(root: Path, name: str) -> str | None:
    """The commit that a branch, tag or other expression names."""
    return answer(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def main_branch(root: Path) -> str | None:
    """The main branch by its name: what origin calls it, else main or master, else the only branch there is."""
    for name in ("origin/HEAD", "origin/main", "origin/master", "main", "master"):
        if commit(root, f"refs/{'remotes' if '/' in name else 'heads'}/{name}"):
            return name
    branches = (answer(root, "for-each-ref", "--format=%(refname:short)", "refs/heads") or "").split()
    return branches[0] if len(branches) == 1 else None


def merge_base(root: Path, first: str, second: str) -> str | None:
    """The last commit that two have in common; None where the history at hand has none."""
    return answer(root, "merge-base", first, second)


def in_commit(root: Path, commit: str, folders: Iterable[str]) -> dict[str, TreeEntry]:
    """What a commit has below some folders, by path."""
    entries: dict[str, TreeEntry] = {}
    for line in lines(root, "ls-tree", "-r", "-z", commit, "--", *folders):
        header, _, path = line.partition("\t")
        mode, _, name = header.split(" ")
        entries[path] = TreeEntry(mode, name)
    return entries


def in_work_tree(root: Path, folders: Iterable[str], known: Iterable[str]) -> dict[str, TreeEntry]:
    """What is on the disk below some folders, by path; git's index says only where to look, its view may be old.

    A file that git ignores is no part of it, but where `known` has its path.
    """
    entries: dict[str, TreeEntry] = {}
    options = ("-z", "-t", "--stage", "--cached", "--others", "--exclude-standard")
    for line in lines(root, "ls-files", *options, "--", *folders):
        tag, _, rest = line.partition(" ")
        header, path = ("", rest) if tag == "?" else rest.split("\t", 1)
        mode, name = header.split(" ")[:2] if header else ("", "")
        entry = _on_disk(root, path, TreeEntry(mode, name or None))
        if entry is None and tag == "S":  # left out of a sparse checkout: it is as git has it
            entry = TreeEntry(mode, name)
        if entry:
            entries[path] = entry
    ignored = ((path, _on_disk(root, path, TreeEntry(""))) for path in known if path not in entries)
    return {**entries, **{path: entry for path, entry in ignored if entry}}


def _on_disk(root: Path, path: str, indexed: TreeEntry) -> TreeEntry | None:
    """What lies at a path of the work tree: a file, a link, another repository; None where there is nothing.

    `indexed` is what git's index has there, with an empty mode where it has nothing.
    """
    place = root / path
    if place.is_symlink() or not _lies_in(root, place.parent):
        return TreeEntry(_LINK_MODE)
    if indexed.is_submodule or path.endswith("/"):  # ls-files names a repository in this one with a slash
        head = answer(place, "rev-parse", "HEAD") if (place / ".git").exists() else None
        return TreeEntry(_SUBMODULE_MODE, head or indexed.name or "")
    return TreeEntry(_FILE_MODES[0]) if place.is_file() else None


def _lies_in(root: Path, folder: Path) -> bool:
    """Whether a folder below `root` is really there, and no part of its path is a link."""
    return Path(os.path.realpath(folder)) == Path(os.path.realpath(root)) / folder.relative_to(root)


def changed(root: Path, old: Mapping[str, TreeEntry], new: Mapping[str, TreeEntry]) -> list[Changed]:
    """The files that differ between two listings, by path; links count as absent, a submodule as one file."""
    candidates = []
    for path in sorted({**old, **new}):
        old_blob, new_blob = (side[path].name if _is_held(side, path) else None for side in (old, new))
        in_work_tree = _is_held(new, path) and new_blob is None
        if old_blob != new_blob or in_work_tree:
            candidates.append(Changed(path, old_blob, new_blob, in_work_tree))
    same = _same(root, candidates)
    return [file for file in candidates if file.path not in same]


def _is_held(listing: Mapping[str, TreeEntry], path: str) -> bool:
    return path in listing and listing[path].is_held


def _same(root: Path, files: Iterable[Changed]) -> set[str]:
    """The paths of files of the work tree with the content of their blob, line ends as git would store them."""
    candidates = [file for file in files if file.in_work_tree and file.old_blob and "\n" not in file.path]
    top = answer(root, "rev-parse", "--show-prefix") or ""  # hash-object takes paths from the repository's top
    given = "".join(f"{top}{file.path}\n" for file in candidates).encode("utf-8", "surrogateescape")
    names = output(root, "hash-object", "--stdin-paths", given=given).decode().split() if candidates else []
    return {file.path for file, name in zip(candidates, names, strict=True) if name == file.old_blob}


def blobs(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of blobs, by name, in one call.

    Raises ToolError for an object that is not there.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    found: dict[str, bytes] = {}
    for name, answered in zip(wanted, objects(root, wanted), strict=True):
        if answered is None:
            raise ToolError(f"git 仓库里没有 {name}；取全历史再试：git fetch --unshallow。")
        found[name] = answered[1]
    return found


def contents(root: Path, commit: str, paths: Iterable[str]) -> dict[str, bytes | None]:
    """What a commit has at some paths below `root`, in one call; None where it has no file there.

    Raises ToolError where git fails, or history was cut off.
    """
    wanted = [path for path in paths if "\n" not in path]
    if not wanted:
        return dict.fromkeys(paths)
    by_path: dict[str, bytes | None] = dict.fromkeys(paths)
    for path, answered in zip(wanted, objects(root, [f"{commit}:./{path}" for path in wanted]), strict=True):
        if answered is not None and answered[0] == b"blob":
            by_path[path] = answered[1]
    return by_path


def names(root: Path, expressions: Iterable[str]) -> list[str]:
    """The names of the objects that some expressions mean, in one call; empty where there is no such object.

    Raises ToolError where git fails.
    """
    given = "".join(f"{one}\n" for one in expressions).encode("utf-8", "surrogateescape")
    said = output(root, "cat-file", "--batch-check=%(objectname)", given=given).decode("utf-8", "surrogateescape")
    return ["" if " " in line else line for line in said.splitlines()]


def content(root: Path, commit: str, path: str) -> bytes | None:
    """What a commit has at a path below `root`; None where it has no file there."""
    return contents(root, commit, [path])[path]


def files(root: Path, commit: str, folder: str) -> dict[str, str]:
    """The names of the blobs of a commit's files below a folder, without links, by path."""
    entries = in_commit(root, commit, [f"{folder}/"])
    return {path: entry.name for path, entry in entries.items() if entry.mode in _FILE_MODES and entry.name}


def holds(root: Path, commit: str, path: str) -> bool:
    """Whether a commit has a file or folder at a path below `root`."""
    return bool(output(root, "ls-tree", "-z", commit, "--", path))


class FileState(StrEnum):
    """How a file of the work tree stands to what git holds."""

    COMMITTED = "committed"
    """The last commit has it as it is, and nothing else is staged."""
    CHANGED = "changed"
    UNTRACKED = "untracked"
    NO_HISTORY = "no history"
    """There is no repository around it, or no commit in it."""


def state_of(file: Path) -> FileState:
    """How a file that is there stands to the last commit of the repository it lies in."""
    folder, name = file.parent, file.name
    if head(folder) is None:
        return FileState.NO_HISTORY
    committed = in_commit(folder, "HEAD", [name]).get(name)
    staged = [line.partition("\t")[0].split(" ")[1] for line in lines(folder, "ls-files", "-z", "--stage", "--", name)]
    if committed is None:
        return FileState.CHANGED if staged else FileState.UNTRACKED
    here = Changed(name, committed.name, None, in_work_tree=True)
    is_same = staged == [committed.name] and _same(folder, [here])
    return FileState.COMMITTED if is_same else FileState.CHANGED
