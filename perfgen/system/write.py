"""Bytes to files, whole or not at all; the only module that writes, locks or removes files.

Every function takes `top`, a folder that is not left: it may be reached through links, below it none is followed. It is
the project's folder for what lies in the project, and for what a person typed the folder that was typed.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.project import folders
from perfgen.project.folders import Folder, LinkError

_TEMPORARY = ".perfgen-tmp-"
FILE_MODE, PROGRAM_MODE, _FOLDER_MODE = 0o644, 0o755, 0o755
"""What each file, each file that is to be started, and each folder is given that is written."""
_PAUSES = (0.05, 0.1, 0.2, None)
"""Seconds between tries to put a file in its place; the last try has none."""
_HELD = "系统不让换，多半是别的程序正打开着它；关掉那个程序再试"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def _reworded(path: Path, doing: str) -> Iterator[None]:
    """Turns an error of the system into a ToolError with a message."""
    try:
        yield
    except LinkError as error:
        raise ToolError(f"{path}：{doing}失败：{error.filename} {error.strerror}。") from error
    except OSError as error:
        raise ToolError(f"{path}：{doing}失败：{error.strerror or error}。") from error


def _below(path: Path, top: Path | None) -> tuple[Path, tuple[str, ...]]:
    """A path as the folder that is not left, its own one where none is given, and the parts below that."""
    top = top or path.parent
    if not path.is_relative_to(top):
        raise LinkError(errno.EINVAL, f"不在 {top} 里", str(path))
    return top, path.relative_to(top).parts


@contextmanager
def _folder(top: Path, parts: tuple[str, ...]) -> Iterator[Folder]:
    """A folder below `top`, made where it is not there; readable whatever the umask, as a web root must be."""
    _make_top(top)
    for count in range(len(parts)):
        _make(top, parts[: count + 1])
    with folders.opened(top, parts) as folder:
        yield folder


def _make_top(top: Path) -> None:
    missing = [folder for folder in (top, *top.parents) if not folder.exists()]
    top.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        folder.chmod(_FOLDER_MODE)


def _make(top: Path, parts: tuple[str, ...]) -> None:
    """Makes a folder below `top`, where nothing of that name is there."""
    with folders.opened(top, parts[:-1]) as above:
        folders.refuse_link(above, parts[-1])
        try:
            os.mkdir(above.at(parts[-1]), _FOLDER_MODE, dir_fd=above.descriptor)  # in a held folder
        except FileExistsError:
            return
    with folders.opened(top, parts) as made:
        os.chmod(made.path if made.descriptor is None else made.descriptor, _FOLDER_MODE)  # noqa: PTH101


def replace(path: Path, content: bytes, top: Path | None = None, mode: int = FILE_MODE) -> None:
    """Puts `content` at `path` in one step: a reader sees the old file or the new one, nothing between.

    A link that stands at `path` is replaced, not followed. Raises ToolError when the system refuses; then nothing is
    left of the new file.
    """
    with _reworded(path, "写文件"):
        top, parts = _below(path, top)
        with _folder(top, parts[:-1]) as folder:
            _require_replaceable(folder, parts[-1])
            _put(folder, parts[-1], content, mode)


class _ChangedError(Exception):
    """The file is no longer what its writer thinks."""


def replace_if(path: Path, content: bytes, still: Callable[[], bool], top: Path | None = None) -> bool:
    """Puts `content` at `path` as `replace` does, where `still` says so immediately before; gives whether it did.

    Raises as `replace` does.
    """

    def require() -> None:
        if not still():
            raise _ChangedError

    try:
        with _reworded(path, "写文件"):
            top, parts = _below(path, top)
            with _folder(top, parts[:-1]) as folder:
                _require_replaceable(folder, parts[-1])
                _put(folder, parts[-1], content, FILE_MODE, require)
    except _ChangedError:
        return False
    return True


def _require_replaceable(folder: Folder, name: str) -> None:
    """Raises OSError where a folder, a pipe or a device stands at a name, or a link to one."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(folder.at(name), dir_fd=folder.descriptor).st_mode):
            raise OSError(errno.EEXIST, "那里有同名的文件夹、管道或设备")


