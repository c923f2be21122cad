"""What git's merge driver for data files makes of three versions: joined rows, or exactly what git makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfgen.data import is_same
from perfgen.fields import Field
from perfgen.findings import DataError, FindingsError, UsageError
from perfgen.form import forms
from perfgen.merging import join
from perfgen.merging.rows import CannotJoinError
from perfgen.project.arguments import find_root
from perfgen.project.snapshot import Project
from perfgen.source import reader
from perfgen.source.reader import Document
from perfgen.system import limits
from perfgen.system.text_merge import TextMerge

_LARGEST = 1_000_000
"""Bytes of one version; more is left to git."""
_LONGEST, _MOST_MEMORY = 60.0, 2048
"""Seconds of the processor, and mebibytes."""


@dataclass(frozen=True)
class Outcome:
    """The bytes that the merge leaves, whether no conflict is in them, and why the rows were not joined, if so."""

    content: bytes
    is_clean: bool
    why: str = ""


def merged(folder: Path, path: str, versions: Sequence[bytes], by_lines: TextMerge) -> Outcome:
    """Joins the base, our and their version of the data file at `path` below `folder`, by rows.

    `by_lines` is git's own merge of them. It stands where it holds the same data, and where the rows cannot be joined.
    """
    try:
        with limits.limited(_LONGEST, _MOST_MEMORY):
            joined = _joined(folder, path, versions)
            if by_lines.is_clean and _is_same(by_lines.content, joined):
                return Outcome(by_lines.content, True)
    except CannotJoinError as error:
        return Outcome(by_lines.content, by_lines.is_clean, str(error))
    except (limits.OutOfTimeError, MemoryError, RecursionError):
        return Outcome(by_lines.content, by_lines.is_clean, "文件太大")
    return Outcome(joined, True)


def _joined(folder: Path, path: str, versions: Sequence[bytes]) -> bytes:
    """The joined text. Raises CannotJoinError where there is none that can be proven."""
    if max(map(len, versions)) > _LARGEST:
        raise CannotJoinError("文件太大")
    try:
        base, ours, theirs = (version.decode() for version in versions)
    except UnicodeDecodeError as error:
        raise CannotJoinError("文件不是 UTF-8 编码") from error
    return join.joined(base, ours, theirs, _fields_of(folder, path)).encode()


def _fields_of(folder: Path, path: str) -> Callable[[Document], Field | None]:
    """Says what the form of a document knows of it; nothing for a file that is no form's, such as the settings."""
    try:
        project = Project.on_disk(find_root((folder / path).parent))
    except UsageError as error:
        raise CannotJoinError("文件不在 perfgen 的项目里") from error

    def fields(document: Document) -> Field | None:
        key = next(iter(document.top), "")
        name = document.top.get(key)
        try:
            form = forms.find(project, name) if isinstance(name, str) else None
        except FindingsError as error:
            raise CannotJoinError("表的定义读不出来") from error
        return form.fields if form and form.fields.with_role("form") == key else None

    return fields


def _is_same(content: bytes, other: bytes) -> bool:
    """Whether two texts hold the same data."""
    try:
        one, another = (reader.load_yaml(text, "").data for text in (content, other))
    except DataError:
        return False
    return is_same(one, another)
