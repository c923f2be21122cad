"""What nobody foresaw: which file was in hand, and at which step, when an exception came that is a fault of perfgen.

Whoever works on a file says so (`in_hand`); the exception carries that to the one net in `cli`, also out of another
process.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from perfgen.findings import PerfgenError

_STEPS = {
    "source": "读 YAML",
    "form": "读表的 schema 和规则",
    "check": "检查",
    "report": "汇总",
    "comparison": "比较",
    "table": "读模板、排表格",
    "render": "生成",
    "prove": "核对成品",
    "build": "生成",
    "importing": "导入",
    "review": "比较",
    "authoring": "写数据文件",
    "filling": "填写",
    "serving": "在浏览器里填表",
    "project": "读项目的文件",
    "system": "和系统打交道",
}
_PASSED_THROUGH = ("cli", "commands", "plugins", "project", "system")
"""Where a step passes through; the step is that of the nearest other module, where there is one."""
_FILE, _MODULE = "perfgen_file", "perfgen_module"


@dataclass(frozen=True)
class Fault:
    """Where an exception came from."""

    file: str
    """The file that was in hand; empty where none was."""
    step: str
    """What was being done, in Chinese; empty where nothing says."""
    module: str
    """The module of perfgen that raised it or asked for it."""


@contextmanager
def in_hand(file: str) -> Iterator[None]:
    """Says that a file is worked on; an exception that nobody foresaw then names it. The innermost file counts."""
    try:
        yield
    except PerfgenError:
        raise
    except Exception as error:
        _note(error, file)
        raise


def _note(error: Exception, file: str) -> None:
    """Notes on an exception the file and the module; pickling keeps both, but not the traceback."""
    notes = vars(error)
    notes.setdefault(_FILE, file)
    notes.setdefault(_MODULE, _module(error))


def of(error: Exception) -> Fault:
    """Where an exception came from."""
    module = str(vars(error).get(_MODULE) or _module(error))
    package = module.split(".")[1] if "." in module else ""
    return Fault(str(vars(error).get(_FILE, "")), _STEPS.get(package, ""), module)


def _module(error: Exception) -> str:
    """The innermost module of perfgen that an exception passed, rather one that works than one that hands on."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    names = [str(frame.f_globals.get("__name__", "")) for frame in reversed(frames)]
    ours = [name for name in names if name.startswith("perfgen.") and name != __name__]
    working = [name for name in ours if name.split(".")[1] not in _PASSED_THROUGH]
    return next(iter([*working, *ours]), "")
