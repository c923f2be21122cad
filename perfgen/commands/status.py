"""`perfgen status`: who has handed in what of a year, and what the days leave."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from perfgen.project.arguments import count, destination, open_project
from perfgen.status import collect, formats
from perfgen.system import console, day, write

HELP = "一年里谁交了、谁没交，填得怎样，批复和公开了没有，离期限还有几天"
_FOR_PROGRAMS = ("csv",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("year", nargs="?", metavar="年度", type=_year, help="四位数字；不写就是有文件的最后一年")
    day.add_argument(parser, "今天")
    parser.add_argument("--format", choices=formats.names(), default="text", help="输出的格式（默认 text）")
    parser.add_argument("-o", "--output", type=Path, metavar="文件", help="写到文件里，不显示")
    parser.add_argument("-j", "--jobs", type=count, metavar="N", help="同时用几个进程；不写就自动决定")


def _year(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise argparse.ArgumentTypeError("要写四位数字，例如 2026")
    return text


def run(options: argparse.Namespace) -> int:
    """Says how a year stands; 0 whatever that is."""
    project = open_project(options.directory)
    today = day.find(options.date)
    year = options.year or collect.newest_year(project)
    text = formats.render(options.format, collect.status(project, year, today, options.jobs), project)
    if options.output:
        path, top = destination(project.root, options.directory, options.output)
        write.replace(path, (text + "\n").encode("utf-8", "replace"), top=top)
    else:
        (console.answer if options.format in _FOR_PROGRAMS else console.say)(text)
    return 0
