"""The manifest as it was kept before: one file for all outputs. It is read once, and then kept in pieces."""

from __future__ import annotations

import sys
from typing import TypedDict

from perfgen.build.fingerprint import Inputs
from perfgen.build.records import OutputFields, Record, output_of
from perfgen.project.layout import DataFile
from perfgen.report.listing import Entry

FORMAT = 2


class OldOutputJson(OutputFields):
    """An output, with the data file it is made from; none for a page about all of them."""

    source: str
    inputs: Inputs


class OldJson(TypedDict):
    """The content of the file, as far as it is taken over."""

    format: int
    outputs: dict[str, OldOutputJson]
    entries: dict[str, dict[str, str]]
    open_warnings: dict[str, int]


def taken_over(content: OldJson) -> dict[str, Record]:
    """What it says, by data file. Raises one of records.UNREADABLE where it says nothing, or what cannot be."""
    if content["format"] != FORMAT:
        raise ValueError("another format")
    by_source: dict[str, Record] = {}
    for path, fields in content["outputs"].items():
        inputs = {sys.intern(name): sys.intern(value) for name, value in fields["inputs"].items()}
        by_source.setdefault(fields["source"], Record()).outputs[path] = output_of(fields, inputs)
    for source, entry in content["entries"].items():
        by_source.setdefault(source, Record()).entry = Entry(**entry)
    for source, count in content["open_warnings"].items():
        by_source.setdefault(source, Record()).open_warnings = count
    if not all(_can_be(source, record) for source, record in by_source.items()):
        raise ValueError("no manifest")
    return by_source


def _can_be(source: str, record: Record) -> bool:
    """Whether what it says of a data file, or of the pages about all of them, can be so."""
    file = DataFile.parse(source)
    if file is None:
        return not source and record.entry is None and record.is_believable()
    is_its_own = record.entry is None or record.entry.stem == file.stem
    return file.source == source and is_its_own and record.is_believable()
