"""`perfgen import`: filled-in Word forms into data files, with a report of every odd cell."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfgen.check import new_name
from perfgen.findings import DataError, Finding, Level, ToolError, UsageError
from perfgen.importing import import_file, sources
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.sources import Source
from perfgen.project import faults, invocation, names, reading
from perfgen.project.arguments import destination, open_project
from perfgen.project.layout import DATA, SUFFIX, DataFile
from perfgen.review import returned
from perfgen.source import pending
from perfgen.system import console, git, office, unpack, write

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
    parser.add_argument("--strict", action="store_true", help="有一处改动或疑问就不写文件")
    parser.add_argument("--witness", action="store_true", help="和 LibreOffice 显示的逐格比较（要装 LibreOffice）")
    parser.add_argument(
        "--revisions", choices=[revisions.value for revisions in Revisions], default=Revisions.ACCEPT.value,
        help="修订痕迹：accept 接受（默认），reject 拒绝",
    )  # fmt: skip


def _year(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise argparse.ArgumentTypeError("要写四位数字，例如 2024")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Imports file after file, or changes the one data file that is there; prints the findings last, together."""
    project = open_project(options.directory)
    found, passed_over = sources.find(options.directory, options.files)
    target = _target(options, len(found), project.root)
    order = import_file.ImportOrder(
        project, options.form, options.year, Revisions(options.revisions), target.year_of_folder, options.witness
    )
    if options.witness:
        found = _with_witness(found)
    findings, judged = sources.said_of(passed_over), list[Finding]()
    do = _change if target.is_there else _import
    code = 0
    with console.progress(len(found), "导入") as advance:
        for source in found:
            outcome = _outcome(source, order, target, do)
            if outcome.written:  # the next file may be of the year after
                order = replace(order, project=order.project.with_changes([outcome.written]))
            advance(outcome.line, failed=bool(outcome.exit_code))
            findings += outcome.findings
            judged += outcome.judged
            code = max(code, outcome.exit_code)
    console.complain_of(findings, order.project)
    console.show_grave(judged, order.project)
    return code


@dataclass(frozen=True)
class _Outcome:
    """What came of one file: a line about it, its findings, and the data file that was written."""

    line: str
    findings: list[Finding]
    """What is shown in full."""
    exit_code: int
    written: str = ""
    judged: list[Finding] = field(default_factory=list)
    """What `check` shows of the data file, too."""


@dataclass(frozen=True)
class _Target:
    """Where data files go, and whether they go there with notes."""

    path: Path | None
    is_file: bool
    strict: bool
    yes: bool
    top: Path | None
    """The folder that writing may not leave; None for the one that the file lies in."""

    @property
    def is_there(self) -> bool:
        """Whether it is one data file that is there already, to be changed."""
        return self.path is not None and self.is_file and self.path.exists()

    @property
    def year_of_folder(self) -> int | None:
        """The year that the folder is named for; None where it is no year, or no folder was given."""
        folder = self.path.parent if self.path and self.is_file else self.path
        return int(folder.name) if folder and re.fullmatch(r"20\d\d", folder.name) else None

    def of(self, imported: import_file.Imported, root: Path) -> Path:
        """The data file of one import."""
        if self.path is not None and self.is_file:
            return self.path
        return (self.path or root / DATA / imported.year) / f"{imported.stem}{SUFFIX}"


def _target(options: argparse.Namespace, count: int, root: Path) -> _Target:
    """Where the data files of `count` imports go. Raises UsageError where several would go into one file."""
    is_file = options.output is not None and options.output.endswith(SUFFIX)
    if is_file and count > 1:
        raise UsageError(f"有 {count} 个文件，-o 要写一个目录。")
    path, top = destination(root, options.directory, options.output) if options.output else (None, root)
    return _Target(path, is_file, options.strict, options.yes, top or (None if is_file else path))


_Step = Callable[[Source, import_file.ImportOrder, _Target], _Outcome]
"""What is done with one file."""


def _outcome(source: Source, order: import_file.ImportOrder, target: _Target, do: _Step) -> _Outcome:
    """Imports a file; what stops the import becomes an outcome too, so that the next file has its turn."""
    try:
        with faults.in_hand(source.name):
            return do(source, order, target)
    except DataError as error:
        return _Outcome(source.name, error.findings, error.exit_code)
    except (UsageError, ToolError) as error:
        return _Outcome(f"{source.name}：{error}", [], error.exit_code)


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


def _import(source: Source, order: import_file.ImportOrder, target: _Target) -> _Outcome:
    """Imports a file and writes its data file.

    Raises DataError and UsageError for a file that cannot be imported, ToolError where the system refuses.
    """
    imported = import_file.import_form(source.content(), source.name, order, source.by_office)
    root = order.project.root
    path = target.of(imported, root)
    shown = _in_project(path, root)
    text = imported.text("../" * shown.count("/") if path.is_relative_to(root) else "")
    judged = imported.checked(text, shown, order.project)
    # what the comments in the file say, the notes have said
    others = [finding for finding in judged if finding.rule != pending.RULE]
    result = _result(imported)
    if target.strict and imported.notes:
        return _Outcome(
            f"{source.name}：{result}；有 {len(imported.notes)} 处要看，没有写文件。",
            [*imported.notes, *others],
            DataError.exit_code,
        )
    if path.exists():
        line = invocation.command("import", source.name, "-o", shown)
        raise UsageError(f"{shown} 已经有了，没有动它；要照表改它：{line}；写到别处，也用 -o。")
    if why := new_name.trouble(order.project, shown):
        typed = f"-o {DATA}/{imported.year}/单位{SUFFIX}"
        raise UsageError(f"“{names.shown_path(path.stem)}”不能做文件名：{why}。用 -o 写明文件名，例如 {typed}。")
    write.create(path, text.encode(), top=target.top)
    errors = sum(finding.level is Level.ERROR for finding in judged)
    failed = any(finding.level is Level.ERROR for finding in (*imported.notes, *others)) or not imported.is_certain
    written = f"已写到 {shown}{_to_look_at(imported, errors)}" if failed else shown
    code = DataError.exit_code if failed else 0
    notes, judged = _apart(imported.notes, others, shown)
    return _Outcome(f"{source.name} → {written}：{result}", notes, code, shown, judged)


