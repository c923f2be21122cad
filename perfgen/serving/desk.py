"""The project as it is now, for all windows: it alone reads and changes it, one thing after the other.

Its functions are called in one thread, never two at a time (`app` sees to that): a project's snapshot is not made for
more. What takes long runs in other processes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from perfgen.authoring import repair_values
from perfgen.build import job
from perfgen.check import loading
from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.filling import change
from perfgen.filling.dropped import dropped
from perfgen.filling.edits import Drop, Edit, Many
from perfgen.filling.meant import edit_for
from perfgen.filling.said import Said, said
from perfgen.filling.sheet import Sheet, sheet
from perfgen.findings import Finding, FindingsError, UsageError
from perfgen.project import names
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.serving import saves
from perfgen.serving.saves import ConflictError, History, Step
from perfgen.system import write

_KEPT = 8
"""Of so many files the last good form is kept, for when they are broken for a moment."""


@dataclass(frozen=True)
class Look:
    """A data file as it is now."""

    file: DataFile
    version: str
    """The SHA-256 of its content; empty where it is not there."""
    findings: tuple[Finding, ...]
    sheet: Sheet | None
    """Its form; the last good one where it cannot be read now, None where it never could."""
    is_broken: bool = False
    """Whether the form is an older one: the file cannot be read now."""


@dataclass
class Desk:
    """A project that is worked on."""

    project: Project
    histories: dict[str, History] = field(default_factory=dict)
    heard: list[Callable[[frozenset[str]], None]] = field(default_factory=list)
    """Each is told, in the desk's thread, of files that have changed or may have."""
    _good: OrderedDict[str, Sheet] = field(default_factory=OrderedDict)

    def look(self, source: str) -> Look:
        """A data file as it is now. Raises UsageError for what is no data file of the project."""
        file = self.file(source)
        content = self.content(source)
        version = "" if content is None else digest(content)
        try:
            checked, filing = self.project.once(job.check_file, file)
            form = self.project.once(_sheet, file) if filing else None
        except FindingsError as error:
            return Look(file, version, tuple(error.findings), self._good.get(source), is_broken=True)
        except FileNotFoundError:
            return Look(file, "", (), self._good.get(source), is_broken=True)
        if form is None:
            return Look(file, version, tuple(checked.findings), self._good.get(source), is_broken=True)
        self._keep(source, form)
        return Look(file, version, tuple(checked.findings), form)

    def file(self, source: str) -> DataFile:
        """The data file at a path. Raises UsageError where none can be, and for another way to write a path."""
        file = DataFile.parse(source)
        if file is None or file.source != source or names.of_data(source) or self.project.tree.leads_outside(source):
            raise UsageError(f"{names.shown_path(source)} 不是数据文件。")
        return file

    def content(self, source: str) -> bytes | None:
        """What a data file holds; None where it is not there."""
        try:
            return self.project.read(source)
        except (OSError, FindingsError):
            return None

    def edit(self, source: str, version: str, edit: Edit, called: str = "") -> None:
        """Changes a data file that is still of a version; `called` is what the change is called, where it has a name.

        Raises ConflictError where it is of another, EditError for what cannot be changed so, DataError where it cannot
        be read, ToolError where the system refuses to write.
        """
        old = self._of_version(source, version)
        filing = loading.filing(self.project, self.file(source))
        text = change.changed(filing.document, filing.form, edit)
        known = said(filing, edit)
        self._save(source, old, _encoded(text, old), replace(known, text=called) if called else known)

    def put(self, source: str, version: str, path: ValuePath, text: str) -> tuple[str, ...]:
        """Changes a value to what was typed; gives what its author should know of how it was read."""
        form = self.look(source).sheet
        if form is None:
            raise UsageError("文件读不出来，先照检查说的改好它。")
        meant = edit_for(form, path, text)
        self.edit(source, version, meant.edit)
        return meant.remarks

    def repair(self, source: str, version: str) -> None:
        """Puts right what the program can put right in a file, all at once. Raises as `edit` does."""
        old = self._of_version(source, version)
        repaired = repair_values.repaired(self.project, source, old)
        if repaired.content == old:
            raise UsageError("没有程序能改正的了。")
        self._save(source, old, repaired.content, Said("程序改正的", ()))

    def completed(self, source: str, edit: Edit) -> Edit:
        """An edit with what a window does not know: of reasons the last takes their group with it."""
        if isinstance(edit, Many):
            return Many(tuple(self.completed(source, one) for one in edit.edits))
        if isinstance(edit, Drop):
            return dropped(loading.filing(self.project, self.file(source)), edit.path)
        return edit

    def undo(self, source: str, version: str) -> Said:
        """Takes the last change of a visit back, and says which. Raises as `edit` does."""
        history = self.histories.get(source, History())
        if not history.done:
            raise UsageError("没有可以撤销的了。")
        old = self._of_version(source, version)
        step = history.done[-1]
        if step.after != version:
            raise ConflictError
        self._write(source, old, step.undone(old))
        history.undone.append(history.done.pop())
        return step.said

    def redo(self, source: str, version: str) -> Said:
        """Makes the last change that was taken back again, and says which. Raises as `edit` does."""
        history = self.histories.get(source, History())
        if not history.undone:
            raise UsageError("没有可以重做的了。")
        old = self._of_version(source, version)
        step = history.undone[-1]
        new = step.done(old)
        if digest(new) != step.after:
            raise ConflictError
        self._write(source, old, new)
        history.done.append(history.undone.pop())
        return step.said

    def create(self, file: DataFile, content: bytes) -> None:
        """Writes a data file that must not be there yet. Raises ToolError where it is, or the system refuses."""
        try:
            write.create(self.project.root / file, content, top=self.project.root)
        finally:
            self.changed([file.source])

    def replace(self, source: str, version: str, content: bytes) -> None:
        """Gives a data file that is still of a version another content, as a step of its history.

        Raises ConflictError where it is of another version, ToolError where the system refuses.
        """
        self._save(source, self._of_version(source, version), content, Said("照 Word 表改的", ()))

    def changed(self, paths: Iterable[str]) -> None:
        """Takes notice that files may have changed on the disk."""
        changed = frozenset(paths)
        self.project = self.project.with_changes(changed)
        for hear in self.heard:
            hear(changed)

    def _of_version(self, source: str, version: str) -> bytes:
        content = self.content(source)
        if content is None or digest(content) != version:
            raise ConflictError
        return content

    def _save(self, source: str, old: bytes, new: bytes, called: Said) -> None:
        if old == new:
            return
        self._write(source, old, new)
        history = self.histories.setdefault(source, History())
        history.done.append(Step.between(old, new, called))
        history.undone.clear()

    def _write(self, source: str, old: bytes, new: bytes) -> None:
        try:
            saves.replace(self.project, source, old, new)
        finally:
            self.changed([source])

    def _keep(self, source: str, form: Sheet) -> None:
        self._good[source] = form
        self._good.move_to_end(source)
        while len(self._good) > _KEPT:
            self._good.popitem(last=False)


def _sheet(project: Project, file: DataFile) -> Sheet:
    filing: Filing = loading.filing(project, file)
    return sheet(project, filing)


def _encoded(text: str, old: bytes) -> bytes:
    """A text in the bytes of a file that held another one: with its byte order mark, where it had one."""
    mark = b"\xef\xbb\xbf"
    return (mark if old.startswith(mark) and not text.startswith("\ufeff") else b"") + text.encode()
