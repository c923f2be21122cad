"""`perfgen adopt`: a repository of an older `init` put onto the installed program; data, forms and history stay."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from perfgen.findings import UsageError
from perfgen.project import reading
from perfgen.project.arguments import find_root
from perfgen.project.layout import MAX_OTHER
from perfgen.repository import adoption, contents
from perfgen.repository.adoption import Copied
from perfgen.system import console, write

HELP = "把以前 init 建的、里面带着程序的仓库，改成用装好的程序；数据、表和历史不动"
ASIDE = "set-aside"
"""Where the files go that the bureau changed, each with its difference."""
_SUFFIX = ".diff"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--dry-run", action="store_true", help="只说会怎样，什么也不动")
    parser.add_argument("--pin", metavar="清单", type=Path, help="和 init 的一样：一次发布的 SHA256SUMS")


def run(options: argparse.Namespace) -> int:
    """Removes what is unchanged, sets aside what is not, lays what today's `init` lays; commits nothing."""
    root = find_root(options.directory)
    if adoption.is_perfgens_own(root):
        raise UsageError(f"{root} 是 perfgen 自己的仓库，不用改。")
    if os.path.lexists(root / ASIDE):
        raise UsageError(f"{ASIDE}/ 已经有了，没有动；先看完里面的文件，移走它再试。")
    laid = contents.program_part() | contents.pinned(options.directory, options.pin)
    copied = adoption.find(root, laid)
    if not options.dry_run:
        _set_aside(root, copied)
        for path in copied.unchanged:
            write.remove(root / path, top=root)
        contents.lay(root, {path: content for path, content in laid.items() if not os.path.lexists(root / path)})
    _say(copied, is_done=not options.dry_run)
    return 0


def _set_aside(root: Path, copied: Copied) -> None:
    """Moves changed files out of the way; each is there before it is removed."""
    for path in copied.changed:
        difference = adoption.difference(root, path)
        write.create(root / ASIDE / path, reading.in_project(root, path, MAX_OTHER), top=root)
        if difference:
            write.create(root / ASIDE / f"{path}{_SUFFIX}", difference.encode(), top=root)
        write.remove(root / path, top=root)


def _say(copied: Copied, *, is_done: bool) -> None:
    did = "已" if is_done else "会"
    console.say(f"没有改过的程序文件 {len(copied.unchanged)} 个，{did}删掉；程序以后从 {contents.PIN} 写明的安装包来。")
    if copied.changed:
        console.say(f"改过的 {len(copied.changed)} 个，{did}移到 {ASIDE}/，旁边的 {_SUFFIX} 是改了什么：")
        for path in copied.changed:
            console.say(f"    {path}")
        console.say("还要的，照现在的写法改进去：模板放回原来的位置就用它；看完删掉这个文件夹。")
    console.say("data/、本单位的表和模板、git 的历史没有动。")
    if is_done:
        console.say("下一步：运行 make all，看过 git status 再提交。")
