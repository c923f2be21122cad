"""What was built, from what, and what was proven of it: build/manifest.json, and build/manifest/ with its pieces.

Each data file has a piece of its own, build/manifest/<year>/<path>.json, written as soon as its outputs are: saving
costs the same however many files there are. manifest.json says what is true of all of them together; it is written
last, and says nothing of them while a build changes them. So a killed build leaves nothing that is believed and false.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from perfgen.build import old_manifest, output_tree
from perfgen.build.output_tree import Found
from perfgen.build.records import UNREADABLE, Output, PieceJson, Record, from_json
from perfgen.project import reading
from perfgen.project.layout import BUILD, DATA, SUFFIX, DataFile
from perfgen.project.snapshot import digest

NAME, FOLDER, UNIT_FOLDER = "manifest.json", "manifest", "manifest-units"
PAGES = ""
"""The name, among data files, of the pages about all of them."""
UNITS = "units/"
"""How the names begin, among data files, of a unit's year with all its files."""
FORMAT = 3
_PIECE = ".json"
_MAX_BYTES, _MAX_PIECE = 130_000_000, 2_000_000
"""Of manifest.json and of a piece; the former was once the whole, with 12,000 bytes for each data file."""


class IndexJson(TypedDict):
    """The content of manifest.json: what is true of all outputs together."""

    format: int
    project: str
    """The hash over all inputs when everything was last built without a finding; empty when that is not so now."""
    day: str
    """The day of the last build of everything, which decides what is public; empty before there was one."""
    seen: str
    """The hash over sizes and dates of inputs and outputs when that was found; empty when dates prove nothing."""
    pieces: str
    """The hash over all pieces then."""
    commit: str | None
    open_warnings: dict[str, int]
    """By data file: how many warnings of its last check are still open."""
    pages: PieceJson
    """The pages about all data files."""


@dataclass
class Manifest:
    """Everything a later build needs to know about this one."""

    project: str = ""
    """As in manifest.json."""
    day: str = ""
    """As in manifest.json."""
    records: dict[str, Record] = field(default_factory=dict)
    """By data file; by PAGES, of the pages about all of them."""
    changed: set[str] = field(default_factory=set, compare=False)
    """The data files whose pieces are to be saved."""
    digests: dict[str, str] = field(default_factory=dict, compare=False)
    """Of the pieces on the disk, by data file."""
    is_old: bool = field(default=False, compare=False)
    """Whether it was read from one file, which has to stay until the pieces are there."""

    @property
    def outputs(self) -> dict[str, Output]:
        """All outputs, by path under build/."""
        return {path: output for record in self.records.values() for path, output in record.outputs.items()}

    @property
    def open_warnings(self) -> dict[str, int]:
        """How many warnings of its last check are still open, by data file."""
        return {source: record.open_warnings for source, record in self.records.items() if record.open_warnings}

    @property
    def pieces(self) -> str:
        """One hash over all pieces."""
        lines = [f"{source} {piece}" for source, piece in sorted(self.digests.items())]
        return digest("\n".join(lines).encode("utf-8", "surrogatepass"))

    def of(self, source: str) -> Record:
        """What is known of a data file, to be read only."""
        return self.records.get(source) or Record()

    def change(self, source: str) -> Record:
        """What is known of a data file, to be changed."""
        self.changed.add(source)
        return self.records.setdefault(source, Record())

    def forget(self, source: str) -> None:
        """Forgets a data file that is gone."""
        self.changed.add(source)
        self.records.pop(source, None)

    def is_as_written(self, root: Path, source: str, path: str, found: Found) -> bool:
        """Whether an output is as it was written; one with another date is read once, and then known by that date."""
        output = self.records[source].outputs[path]
        before = output.modified
        is_same = output.is_as_written(root, path, found.get(path))
        if output.modified != before:
            self.changed.add(source)
        return is_same


