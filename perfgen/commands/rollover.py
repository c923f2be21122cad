"""`perfgen rollover`: next year's data files, from this year's."""

from __future__ import annotations

import argparse
import difflib
from dataclasses import dataclass
from pathlib import Path

from perfgen import project
from perfgen.authoring import draft, rollover
from perfgen.check import loading
from perfgen.findings import DataError, Finding, FindingsError, FormError, Place, UsageError
from perfgen.form.formulas import FormulaError
from perfgen.source import reader
from perfgen.system import console, write

HELP = "从今年的数据文件续写下一年的：上年移到前年，今年的移到上年，要填的留空"
_BOM = "\ufeff"


@dataclass
class _Next:
    """Next year's file: where it goes, what is in it."""

    source: str
    target: str
    before: str
    rolled: rollover.Rolled
    draft: draft.Draft
    bom: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="文件", help="今年的数据文件或文件夹")
    parser.add_argument("--dry-run", action="store_true", help="只显示会写成什么样，不写文件")


def run(options: argparse.Namespace) -> int:
    """Writes next year's files; says for each how much there is to fill. What is there already stays."""
    root = project.find_root(options.directory)
    files = project.chosen_files(root, options.directory, options.files)
    code, findings, made = 0, [], []
    with console.progress(len(files), "续写") as advance:
        for source in files:
            try:
                one = _next(root, source)
                if not options.dry_run:
                    write.create(root / one.target, (_BOM * one.bom + one.rolled.text).encode())
            except FindingsError as error:
                findings += error.findings
                code = max(code, error.exit_code)
                advance(source, failed=True)
            except UsageError as error:
                code = error.exit_code
                advance(str(error), failed=True)
            else:
                made.append(one)
                advance(f"{one.target}：{len(one.draft.holes)} 处要填")
    for one in made:
        if options.dry_run:
            _show_difference(one)
        _show_remarks(one)
    console.show_findings(findings, root)
    holes = sum(len(one.draft.holes) for one in made)
    doing = "会续写" if options.dry_run else "续写了"
    console.say(f"{doing} {len(made)} 个文件，共 {holes} 处要填。" + ("perfgen check 逐个列出。" if holes else ""))
    return code


def _next(root: Path, source: str) -> _Next:
    """Raises DataError for a file with errors, UsageError where next year's file is there already."""
    document, form = loading.load(root, source)
    if wrong := draft.errors(document, form):
        raise DataError(wrong)
    try:
        computed = form.figures.compute(document.data)
    except FormulaError as error:
        raise FormError([Finding(Place(source), "formula", str(error))]) from error
    content = (root / source).read_bytes()
    before = reader.decode(content, source)
    year = int(document.data[form.fields.with_role("year")])
    target = "/".join((project.DATA, str(year + 1), *source.split("/")[2:]))
    if (root / target).exists():
        raise UsageError(f"{target} 已经有了，没有动它")
    rolled = rollover.roll(before, document, form, computed)
    return _Next(
        source, target, before, rolled, draft.read_back(rolled.text, target, form), content.startswith(_BOM.encode())
    )


def _show_difference(one: _Next) -> None:
    before, after = (text.replace("\r\n", "\n").split("\n") for text in (one.before, one.rolled.text))
    for line in difflib.unified_diff(before, after, one.source, one.target, lineterm="", n=1):
        console.say(line)


def _show_remarks(one: _Next) -> None:
    """What the new file does not say by its holes."""
    rolled, place = one.rolled, one.draft.document.place
    remarks = []
    for path in rolled.expired:
        remarks.append(f"{place(path)}: “{rollover.named([path])}”不在 {rolled.year} 年以后，没有照抄，要重新填。")
    if rolled.dropped:
        remarks.append(f"{one.target}: 没有带过来（只管上一年）：{rollover.named(rolled.dropped)}。")
    if rolled.dated:
        lines = dict.fromkeys(str(place(path).line) for path in rolled.dated)
        remarks.append(f"{one.target}: 文字里还写着 {rolled.year - 1} 年，看看要不要改：第 {'、'.join(lines)} 行。")
    for remark in remarks:
        console.say(remark)
