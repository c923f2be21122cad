"""A filled-in form that somebody brings: what it would make as a new data file, or of the one that stands; nothing is
written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from perfgen.check import new_name
from perfgen.findings import Finding, UsageError
from perfgen.importing import import_file
from perfgen.importing.import_file import Imported, ImportOrder
from perfgen.project import names
from perfgen.project.layout import DATA, SUFFIX
from perfgen.project.snapshot import Project, digest
from perfgen.review import returned
from perfgen.review.returned import Returned
from perfgen.source import pending


@dataclass(frozen=True)
class NewData:
    """What a form makes as a new data file."""

    text: str
    judged: list[Finding]
    """What `check` will say of it."""

    @property
    def others(self) -> list[Finding]:
        """The same without what the comments in the file say: the notes on the form have said that."""
        return [finding for finding in self.judged if finding.rule != pending.RULE]


def as_new(project: Project, imported: Imported, shown: str, *, is_inside: bool = True) -> NewData:
    """What a form that was read makes as a new file at a path; `is_inside` says whether that lies in the project."""
    text = imported.text("../" * shown.count("/") if is_inside else "")
    return NewData(text, imported.checked(text, shown, project))


def onto(
    order: ImportOrder, content: bytes, name: str, *, shown: str, stands: bytes, by_office: bytes | None = None
) -> Returned:
    """What a form makes of the data file at a path that holds `stands`.

    Raises DataError and UsageError where the form cannot be read, or is not meant for that file.
    """
    standing = returned.read_standing(order.project, shown, stands)
    of_year = replace(order, folder_year=standing.year or order.folder_year)
    imported = import_file.import_form(content, name, of_year, by_office)
    return returned.returned(order.project, imported, standing)


@dataclass(frozen=True)
class Brought:
    """What is shown of a form before anything is written, and what would be."""

    file: str
    """The data file."""
    content: bytes
    """What it is to hold."""
    stands: str
    """The SHA-256 of what it holds now; empty where it is not there."""
    is_different: bool
    """Whether there is anything to write."""
    form: str
    """The title of the form."""
    words: str
    """How much was read, and how surely."""
    said: tuple[str, ...]
    """What changes in a file that stands, in words."""
    noted: tuple[Finding, ...]
    """What was odd in the form."""
    judged: tuple[Finding, ...]
    """What `check` says of the file as it is to be."""


def brought(order: ImportOrder, content: bytes, name: str, file: str = "") -> Brought:
    """What a form makes: of the data file at a path, or, where none is named, of the one that it belongs to.

    Raises DataError and UsageError where it cannot be read, has no place, or is not meant for the file.
    """
    if file:
        return _changed(order, content, name, file)
    imported = import_file.import_form(content, name, order)
    place = f"{DATA}/{imported.year}/{imported.path}{SUFFIX}"
    if order.project.holds(place):
        return _changed(order, content, name, place)
    if why := new_name.trouble(order.project, place):
        raise UsageError(f"“{names.shown_path(place)}”不能做文件名：{why}。")
    new = as_new(order.project, imported, place)
    return Brought(
        place, new.text.encode(), "", True, imported.form.title, result(imported), (), tuple(imported.notes),
        tuple(new.others),
    )  # fmt: skip


def _changed(order: ImportOrder, content: bytes, name: str, file: str) -> Brought:
    stands = order.project.read(file)
    change = onto(order, content, name, shown=file, stands=stands)
    imported, is_written = change.imported, change.is_different
    said = (*changes(change), *change.remarks())
    return Brought(
        file, change.content, digest(stands), is_written, imported.form.title, result(imported), said,
        (*imported.notes, *change.kept(written=is_written)), change.checked(written=is_written),
    )  # fmt: skip


def changes(change: Returned) -> list[str]:
    """What a form says otherwise than the file that stands, a sentence each, the gravest first."""
    found = (one for unit in change.comparison.units for one in unit.by_weight)
    return [f"[{one.meaning.value}] {one.label}：{one.sentence}。" for one in found]


def result(imported: Imported) -> str:
    """How many cells are certain and how many are not, in words; then how much comes out again as it was read."""
    count, proof = imported.count, imported.proof
    if proof is None:
        return f"公开的部分，待核 {count.unsure} 处"
    elsewhere = f"，格子以外待核 {count.elsewhere} 处" if count.elsewhere else ""
    changed = f"，其中 {proof.changed} 格改了写法" if proof.changed else ""
    witnessed = "" if imported.witnessed is None else f"，LibreOffice 显示的一样的 {imported.witnessed} 格"
    again = f"读到的再印一遍，{proof.same}/{proof.cells} 格不变{changed}"
    return f"确定 {count.certain} 格，待核 {count.unsure} 格{elsewhere}{witnessed}（{again}）"
