"""The files of a git commit, as a project reads them: without a work tree, and several at once where they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.system import git


@dataclass(frozen=True)
class CommitTree:
    """The files of a commit below the folder that git is run in."""

    root: Path
    commit: str
    _fetched: dict[str, bytes | None] = field(default_factory=dict, repr=False, compare=False)
    _blobs: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    """By path, the names of the blobs in the folders that were listed."""

    def fetch(self, paths: Iterable[str]) -> None:
        """Reads some files, there or not, in one call of git. Raises ToolError where git fails."""
        wanted = [path for path in dict.fromkeys(paths) if path not in self._fetched]
        self._fetched.update(git.contents(self.root, self.commit, wanted))

    def take(self, contents: Mapping[str, bytes]) -> None:
        """Takes files that were read already."""
        self._fetched.update(contents)

    def read(self, path: str) -> bytes:
        """The content of a file. Raises FileNotFoundError where there is none, ToolError where git fails."""
        if path not in self._fetched:
            self.fetch([path])
        content = self._fetched.pop(path)  # the project keeps what it needs
        if content is None:
            raise FileNotFoundError(2, "No such file or directory", path)
        return content

    def holds(self, path: str) -> bool:
        """Whether there is such a file. Raises ToolError where git fails."""
        self.fetch([path])
        return self._fetched[path] is not None

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder. Raises ToolError where git fails."""
        listed = git.files(self.root, self.commit, folder)
        self._blobs.update(listed)
        return list(listed)

    def leads_outside(self, _: str, /) -> bool:
        """Never: what a commit holds of a link is where it points."""
        return False

    def expect(self, paths: Iterable[str], /) -> None:
        """Fetches the files that will be read next. Raises ToolError where git fails.

        Those that were listed are got by the names of their blobs: to find a path, git goes through its whole folder.
        """
        wanted = [path for path in paths if path not in self._fetched]
        blobs = {path: self._blobs[path] for path in wanted if path in self._blobs}
        try:
            contents = git.blobs(self.root, blobs.values())
        except ToolError:  # the paths are known to say which of them it is
            blobs, contents = {}, {}
        self.take({path: contents[name] for path, name in blobs.items()})
        self.fetch(wanted)
