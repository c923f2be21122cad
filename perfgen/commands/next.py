"""`perfgen next`: the file of the next form of the year, from one that is there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from perfgen.authoring.next_file import NextFile, next_file
from perfgen.authoring.next_step import NoStepError
from perfgen.findings import Finding, FindingsError, UsageError
from perfgen.project import faults, invocation
from perfgen.project.arguments import chosen_files, named_files, open_project
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.system import console, write

HELP = "接着一个数据文件做下一张表的：照“引用”填好年度、单位、各行的名称，要填的留空"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="文件", help="已经有的数据文件或文件夹")
    parser.add_argument("--form", metavar="表名", help="做哪张表；只有一张接着它的时候不用写")
    parser.add_argument(
        "--path", metavar="路径", default="",
        help="放在年度下面的哪里，写法同 x-path，不写 .yaml；表自己写了 x-path 的不用",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Writes the files; says for each how much there is to fill. Existing files stay as they are."""
    project = open_project(options.directory)
    files = chosen_files(project, options.directory, options.files)
    work = _Work(project, options)
    with console.progress(len(files), "做") as advance:
        for file in files:
            told = work.follow(file)
            advance(told.text, failed=told.failed)
    for line in work.said():
        console.say(line)
    console.complain_of(work.findings, project)
    return work.code if work.made or work.code else NoStepError.exit_code


class _Told(NamedTuple):
    """What is told of a file when it is done."""

    text: str
    failed: bool = False


class _Work:
    """What a run has made so far, and what kept it from making more."""

    def __init__(self, project: Project, options: argparse.Namespace) -> None:
        self.project = project
        self.form: str | None = options.form
        self.path: str = options.path.removesuffix("/")
        self.named = named_files(project, options.directory, options.files)
        self.made: list[NextFile] = []
        self.skipped: list[str] = []
        self.findings: list[Finding] = []
        self.code = 0

    def follow(self, file: DataFile) -> _Told:
        """Writes the file that follows one, where it can."""
        try:
            with faults.in_hand(file.source):
                return self.write(next_file(self.project, file, self.form, self.path))
        except FindingsError as error:
            self.findings += error.findings
            self.code = max(self.code, error.exit_code)
            return _Told(file.source, failed=True)
        except NoStepError as error:
            if file not in self.named:
                self.skipped.append(str(error))
                return _Told(f"{file}：没有接着做的表")
            return self.refuse(file, error)
        except UsageError as error:
            return self.refuse(file, error)

    def write(self, new: NextFile) -> _Told:
        """Writes a new file."""
        write.create(self.project.root / new.target, new.content, top=self.project.root)
        self.made.append(new)
        return _Told(f"{new.words} → {new.target}：{len(new.draft.holes)} 处要填")

    def refuse(self, file: DataFile, error: UsageError) -> _Told:
        """Notes that nothing could be made of a file."""
        self.code = error.exit_code
        return _Told(f"{file}：{error}", failed=True)

    def said(self) -> Iterator[str]:
        """What is told at the end, line by line."""
        for new in self.made:
            yield from new.remarks()
        for reason in dict.fromkeys(self.skipped):
            yield f"{self.skipped.count(reason)} 个文件没有动：{reason}。"
        holes = sum(len(new.draft.holes) for new in self.made)
        check = f"{invocation.command('check')} 逐个列出。" if holes else ""
        yield f"做了 {len(self.made)} 个文件，共 {holes} 处要填。{check}"