def encoded(content: PieceJson | IndexJson) -> bytes:
    """A piece, or manifest.json, as it stands in its file."""
    text = json.dumps(content, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "surrogatepass")  # the names of templates may be no UTF-8


def unit_key(year: str, unit: str) -> str:
    """The name of a unit's year among data files."""
    return f"{UNITS}{year}/{unit}"


def piece_path(source: str) -> str:
    """Where the piece of a data file, or of a unit's year, is, below build/."""
    if source.startswith(UNITS):
        return f"{UNIT_FOLDER}/{source.removeprefix(UNITS)}{_PIECE}"
    return f"{FOLDER}/{DataFile.at(source).stem}{_PIECE}"


def load_manifest(root: Path) -> Manifest:
    """Reads the manifest of a project's last build.

    A piece that cannot be read counts as none, and so does one that names an output where none can be: it may have come
    with somebody's branch, and what it names is removed when nothing asks for it. Raises UsageError for a link.
    """
    index = read_index(root)
    if index is None and (old := _taken_over(root)):
        return old
    manifest = Manifest()
    for path in (*output_tree.files_of(root, FOLDER), *output_tree.files_of(root, UNIT_FOLDER)):
        _add_piece(manifest, root, path)
    if index is not None:
        manifest.project = index["project"] if index["pieces"] == manifest.pieces else ""
        manifest.day = index["day"]
        pages = from_json(index["pages"])
        manifest.records |= {PAGES: pages} if pages.outputs else {}
    _drop_doubles(manifest)
    return manifest


def read_index(root: Path) -> IndexJson | None:
    """What manifest.json says of all outputs together; None where it says nothing that can be believed."""
    try:
        index: IndexJson = json.loads(reading.in_project(root, f"{BUILD}/{NAME}", _MAX_BYTES))
        from_json(index["pages"])
        index.setdefault("day", "")
        texts = [index["project"], index["day"], index["seen"], index["pieces"], index["commit"] or ""]
        texts += index["open_warnings"]
        numbers = index["open_warnings"].values()
    except UNREADABLE:
        return None
    are_of_types = all(isinstance(text, str) for text in texts) and all(isinstance(number, int) for number in numbers)
    return index if index["format"] == FORMAT and are_of_types else None


def _add_piece(manifest: Manifest, root: Path, path: str) -> None:
    """Adds what a piece says of its data file; nothing where it cannot be believed."""
    source = _source_of(path)
    if not source or piece_path(source) != path:
        return
    try:
        content = reading.in_project(root, f"{BUILD}/{path}", _MAX_PIECE)
        record = from_json(json.loads(content))
    except UNREADABLE:
        return
    if record.entry is None or (source.startswith(f"{DATA}/") and record.entry.stem == DataFile.at(source).stem):
        manifest.records[source] = record
        manifest.digests[source] = digest(content)


def _source_of(path: str) -> str:
    """The data file, or the unit's year, of a piece; empty where there can be none."""
    folder, _, stem = path.removesuffix(_PIECE).partition("/")
    if folder == UNIT_FOLDER:
        return f"{UNITS}{stem}"
    file = DataFile.parse(f"{DATA}/{stem}{SUFFIX}")
    return file.source if file else ""


def _drop_doubles(manifest: Manifest) -> None:
    """Forgets the outputs that two data files claim: at least one of them is not so."""
    count = Counter(path for record in manifest.records.values() for path in record.outputs)
    for source, record in manifest.records.items():
        for path in [path for path in record.outputs if count[path] > 1]:
            del record.outputs[path]
            manifest.changed.add(source)
    manifest.project = "" if manifest.changed else manifest.project


def _taken_over(root: Path) -> Manifest | None:
    """What the manifest says that is one file, as old ones are; None where there is no such file."""
    try:
        content: old_manifest.OldJson = json.loads(reading.in_project(root, f"{BUILD}/{NAME}", _MAX_BYTES))
        by_source = old_manifest.taken_over(content)
    except UNREADABLE:
        return None
    return Manifest(records=by_source, changed=set(by_source), is_old=True)
