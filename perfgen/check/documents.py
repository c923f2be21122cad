"""A data file as it is typed: read once for a snapshot, whatever form it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from perfgen.check import unread
from perfgen.data import Data
from perfgen.findings import DataError, Finding, Place
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.source.reader import Document

FEW = 500
"""Of more data files than this, what is read of all of them is not kept whole: it would be 100 kB each."""


@dataclass(frozen=True)
class Heading:
    """What stands at the top of a data file but for its groups and tables: it says whose the file is, and is small."""

    file: str
    top: Mapping[str, Data]


def read_document(project: Project, file: DataFile) -> Document:
    """The document of a data file. Raises DataError for what cannot be read, or is no YAML."""
    return project.once(load_document, file)


def are_few(project: Project) -> bool:
    """Whether a project has few data files, so that all of them may be kept as they were read."""
    return len(project.data_files()[0]) <= FEW


def read_heading(project: Project, file: DataFile, *, are_few: bool) -> Heading:
    """The heading of a data file; where there are few, its document is kept as well. Raises as `read_document` does."""
    return project.once(_heading, file, are_few)


def _heading(project: Project, file: DataFile, are_few: bool) -> Heading:
    document = (read_document if are_few else load_document)(project, file)
    return Heading(document.file, {name: value for name, value in document.top.items() if not _is_large(value)})


def _is_large(value: Data) -> bool:
    """Whether a value is a group, or a list with groups or lists in it."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict | list) for one in value))


def share_documents(projects: Sequence[Project], files: Sequence[DataFile]) -> None:
    """Lets projects that have the same data read some files once: what YAML they are depends on no form."""
    first, *others = projects
    for file in files:
        with suppress(DataError):  # raised again where the file is asked for
            read_document(first, file)
    for project in others:
        project.take_over(first, files)


def load_document(project: Project, file: DataFile) -> Document:
    """The same, and nothing is kept of it: for who looks at one thing in each of very many files."""
    try:
        content = project.read(file.source)
    except OSError as error:
        finding = Finding(Place(file.source), "file-unreadable", f"读不出来：{error.strerror}。", "检查文件的权限。")
        raise DataError([finding]) from error
    return unread.load(content, file.source)
