"""Finds the files that an import is to read, and reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from perfgen.findings import Finding, Level, Place, ToolError, UsageError
from perfgen.project import folders, reading
from perfgen.project.layout import HIDDEN
from perfgen.system.unpack import MAX_FILE

_WORD = (".docx", ".docm", ".doc", ".wps")


@dataclass(frozen=True)
class Source:
    """A file to be read, and its name in messages."""

    path: Path
    name: str
    by_office: bytes | None = None
    """The same file as LibreOffice saved it (.odt), where it was asked to."""

    def is_plain(self) -> bool:
        """Whether it is a regular file and no link."""
        return self.path.is_file() and not self.path.is_symlink()

    def content(self) -> bytes:
        """What it holds, at most one byte more than an import takes. Raises ToolError where the system refuses."""
        return content_of(self.path)


def content_of(path: Path) -> bytes:
    """What a file holds, at most one byte more than an import takes. Raises ToolError where the system refuses."""
    try:
        return reading.typed(path, MAX_FILE)
    except OSError as error:
        raise ToolError(f"读不出来：{error.strerror}。") from error


def find(base: Path, wanted: list[str]) -> tuple[list[Source], list[Source]]:
    """The files to read, of a folder the Word files in it and below; and the files of folders that are not read.

    Raises UsageError for what is not there, and for a folder without any.
    """
    sources: dict[Path, None] = {}
    passed_over: dict[Path, None] = {}
    for argument in wanted:
        path = Path(os.path.realpath(base / argument))
        if not path.exists():
            raise UsageError(f"没有 {argument} 这个文件。")
        if not path.is_dir():
            sources[path] = None
            continue
        below = [path / entry.path for entry in sorted(folders.walk(path), key=_by_parts) if not _is_hidden(entry)]
        words = [p for p in below if p.suffix.lower() in _WORD and _lies_in(p, path)]
        if not words:
            raise UsageError(f"{argument} 里没有 Word 文件。")
        sources.update(dict.fromkeys(words))
        passed_over.update(dict.fromkeys(p for p in below if p not in words))
    left = [path for path in passed_over if path not in sources]
    return [_source(path, base) for path in sources], [_source(path, base) for path in left]


def said_of(passed_over: list[Source]) -> list[Finding]:
    """A finding for each file of a folder that is not read."""
    message = "没有读：目录里只读 .docx、.docm、.doc、.wps 文件。"
    hint = "是填好的表，就用 Word 或 WPS 另存为 .docx 再导入。"
    elsewhere = "没有读：是链接，指向目录以外，或者不是普通的文件。"
    return [
        Finding(Place(file.name), "import-kind", message, hint, Level.WARNING)
        if file.is_plain()
        else Finding(Place(file.name), "import-kind", elsewhere, "把文件本身放进目录。", Level.WARNING)
        for file in passed_over
    ]


def _source(path: Path, base: Path) -> Source:
    """A file with its name in messages: relative to the folder of the command, if it is below."""
    folder = base.resolve()
    return Source(path, path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path))


def _lies_in(file: Path, folder: Path) -> bool:
    """Whether a file is a regular one, and no link that leads out of a folder."""
    return file.is_file() and Path(os.path.realpath(file)).is_relative_to(folder)


def _is_hidden(entry: folders.Entry) -> bool:
    """Whether a file is of no concern to people: Word's lock files, and what begins with a dot."""
    return entry.path.rpartition("/")[2].startswith(HIDDEN)


def _by_parts(entry: folders.Entry) -> list[str]:
    return entry.path.split("/")
