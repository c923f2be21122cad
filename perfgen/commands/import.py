"""`perfgen import`: filled-in Word forms into data files, with a report of every odd cell."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfgen.build import elsewhere
from perfgen.findings import Finding, Level, ToolError, UsageError
from perfgen.formats.text import counts
from perfgen.importing import import_file, overview, sources, targets
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.sources import Source
from perfgen.importing.targets import Target
from perfgen.project import invocation
from perfgen.project.arguments import count, destination, open_project
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import Project
from perfgen.review import read_ahead
from perfgen.review.take_in import Taken, read_now, take_in
from perfgen.system import console, office, unpack, write

if TYPE_CHECKING:
    from perfgen.system.dispatch import Elsewhere

HELP = "把填好的 Word 表（或 perfgen 做的 PDF）变成数据文件，说明每一处改动和疑问"

_ZIP = b"PK"
"""How a Word file (.docx) begins, whatever its name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="文件", help="Word 文件，或装着 Word 文件的目录")
    parser.add_argument(
        "-o", "--output", metavar="去处",
        help="写到这个 .yaml 文件，或这个目录；不写就是 data/<年度>/。文件已经有了，就照表改它",
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="已经有的文件还没有提交，也照表改")
    parser.add_argument("--form", metavar="表名", help="用哪张表；不写就挑对得上的")
    parser.add_argument("--year", type=_year, metavar="年度", help="哪一年的表；不写就从表上看")
    parser.add_argument("-j", "--jobs", type=count, metavar="N", help="同时用几个进程读表；不写就自动决定")
    elsewhere.add_argument(parser)
    parser.add_argument("--strict", action="store_true", help="有一处改动或疑问就不写文件")
    parser.add_argument("--witness", action="store_true", help="和 LibreOffice 显示的逐格比较（要装 LibreOffice）")
    parser.add_argument(
        "--revisions", choices=[revisions.value for revisions in Revisions], default=Revisions.ACCEPT.value,
        help="修订痕迹：accept 接受（默认），reject 拒绝",
    )  # fmt: skip
    parser.add_argument(
        "--report", metavar="文件.csv", help="每个文件一行，下面逐条是报告，写成表格；里面有不公开的内容"
    )


def _year(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise argparse.ArgumentTypeError("要写四位数字，例如 2024")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Imports file after file, or changes the one data file that is there; prints the findings last, together."""
    project = open_project(options.directory)
    found, passed_over = sources.find(options.directory, options.files)
    target = targets.target(
        project.root, options.directory, options.output, len(found), strict=options.strict, yes=options.yes
    )
    order = import_file.ImportOrder(
        project, options.form, options.year, Revisions(options.revisions), target.year_of_folder, options.witness
    )
    if options.witness:
        found = _with_witness(found)
    report = _report(project.root, options.directory, options.report) if options.report else None
    with elsewhere.asked(options, project, console.complain) as pool:
        outcomes = _all(found, order, target, options.jobs, pool)
    findings = [*sources.said_of(passed_over), *(finding for one in outcomes for finding in one.findings)]
    judged = [finding for one in outcomes for finding in one.judged]
    if report:
        path, top = report
        write.replace(path, overview.report(one.row for one in outcomes), top=top)
    if len(outcomes) == 1:
        console.complain_of(findings, project)
        console.show_grave(judged, project)
    else:
        _sum_up(outcomes, findings, judged, project, options.report)
    return max(one.exit_code for one in outcomes)


def _all(
    found: list[Source], order: import_file.ImportOrder, target: Target, jobs: int | None, pool: Elsewhere | None
) -> list[Taken]:
    """Imports files one after the other, whoever reads them; of several, each is a row of a table."""
    outcomes: list[Taken] = []
    is_table = len(found) > 1
    if is_table:
        console.say(f"{' ' * len(f'[{len(found)}/{len(found)}] ✓ ')}{overview.heading()}")
    with (
        read_ahead.begun(pool, jobs, order, target, len(found)) as ahead,
        console.progress(len(found), "导入", shows_all=is_table) as advance,
    ):
        for source, read in ahead.each(found) if ahead else ((source, read_now) for source in found):
            outcome = take_in(source, order, target, read)
            if outcome.written:  # the next file may be of the year after
                target.written[outcome.written] = source.name
                order = replace(order, project=order.project.with_changes([outcome.written]))
                if ahead:
                    ahead.written(order, outcome.written)
            if not is_table:
                for line in outcome.said:
                    console.say(line)
            advance(overview.line(outcome.row) if is_table else outcome.line, failed=bool(outcome.exit_code))
            outcomes.append(outcome)
    return outcomes


_FEW = 20
"""How many findings of many files, besides errors, are shown in full."""


def _sum_up(
    outcomes: list[Taken], findings: list[Finding], judged: list[Finding], project: Project, report: str | None
) -> None:
    """Shows the errors of many files in full, what twins differ in, and how many other findings there are."""
    for line in (line for outcome in outcomes for line in outcome.said):
        console.complain(line)
    is_short = len(findings) <= _FEW
    console.complain_of([one for one in findings if is_short or one.level is Level.ERROR], project)
    left = [] if is_short else [one for one in findings if one.level is not Level.ERROR]
    if left:
        where = f"在 {report} 里" if report else "要看就用 -o 写到另一个目录，加 --report 文件.csv，再导入一次"
        console.complain(f"读表时另有 {counts(left)}，没有逐条列出，{where}。")
    console.complain_of([one for one in judged if one.level is Level.ERROR], project)
    if rest := [one for one in judged if one.level is not Level.ERROR]:
        console.complain(f"数据文件里另有 {counts(rest)}；运行 {invocation.command('check')} 看。")


def _report(root: Path, base: Path, typed: str) -> tuple[Path, Path | None]:
    """Where the report goes. Raises UsageError for what is no CSV, and for where everybody may read it."""
    path, top = destination(root, base, typed)
    if path.suffix.lower() != ".csv":
        raise UsageError(f"--report 写成表格文件，名字以 .csv 结尾，不是 {typed}。")
    if path.is_relative_to(root / BUILD / "public"):
        raise UsageError(f"{typed} 在公开的目录里，报告里有不公开的内容；换一个地方。")
    return path, top


def _with_witness(found: list[Source]) -> list[Source]:
    """Files with what LibreOffice saves of them; what is no Word file, or cannot be read, the import tells.

    Raises ToolError when LibreOffice is not installed.
    """
    words: dict[Path, bytes] = {}
    for source in found:
        with suppress(ToolError):
            content = source.content()
            if content.startswith(_ZIP) and len(content) <= unpack.MAX_FILE:
                words[source.path] = content
    saved = dict(zip(words, office.convert(list(words.values()), ".docx", "odt"), strict=True))
    return [replace(source, by_office=saved.get(source.path)) for source in found]
