"""What is said and kept of an exception that nobody foresaw: that it is a fault of perfgen, where, and what to send."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from perfgen import __version__
from perfgen.findings import ToolError, UsageError
from perfgen.project import faults
from perfgen.project.arguments import find_root
from perfgen.project.layout import BUILD
from perfgen.system import console, write

_FAULT_FILE = "fault.txt"
"""Below build/: what is to be sent to whoever keeps perfgen."""


def show(error: Exception, arguments: Sequence[str], directory: Path) -> None:
    """Says of an exception that nobody foresaw where it came from, that it is a fault of perfgen, and what to send."""
    fault = faults.of(error)
    file = fault.file or "、".join(name for name in arguments if (directory / name).is_file())
    where = f"{file}：" if file else f"perfgen {' '.join(arguments)}："
    step = fault.step or "运行命令"
    console.complain(f"错误：{where}在“{step}”这一步，perfgen 自己出了错（{type(error).__name__}），不是您填错了。")
    details = _details(error, arguments, file, fault)
    saved = _saved(details, directory)
    what = f"{saved or '下面这些文字'}{f' 和 {file}' if file else ''}"
    console.complain(f"请把 {what} 发给维护 perfgen 的人。里面可能有不公开的内容，不要发到公开的地方。")
    if not saved:
        console.complain(details)


def _details(error: Exception, arguments: Sequence[str], file: str, fault: faults.Fault) -> str:
    """What whoever keeps perfgen needs to know: versions, the command, the file, the way the exception came."""
    import platform  # nothing else needs it

    system = f"perfgen {__version__}, Python {platform.python_version()}, {platform.platform()}"
    way = "".join(traceback.format_exception(error))
    return f"{system}\nperfgen {' '.join(arguments)}\n{file} {fault.module}\n\n{way}"


def _saved(details: str, directory: Path) -> str:
    """The file below build/ that the details were written to; empty where there is no project or no room."""
    try:
        root = find_root(directory)
        path = root / BUILD / _FAULT_FILE
        write.replace(path, details.encode("utf-8", "replace"), top=root)
    except (UsageError, ToolError, OSError):
        return ""
    return f"{BUILD}/{_FAULT_FILE}" if root == Path().resolve() else str(path)
