"""Notices what other programs do to the project's files: an editor that saves, a branch of git that is checked out.

The system tells that something happened (watchfiles), and where; what changed is found by looking at all files, so that
a folder that came, a file that is saved by renaming, and what the system did not tell are all seen. Where it tells
nothing, as on some network drives, a look every few seconds is all there is: WATCHFILES_FORCE_POLLING=1 makes
watchfiles look more often. No link is followed: where one leads inside the project, the file is seen in its own place.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import watchfiles

from perfgen.project import folders
from perfgen.project.layout import DATA, HIDDEN, SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project, digest

FOLDERS = (DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER)
"""What a project is made of."""
_TOGETHER, _QUIET = 400, 30
"""Milliseconds: changes are told together that come within the first, and after the second without one."""
_PAUSE, _LOOK_ANYWAY = 500, 10
"""Milliseconds of quiet, and how many such pauses there are until all files are looked at though nothing was told."""

_Stamp: TypeAlias = tuple[int, int, int]
"""When a file was changed, in nanoseconds, its length, and its number in the file system."""


@dataclass
class Seen:
    """The files of a project as they stood at one moment."""

    stamps: dict[str, _Stamp] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    """By path, where each link leads inside the project."""
    folders: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Path) -> Seen:
        """Looks at all files now; what cannot be looked at is left out."""
        seen = cls()
        waiting = list(FOLDERS)
        while waiting:
            folder = waiting.pop()
            with suppress(OSError):
                if folders.is_link(os.lstat(root / folder)):
                    continue
                with os.scandir(root / folder) as entries:
                    seen.folders.add(folder)
                    waiting += [path for entry in entries if (path := seen._note(root, folder, entry))]
        return seen

    def _note(self, root: Path, folder: str, entry: os.DirEntry[str]) -> str | None:
        """Notes what stands in a folder; gives its path where it is a folder to look into."""
        path = f"{folder}/{entry.name}"
        if entry.name.startswith(HIDDEN):
            return None
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                return path
            status = entry.stat(follow_symlinks=False)
            if folders.is_link(status):
                self._note_link(root, path)
            self.stamps[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return None

    def _note_link(self, root: Path, path: str) -> None:
        """Notes where a link leads, if that is inside the project."""
        target = Path(os.path.realpath(root / path))
        if target.is_relative_to(root):
            self.links[path] = target.relative_to(root).as_posix()

    def since(self, before: Seen, told: frozenset[str]) -> Touched:
        """What happened since an earlier moment; of the files in `told` the system said that something did."""
        both = self.stamps.keys() & before.stamps.keys()
        touched = {path for path in both if path in told or self.stamps[path] != before.stamps[path]}
        return Touched(frozenset(self.stamps.keys() ^ before.stamps.keys()), frozenset(touched), self.links)


@dataclass(frozen=True)
class Touched:
    """The paths of files that may have changed."""

    moved: frozenset[str]
    """Those that came or went."""
    written: frozenset[str]
    """Those that were written, maybe with what they held before."""
    links: Mapping[str, str] = field(default_factory=dict)
    """By path, where each link leads inside the project: what is read through it may be any of these."""

    def __bool__(self) -> bool:
        return bool(self.moved or self.written)

    def changed(self, project: Project) -> frozenset[str]:
        """The files that are no longer what a project has read; it is asked in its own thread.

        What perfgen wrote itself is not among them: the project has read it again. What the project has not read is:
        another process may have.
        """
        found = self.moved | {path for path in self.written if not _is_known(project, path)}
        linked = {
            link + path.removeprefix(target)
            for link, target in self.links.items()
            for path in found
            if path == target or path.startswith(f"{target}/")
        }
        return found | linked


async def changes(root: Path) -> AsyncGenerator[Touched, None]:
    """What may have changed in a project, again and again, as often as anything did."""
    root = root.resolve()
    seen = await asyncio.to_thread(Seen.of, root)
    while True:
        watched = seen.folders
        async with aclosing(_told(root, watched)) as told:
            async for paths in told:
                now = await asyncio.to_thread(Seen.of, root)
                touched, seen = now.since(seen, paths), now
                if touched:
                    yield touched
                if seen.folders != watched:
                    break


async def _told(root: Path, watched: set[str]) -> AsyncGenerator[frozenset[str], None]:
    """What the system says has changed in some folders, by path; nothing from time to time, to look anyway.

    The first time that comes soon: what happened before it began to listen is seen by looking.
    """
    places = [root, *(root / folder for folder in sorted(watched))]
    told = watchfiles.awatch(
        *places, watch_filter=None, debounce=_TOGETHER, step=_QUIET, rust_timeout=_PAUSE, yield_on_timeout=True,
        recursive=False, ignore_permission_denied=True,
    )  # fmt: skip
    pauses = 0
    try:
        async with aclosing(told):
            async for events in told:
                paths = frozenset(path for _, name in events if (path := _path(root, name)))
                if paths or (not events and pauses % _LOOK_ANYWAY == 0):
                    yield paths
                pauses += not events
    except (OSError, RuntimeError):  # a folder that has gone, or the system watches no more of them
        await asyncio.sleep(4 * _PAUSE / 1000)
        yield frozenset()


def _path(root: Path, name: str) -> str | None:
    """The path of what was told of, where it lies in a folder that a project is made of."""
    place = Path(name)
    path = place.relative_to(root) if place.is_relative_to(root) else None
    return path.as_posix() if path and path.parts[:1] and path.parts[0] in FOLDERS else None


def _is_known(project: Project, path: str) -> bool:
    """Whether a project has read a file as it is now."""
    try:
        return project.has_read(path) and project.digest(path) == digest(project.tree.read(path))
    except OSError:
        return False
