"""What is wrong with a file whose YAML cannot be read: its mistakes, and what is said of the texts that can be."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.checks import characters, text_lines
from perfgen.findings import DataError, Finding
from perfgen.source import reader
from perfgen.source.reader import Document
from perfgen.source.recovery import Unreadable


def load(content: bytes, file: str) -> Document:
    """Reads a file as the reader does. Raises DataError with the mistakes of its YAML and those of its texts."""
    try:
        return reader.load_yaml(content, file)
    except Unreadable as error:
        raise DataError([*error.findings, *_of_texts(error, file)]) from error


def _of_texts(error: Unreadable, file: str) -> Iterator[Finding]:
    """The findings about texts on lines that were read as they are typed, below a line that was."""
    document = reader.read(error.readable, file)
    if isinstance(document, Finding):
        return
    typed, read = error.text.split("\n"), error.readable.split("\n")
    for finding in (*characters.findings(document), *text_lines.findings(document)):
        begin = document.place(finding.path or ()).line
        lines = slice(max(begin - 2, 0), finding.place.line + 1)
        if typed[lines] == read[lines]:
            yield finding
