"""Folders below one that may not be left: opened part by part, and no link followed on the way.

Where the system can, a folder is held by its descriptor (openat, POSIX.1-2008), so that nobody can put a link into the
way afterwards. Where it cannot, as on Windows, each part is looked at, and the path is compared again at the end.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
"""The flag that keeps the system from following a link; 0 where it has none."""
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_IS_LINK = "是链接，没有跟着走；换成真的文件夹再试"
_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
"""What Windows calls a junction; a file that OneDrive has not fetched yet has another tag, and is read."""


class LinkError(OSError):
    """A part of a path is a link, or no folder; `filename` says which."""


@dataclass(frozen=True)
class Folder:
    """A folder that is held: names in it are looked up there, wherever its path may lead by now."""

    path: Path
    descriptor: int | None
    """None where the system cannot hold a folder; names then are paths."""

    def at(self, name: str) -> str:
        """A name in it, as the functions of `os` take it together with `descriptor`."""
        return name if self.descriptor is not None else str(self.path / name)

    def status(self, name: str) -> os.stat_result | None:
        """What stands at a name, a link itself and not where it leads; None for nothing."""
        try:
            return os.stat(self.at(name), dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """The names of all that is in it."""
        return os.listdir(self.path if self.descriptor is None else self.descriptor)  # noqa: PTH208  # by descriptor


def is_link(status: os.stat_result) -> bool:
    """Whether something leads elsewhere: a link, on Windows also a junction."""
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def can_hold() -> bool:
    """Whether the system holds folders by their descriptor."""
    return bool(NO_FOLLOW) and os.open in os.supports_dir_fd


@contextmanager
def opened(top: Path, parts: Sequence[str]) -> Iterator[Folder]:
    """The folder at `parts` below `top`; `top` itself may be reached through links, nothing below it.

    Raises LinkError for a link or what is no folder, FileNotFoundError where there is nothing, OSError where the
    system refuses.
    """
    if not can_hold():
        yield _looked_at(top, parts)
        return
    descriptor = os.open(top, _FOLDER)
    try:
        path = top
        for part in parts:
            path /= part
            inner = _enter(Folder(path.parent, descriptor), part)
            os.close(descriptor)
            descriptor = inner
        yield Folder(path, descriptor)
    finally:
        os.close(descriptor)


def _enter(folder: Folder, part: str) -> int:
    """The descriptor of a folder in a held one."""
    refuse_link(folder, part)
    try:
        return os.open(part, _FOLDER | NO_FOLLOW, dir_fd=folder.descriptor)
    except NotADirectoryError:
        raise LinkError(errno.ENOTDIR, "不是文件夹", str(folder.path / part)) from None


def refuse_link(folder: Folder, part: str) -> None:
    """Raises LinkError where a part of a path is a link, or no name."""
    refuse_upward(folder, part)
    status = folder.status(part)
    if status is not None and is_link(status):
        raise LinkError(errno.ELOOP, _IS_LINK, str(folder.path / part))


def refuse_upward(folder: Folder, part: str) -> None:
    """Raises LinkError where a part of a path is no name, but leads out of its folder."""
    if part in ("", ".", "..") or "/" in part or os.sep in part:
        raise LinkError(errno.EINVAL, "不是名称", str(folder.path / part))


def still_there(folder: Folder) -> bool:
    """Whether a folder is where it was; one that is held always is."""
    return folder.descriptor is not None or Path(os.path.realpath(folder.path)) == folder.path


def _looked_at(top: Path, parts: Sequence[str]) -> Folder:
    """The same where no descriptor can be held: no part is a link, and the path resolves to itself."""
    path = top.resolve()
    for part in parts:
        refuse_link(Folder(path, None), part)
        path /= part
    if path.resolve(strict=True) != path:
        raise LinkError(errno.ELOOP, _IS_LINK, str(path))
    if not path.is_dir():
        raise LinkError(errno.ENOTDIR, "不是文件夹", str(path))
    return Folder(path, None)


class Entry(NamedTuple):
    """What stands below a folder and is no folder itself: a file, a link, a pipe."""

    path: str
    """Its path below the folder, with slashes."""
    status: os.stat_result
    """What the system says of it, of a link and not of where it leads."""

    @property
    def is_link(self) -> bool:
        """Whether it leads elsewhere."""
        return is_link(self.status)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file; a link is none."""
        return stat.S_ISREG(self.status.st_mode)


def walk(top: Path) -> Iterator[Entry]:
    """All that stands below a folder and is no folder; no link is followed. Nothing where there is no folder.

    Raises OSError where a folder cannot be read.
    """
    waiting = [""]
    while waiting:
        before = waiting.pop()
        try:
            listing = os.scandir(os.path.join(top, before))  # noqa: PTH118  # a Path takes ten times as long
        except FileNotFoundError:
            continue
        with listing:
            for item in listing:
                path = before + item.name
                if _is_folder(item):
                    waiting.append(f"{path}/")
                else:
                    yield Entry(path, item.stat(follow_symlinks=False))


def _is_folder(item: os.DirEntry[str]) -> bool:
    """Whether something in a folder is a folder, and no link; mostly the listing tells, without asking again."""
    if os.name == "nt":  # what the listing calls a folder may be a junction
        return item.is_dir(follow_symlinks=False) and not is_link(item.stat(follow_symlinks=False))
    return item.is_dir(follow_symlinks=False)
