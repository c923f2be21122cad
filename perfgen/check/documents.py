"""A data file as it is typed: read once for a snapshot, whatever form it names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from perfgen.check import unread
from perfgen.findings import DataError, Finding, Place
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.source.reader import Document


def read_document(project: Project, file: DataFile) -> Document:
    """The document of a data file. Raises DataError for what cannot be read, or is no YAML."""
    return project.once(load_document, file)


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
