"""The folder of the outputs as it stands on the disk: real folders and files only, and which paths outputs may have."""

from __future__ import annotations

import shlex
from pathlib import Path, PurePosixPath

from perfgen.findings import ToolError, UsageError
from perfgen.project import folders, names
from perfgen.project.layout import BUILD

OWNED = ("official", "public")
"""The folders under build/ that hold only outputs: a full build removes every other file from them."""
_INSTEAD = "成品要放在别处，就做好以后再复制过去。"


def files_of(root: Path, folder: str) -> list[str]:
    """The paths under build/ of all files in one of its folders, sorted.

    Raises UsageError for a link or a pipe, ToolError where the system refuses.
    """
    try:
        entries = list(folders.walk(root / BUILD / folder))
    except OSError as error:
        raise ToolError(f"{root / BUILD}：读不出来：{error.strerror or error}。") from error
    paths = [(PurePosixPath(folder, entry.path).as_posix(), entry) for entry in entries]
    for path, entry in paths:
        if not entry.is_file:
            raise _refused(f"{BUILD}/{path}", "链接" if entry.is_link else "管道或设备")
    return sorted(path for path, _ in paths)


def require_plain(root: Path) -> None:
    """Raises UsageError where a project's build/ is a link, or holds one: what is made would be written elsewhere."""
    status = folders.Folder(root, None).status(BUILD)
    if status is not None and folders.is_link(status):
        raise _refused(BUILD, "链接")
    files_of(root, "")


def _refused(path: str, what: str) -> UsageError:
    shown = names.shown_path(path)
    return UsageError(f"{shown} 是{what}，什么都没有动；删掉它（rm {shlex.quote(shown)}）再运行。{_INSTEAD}")


def is_output(path: str) -> bool:
    """Whether a path under build/ can be the path of an output."""
    parts = path.split("/")
    is_plain = not any(part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts)
    return is_plain and len(parts) > 1 and parts[0] in OWNED
