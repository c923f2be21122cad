"""`perfgen rollover`: next year's data files, from this year's."""

from __future__ import annotations

import argparse

from perfgen.authoring.next_year import NextYear, NoRolloverError, next_year
from perfgen.findings import Finding, FindingsError, UsageError
from perfgen.form import forms
from perfgen.project import faults, invocation
from perfgen.project.arguments import chosen_files, named_files, open_project
from perfgen.system import console, write

HELP = "从今年的数据文件续写下一年的：上年移到前年，今年的移到上年，要填的留空"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="文件", help="今年的数据文件或文件夹")
    parser.add_argument("--dry-run", action="store_true", help="只显示会写成什么样，不写文件")


def run(options: argparse.Namespace) -> int:
    """Writes next year's files; says for each how much there is to fill. Existing files stay as they are."""
    project = open_project(options.directory)
    has_forms = len(forms.names(project)) > 1
    files = chosen_files(project, options.directory, options.files)
    named = named_files(project, options.directory, options.files)
    code, findings, new_files, skipped = 0, list[Finding](), list[NextYear](), list[str]()
    with console.progress(len(files), "续写") as advance:
        for file in files:
            try:
                with faults.in_hand(file.source):
                    new = next_year(project, file)
                if not options.dry_run:
                    write.create(project.root / new.target, new.content, top=project.root)
            except FindingsError as error:
                findings += error.findings
                code = max(code, error.exit_code)
                advance(file.source, failed=True)
            except NoRolloverError as error:
                reason = str(error)
                if file in named:
                    code = error.exit_code
                else:
                    skipped.append(reason)
                advance(f"{file}：{reason if file in named else '不续写'}", failed=file in named)
            except UsageError as error:
                code = error.exit_code
                advance(str(error), failed=True)
            else:
                new_files.append(new)
                about = f"{new.words} → " if has_forms or new.form.subject else ""
                advance(f"{about}{new.target}：{len(new.draft.holes)} 处要填")
    for new in new_files:
        for line in [*(new.difference() if options.dry_run else ()), *new.remarks()]:
            console.say(line)
    for reason in dict.fromkeys(skipped):
        console.say(f"{skipped.count(reason)} 个文件没有续写：{reason}。")
    console.complain_of(findings, project)
    console.say(_summary(new_files, dry_run=options.dry_run))
    return code if new_files or code else NoRolloverError.exit_code


def _summary(new_files: list[NextYear], *, dry_run: bool) -> str:
    holes = sum(len(new.draft.holes) for new in new_files)
    doing = "会续写" if dry_run else "续写了"
    return f"{doing} {len(new_files)} 个文件，共 {holes} 处要填。" + (
        f"{invocation.command('check')} 逐个列出。" if holes else ""
    )
