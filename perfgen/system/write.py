"""Bytes to files, whole or not at all; the only module that writes, locks or removes files."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from perfgen.findings import ToolError

_TEMPORARY = ".perfgen-tmp-"
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755


@contextmanager
def _reworded(path: Path, doing: str) -> Iterator[None]:
    """Turns an error of the system into a ToolError with a message."""
    try:
        yield
    except OSError as error:
        raise ToolError(f"{path}：{doing}失败：{error.strerror or error}。") from error


def _folder(path: Path) -> None:
    """Makes a folder and those above it; readable whatever the umask, as a web root must be."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        folder.chmod(_FOLDER_MODE)


def replace(path: Path, content: bytes) -> None:
    """Puts `content` at `path` in one step: a reader sees the old file or the new one, nothing between.

    Raises ToolError when the system refuses.
    """
    with _reworded(path, "写文件"):
        _folder(path.parent)
        short = hashlib.sha256(path.name.encode()).hexdigest()[:16]
        temporary = path.with_name(f"{_TEMPORARY}{short}")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_FILE_MODE)
        temporary.replace(path)


def create(path: Path, content: bytes) -> None:
    """Writes a file that must not be there yet.

    Raises ToolError when it is, or when the system refuses.
    """
    if path.exists():
        raise ToolError(f"{path} 已经有了，没有动它。")
    replace(path, content)


def copy_tree(source: Path, target: Path) -> None:
    """Copies a folder's files to where none of them is yet.

    Raises ToolError when the system refuses.
    """
    with _reworded(target, "复制"):
        for path in sorted(source.rglob("*")):
            passed_over = "__pycache__" in path.parts or path.name.startswith(("~$", "."))
            if path.is_file() and not passed_over:
                _folder((target / path.relative_to(source)).parent)
                shutil.copyfile(path, target / path.relative_to(source))


def remove(path: Path, top: Path) -> None:
    """Removes a file, and the folders below `top` that it leaves empty."""
    with _reworded(path, "删除"):
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == top or not folder.is_relative_to(top) or any(folder.iterdir()):
                break
            folder.rmdir()


def remove_leftovers(top: Path) -> None:
    """Removes what a killed build may have left half written."""
    for path in list(top.rglob(f"{_TEMPORARY}*")):
        remove(path, top)


@contextmanager
def exclusive(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds a lock for a block; calls `waiting` once when somebody else holds it.

    The lock is the system's, so a killed process leaves none behind.
    """
    with _reworded(path, "加锁"):
        _folder(path.parent)
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
