"""What git takes with so many data files: its own commands, and perfgen's comparison of one changed file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measuring import PERFGEN
from benchmarks.scale import repository
from benchmarks.scale.figure import Figure
from benchmarks.scale.taken import Taken, taken

_GIT = ("git", "-c", "user.name=示例", "-c", "user.email=x@example.cn", "-c", "gc.auto=0", "-c", "core.quotepath=off")
_BRANCH = "changed"


def first_commit(folder: Path) -> Iterator[Figure]:
    """Makes a project a repository with one commit, packed; says what that took and how large it is."""
    _git(folder, "init", "-q", "-b", "main")
    added = _git(folder, "add", "-A")
    committed = _git(folder, "commit", "-q", "-m", "first")
    yield Figure("git add, commit of all files", added.seconds + committed.seconds, "s")
    yield Figure("git gc", _git(folder, "gc", "-q").seconds, "s")
    yield Figure("repository, packed", _packed(folder), "bytes")
    yield Figure("data files, checked out", size(folder / "data"), "bytes")
    index = (folder / ".git/index").stat().st_size
    yield Figure("git index", index, "bytes")


def commands(folder: Path, source: str) -> Iterator[Figure]:
    """What the commands take that a clerk and a reviewer of one changed file need; the change stays on a branch."""
    _git(folder, "status", "--porcelain")
    yield Figure("git status, warm", _git(folder, "status", "--porcelain").seconds, "s")
    yield Figure("git checkout of a new branch", _git(folder, "checkout", "-q", "-b", _BRANCH).seconds, "s")
    path = folder / source
    path.write_text(path.read_text("utf-8").replace("≥", "≥1", 1), "utf-8", newline="\n")
    added, committed = _git(folder, "add", source), _git(folder, "commit", "-q", "-m", "second")
    yield Figure("git add, commit of one changed file", added.seconds + committed.seconds, "s")
    yield Figure("git diff main..branch", _git(folder, "diff", f"main..{_BRANCH}").seconds, "s")
    compared = taken([*PERFGEN, "-C", str(folder), "diff", f"main..{_BRANCH}"], folder, codes=(0, 1))
    yield from _figures("perfgen diff main..branch", compared)
    yield Figure("git checkout main", _git(folder, "checkout", "-q", "main").seconds, "s")


def clones(folder: Path) -> Iterator[Figure]:
    """What a clone takes of a repository that lies elsewhere: its pack is copied and read, as over a network."""
    bare, clone = folder.parent / "bare", folder.parent / "clone"
    _git(folder, "clone", "-q", "--bare", "--no-local", ".", str(bare))
    for what, options in (("git clone", ()), ("git clone --depth 1", ("--depth", "1"))):
        yield Figure(what, _git(folder, "clone", "-q", "--no-local", *options, bare.as_uri(), str(clone)).seconds, "s")
        shutil.rmtree(clone)
    shutil.rmtree(bare)


def _figures(what: str, found: Taken) -> Iterator[Figure]:
    yield Figure(what, found.seconds, "s")
    yield Figure(f"{what}: memory", found.mebibytes * 2**20, "bytes")


def _git(folder: Path, *arguments: str) -> Taken:
    return taken([*_GIT, *arguments], folder)


def _packed(folder: Path) -> int:
    said = subprocess.run(["git", "count-objects", "-v"], cwd=folder, capture_output=True, text=True, check=True).stdout
    counts = dict(line.split(": ") for line in said.splitlines())
    return (int(counts["size-pack"]) + int(counts["size"])) * 1024


def size(folder: Path, suffixes: Sequence[str] = ()) -> int:
    """The bytes of all files below a folder, or of those with some suffixes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if not suffixes or path.name.endswith(tuple(suffixes)))


def of_years(folder: Path, departments: int, years: Sequence[int]) -> Iterator[Figure]:
    """Years in which each document is committed when it comes, and once more with a change: what history adds."""
    _git(folder, "init", "-q", "-b", "main")
    with tempfile.TemporaryFile() as stream:
        for commit in _commits(departments, years):
            stream.write(commit)
        stream.seek(0)
        subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, stdin=stream, check=True)
    _git(folder, "reset", "-q", "--hard", "main")
    _git(folder, "gc", "-q")
    source, _ = next(repository.documents(1, years[:1]))
    yield Figure("documents", departments * repository.DOCUMENTS * len(years), "files")
    yield Figure("commits", 2 * departments * repository.DOCUMENTS * len(years), "")
    yield Figure("repository, packed", _packed(folder), "bytes")
    yield Figure("git log of one file", _git(folder, "log", "--oneline", "--", source).seconds, "s")


def _commits(departments: int, years: Sequence[int]) -> Iterator[bytes]:
    """A stream for git fast-import."""
    changed = ("填报人: 示例", "填报人: 样例")
    for number, (source, text) in enumerate(repository.documents(departments, years)):
        for turn, content in enumerate((text.encode(), text.replace(*changed).encode())):
            head = f"commit refs/heads/main\ncommitter x <x@example.cn> {1_700_000_000 + 2 * number + turn} +0800\n"
            yield f"{head}data 3\n改\n".encode()  # a message of three bytes
            yield f"M 100644 inline {source}\ndata {len(content)}\n".encode() + content + b"\n"
