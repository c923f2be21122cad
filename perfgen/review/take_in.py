"""Takes one filled-in form in: as a new data file, or as changes of the one that stands; gives what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from perfgen.check import identity, new_name
from perfgen.findings import DataError, Finding, FormError, Level, ToolError, UsageError
from perfgen.importing import import_file, sources
from perfgen.importing.overview import FileRow
from perfgen.importing.sources import Source
from perfgen.importing.targets import Target
from perfgen.project import faults, invocation, names, reading
from perfgen.project.layout import DATA, SUFFIX, DataFile
from perfgen.review import brought, form_reading, returned
from perfgen.review.form_reading import Reading
from perfgen.system import git, unpack, write
from perfgen.values import plain_name


@dataclass(frozen=True)
class Taken:
    """What came of one file: a line about it, its findings, and the data file that was written."""

    row: FileRow
    line: str
    findings: list[Finding]
    """What is shown in full."""
    exit_code: int
    written: str = ""
    judged: list[Finding] = field(default_factory=list)
    """What `check` shows of the data file, too."""
    said: tuple[str, ...] = ()
    """The changes in words, or what two forms of one unit and year differ in."""


Read: TypeAlias = Callable[[Source, import_file.ImportOrder, Target], Reading]
"""Reads a file. Raises DataError, UsageError and ToolError where it cannot."""


def read_now(source: Source, order: import_file.ImportOrder, target: Target) -> Reading:
    """Reads a file when it is its turn."""
    form = form_reading.Form(source.name, source.content(), source.by_office)
    return form.read(order, target, order.project.root)


def take_in(source: Source, order: import_file.ImportOrder, target: Target, read: Read = read_now) -> Taken:
    """Imports a file; what stops the import becomes an outcome too, so that the next file has its turn."""
    try:
        with faults.in_hand(source.name):
            return _change(source, order, target) if target.is_there else _import(source, order, target, read)
    except DataError as error:
        row = FileRow(source.name, why_not=error.findings[0].message, findings=tuple(error.findings))
        return Taken(row, source.name, error.findings, error.exit_code)
    except (UsageError, ToolError) as error:
        return Taken(FileRow(source.name, why_not=str(error)), f"{source.name}：{error}", [], error.exit_code)


def _import(source: Source, order: import_file.ImportOrder, target: Target, read: Read) -> Taken:
    """Imports a file and writes its data file.

    Raises DataError and UsageError for a file that cannot be imported, ToolError where the system refuses.
    """
    reading = read(source, order, target)
    imported, path, shown, new = reading.imported, reading.path, reading.shown, reading.new
    others = new.others
    result = brought.result(imported)
    row = _row(source, imported, shown, [*imported.notes, *others])
    if target.strict and imported.notes:
        why_not = f"有 {len(imported.notes)} 处要看"
        line = f"{source.name}：{result}；{why_not}，没有写文件。"
        return Taken(replace(row, why_not=why_not), line, [*imported.notes, *others], DataError.exit_code)
    if first := target.written.get(shown):
        return _second(first, row, imported, order)
    if path.exists():
        line = invocation.command("import", source.name, "-o", shown)
        raise UsageError(f"{shown} 已经有了，没有动它；要照表改它：{line}；写到别处，也用 -o。")
    if why := new_name.trouble(order.project, shown):
        typed = f"-o {DATA}/{imported.year}/单位{SUFFIX}"
        raise UsageError(f"“{names.shown_path(path.stem)}”不能做文件名：{why}。用 -o 写明文件名，例如 {typed}。")
    write.create(path, new.text.encode(), top=target.top)
    errors = sum(finding.level is Level.ERROR for finding in new.judged)
    failed = any(finding.level is Level.ERROR for finding in (*imported.notes, *others)) or not imported.is_certain
    written = f"已写到 {shown}{_to_look_at(imported, errors)}" if failed else shown
    code = DataError.exit_code if failed else 0
    notes, judged = _apart(imported.notes, others, shown)
    return Taken(row, f"{source.name} → {written}：{result}", notes, code, shown, judged)


def _row(source: Source, imported: import_file.Imported, shown: str, findings: Iterable[Finding]) -> FileRow:
    count = imported.count
    unsure = count.unsure + count.elsewhere
    subject = " ".join(filter(None, imported.subject))
    return FileRow(
        source.name, imported.unit, imported.year, shown, count.certain, unsure, findings=tuple(findings),
        subject=subject,
    )  # fmt: skip


def _second(first: str, row: FileRow, imported: import_file.Imported, order: import_file.ImportOrder) -> Taken:
    """What comes of the second form of one place: it is not taken in, and what it has otherwise is said."""
    file = row.data_file
    if other := _another(imported, order, file):
        why_not = f"和 {first} 的文件名一样，都是 {file}；那是“{other}”，不是一项，用 -o 写到别处"
        return Taken(replace(row, why_not=why_not), f"{row.file}：{why_not}。", [], UsageError.exit_code)
    same = f"是同一个单位、同一年{'、同一项' if imported.form.subject else ''}的表"
    why_not = f"和 {first} {same}"
    try:
        content = order.project.read(file)
        change = returned.returned(order.project, imported, returned.read_standing(order.project, file, content))
        said = _differences(change)
    except (UsageError, DataError) as error:
        said = (str(error),)
    heading = f"{first} 和 {row.file} {same}，{file} 是照前一个写的；后一个不一样的："
    line = f"{row.file}：{why_not}，没有写文件。"
    return Taken(replace(row, why_not=why_not), line, [], UsageError.exit_code, said=(heading, *said))


def _another(imported: import_file.Imported, order: import_file.ImportOrder, file: str) -> str:
    """What the file of an import's place is about, where that is something else; empty where it is the same."""
    try:
        stands = identity.identity(order.project, DataFile.at(file))
    except (ValueError, FormError):
        return ""
    about = tuple(map(plain_name, imported.subject))
    return stands.about if stands and tuple(map(plain_name, stands.subject)) != about else ""


