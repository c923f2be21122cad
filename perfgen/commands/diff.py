"""`perfgen diff`: what changed between two versions, in words."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from perfgen.build import elsewhere
from perfgen.findings import Finding, UsageError
from perfgen.project.arguments import count, destination, open_project
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.review import corrections, formats, versions
from perfgen.review.compare import Comparison, compare, compare_years
from perfgen.review.version_checks import VersionChecks
from perfgen.review.years import Years
from perfgen.system import console, day, write

HELP = "比较两个版本：哪些放宽了，哪些取消了，钱怎么变"
EXIT_DIFFERENT = 1
_FOR_PROGRAMS = ("github", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "wanted", nargs="*", metavar="版本或文件",
        help="和谁比：BASE（和现在的文件比）、BASE..HEAD、BASE...HEAD（从分开的地方比起），不写就是和主分支分开的地方；"
        "后面可以写文件，只比较它们",
    )  # fmt: skip
    parser.add_argument(
        "--years",
        metavar="早..晚",
        help="比较两年的文件，例如 2025..2026，都按现在的版本读；要按别的版本读，前面写版本",
    )
    parser.add_argument("-j", "--jobs", type=count, metavar="N", help="比较两年时，用几个进程检查；不写就不另用进程")
    elsewhere.add_argument(parser)
    parser.add_argument("--format", choices=formats.names(), default="text", help="输出的格式（默认 text）")
    day.add_argument(parser, "今天")
    parser.add_argument("-o", "--output", type=Path, metavar="文件", help="写到文件里，不显示")
    parser.add_argument(
        "--redline",
        type=Path,
        metavar="目录",
        help="另外给每个有变化的单位做一份带修订标记的正式 Word 表，写到这个目录",
    )


def run(options: argparse.Namespace) -> int:
    """Compares and says what differs; 1 where anything does."""
    project = open_project(options.directory)
    version, files = versions.version_and_files(project, options.directory, options.wanted)
    today = day.find(options.date)
    comparison = corrections.judged(_compared(project, options, version, files), today)
    text = formats.render(options.format, comparison)
    if options.output:
        path, top = destination(project.root, options.directory, options.output)
        write.replace(path, (text + "\n").encode("utf-8", "replace"), top=top)
    else:
        (console.answer if options.format in _FOR_PROGRAMS else console.say)(text)
    if options.redline:
        folder, top = destination(project.root, options.directory, options.redline)
        _write_redlines(comparison, folder, top or folder)
    return EXIT_DIFFERENT if comparison.units or comparison.settings.is_different else 0


def _judge(old: Project, new: Project, files: Sequence[DataFile]) -> tuple[list[Finding], list[Finding]]:
    """What `check` says of some files by the forms of two projects."""
    from perfgen.build import check_batch  # only where the rules changed

    after, before = check_batch.check_in_each((new, old), files)
    return before, after


def _compared(
    project: Project, options: argparse.Namespace, version: str | None, files: list[tuple[str, str]]
) -> Comparison:
    """The comparison that the arguments ask for. Raises UsageError for what is asked of one that has no years."""
    if options.years is None:
        if options.executor is not None or options.jobs is not None:
            raise UsageError("-j 和 --executor 只用来比较两年，和 --years 一起写。")
        return compare(project, versions.range_of(project.root, version), files, None if files else _judge)
    of = Years.parse(options.years)
    ends = versions.of_years(project.root, version, (str(of.old), str(of.new)))
    with elsewhere.asked(options, project, console.complain) as pool:
        return compare_years(project, of, ends, files, VersionChecks(pool, options.jobs, _needs))


def _needs(project: Project, files: Iterable[DataFile]) -> Iterable[str]:
    """What is needed to check some files: that does not depend on dates."""
    from perfgen.build.made_from import Sources  # only for a cluster
    from perfgen.build.needs import Needs

    return Needs(project, Sources(project, site.Site({}))).of(files)


def _write_redlines(comparison: Comparison, folder: Path, top: Path) -> None:
    """Writes the Word files to a folder, without leaving `top`, and says of each what came of it."""
    from perfgen.review.redlines import redlines  # needs docxtpl, which a comparison in words does not

    for redline in redlines(comparison):
        if redline.content:
            write.replace(folder / redline.path, redline.content, top=top)
        remark = f"；{redline.remark}" if redline.remark else ""
        console.complain(f"{redline.path}：{redline.why_not or '修订稿已写好'}{remark}。")
