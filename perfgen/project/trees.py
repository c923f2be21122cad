"""The places that a project's files are read from: the disk, or a mapping of paths to bytes.

A git commit is another (`system.commit_tree`); whatever reads, lists and knows links can be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Tree(Protocol):
    """A project's files, wherever they are; paths are relative to the project, with slashes."""

    def read(self, path: str) -> bytes:
        """The content of a file. Raises OSError where there is none, or it cannot be read."""

    def holds(self, path: str) -> bool:
        """Whether there is such a file."""

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder."""

    def leads_outside(self, path: str, /) -> bool:
        """Whether a file is a link to somewhere outside the project."""


@dataclass(frozen=True)
class Disk:
    """The files below a folder of the disk."""

    root: Path

    def read(self, path: str) -> bytes:
        """The content of a file. Raises OSError where there is none, or it cannot be read."""
        return (self.root / path).read_bytes()

    def holds(self, path: str) -> bool:
        """Whether there is such a file."""
        return (self.root / path).is_file()

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder; a folder in it may be a link, those further down may not."""
        top = self.root / folder
        paths = {path for pattern in ("*", "*/**/*") for path in top.glob(pattern) if path.is_file()}
        return [path.relative_to(self.root).as_posix() for path in paths]

    def leads_outside(self, path: str, /) -> bool:
        """Whether a file is a link to somewhere outside the folder."""
        return not (self.root / path).resolve().is_relative_to(self.root.resolve())


@dataclass(frozen=True)
class Contents:
    """Files that are only in memory: a mapping of paths to bytes."""

    contents: Mapping[str, bytes]

    def read(self, path: str) -> bytes:
        """The content of a file. Raises FileNotFoundError where there is none."""
        try:
            return self.contents[path]
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory", path) from None

    def holds(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self.contents

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder."""
        return [path for path in self.contents if path.startswith(f"{folder}/")]

    def leads_outside(self, _: str, /) -> bool:
        """Never."""
        return False


@dataclass(frozen=True)
class Grafted:
    """A tree with one folder taken from another tree."""

    tree: Tree
    folder: str
    other: Tree

    def _of(self, path: str) -> Tree:
        return self.other if path == self.folder or path.startswith(f"{self.folder}/") else self.tree

    def read(self, path: str) -> bytes:
        """The content of a file. Raises OSError where there is none, or it cannot be read."""
        return self._of(path).read(path)

    def holds(self, path: str) -> bool:
        """Whether there is such a file."""
        return self._of(path).holds(path)

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder, which is the one of the other tree or has no part of it."""
        return self._of(folder).files(folder)

    def leads_outside(self, path: str, /) -> bool:
        """Whether a file is a link to somewhere outside the project."""
        return self._of(path).leads_outside(path)
