"""Finds in a repository what an older `perfgen init` copied into it, and what became of each file since.

That `init` copied the program itself. `copied-versions.txt` has the beginnings of the SHA-256 hashes of every version
there ever was, by the path in a bureau's repository; scripts/copied_versions.py makes it from the history.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from perfgen.findings import ToolError
from perfgen.project import folders, reading, shipped
from perfgen.project.layout import MAX_OTHER
from perfgen.system import git

KNOWN = Path(__file__).with_name("copied-versions.txt")
PACKAGE = "perfgen"
"""The folder of the program's code; nothing of it stays, whoever wrote it."""
_READ_BY_PEOPLE = ("README.md",)
"""What a bureau writes on in; it stays where it was changed."""
_NO_REPOSITORY_OF_A_BUREAU = ("CONTRIBUTING.md", "tests/conftest.py")


@dataclass(frozen=True)
class Copied:
    """The files of a repository that an older `init` put there, by what is to become of them; sorted paths."""

    unchanged: tuple[str, ...]
    """As perfgen once shipped them: of no worth to the bureau."""
    changed: tuple[str, ...]
    """Changed by the bureau, or put among the program's code by it."""


@functools.cache
def known_versions() -> Mapping[str, frozenset[str]]:
    """By path, the beginnings of the hashes of all versions."""
    lines = reading.of_package(KNOWN).decode().splitlines()
    return {path: frozenset(hashes.split()) for path, _, hashes in (line.partition("\t") for line in lines)}


def is_known(path: str, content: bytes) -> bool:
    """Whether perfgen once shipped these bytes at a path; git may have changed the ends of the lines."""
    versions = known_versions().get(path, frozenset())
    return any(_beginning(one) in versions for one in (content, content.replace(b"\r\n", b"\n")))


def _beginning(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def is_perfgens_own(root: Path) -> bool:
    """Whether a folder is the repository of perfgen itself."""
    return all((root / name).exists() for name in _NO_REPOSITORY_OF_A_BUREAU)


def find(root: Path, laid: Mapping[str, bytes]) -> Copied:
    """What an older `init` copied into a repository; `laid` is what today's puts there, which is none of it.

    Raises ToolError for a link on the way: nothing is followed out of the repository.
    """
    unchanged, changed = [], []
    for path in sorted(_candidates(root)):
        content = _read(root, path)
        if content == laid.get(path):
            continue
        if is_known(path, content) or path.endswith(".pyc"):
            unchanged.append(path)
        elif path not in _READ_BY_PEOPLE:
            changed.append(path)
    return Copied(tuple(unchanged), tuple(changed))


def _candidates(root: Path) -> Iterator[str]:
    """The files that may have been copied: those of known paths, and all of the program's package."""
    known = [path for path in known_versions() if not path.startswith(f"{PACKAGE}/")]
    yield from (path for path in known if (root / path).is_symlink() or (root / path).is_file())
    yield from (f"{PACKAGE}/{entry.path}" for entry in folders.walk(root / PACKAGE))


def _read(root: Path, path: str) -> bytes:
    try:
        return reading.in_project(root, path, MAX_OTHER)
    except OSError as error:
        raise ToolError(f"{path}：{error.strerror or error}。移走它再试。") from error


def difference(root: Path, path: str) -> str:
    """How a file differs from the version it was made of, as a unified diff; empty where that version is not found."""
    before = _before(root, path)
    if before is None:
        return ""
    old, new = (_lines(content) for content in (before, _read(root, path)))
    return "".join(difflib.unified_diff(old, new, f"perfgen/{path}", path, n=3))


def _lines(content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    return [f"{line}\n" for line in text.split("\n")]


def _before(root: Path, path: str) -> bytes | None:
    """The last version in the repository's history that perfgen shipped; else the one that this perfgen ships."""
    for commit in git.commits_of(root, path):
        content = git.contents(root, commit, [path])[path]
        if content is not None and is_known(path, content):
            return content
    package = Path(__file__).parents[1]
    if PurePosixPath(path).parts[0] == PACKAGE and (package.parent / path).is_file() and path in known_versions():
        return reading.of_package(package.parent / path)
    return shipped.read(path) if shipped.holds(path) else None
