"""`perfgen init`: a new repository for a bureau, ready for `make all`, with nothing of perfgen's code in it."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfgen.findings import UsageError
from perfgen.project import invocation
from perfgen.repository import contents, vendored
from perfgen.system import console, git

HELP = "新建一个仓库：表、站点设置、一个例子、自动检查和编辑器设置"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("target", metavar="目录", help="新仓库的目录；要么还没有，要么是空的")
    parser.add_argument(
        "--pin", metavar="清单", type=Path, help="程序从发布的地方装：一次发布的 SHA256SUMS，版本和哈希照它写"
    )
    parser.add_argument(
        "--vendored",
        metavar="系统",
        choices=vendored.choices(),
        help=f"把依赖的安装包也放进仓库，不联网也能装；写系统和 Python，例如 {vendored.EXAMPLE}",
    )


def run(options: argparse.Namespace) -> int:
    """Lays out what a bureau needs; never into a folder that holds anything."""
    target = (options.directory / options.target).resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} 已经有内容了，没有动它；换一个空目录。")
    program = contents.pinned(options.directory, options.pin)
    packages = vendored.wheels(options.vendored) if options.vendored else {}
    parts = [contents.program_part(), contents.all_forms(), contents.first_data(), program, packages]
    contents.lay(target, contents.total(parts))
    git.init(target)
    console.say(f"新仓库在 {target}。下一步：")
    console.say(f"    cd {invocation.quoted(str(target))}")
    console.say("    make serve    # 在浏览器里填表")
    console.say("    make all      # 检查全部，生成 Word、PDF 和网页")
    console.say("没有 make 的，双击 填表.cmd（Windows）或 填表.sh，在浏览器里填。")
    if packages:
        size = sum(map(len, packages.values())) / 1e6
        console.say(f"依赖的安装包 {len(packages)} 个，共 {size:.1f} MB，只用于 {options.vendored}。")
    return 0
