"""Holds a copied site against the list of its files: what is missing, changed, or there and not in the list.

The list is `checksums.json` at the root of the site:
{"format": 1, "files": {"<path with />": {"size": n, "sha256": "<hex>"}, …}}, without itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from perfgen.display import visible
from perfgen.project import folders, reading
from perfgen.verifying.data_files import unique_names
from perfgen.verifying.outcome import Status

LIST = "checksums.json"
FORMAT = 1
MAX_LIST = 50_000_000
"""Bytes of the list: 300,000 files."""
MAX_FILE = 200_000_000
"""Bytes of a file that is read."""
_MOST = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
Listed: TypeAlias = dict[str, tuple[int, str]]
"""By path below the folder, the size and the SHA-256 of a file."""


@dataclass(frozen=True)
class Mirror:
    """What came of a folder; paths are below it."""

    folder: str
    status: Status
    count: int = 0
    """How many files the list has."""
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Paths of the list that lead out of the folder, and links, which were not followed."""
    unlisted: tuple[str, ...] = ()
    trouble: str = ""
    hint: str = ""

    @property
    def exit_code(self) -> int:
        """0 the same, 1 different, 2 not read."""
        return {Status.SAME: 0, Status.UNREADABLE: 2}.get(self.status, 1)


def check(folder: Path, name: str) -> Mirror:
    """Holds a folder against its list; `name` is what it is called in messages."""
    try:
        listed, refused = _listed(folder)
        there = {entry.path: entry for entry in folders.walk(folder) if entry.path != LIST}
    except _NoListError as error:
        hint = f"从公开的网站取来 {LIST}，和别的文件放在一起再核对。"
        return Mirror(name, Status.UNREADABLE, trouble=str(error), hint=hint)
    except OSError as error:
        return Mirror(name, Status.UNREADABLE, trouble=f"读不出来：{error.strerror}", hint="看文件夹的权限。")
    links = {path for path, entry in there.items() if not entry.is_file}
    links |= {path for path in listed if path not in there and _leads_elsewhere(folder, path)}
    missing = sorted(path for path in listed if path not in there and path not in links)
    changed = sorted(path for path, wanted in listed.items() if path in there and path not in links
                     and not _is_same(folder, there[path], wanted))  # fmt: skip
    unlisted = tuple(sorted(there.keys() - listed.keys() - links))
    refused = tuple(sorted({*refused, *links}))
    is_same = not (missing or changed or refused or unlisted)
    hint = "" if is_same else "从公开的网站重新复制这些文件；不在清单里的先看是谁放的。"
    return Mirror(
        name, Status.SAME if is_same else Status.DIFFERENT, len(listed), tuple(missing), tuple(changed), refused,
        unlisted, hint=hint,
    )  # fmt: skip


class _NoListError(Exception):
    """There is no list, or it cannot be read; says why."""


def _listed(folder: Path) -> tuple[Listed, tuple[str, ...]]:
    """The files of the list, and those of its paths that lead out of the folder. Raises _NoListError."""
    try:
        content = reading.made(folder / LIST, MAX_LIST)
    except OSError as error:
        raise _NoListError(f"{LIST} 读不出来：{error.strerror}") from error
    if content is None:
        raise _NoListError(f"里面没有 {LIST}，或者它是链接")
    if len(content) > MAX_LIST:
        raise _NoListError(f"{LIST} 太大，不像一份清单")
    try:
        loaded = json.loads(content, object_pairs_hook=unique_names)
    except (ValueError, RecursionError):
        raise _NoListError(f"{LIST} 坏了，读不出来") from None
    files = loaded.get("files") if isinstance(loaded, dict) and loaded.get("format") == FORMAT else None
    if not isinstance(files, dict):
        raise _NoListError(f"{LIST} 不是 perfgen 的清单，或者是新版本的")
    return _entries(files)


def _entries(files: dict[str, object]) -> tuple[Listed, tuple[str, ...]]:
    """The entries of a list, and the paths that lead out. Raises _NoListError for an entry that is none."""
    listed: Listed = {}
    refused: list[str] = []
    for path, entry in files.items():
        size, digest = (entry.get("size"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
        if not isinstance(size, int) or not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise _NoListError(f"{LIST} 坏了：{visible(path)} 没有写大小和 SHA-256")
        if _is_inside(path):
            listed[path] = (size, digest)
        else:
            refused.append(path)
    return listed, tuple(refused)


def _is_inside(path: str) -> bool:
    """Whether a path of a list is one below its folder, on every system."""
    parts = path.split("/")
    is_plain = all(part not in ("", ".", "..") for part in parts) and not {"\\", "\0", ":"} & set(path)
    return is_plain and PurePosixPath(path).as_posix() == path


def _leads_elsewhere(folder: Path, path: str) -> bool:
    """Whether a folder on the way to a file is a link, so that nothing behind it was looked at."""
    *parents, _ = path.split("/")
    try:
        with folders.opened(folder, parents):
            return False
    except folders.LinkError:
        return True
    except (OSError, ValueError):
        return False


def _is_same(folder: Path, entry: folders.Entry, wanted: tuple[int, str]) -> bool:
    """Whether a file has the size and the SHA-256 of the list; one of another size is not read."""
    size, digest = wanted
    if entry.status.st_size != size or size > MAX_FILE:
        return False
    try:
        content = reading.in_project(folder, entry.path, size)
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == digest


def lines(mirror: Mirror) -> Iterator[str]:
    """What came of a folder, for people."""
    name = visible(mirror.folder)
    if mirror.status is Status.UNREADABLE:
        yield f"{name}：{mirror.trouble}。"
    elif mirror.status is Status.SAME:
        yield f"{name}：{mirror.count} 个文件都在，和 {LIST} 里写的一样；没有多出来的。"
    else:
        yield f"{name}：和 {LIST} 里写的不一样。"
    for words, paths in (
        ("缺少", mirror.missing), ("改过", mirror.changed), ("没有看（链接，或者指到文件夹外面）", mirror.refused),
        ("不在清单里", mirror.unlisted),
    ):  # fmt: skip
        if paths:
            more = f" 等 {len(paths)} 个" if len(paths) > _MOST else ""
            yield f"  {words}：{'、'.join(map(visible, paths[:_MOST]))}{more}"
    if mirror.hint:
        yield f"  {mirror.hint}"