def _put(folder: Folder, name: str, content: bytes, mode: int, before: Callable[[], None] = lambda: None) -> None:
    """Writes a file beside its place, under a name that nobody can foresee, and moves it there.

    `before` is called immediately before that; where it raises, nothing is moved.
    """
    import secrets  # slow to load, and not needed where nothing is to be done

    temporary = f"{_TEMPORARY}{secrets.token_hex(16)}"
    descriptor = os.open(folder.at(temporary), _NEW | folders.NO_FOLLOW, 0o600, dir_fd=folder.descriptor)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if not folders.still_there(folder):
            raise LinkError(errno.ELOOP, "变成了链接", str(folder.path))
        _move(folder, temporary, name, before)
    except BaseException:
        with suppress(OSError):
            os.unlink(folder.at(temporary), dir_fd=folder.descriptor)  # in a held folder
        raise


def _move(folder: Folder, temporary: str, name: str, before: Callable[[], None]) -> None:
    """Moves a file to its place; `before` is called immediately before each try.

    Windows refuses while another program holds the file open, as virus scanners and synchronisation do for moments.
    """
    for pause in _PAUSES:
        before()
        try:
            os.replace(  # in a held folder
                folder.at(temporary), folder.at(name), src_dir_fd=folder.descriptor, dst_dir_fd=folder.descriptor
            )
        except PermissionError as error:
            if pause is None:
                raise PermissionError(error.errno, _HELD) from error
            time.sleep(pause)
        else:
            return


def create(path: Path, content: bytes, top: Path | None = None, mode: int = FILE_MODE) -> None:
    """Writes a file that must not be there yet.

    Raises ToolError when it is, or when the system refuses.
    """
    if os.path.lexists(path):
        raise ToolError(f"{path} 已经有了，没有动它。")
    replace(path, content, top, mode)


def remove(path: Path, top: Path) -> None:
    """Removes a file, there or not, and the folders below `top` that it leaves empty.

    Raises ToolError when the system refuses, and for a path that leads out of `top`.
    """
    with _reworded(path, "删除"), suppress(FileNotFoundError):
        top, parts = _below(path, top)
        with folders.opened(top, parts[:-1]) as folder:
            folders.refuse_upward(folder, parts[-1])
            with suppress(FileNotFoundError):
                os.unlink(folder.at(parts[-1]), dir_fd=folder.descriptor)  # in a held folder
        for count in range(len(parts) - 1, 0, -1):
            if not _remove_empty(top, parts[:count]):
                break


def _remove_empty(top: Path, parts: tuple[str, ...]) -> bool:
    """Removes a folder where it is empty; gives whether it was."""
    with folders.opened(top, parts) as folder:
        if folder.names():
            return False
    with folders.opened(top, parts[:-1]) as above:
        os.rmdir(above.at(parts[-1]), dir_fd=above.descriptor)  # in a held folder
    return True


def remove_leftovers(folder: Path, paths: Iterable[str], top: Path) -> None:
    """Removes, of the files at some paths below a folder, what a killed build may have left half written."""
    for path in paths:
        if path.rpartition("/")[2].startswith(_TEMPORARY):
            remove(folder / path, top)


@contextmanager
def exclusive(path: Path, waiting: Callable[[], None], top: Path | None = None) -> Iterator[None]:
    """Holds a lock for a block; calls `waiting` once when somebody else holds it.

    The lock is the system's, so a killed process leaves none behind.
    """
    import filelock  # slow to load, and not needed where nothing is to be done

    with _reworded(path, "加锁"):
        top, parts = _below(path, top)
        with _folder(top, parts[:-1]) as folder:
            folders.refuse_link(folder, parts[-1])
        lock = filelock.FileLock(path)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            waiting()
            lock.acquire()
    try:
        yield
    finally:
        lock.release()