def _apart(notes: Iterable[Finding], judged: Iterable[Finding], shown: str) -> tuple[list[Finding], list[Finding]]:
    """What is shown in full, and what `check` shows again; of a file that it cannot check, all is shown in full."""
    return (list(notes), list(judged)) if DataFile.parse(shown) else ([*notes, *judged], [])


def _to_look_at(imported: import_file.Imported, errors: int) -> str:
    """What is left to do about a file that was written, in words; empty for nothing."""
    count = imported.count
    parts = ((count.unsure, "格要核"), (count.elsewhere, "处格子以外的要核"), (errors, "个错误要改"))
    return "".join(f"，有 {number} {what}" for number, what in parts if number)


def _in_project(path: Path, root: Path) -> str:
    """A data file's name in messages: its path in the project, or the whole path of one that lies outside."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _change(source: Source, order: import_file.ImportOrder, target: _Target) -> _Outcome:
    """Changes the data file that is there as a form says; shows the changes, then writes them.

    Raises DataError and UsageError where it cannot, ToolError where the system refuses.
    """
    assert target.path is not None
    path, shown = target.path, _in_project(target.path, order.project.root)
    standing = returned.read_standing(order.project, shown, _content_of(path, target))
    imported = import_file.import_form(
        source.content(),
        source.name,
        replace(order, folder_year=standing.year or order.folder_year),
        source.by_office,
    )
    change = returned.returned(order.project, imported, standing)
    imported = change.imported
    for line in change.said():
        console.say(line)
    why_not = _why_not(change, imported, path, target)
    is_written = change.is_different and not why_not
    if is_written:
        write.replace(path, change.content, top=target.top)
    noted = [*imported.notes, *change.kept(written=is_written)]
    findings, judged = _apart(noted, change.checked(written=is_written), shown)
    done = why_not or _done(change, imported)
    failed = any(one.level is Level.ERROR for one in (*findings, *judged)) or not imported.is_certain
    code = UsageError.exit_code if why_not and not target.strict else DataError.exit_code if failed or why_not else 0
    line = f"{source.name} → {shown}：{done}。{_result(imported)}"
    return _Outcome(line, findings, code, shown if is_written else "", judged)


def _content_of(path: Path, target: _Target) -> bytes:
    """What the data file that is there holds. Raises ToolError where the system refuses, or a link leads elsewhere."""
    if target.top is None:
        return sources.content_of(path)
    try:
        return reading.in_project(target.top, path.relative_to(target.top).as_posix(), unpack.MAX_FILE)
    except OSError as error:
        raise ToolError(f"{path}：{error.strerror}。") from error


def _done(change: returned.Returned, imported: import_file.Imported) -> str:
    """What became of the data file, in words."""
    if change.is_different:
        return "照表改好了"
    is_same = imported.is_certain and not change.merged.kept
    return "和表一样，没有动它" if is_same else "确定的地方和表一样，没有动它"


_NOT_COMMITTED = {
    git.FileState.CHANGED: "改过，还没有提交",
    git.FileState.UNTRACKED: "还没有提交过",
    git.FileState.NO_HISTORY: "不在 git 仓库里，改了就找不回来",
}


def _why_not(change: returned.Returned, imported: import_file.Imported, path: Path, target: _Target) -> str:
    """Why a change is not written, in words; empty where it is, or where there is none."""
    if not change.is_different:
        return ""
    if target.strict and imported.notes:
        return f"有 {len(imported.notes)} 处要看，没有写文件"
    state = git.state_of(path)
    if target.yes or state is git.FileState.COMMITTED:
        return ""
    return f"文件{_NOT_COMMITTED[state]}，没有写；要写，在命令后面加 --yes"


def _result(imported: import_file.Imported) -> str:
    """How many cells are certain and how many are not, in words; then how much comes out again as it was read."""
    count, proof = imported.count, imported.proof
    if proof is None:
        return f"公开的部分，待核 {count.unsure} 处"
    elsewhere = f"，格子以外待核 {count.elsewhere} 处" if count.elsewhere else ""
    changed = f"，其中 {proof.changed} 格改了写法" if proof.changed else ""
    witnessed = "" if imported.witnessed is None else f"，LibreOffice 显示的一样的 {imported.witnessed} 格"
    again = f"读到的再印一遍，{proof.same}/{proof.cells} 格不变{changed}"
    return f"确定 {count.certain} 格，待核 {count.unsure} 格{elsewhere}{witnessed}（{again}）"
