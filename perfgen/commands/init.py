"""`perfgen init`: a new repository for a bureau, complete and ready for `make all`."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfgen.findings import ToolError, UsageError
from perfgen.project import invocation, reading
from perfgen.project.layout import SCHEMA_FOLDER, DataFile
from perfgen.project.snapshot import Project
from perfgen.system import console, git, write

HELP = "新建一个仓库：表、站点设置、一个例子、自动检查和编辑器设置"

_HOME = Path(__file__).resolve().parents[2]
"""The repository this perfgen runs from; a new one is made of the same parts."""
_FOLDERS = ("perfgen", "schema", "templates", "requirements", "scripts", "docs", ".vscode", ".github")
_FILES = ("Makefile", "pyproject.toml", "LICENSE", "SECURITY.md", ".gitignore", ".gitattributes", ".gitlab-ci.yml")
_STARTER = Path(__file__).resolve().parents[1] / "starter"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("target", metavar="目录", help="新仓库的目录；要么还没有，要么是空的")


def run(options: argparse.Namespace) -> int:
    """Copies what a bureau needs; never into a folder that holds anything."""
    target = (options.directory / options.target).resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} 已经有内容了，没有动它；换一个空目录。")
    if not (_HOME / SCHEMA_FOLDER).is_dir():
        raise ToolError(
            f"这个 perfgen 是单独安装的，旁边没有表和模板；请在它的仓库里运行 {invocation.command('init')}。"
        )
    for folder in _FOLDERS:
        write.copy_tree(_HOME / folder, target / folder, top=target)
    for name in _FILES:
        if (_HOME / name).exists():
            write.create(target / name, reading.of_package(_HOME / name), top=target)
    write.copy_tree(_STARTER, target, top=target)
    example = _example()
    if example is not None:
        write.create(target / example, reading.of_package(_HOME / example), top=target)
    git.init(target)
    console.say(f"新仓库在 {target}。下一步：")
    console.say(f"    cd {target}")
    console.say("    make all")
    return 0


def _example() -> DataFile | None:
    """The shortest data file of the latest year."""
    files, _ = Project.on_disk(_HOME).data_files()
    latest = [file for file in files if file.year == max(file.year for file in files)]
    return min(latest, key=lambda file: (_HOME / file).stat().st_size, default=None)
