"""`perfgen new`: an empty data file, with what to fill in."""

from __future__ import annotations

import argparse
import re

from perfgen.authoring import draft
from perfgen.authoring.new_file import new_file
from perfgen.authoring.new_place import NewPlace, new_place
from perfgen.check import loading, new_name
from perfgen.findings import DataError, UsageError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project import faults, invocation, names
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
    place = _target(project, form, options)
    file = place.file
    if project.holds(file.source):
        raise UsageError(f"{file} 已经有了，没有动它。")
    schema = "../" * file.source.count("/") + form.files[0]
    try:
        with faults.in_hand(file.source):
            new = draft.read_back(new_file(form, options.year, place.unit, schema, place.given), file.source, form)
    except DataError as error:
        raise UsageError("；".join(finding.message for finding in error.findings)) from None
    write.create(project.root / file, new.text.encode(), top=project.root)
    console.say(f"新建了 {file}，{len(new.holes)} 处要填。{invocation.command('check', file.source)} 逐个列出。")
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


def _target(project: Project, form: Form, options: argparse.Namespace) -> NewPlace:
    """Where the file goes. Raises UsageError where that is no good name, or there is a file of nearly that name."""
    place = new_place(form, f"{options.year:04}", options.unit, options.subject)
    if why := new_name.trouble(project, place.file.source):
        raise UsageError(f"“{names.shown_path(place.file.path)}”不能做文件名：{why}。")
    return place
