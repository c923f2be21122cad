"""`perfgen merge`: three versions of a data file joined by rows; git calls it, once `make gitconfig` was run."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfgen.findings import UsageError
from perfgen.merging import driver
from perfgen.project import invocation, reading
from perfgen.project.layout import MAX_OTHER
from perfgen.system import console, merge_labels, text_merge, write

HELP = "合并一个数据文件的三个版本，给 git merge 用"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments, in git's order: %O %A %B."""
    parser.add_argument("base", type=Path, metavar="合并以前", help="两边分开以前的文件")
    parser.add_argument("ours", type=Path, metavar="这一边", help="这一边的文件；结果写在这里")
    parser.add_argument("theirs", type=Path, metavar="那一边", help="那一边的文件")
    parser.add_argument("--path", default="", metavar="文件", help="它们是仓库里的哪个文件（%%P）")
    parser.add_argument("--marker-size", type=int, default=7, metavar="几个", help="冲突的记号有几个字符（%%L）")
    parser.add_argument("--labels", nargs=3, default=(), metavar="名称", help="三个版本的名称（%%S %%X %%Y）")


def run(options: argparse.Namespace) -> int:
    """Writes the result over our version; 1 where a conflict is in it.

    Raises UsageError where a version cannot be read, ToolError where git fails.
    """
    folder: Path = options.directory
    versions = [_content(folder / path) for path in (options.base, options.ours, options.theirs)]
    labels = merge_labels.of(folder, options.labels)
    by_lines = text_merge.merged(folder, versions, labels, max(options.marker_size, 1))
    outcome = driver.merged(folder, options.path or str(options.ours), versions, by_lines)
    if outcome.content != versions[1]:
        target = folder / options.ours
        write.replace(target, outcome.content, top=target.parent)
    if outcome.why:
        console.complain(f"{options.path or options.ours}：{outcome.why}。{_left(outcome)}")
    return 0 if outcome.is_clean else 1


def _left(outcome: driver.Outcome) -> str:
    if outcome.is_clean:
        return f"没有按行的名称核对，照 git 的办法逐行合并了；合并以后运行 {invocation.command('check')}。"
    return "没有自动合并，两边的写法都留在文件里。"


def _content(path: Path) -> bytes:
    try:
        content = reading.typed(path, MAX_OTHER)
    except OSError as error:
        raise UsageError(f"{path}：读不出来：{error.strerror}。") from error
    if len(content) > MAX_OTHER:
        raise UsageError(f"{path} 太大，最多 {MAX_OTHER} 字节，没有合并。")
    return content
