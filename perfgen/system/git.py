"""The only module that runs git; it reads the object store and never touches index or work tree.

Paths are relative to the folder git is run in, which may lie below the repository's top.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from perfgen.findings import ToolError

_FILE_MODES = ("100644", "100755")


@dataclass(frozen=True)
class Changed:
    """A file that differs between two trees: the blobs' names, None where it is not there.

    A file of the work tree has no blob yet: `in_work_tree` says that its content is on the disk.
    """

    path: str
    old_blob: str | None
    new_blob: str | None
    in_work_tree: bool = False


@dataclass(frozen=True)
class Commit:
    """Who wrote a commit, and when (ISO 8601 with the writer's own offset)."""

    name: str
    author: str
    date: str


def _git(root: Path, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs git; the index is not refreshed on the way, nor are messages translated.

    Raises ToolError when there is no git.
    """
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    # git diff would write the index back for files that are only newer; `_same` knows those
    command = ["git", "--no-pager", "--literal-pathspecs", "-c", "diff.autoRefreshIndex=false", *arguments]
    try:
        return subprocess.run(
            command, cwd=root, input=given if given is not None else b"", capture_output=True, env=environment,
            check=False,
        )  # fmt: skip
    except OSError as error:
        raise ToolError("没有 git；装上再试。") from error


def _answer(root: Path, *arguments: str) -> str | None:
    """Git's answer as text without blanks at its ends; None when it is empty or git fails."""
    finished = _git(root, *arguments)
    return finished.stdout.decode("utf-8", "replace").strip() or None if finished.returncode == 0 else None


def _output(root: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """The bytes of git's answer. Raises ToolError when git fails."""
    finished = _git(root, *arguments, given=given)
    if finished.returncode:
        raise ToolError(f"git {arguments[0]} 失败：{finished.stderr.decode('utf-8', 'replace').strip()}")
    return finished.stdout


def head(root: Path) -> str | None:
    """The commit that is checked out, None outside a repository or without git."""
    try:
        return _answer(root, "rev-parse", "--verify", "--quiet", "HEAD")
    except ToolError:
        return None


def init(root: Path) -> bool:
    """Makes a repository; gives whether git could do it."""
    try:
        return _git(root, "init", "--quiet").returncode == 0
    except ToolError:
        return False


def is_repository(root: Path) -> bool:
    """Whether a folder lies in a repository's work tree."""
    return _answer(root, "rev-parse", "--is-inside-work-tree") == "true"


def distrusts(root: Path) -> bool:
    """Whether git refuses a repository because somebody else owns it, as happens in containers."""
    return b"dubious ownership" in _git(root, "rev-parse", "--is-inside-work-tree").stderr


def is_shallow(root: Path) -> bool:
    """Whether history was cut off when the repository was cloned."""
    return _answer(root, "rev-parse", "--is-shallow-repository") == "true"


def commit(root: Path, name: str) -> str | None:
    """The commit that a branch, tag or other expression names."""
    return _answer(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def main_branch(root: Path) -> str | None:
    """The main branch by its name: what origin calls it, else main or master, else the only branch there is."""
    for name in ("origin/HEAD", "origin/main", "origin/master", "main", "master"):
        if commit(root, f"refs/{'remotes' if '/' in name else 'heads'}/{name}"):
            return name
    branches = (_answer(root, "for-each-ref", "--format=%(refname:short)", "refs/heads") or "").split()
    return branches[0] if len(branches) == 1 else None


def merge_base(root: Path, first: str, second: str) -> str | None:
    """The last commit that two have in common; None where the history at hand has none."""
    return _answer(root, "merge-base", first, second)


def changed(root: Path, base: str, head: str | None, folders: Iterable[str]) -> list[Changed]:
    """The files below `folders` that differ between a commit and another, or the work tree for None.

    Links and submodules count as absent. A file that git ignores is no part of the work tree.
    """
    files = _diff(root, base, head, folders)
    if head is None:
        for path in _untracked(root, folders):
            if path not in files and not (root / path).is_symlink():
                files[path] = Changed(path, None, None, in_work_tree=True)
    same = _same(root, files.values())
    is_there = {path: file.old_blob or file.new_blob or file.in_work_tree for path, file in files.items()}
    return [file for path, file in files.items() if is_there[path] and path not in same]


def _diff(root: Path, base: str, head: str | None, folders: Iterable[str]) -> dict[str, Changed]:
    """What `git diff` says, by path; files that git does not know yet are not among them."""
    ends = [base, head] if head else [base]
    options = ("--raw", "-z", "--no-renames", "--no-ext-diff", "--relative", "--no-abbrev", "--ignore-submodules")
    fields = _output(root, "diff", *options, *ends, "--", *folders).decode("utf-8", "surrogateescape").split("\0")
    files: dict[str, Changed] = {}
    for modes_and_blobs, path in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old, new, _ = modes_and_blobs.removeprefix(":").split(" ")
        on_disk = head is None and (root / path).is_file() and not (root / path).is_symlink()
        old_blob = old if old_mode in _FILE_MODES else None
        new_blob = new if head and new_mode in _FILE_MODES else None
        files[path] = Changed(path, old_blob, new_blob, on_disk)
    return files


def _untracked(root: Path, folders: Iterable[str]) -> list[str]:
    """The paths of files that git does not know and does not ignore."""
    listed = _output(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *folders)
    return [path for path in listed.decode("utf-8", "surrogateescape").split("\0") if path]


def _same(root: Path, files: Iterable[Changed]) -> set[str]:
    """The paths of files of the work tree with the content of their blob, line ends as git would store them."""
    candidates = [file for file in files if file.in_work_tree and file.old_blob and "\n" not in file.path]
    top = _answer(root, "rev-parse", "--show-prefix") or ""  # hash-object takes paths from the repository's top
    given = "".join(f"{top}{file.path}\n" for file in candidates).encode("utf-8", "surrogateescape")
    names = _output(root, "hash-object", "--stdin-paths", given=given).decode().split() if candidates else []
    return {file.path for file, name in zip(candidates, names, strict=True) if name == file.old_blob}


def blobs(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of blobs, by name, in one call.

    Raises ToolError for an object that is not there.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    answer = _output(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in wanted).encode())
    contents: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        end = answer.index(b"\n", at)
        header = answer[at:end].split()
        if len(header) != 3:
            raise ToolError(f"git 仓库里没有 {name}；取全历史再试：git fetch --unshallow。")
        size = int(header[2])
        contents[name] = answer[end + 1 : end + 1 + size]
        at = end + size + 2
    return contents


def contents(root: Path, commit: str, paths: Iterable[str]) -> dict[str, bytes | None]:
    """What a commit has at some paths below `root`, in one call; None where it has no file there.

    Raises ToolError where git fails, or history was cut off.
    """
    wanted = [path for path in paths if "\n" not in path]
    if not wanted:
        return dict.fromkeys(paths)
    given = "".join(f"{commit}:./{path}\n" for path in wanted).encode("utf-8", "surrogateescape")
    answer = _output(root, "cat-file", "--batch", given=given)
    by_path: dict[str, bytes | None] = dict.fromkeys(paths)
    at = 0
    for path in wanted:
        end = answer.index(b"\n", at)
        header = answer[at:end].rsplit(b" ", 2)
        at = end + 1
        if header[-1] == b"missing":
            continue
        size = int(header[2])
        if header[1] == b"blob":
            by_path[path] = answer[at : at + size]
        at += size + 1
    return by_path


def content(root: Path, commit: str, path: str) -> bytes | None:
    """What a commit has at a path below `root`; None where it has no file there."""
    return contents(root, commit, [path])[path]


def files(root: Path, commit: str, folder: str) -> list[str]:
    """The paths of a commit's files below a folder, without links."""
    listed = _output(root, "ls-tree", "-r", "-z", commit, "--", f"{folder}/").decode("utf-8", "surrogateescape")
    entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
    return [path for header, _, path in entries if header.split(" ")[0] in _FILE_MODES]


def holds(root: Path, commit: str, path: str) -> bool:
    """Whether a commit has a file or folder at a path below `root`."""
    return bool(_output(root, "ls-tree", "-z", commit, "--", path))


def last_commit(root: Path, tip: str, path: str) -> Commit | None:
    """The last commit up to `tip` that changed a file; None when none did."""
    answer = _answer(root, "log", "-1", "--format=%H%n%an%n%aI", tip, "--", path)
    return Commit(*answer.split("\n")) if answer else None


def user_name(root: Path) -> str | None:
    """The name under which the user commits."""
    return _answer(root, "config", "user.name")
