"""build/manifest.json: what was built, from what, and what was proven of it."""

from __future__ import annotations

import json
import stat
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path

from perfgen.build import output_tree
from perfgen.build.fingerprint import Inputs, of_project
from perfgen.project import reading
from perfgen.project.layout import BUILD, DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report.listing import Entry

NAME = "manifest.json"
_FORMAT = 2
_MAX_BYTES = 100_000_000
"""Of a manifest that is read: five thousand data files need half of it."""


@dataclass
class Output:
    """One file under build/."""

    source: str
    """The data file it is made from; empty for pages about all of them."""
    renderer: str
    sha256: str
    size: int
    modified: int
    """Nanoseconds, as the file system gives it; only to see whether the file was changed since."""
    cells: int
    inputs: Inputs

    def untouched(self, root: Path, path: str) -> bool:
        """Whether the file at a path under build/ is as it was written; it is hashed only if its date differs."""
        try:
            status = (root / BUILD / path).lstat()
            if not stat.S_ISREG(status.st_mode) or status.st_size != self.size:
                return False
            is_same_date = status.st_mtime_ns == self.modified
            return is_same_date or digest(reading.in_project(root, f"{BUILD}/{path}", self.size)) == self.sha256
        except (OSError, ValueError):
            return False


@dataclass
class Manifest:
    """Everything a later build needs to know about this one."""

    project: str = ""
    """The hash over all inputs when everything was last built without a finding."""
    commit: str | None = None
    outputs: dict[str, Output] = field(default_factory=dict)
    """By path under build/."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """By data file: the reports that are public."""
    open_warnings: dict[str, int] = field(default_factory=dict)
    """By data file: how many warnings of its last check are still open."""

    def dump(self) -> bytes:
        """The manifest as JSON."""
        content = {
            "format": _FORMAT,
            "project": self.project,
            "commit": self.commit,
            "outputs": {path: asdict(output) for path, output in sorted(self.outputs.items())},
            "entries": {path: asdict(entry) for path, entry in sorted(self.entries.items())},
            "open_warnings": dict(sorted(self.open_warnings.items())),
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        return text.encode("utf-8", "surrogatepass")  # the names of templates may be no UTF-8


def load_manifest(root: Path) -> Manifest:
    """Reads the manifest of a project's last build.

    One that cannot be read counts as none, and so does one that names an output where none can be: it may have come
    with somebody's branch, and what it names is removed when nothing asks for it.
    """
    try:
        content = json.loads(reading.in_project(root, f"{BUILD}/{NAME}", _MAX_BYTES))
        if content["format"] != _FORMAT:
            return Manifest()
        manifest = Manifest(
            content["project"],
            content["commit"],
            {path: Output(**output) for path, output in content["outputs"].items()},
            {path: Entry(**entry) for path, entry in content["entries"].items()},
            content["open_warnings"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest()
    return manifest if _is_believable(manifest) else Manifest()


def _is_believable(manifest: Manifest) -> bool:
    """Whether all outputs stand where outputs can stand, and all values are of the types they should have."""
    outputs, entries = manifest.outputs.values(), manifest.entries.values()
    texts = [text for output in outputs for text in (output.source, output.renderer, output.sha256)]
    texts += [text for entry in entries for text in astuple(entry)]
    numbers = [number for output in outputs for number in (output.size, output.modified, output.cells)]
    numbers += manifest.open_warnings.values()
    return (
        all(map(output_tree.is_output, manifest.outputs))
        and all(_is_of(source, entry) for source, entry in manifest.entries.items())
        and all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) for number in numbers)
        and all(isinstance(output.inputs, dict) for output in outputs)
    )


def _is_of(source: str, entry: Entry) -> bool:
    """Whether an entry of a listing leads to the outputs of its own data file."""
    file = DataFile.parse(source)
    return file is not None and file.stem == entry.stem


def up_to_date(project: Project) -> Manifest | None:
    """The manifest of the last build, where a full build would have nothing to do; None elsewhere.

    It is quick: no library is loaded, no template is parsed. Raises UsageError for a link in the output tree.
    """
    output_tree.require_plain(project.root)
    manifest = load_manifest(project.root)
    is_current = (
        bool(manifest.project)
        and manifest.project == of_project(project)
        and all(output.untouched(project.root, path) for path, output in manifest.outputs.items())
    )
    return manifest if is_current else None
