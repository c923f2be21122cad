"""Writes changes of data files, and keeps what was there before until the visit ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from perfgen.filling.said import Said
from perfgen.project.snapshot import Project, digest
from perfgen.system import write


class ConflictError(Exception):
    """The file is no longer what the change was made of: somebody else changed it. Nothing was written."""


@dataclass(frozen=True)
class Step:
    """One change of a file, as what stands in the place of what: as short as the two contents allow."""

    start: int
    """Where it begins, in bytes."""
    old: bytes
    new: bytes
    after: str
    """The SHA-256 of the content after it."""
    said: Said
    """What it is called."""

    @classmethod
    def between(cls, old: bytes, new: bytes, said: Said) -> Step:
        """The step from one content to another."""
        start = _alike(old, new)
        most = min(len(old), len(new)) - start
        end = _alike(old[::-1][:most], new[::-1][:most])
        return cls(start, old[start : len(old) - end], new[start : len(new) - end], digest(new), said)

    def undone(self, content: bytes) -> bytes:
        """The content before it."""
        return content[: self.start] + self.old + content[self.start + len(self.new) :]

    def done(self, content: bytes) -> bytes:
        """The content after it."""
        return content[: self.start] + self.new + content[self.start + len(self.old) :]


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes two contents begin with alike."""
    both = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(both) if a != b), min(len(one), len(other)))


@dataclass
class History:
    """What was changed in a file during a visit, and what of that was taken back."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)


def replace(project: Project, source: str, old: bytes, new: bytes) -> None:
    """Puts a new content in a data file's place, where the file is still what it was.

    Raises ConflictError where it is not, ToolError where the system refuses; then the file is as it was.
    """

    def still() -> bool:
        try:
            return project.tree.read(source) == old
        except OSError:
            return False

    if not write.replace_if(project.root / source, new, still, top=project.root):
        raise ConflictError
