"""Projects in tests: what is on the disk now, as a snapshot; the repository's own, which no test changes, only once."""

from __future__ import annotations

from pathlib import Path

from perfgen.check import loading
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.source.reader import Document

REPOSITORY = Path(__file__).resolve().parents[2]
_OURS: list[Project] = []


def forget() -> None:
    """Lets go of what is known of the repository."""
    _OURS.clear()


def snapshot(root: Path) -> Project:
    """The project at `root` as it is now."""
    if root != REPOSITORY:
        return Project.on_disk(root)
    if not _OURS:
        _OURS.append(Project.on_disk(REPOSITORY))
    return _OURS[0]


def document_and_form(root: Path, source: str) -> tuple[Document, Form]:
    """A data file of the project at `root`, and its form."""
    filing = loading.filing(snapshot(root), DataFile.at(source))
    return filing.document, filing.form
