"""What a build finds that believes no manifest: files of the last build that are not what the inputs give now."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from perfgen.findings import Finding, Place
from perfgen.project import reading
from perfgen.project.layout import BUILD
from perfgen.system import write

RULE = "output-differs"
_DIFFERS = "和现在重新做的不是同样的字节；已经换成重新做的。"
_MISSING = "应该有，却没有；已经做好。"
_STRAY = "这次没有做出它：没有数据要它，或者那份数据有错；已经删除。"
_WHY = "生成以后数据、模板或程序没有变的，就是有人改过它：已经发布的，也要换掉。"
_PUBLISHED = "已经发布的，也要换掉。"


def is_same(root: Path, path: str, content: bytes) -> bool:
    """Whether an output of a project can be read and holds these very bytes; dates do not count, links are refused."""
    try:
        return reading.in_project(root, f"{BUILD}/{path}", len(content)) == content
    except OSError:
        return False


def is_shared(path: Path) -> bool:
    """Whether others may change an output: it has a further name (a hard link), or a mode that no output is given."""
    status = path.lstat()
    return os.name == "posix" and (status.st_nlink > 1 or stat.S_IMODE(status.st_mode) != write.FILE_MODE)


def replaced(path: str, *, was_there: bool) -> Finding:
    """Says that an output, by its path under build/, was not as it was made again; or was not there."""
    message, hint = (_DIFFERS, _WHY) if was_there else (_MISSING, _PUBLISHED)
    return Finding(Place(f"{BUILD}/{path}"), RULE, message, hint)


def removed(path: str) -> Finding:
    """Says that a file under build/ was no output that was made again."""
    return Finding(Place(f"{BUILD}/{path}"), RULE, _STRAY, _PUBLISHED)
