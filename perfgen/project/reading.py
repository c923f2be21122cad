"""The door for reading: regular files only, never more bytes than asked for, no link followed out of where they lie.

The only module that opens files to read them. There are four roots, a function each: a project (`in_project`), what a
person typed on the command line (`typed`), perfgen's own package with the files shipped in it (`of_package`; in a
checkout those lie in the repository, and are read as a project's are), and what a program that perfgen started has left
in a temporary folder (`made`). Fonts are the fifth: fontconfig and Pango read them, perfgen does not.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from perfgen.project import folders
from perfgen.project.folders import Folder

OUTSIDE, KIND, UNREADABLE, SIZE = "file-outside", "file-kind", "file-unreadable", "yaml-size"
_QUIETLY = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)  # fmt: skip
"""A pipe without a writer would keep us waiting, a terminal would become ours."""


_PACKAGE_BYTES = 50_000_000
"""More than any file of the package has."""


class Refused(OSError):
    """A file that is there and is not read: the id of the finding, what is wrong, what to do."""

    def __init__(self, rule: str, message: str, hint: str) -> None:
        super().__init__(errno.EACCES, message.removesuffix("。"))
        self.rule, self.message, self.hint = rule, message, hint


def in_project(root: Path, path: str, most: int) -> bytes:
    """A file of a project, by its path with slashes, of `most` bytes at the most.

    A link is followed where it stays in the same folder of the project: from data/ into data/, and so on. Raises
    FileNotFoundError where there is nothing, Refused for what is there and is not read.
    """
    place = _inside(root, path)
    try:
        with folders.opened(place.root, place.parts[:-1]) as folder:
            return _whole(_read(folder, place.parts[-1], most), most)
    except folders.LinkError as error:
        raise _outside(place.top) from error
    except (Refused, FileNotFoundError):
        raise
    except OSError as error:
        raise Refused(UNREADABLE, f"读不出来：{error.strerror or error}。", "检查文件的权限。") from error


def leads_outside(root: Path, path: str) -> bool:
    """Whether a path of a project is a link that leads nowhere, or out of the project's folder that it begins with."""
    try:
        _inside(root, path)
    except FileNotFoundError:
        return False
    except Refused:
        return True
    return False


class _Inside(NamedTuple):
    """A file of a project without links: the project's folder, and the parts of the path below it."""

    root: Path
    parts: tuple[str, ...]
    top: str
    """The folder of the project that the path as it was asked for begins with."""


def _inside(root: Path, path: str) -> _Inside:
    """Where a file of a project really lies.

    Raises FileNotFoundError where there is nothing, Refused for what lies outside the folder of the project that the
    path begins with.
    """
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or parts[0] == "/" or not os.path.lexists(root / path):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    home = Path(os.path.realpath(root))
    real = Path(os.path.realpath(root / path))  # resolve() raises RuntimeError for a circle of links
    if not real.is_relative_to(home / parts[0]):
        raise _outside(parts[0])
    if not real.exists():
        raise Refused(UNREADABLE, "读不出来：链接没有指到文件。", "换成文件本身。")
    return _Inside(home, real.relative_to(home).parts, parts[0])


def _outside(top: str) -> Refused:
    return Refused(OUTSIDE, f"这个链接指向 {top}/ 以外，不读。", f"把文件本身放进 {top}/。")


def typed(path: Path, most: int) -> bytes:
    """What a file holds that a person named, at most one byte more than `most`; links are followed.

    Raises OSError where the system refuses, Refused for what is no regular file.
    """
    return _read(Folder(path.parent, None), path.name, most, follow=True)


def made(path: Path, most: int) -> bytes | None:
    """What a program that perfgen started has left in a temporary folder, at most one byte more than `most`.

    None where it left no such file. Raises OSError where the system refuses.
    """
    with folders.opened(path.parent, ()) as folder:
        status = folder.status(path.name)
        is_file = status is not None and stat.S_ISREG(status.st_mode)
        return _read(folder, path.name, most) if is_file else None


def of_package(path: Path) -> bytes:
    """A file of perfgen's own package. Raises OSError where the system refuses."""
    return _whole(typed(path, _PACKAGE_BYTES), _PACKAGE_BYTES)


def _whole(content: bytes, most: int) -> bytes:
    if len(content) > most:
        raise Refused(SIZE, f"文件太大：超过了 {most} 字节。", "分成几个，或者删掉用不着的。")
    return content


def _read(folder: Folder, name: str, most: int, *, follow: bool = False) -> bytes:
    """At most `most` bytes and one more of a regular file in a folder."""
    path = Path(folder.at(name))
    before = _real(folder, path, follow=follow)
    _require_file(os.stat(path, dir_fd=folder.descriptor, follow_symlinks=follow))
    flags = _QUIETLY | (0 if follow else folders.NO_FOLLOW)
    descriptor = os.open(path, flags, dir_fd=folder.descriptor)
    try:
        status = os.fstat(descriptor)
        _require_file(status)
        if before and (_real(folder, path, follow=follow) != before or not os.path.samestat(status, before.stat())):
            raise Refused(OUTSIDE, "读的时候文件被换掉了。", "再运行一次。")
        return _pieces(descriptor, most + 1)
    finally:
        os.close(descriptor)


def _real(folder: Folder, path: Path, *, follow: bool) -> Path | None:
    """Where a file really lies; None where the system sees to it that no link is followed, or links are followed."""
    return Path(os.path.realpath(path)) if folder.descriptor is None and not follow else None


def _require_file(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Refused(KIND, "这是文件夹，不是文件。", "改名，或者换成文件。")
    if not stat.S_ISREG(status.st_mode):
        raise Refused(KIND, "不是普通的文件（管道、设备、链接），不读。", "换成普通的文件。")


def _pieces(descriptor: int, most: int) -> bytes:
    """At most `most` bytes of a file: what the system gives in one piece may be less than all."""
    content = bytearray()
    while len(content) < most and (piece := os.read(descriptor, min(most - len(content), 1 << 20))):
        content += piece
    return bytes(content)
