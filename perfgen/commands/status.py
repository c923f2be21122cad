"""`perfgen status`: who has handed in what of a year, and what the days leave."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from perfgen.build import check_batch
from perfgen.project.arguments import count, destination, open_project
from perfgen.review import since
from perfgen.status import collect, formats
from perfgen.system import console, day, write

HELP = "一年里谁交了、谁没交，填得怎样，批复和公开了没有，离期限还有几天"
DEFAULT = "text"
_FOR_PROGRAMS = ("csv",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("year", nargs="?", metavar="年度", type=_year, help="四位数字；不写就是有文件的最后一年")
    day.add_argument(parser, "今天")
    parser.add_argument("--format", choices=formats.names(), help="输出的格式（默认 text）")
    parser.add_argument(
        "-o", "--output", type=Path, action="append", default=[], metavar="文件",
        help="写到文件里，格式看后缀（.html、.csv、别的是文字）；可以写几个",
    )  # fmt: skip
    parser.add_argument("-j", "--jobs", type=count, metavar="N", help="同时用几个进程；不写就自动决定")


def _year(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise argparse.ArgumentTypeError("要写四位数字，例如 2026")
    return text


def run(options: argparse.Namespace) -> int:
    """Says how a year stands, and writes it to files; 0 whatever that is."""
    project = open_project(options.directory)
    today = day.find(options.date)
    year = collect.of_year(project, options.year or collect.newest_year(project), today)
    checked = check_batch.check_files(project, year.files, options.jobs, since.judged_on_branch(project))
    status = year.status(checked.findings, checked.looked)
    for file in options.output:
        path, top = destination(project.root, options.directory, file)
        text = formats.render(options.format or _by_suffix(file), status, project)
        write.replace(path, (text + "\n").encode("utf-8", "replace"), top=top)
    if not (options.format and options.output):
        form = options.format or DEFAULT
        (console.answer if form in _FOR_PROGRAMS else console.say)(formats.render(form, status, project))
    return 0


def _by_suffix(file: Path) -> str:
    """The format that a file's name asks for."""
    suffix = file.suffix.lower().removeprefix(".")
    return suffix if suffix in formats.names() else DEFAULT
