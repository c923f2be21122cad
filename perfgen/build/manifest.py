"""build/manifest.json: what was built, from what, and what was proven of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from perfgen.build.fingerprint import Inputs, of_project
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import Project, digest
from perfgen.report.listing import Entry

NAME = "manifest.json"
_FORMAT = 2


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

    def untouched(self, path: Path) -> bool:
        """Whether the file is as it was written; it is hashed only if its date differs."""
        try:
            status = path.stat()
        except OSError:
            return False
        if status.st_size != self.size:
            return False
        return status.st_mtime_ns == self.modified or digest(path.read_bytes()) == self.sha256


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
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def load_manifest(build: Path) -> Manifest:
    """Reads the manifest of an output folder; an unreadable one counts as empty."""
    try:
        content = json.loads((build / NAME).read_bytes())
        if content["format"] != _FORMAT:
            return Manifest()
        return Manifest(
            content["project"],
            content["commit"],
            {path: Output(**output) for path, output in content["outputs"].items()},
            {path: Entry(**entry) for path, entry in content["entries"].items()},
            content["open_warnings"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def up_to_date(project: Project) -> Manifest | None:
    """The manifest of the last build, where a full build would have nothing to do; None elsewhere.

    It is quick: no library is loaded, no template is parsed.
    """
    build = project.root / BUILD
    manifest = load_manifest(build)
    is_current = (
        bool(manifest.project)
        and manifest.project == of_project(project)
        and all(output.untouched(build / path) for path, output in manifest.outputs.items())
    )
    return manifest if is_current else None
