"""The places that a project's files are read from: the disk, or a mapping of paths to bytes.

A git commit is another (`system.commit_tree`); whatever reads, lists and knows links can be one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from perfgen.project import folders, reading
from perfgen.project.layout import MAX_OTHER, MAX_YAML, SUFFIX


class Tree(Protocol):
    """A project's files, wherever they are; paths are relative to the project, with slashes."""

    def read(self, path: str) -> bytes:
        """The content of a file. Raises OSError where there is none, or it cannot be read."""

    def holds(self, path: str) -> bool:
        """Whether there is such a file."""

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder."""

    def leads_outside(self, path: str, /) -> bool:
        """Whether a file is a link that leads out of the project's folder that its path begins with."""

    def expect(self, paths: Iterable[str], /) -> None:
        """Is told which files will be read next: where a file is dear, all of them are fetched at once."""


@dataclass(frozen=True)
class Disk:
    """The files below a folder of the disk."""

    root: Path

    def read(self, path: str) -> bytes:
        """The content of a file, not more than such a file may have.

        Raises FileNotFoundError where there is none, reading.Refused for what is there and is not read. An absolute
        path is one that a person typed: what lies outside the project has no other.
        """
        most = MAX_YAML if path.endswith(SUFFIX) else MAX_OTHER
        if not Path(path).is_absolute():
            return reading.in_project(self.root, path, most)
        return reading.typed(Path(path), most)

    def holds(self, path: str) -> bool:
        """Whether something is there, whatever it is: reading it says why it cannot be read."""
        return os.path.lexists(self.root / path)

    def files(self, folder: str) -> list[str]:
        """The paths of all below a folder that is no folder; a folder in it may be a link, those further down may not.

        Raises reading.Refused where the folder is itself a link to somewhere else.
        """
        if self.leads_outside(folder):
            raise reading.Refused(reading.OUTSIDE, f"{folder} 是链接，不读。", f"把 {folder} 文件夹本身放进项目。")
        return [path for entry in folders.walk(self.root / folder) for path in self._files(folder, entry)]

    def _files(self, folder: str, entry: folders.Entry) -> list[str]:
        """The path of an entry; of a link to a folder, the paths of the files in it."""
        path = f"{folder}/{entry.path}"
        is_folder = entry.is_link and "/" not in entry.path and (self.root / path).is_dir()
        if not is_folder or self.leads_outside(path):
            return [path]
        return [f"{path}/{below.path}" for below in folders.walk((self.root / path).resolve())]

    def leads_outside(self, path: str, /) -> bool:
        """Whether a file is a link that leads out of the project's folder that its path begins with."""
        return reading.leads_outside(self.root, path)

    def expect(self, _: Iterable[str], /) -> None:
        """Nothing: a file of a disk is read when it is asked for."""


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

    def expect(self, _: Iterable[str], /) -> None:
        """Nothing: all of them are there."""


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

    def expect(self, paths: Iterable[str], /) -> None:
        """Tells each of the two trees which of its files will be read next."""
        expected = list(paths)
        for tree in (self.tree, self.other):
            tree.expect([path for path in expected if self._of(path) is tree])
