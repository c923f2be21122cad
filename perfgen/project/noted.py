"""What somebody looked at in a project (`Project.noting`), held against the project as it is now, or as it went off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from perfgen.project import shipped
from perfgen.project.made import Look
from perfgen.project.snapshot import Project


def touches(noted: Collection[str], project: Project, come: Iterable[str]) -> bool:
    """Whether files that have come to a project since would have been seen by whoever looked."""
    return any(path in noted or any(_counts(project, path, look) for look in folders(noted)) for path in come)


def unseen(noted: Collection[str], project: Project, seen: Collection[str]) -> bool:
    """Whether there is more to see in a project than the files `seen`, for somebody who looked at what is noted."""
    paths = (path for path in noted if not path.endswith("/") and not shipped.is_named(path))
    if any(path not in seen and project.holds(path) for path in paths):
        return True
    return any(path not in seen for folder in folders(noted) for path in counting(project, folder))


def folders(noted: Iterable[str]) -> Iterator[str]:
    """The folders among what is noted."""
    return (path for path in noted if path.endswith("/"))


def counting(project: Project, folder: str) -> list[str]:
    """The files that whoever looked at a folder saw."""
    return [path for path in project.files(folder.removesuffix("/")) if _counts(project, path, folder)]


def _counts(project: Project, path: str, folder: str) -> bool:
    """Whether a file lies in a folder that was looked at, and is one that counts."""
    is_there = path.startswith(folder)
    return is_there and (not isinstance(folder, Look) or folder.picks(project, path, *folder.arguments))
