"""The folder of the outputs as it stands on the disk: real folders and files only, and which paths outputs may have."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import TypeAlias

from perfgen.findings import ToolError, UsageError
from perfgen.project import folders, names
from perfgen.project.layout import BUILD

LOCK = ".lock"
"""The file below build/ that is locked while a build goes on."""
OWNED = ("official", "public", "summaries")
"""The folders under build/ that hold only outputs: a full build removes every other file from them."""
Found: TypeAlias = dict[str, os.stat_result]
"""Files by their paths under build/, with what the system says of each."""
_INSTEAD = "成品要放在别处，就做好以后再复制过去。"


def found(root: Path) -> Found:
    """All files below a project's build/.

    Raises UsageError for a link or a pipe: what is made would be written elsewhere; ToolError where the system refuses.
    """
    _require_real(root, BUILD)
    return _below(root, "")


def outputs(root: Path) -> Found:
    """The files in perfgen's own folders below build/, and nothing beside them. Raises what `found` raises."""
    files: Found = {}
    for folder in OWNED:
        files.update(files_of(root, folder))
    return files


def files_of(root: Path, folder: str) -> Found:
    """The files in one of the folders below build/. Raises what `found` raises."""
    _require_real(root, BUILD)
    _require_real(root, f"{BUILD}/{folder}")
    return _below(root, f"{folder}/")


def require_lockable(root: Path) -> None:
    """Raises UsageError where a project's build/ or the lock in it is a link."""
    _require_real(root, BUILD)
    _require_real(root, f"{BUILD}/{LOCK}")


def _below(root: Path, folder: str) -> Found:
    """The files below a folder of build/, named with a slash behind it, or below build/ itself."""
    files: Found = {}
    try:
        for entry in folders.walk(root / BUILD / folder):
            path, status = folder + entry.path, entry.status
            if not stat.S_ISREG(status.st_mode):
                raise _refused(f"{BUILD}/{path}", "链接" if entry.is_link else "管道或设备")
            files[path] = status
    except OSError as error:
        raise ToolError(f"{root / BUILD / folder}：读不出来：{error.strerror or error}。") from error
    return files


def _require_real(root: Path, path: str) -> None:
    above, _, name = path.rpartition("/")
    status = folders.Folder(root / above, None).status(name)
    if status is not None and folders.is_link(status):
        raise _refused(path, "链接")


def _refused(path: str, what: str) -> UsageError:
    shown = names.shown_path(path)
    return UsageError(f"{shown} 是{what}，什么都没有动；删掉它（rm {shlex.quote(shown)}）再运行。{_INSTEAD}")


def is_of_public(path: str) -> bool:
    """Whether a path under build/ is that of an output of what is published, which goes when that is withdrawn."""
    return path.startswith(("public/", "summaries/public/"))


def is_output(path: str) -> bool:
    """Whether a path under build/ can be the path of an output."""
    parts = path.split("/")
    is_plain = not any(part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts)
    return is_plain and len(parts) > 1 and parts[0] in OWNED
