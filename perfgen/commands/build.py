"""`perfgen build`: checks, renders what is stale, proves and writes it."""

from __future__ import annotations

import argparse
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from perfgen.build import elsewhere, last_build
from perfgen.findings import UsageError
from perfgen.project.arguments import chosen_files, count, open_project
from perfgen.system import console, day

if TYPE_CHECKING:
    from perfgen.build.batch import BuildOutcome

HELP = "检查数据，生成过时的文件，核对后写到 build/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="*", metavar="文件", help="只生成这些数据文件；不写就是全部")
    parser.add_argument("-j", "--jobs", type=count, metavar="N", help="同时用几个进程；不写就自动决定")
    elsewhere.add_argument(parser)
    parser.add_argument("--only", type=_formats, metavar="格式", help="只生成这些格式，用逗号隔开，例如 docx,pdf")
    day.add_argument(parser, "HEAD 的提交日期")
    parser.add_argument("--why", action="store_true", help="说明每份文件为什么要重新生成")
    parser.add_argument(
        "--verify", action="store_true", help="全部重做一遍，和 build/ 里的逐字节比较；不一样的说出来、换掉（退出码 1）"
    )


def _formats(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


class _Printing:
    """The listener of the build that prints what it is told; the reasons only where they were asked for."""

    def __init__(self, why: bool) -> None:
        self.why = why

    def waits(self) -> None:
        console.complain("另一个 perfgen 正在生成，等它做完……")

    def is_stale(self, output: str, reason: str) -> None:
        if self.why:
            console.say(f"{output}：{reason}")

    def was_made(self, output: str, remark: str) -> None:
        if self.why:
            console.say(f"{output}：{remark}")

    def progress(self, units: int, /) -> AbstractContextManager[console.Progress]:
        return console.progress(units, "生成")


def _verdict(outcome: BuildOutcome) -> str:
    """What came of a comparison of all outputs with what the inputs give."""
    if outcome.differing:
        return f"build/ 里有 {len(outcome.differing)} 份和现在重新做的不一样，列在下面；现在 build/ 里的都是重新做的。"
    if not outcome.kept:
        return "build/ 里原来没有成品，没有可比的；现在的都是重新做的。"
    return f"build/ 里的 {outcome.kept} 份全部重新做了一遍，逐字节一样。"


def run(options: argparse.Namespace) -> int:
    """Builds; says what was done; findings come last, together."""
    is_whole = not options.files and options.only is None
    if options.verify and not is_whole:
        raise UsageError("--verify 核对全部成品，不能只核对几个文件或几种格式；去掉文件和 --only 再试。")
    project = open_project(options.directory)
    begin = time.monotonic()
    today = day.find(options.date, committed_in=project.root)
    if is_whole and not options.verify and (unchanged := last_build.up_to_date(project, today)):
        console.say("没有变化，什么都不用做。")
        console.remind(unchanged.open_warnings)
        return 0
    from perfgen import render
    from perfgen.build import batch, no_page, not_reviewed, not_yet, unpublished
    from perfgen.report import site

    if options.only is not None and (unknown := set(options.only) - set(render.names())):
        raise UsageError(f"没有 {'、'.join(sorted(unknown))} 这种格式；有的是 {'、'.join(render.names())}。")
    files = tuple(chosen_files(project, options.directory, options.files)) if options.files else None
    order = batch.BuildOrder(project, files, options.only, options.jobs, options.verify, today)
    with elsewhere.asked(options, project, console.complain) as pool:
        outcome = batch.build(order, pool, _Printing(options.why))
    console.say(
        f"生成 {outcome.made} 份，没有变化 {outcome.kept} 份，删除 {outcome.removed} 份；"
        f"核对 {outcome.cells} 处，全部一致；用时 {time.monotonic() - begin:.1f} 秒。"
    )
    if options.verify:
        console.say(_verdict(outcome))
    console.show_grave([*outcome.findings, *outcome.differing], project)
    console.remind(outcome.waiting)
    settings = site.load_site(project)
    undated = unpublished.notices([plan for plan in outcome.plans if plan.withheld], settings)
    waiting = [*not_yet.notices(outcome.plans, settings, today), *not_reviewed.notices(outcome.plans)]
    for text in [*waiting, *no_page.notices(outcome.plans), *undated]:
        console.say(text)
    return outcome.exit_code
