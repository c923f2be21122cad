"""`perfgen diff`: what changed between two versions, in words."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfgen import project
from perfgen.findings import UsageError
from perfgen.review import formats, versions
from perfgen.review.compare import Comparison, compare
from perfgen.system import console, write

HELP = "比较两个版本：哪些放宽了，哪些取消了，钱怎么变"
EXIT_DIFFERENT = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "wanted", nargs="*", metavar="版本或文件",
        help="和谁比：BASE（和现在的文件比）、BASE..HEAD、BASE...HEAD（从分开的地方比起），不写就是和主分支分开的地方；"
        "后面可以写文件，只比较它们",
    )  # fmt: skip
    parser.add_argument("--format", choices=formats.names(), default="text", help="输出的格式（默认 text）")
    parser.add_argument("-o", "--output", type=Path, metavar="文件", help="写到文件里，不显示")
    parser.add_argument(
        "--redline",
        type=Path,
        metavar="目录",
        help="另外给每个有变化的单位做一份带修订标记的正式 Word 表，写到这个目录",
    )


def run(options: argparse.Namespace) -> int:
    """Compares and says what differs; 1 where anything does."""
    root = project.find_root(options.directory)
    version, files = _sorted_out(root, options.directory, options.wanted)
    comparison = compare(root, versions.range_of(root, version), files)
    text = formats.render(options.format, comparison, root)
    if options.output:
        write.replace(options.directory / options.output, (text + "\n").encode("utf-8", "replace"))
    else:
        console.say(text)
    if options.redline:
        _write_redlines(comparison, root, options.directory / options.redline)
    return EXIT_DIFFERENT if comparison.units else 0


def _write_redlines(comparison: Comparison, root: Path, folder: Path) -> None:
    from perfgen.review.redlines import redlines  # needs docxtpl, which a comparison in words does not

    for one in redlines(comparison, root):
        if one.content:
            write.replace(folder / one.path, one.content)
        console.complain(f"{one.path}：{one.why_not or '修订稿已写好'}。")


def _sorted_out(root: Path, base: Path, wanted: list[str]) -> tuple[str | None, list[tuple[str, str]]]:
    """The version among the arguments, which comes first, and the files, each with its path below the root.

    Raises UsageError for what may be both or lies outside.
    """
    version = None
    if wanted and (".." in wanted[0] or not _is_file(root, base, wanted[0])):
        version, *wanted = wanted
    files = []
    for typed in wanted:
        path = Path((base / typed).absolute()).resolve()
        if not path.is_relative_to(root):
            raise UsageError(f"{typed} 不在这个项目里。")
        files.append((typed, path.relative_to(root).as_posix()))
    return version, files


def _is_file(root: Path, base: Path, typed: str) -> bool:
    """Whether an argument means a file: one that is there, or one that was (its name says so)."""
    there = (base / typed).exists()
    if there and versions.names_commit(root, typed):
        raise UsageError(
            f"“{typed}”既是文件又是版本；文件写成 ./{typed}，版本写成 {typed}..HEAD 或 refs/heads/{typed}。"
        )
    return there or typed.endswith(project.SUFFIX)
