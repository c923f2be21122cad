"""What is known of the outputs of one data file: a piece of the manifest, as data and as JSON.

A piece stands for itself: it is believed of an output only where the file and all its inputs are as the piece says.
"""

from __future__ import annotations

import stat
import sys
from dataclasses import asdict, astuple, dataclass, field
from os import stat_result
from pathlib import Path
from typing import TypedDict

from perfgen.build import output_tree
from perfgen.build.fingerprint import Inputs
from perfgen.project import reading
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import digest
from perfgen.report.listing import Entry

UNREADABLE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError)
"""What is raised of a text that is no piece of a manifest."""


class OutputFields(TypedDict):
    """What stands of an output in every manifest, beside its inputs."""

    renderer: str
    sha256: str
    size: int
    modified: int
    cells: int


class OutputJson(OutputFields):
    """An output in a piece."""

    inputs: list[int]
    """The numbers of its inputs in the piece."""


class PieceJson(TypedDict):
    """A piece: each input stands in it once, with its name and its hash or version."""

    outputs: dict[str, OutputJson]
    inputs: list[tuple[str, str]]
    entry: dict[str, str] | None
    open_warnings: int


@dataclass
class Output:
    """One file under build/."""

    renderer: str
    sha256: str
    size: int
    modified: int
    """Nanoseconds, as the file system gives it; only to see whether the file was changed since."""
    cells: int
    inputs: Inputs

    def is_as_written(self, root: Path, path: str, status: stat_result | None) -> bool:
        """Whether the file at a path under build/ holds what was written; `status` is what the system says of it.

        It is hashed only if its date differs; then it is known by its new date.
        """
        if status is None or not stat.S_ISREG(status.st_mode) or status.st_size != self.size:
            return False
        if status.st_mtime_ns == self.modified:
            return True
        try:
            is_same = digest(reading.in_project(root, f"{BUILD}/{path}", self.size)) == self.sha256
        except OSError:
            return False
        if is_same:
            self.modified = status.st_mtime_ns
        return is_same


@dataclass
class Record:
    """The outputs of a data file."""

    outputs: dict[str, Output] = field(default_factory=dict)
    """By path under build/."""
    entry: Entry | None = None
    """What the listing of public reports says of it."""
    open_warnings: int = 0
    """How many warnings of its last check are still open."""

    def is_believable(self) -> bool:
        """Whether all outputs stand where outputs can stand, and all values are of the types they should have."""
        outputs = self.outputs.values()
        texts = [text for output in outputs for text in (output.renderer, output.sha256)]
        texts += astuple(self.entry) if self.entry else ()
        numbers = [number for output in outputs for number in (output.size, output.modified, output.cells)]
        return (
            all(map(output_tree.is_output, self.outputs))
            and all(isinstance(text, str) for text in texts)
            and all(isinstance(number, int) for number in [*numbers, self.open_warnings])
        )


def to_json(record: Record) -> PieceJson:
    """A record as JSON data."""
    numbers: dict[tuple[str, str], int] = {}
    outputs: dict[str, OutputJson] = {}
    for path, output in sorted(record.outputs.items()):
        named = [numbers.setdefault(pair, len(numbers)) for pair in output.inputs.items()]
        outputs[path] = {
            "renderer": output.renderer, "sha256": output.sha256, "size": output.size, "modified": output.modified,
            "cells": output.cells, "inputs": named,
        }  # fmt: skip
    entry = asdict(record.entry) if record.entry else None
    return {"outputs": outputs, "inputs": list(numbers), "entry": entry, "open_warnings": record.open_warnings}


def from_json(content: PieceJson) -> Record:
    """The record that JSON data gives. Raises one of UNREADABLE where it gives none, or one that cannot be."""
    inputs = [(sys.intern(name), sys.intern(value)) for name, value in content["inputs"]]
    outputs = {
        path: output_of(fields, dict(inputs[number] for number in fields["inputs"]))
        for path, fields in content["outputs"].items()
    }
    entry = Entry(**content["entry"]) if content["entry"] else None
    record = Record(outputs, entry, content["open_warnings"])
    if not record.is_believable():
        raise ValueError("no record of outputs")
    return record


def output_of(fields: OutputFields, inputs: Inputs) -> Output:
    """The output that JSON data gives, with its inputs."""
    return Output(fields["renderer"], fields["sha256"], fields["size"], fields["modified"], fields["cells"], inputs)
