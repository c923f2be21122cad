"""`perfgen new`: an empty data file, with what to fill in."""

from __future__ import annotations

import argparse
import re

from perfgen.authoring.empty_file import empty_file
from perfgen.check import loading
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project import invocation
from perfgen.project.arguments import open_project
from perfgen.project.snapshot import Project
from perfgen.system import console, write

HELP = "新建一个空的数据文件，带着填写说明，要填的留空"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("year", metavar="年度", type=_year, help="四位数字，例如 2026")
    parser.add_argument("unit", metavar="单位", help="单位的名称，也是文件的名字；放在子文件夹里的写 文件夹/名称")
    parser.add_argument(
        "--subject", metavar="项目", action="append", default=[],
        help="一个单位有几份的表，这一份说的是什么，例如项目名称；要几样就写几次，或者写 字段=值",
    )  # fmt: skip
    parser.add_argument("--form", metavar="表名", help="用哪张表；从空的做起的只有一张时不用写")


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise argparse.ArgumentTypeError("要写四位数字，例如 2026")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Writes the file; prints how much is to fill in."""
    project = open_project(options.directory)
    form = _form(project, options)
    new = empty_file(project, form, options.year, options.unit, options.subject)
    file = new.target
    write.create(project.root / file, new.content, top=project.root)
    console.say(f"新建了 {file}，{len(new.draft.holes)} 处要填。{invocation.command('check', file.source)} 逐个列出。")
    for before in loading.files_before(project, file, form)[:1] if form.rolls_over else ():
        rollover = invocation.command("rollover", before.source)
        console.say(f"有上一年的 {before}。从它续写要填的少得多：删掉新建的文件，运行 {rollover}")
    return 0


def _form(project: Project, options: argparse.Namespace) -> Form:
    """The form that was named, or the only one that is begun with an empty file: by a unit, or by what it is about.

    Files of the others are started from those of another form. Raises as `forms.chosen` does.
    """
    if options.form is None:
        begun = [one for one in forms.loaded(project) if one.rolls_over and bool(one.subject) == bool(options.subject)]
        if len(begun) == 1:
            return begun[0]
    return forms.chosen(project, options.form)
