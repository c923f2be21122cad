"""The empty file of a form, of a year and a unit: where it goes, and what is in it; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfgen.authoring import draft
from perfgen.authoring.new_file import new_file
from perfgen.authoring.new_place import new_place
from perfgen.check import new_name
from perfgen.findings import DataError, UsageError
from perfgen.form.forms import Form
from perfgen.project import faults, names
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project


@dataclass(frozen=True)
class EmptyFile:
    """An empty file, not written yet."""

    target: DataFile
    draft: draft.Draft

    @property
    def content(self) -> bytes:
        """The file as it is to be written."""
        return self.draft.text.encode()


def empty_file(project: Project, form: Form, year: int, unit: str, about: Sequence[str] = ()) -> EmptyFile:
    """Makes the empty file of a form; `about` is what it is about, as `new_place` takes it.

    Raises UsageError where something is missing or cannot stand in a file, for a name that is no good one, and where
    the file is there already, or one of nearly that name.
    """
    place = new_place(form, f"{year:04}", unit, about)
    file = place.file
    if why := new_name.trouble(project, file.source):
        raise UsageError(f"“{names.shown_path(file.path)}”不能做文件名：{why}。")
    if project.holds(file.source):
        raise UsageError(f"{file} 已经有了，没有动它。")
    schema = "../" * file.source.count("/") + form.files[0]
    try:
        with faults.in_hand(file.source):
            made = draft.read_back(new_file(form, year, place.unit, schema, place.given), file.source, form)
    except DataError as error:
        raise UsageError("；".join(finding.message for finding in error.findings)) from None
    return EmptyFile(file, made)