_MOST = 20
"""How many differences of two forms are listed."""


def _differences(change: returned.Returned) -> tuple[str, ...]:
    """What a form says otherwise than the file, in lines, the gravest first."""
    found = brought.changes(change)
    lines = [f"    {one}" for one in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"    另有 {len(found) - _MOST} 处")
    return tuple(lines) or ("    没有：读得准的地方都一样",)


def _apart(notes: Iterable[Finding], judged: Iterable[Finding], shown: str) -> tuple[list[Finding], list[Finding]]:
    """What is shown in full, and what `check` shows again; of a file that it cannot check, all is shown in full."""
    return (list(notes), list(judged)) if DataFile.parse(shown) else ([*notes, *judged], [])


def _to_look_at(imported: import_file.Imported, errors: int) -> str:
    """What is left to do about a file that was written, in words; empty for nothing."""
    count = imported.count
    parts = ((count.unsure, "格要核"), (count.elsewhere, "处格子以外的要核"), (errors, "个错误要改"))
    return "".join(f"，有 {number} {what}" for number, what in parts if number)


def _change(source: Source, order: import_file.ImportOrder, target: Target) -> Taken:
    """Changes the data file that is there as a form says.

    Raises DataError and UsageError where it cannot, ToolError where the system refuses.
    """
    assert target.path is not None
    path, shown = target.path, form_reading.in_project(target.path, order.project.root)
    stands = _content_of(path, target)
    content = source.content()
    change = brought.onto(order, content, source.name, shown=shown, stands=stands, by_office=source.by_office)
    imported = change.imported
    said = tuple(change.said())
    why_not = _why_not(change, imported, path, target)
    is_written = change.is_different and not why_not
    if is_written:
        write.replace(path, change.content, top=target.top)
    noted = [*imported.notes, *change.kept(written=is_written)]
    findings, judged = _apart(noted, change.checked(written=is_written), shown)
    done = why_not or _done(change, imported)
    failed = any(one.level is Level.ERROR for one in (*findings, *judged)) or not imported.is_certain
    code = UsageError.exit_code if why_not and not target.strict else DataError.exit_code if failed or why_not else 0
    line = f"{source.name} → {shown}：{done}。{brought.result(imported)}"
    row = replace(_row(source, imported, shown, [*findings, *judged]), why_not=why_not)
    return Taken(row, line, findings, code, shown if is_written else "", judged, said)


def _content_of(path: Path, target: Target) -> bytes:
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


def _why_not(change: returned.Returned, imported: import_file.Imported, path: Path, target: Target) -> str:
    """Why a change is not written, in words; empty where it is, or where there is none."""
    if not change.is_different:
        return ""
    if target.strict and imported.notes:
        return f"有 {len(imported.notes)} 处要看，没有写文件"
    state = git.state_of(path)
    if target.yes or state is git.FileState.COMMITTED:
        return ""
    return f"文件{_NOT_COMMITTED[state]}，没有写；要写，在命令后面加 --yes"
