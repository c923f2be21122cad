"""`perfgen form add`: a shipped form laid into a repository that is there."""

from __future__ import annotations

import argparse
import os

from perfgen.findings import UsageError
from perfgen.project.arguments import find_root
from perfgen.repository import contents
from perfgen.system import console

HELP = "把程序带的一张表放进仓库：form add 表名"
_EDITOR = ".vscode/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("action", metavar="add", choices=["add"], help="放进一张表")
    parser.add_argument("name", metavar="表名", help=f"有的是：{'、'.join(contents.form_names())}")


def run(options: argparse.Namespace) -> int:
    """Lays the form's files, all or none: never over a file. Editor settings are added where there are none."""
    root = find_root(options.directory)
    form = contents.form(options.name)
    if there := [path for path in form if os.path.lexists(root / path)]:
        raise UsageError(f"已经有了，没有动：{'、'.join(there)}。要换成程序带的，先把它们移走。")
    also = {path: content for path, content in contents.program_part().items() if path.startswith(_EDITOR)}
    also |= (shared := contents.included(options.name))
    laid = form | {path: content for path, content in also.items() if not os.path.lexists(root / path)}
    contents.lay(root, laid)
    for path in (*form, *(path for path in shared if path in laid)):
        console.say(path)
    console.say(f"数据文件的第一项写上 {options.name} 就用这张表。")
    return 0
