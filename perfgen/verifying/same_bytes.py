"""Finds the files of this tree's own build that are the same as a file to the byte."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from perfgen.project import folders, reading
from perfgen.project.layout import BUILD
from perfgen.system.unpack import MAX_FILE

_OUTPUTS = ("public", "official")


class Outputs:
    """The outputs of a project's last build, by their sizes; only those of a size are read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.by_size: dict[int, list[str]] = {}
        for folder in _OUTPUTS:
            top = root / BUILD / folder
            with suppress(OSError):
                for entry in folders.walk(top) if not top.is_symlink() else ():
                    if entry.is_file:
                        self.by_size.setdefault(entry.status.st_size, []).append(f"{BUILD}/{folder}/{entry.path}")

    def same(self, content: bytes) -> tuple[str, ...]:
        """The paths in the project of the outputs with this content."""
        return tuple(sorted(path for path in self.by_size.get(len(content), ()) if self._read(path) == content))

    def _read(self, path: str) -> bytes | None:
        try:
            return reading.in_project(self.root, path, MAX_FILE)
        except OSError:
            return None
