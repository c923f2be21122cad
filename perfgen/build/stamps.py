"""Whether anything was touched since the last build, by sizes and dates only: quick, and it opens no file.

Dates prove little of a file that was written in the moment it was read: an input is known by its date only where it is
older than the snapshot that was read (git does so with its index, Documentation/technical/racy-git). A date that was
set back does not help: the system's own date of the last change, and the number of the file, count too.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from perfgen.build import output_tree
from perfgen.project import folders
from perfgen.project.layout import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project, digest
from perfgen.system.environment import installed

_FOLDERS = (DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER)
_PACKAGE = Path(__file__).parents[1]
_STARTED = time.time_ns()
"""When perfgen's own modules had been read."""
_TICK, _COARSE_TICK = 50_000_000, 2_050_000_000
"""Nanoseconds that two dates must differ to be in order; on file systems that count in seconds, FAT in two."""
_COARSE = 10_000_000
"""The dates of such a file system are multiples of this."""


@dataclass(frozen=True)
class Stamps:
    """What the system says of all that outputs are made from."""

    files: dict[str, str]
    """By path of the project: the numbers that change when a file is touched."""
    tools: tuple[str, ...]
    """The same of perfgen itself, of the installed packages and fonts."""
    newest: int
    """When a file of the project was last touched, in nanoseconds."""
    newest_code: int
    """The same of perfgen's own modules."""

    def tell_of(self, project: Project) -> bool:
        """Whether what a snapshot has read, or will read, must be what had these stamps."""
        listed = {path for folder in _FOLDERS for path in project.files(folder)}
        is_older = _is_before(self.newest, project.opened) and self.newest_code + _COARSE_TICK < _STARTED
        return is_older and listed == self.files.keys()


def of_inputs(root: Path) -> Stamps | None:
    """The stamps of all inputs as they are now; None where a link is among them: dates say little of what it leads to.

    Raises OSError where a folder cannot be read.
    """
    files: dict[str, str] = {}
    newest = 0
    for folder in _FOLDERS:
        status = folders.Folder(root, None).status(folder)
        if status is None or folders.is_link(status):
            return None
        for entry in folders.walk(root / folder):
            if not entry.is_file:
                return None
            files[f"{folder}/{entry.path}"] = _stamp(entry.status)
            newest = max(newest, entry.status.st_mtime_ns, entry.status.st_ctime_ns)
    modules = [entry for entry in folders.walk(_PACKAGE) if entry.path.endswith(".py")]
    newest_code = max(max(module.status.st_mtime_ns, module.status.st_ctime_ns) for module in modules)
    tools = [f"{module.path} {_stamp(module.status)}" for module in modules]
    return Stamps(files, (*sorted(tools), *installed()), newest, newest_code)


def digest_of(inputs: Stamps, outputs: output_tree.Found) -> str:
    """One hash over the stamps of inputs, and over the sizes and dates of outputs."""
    lines = [*inputs.tools, *(f"{path} {stamp}" for path, stamp in sorted(inputs.files.items()))]
    lines += sorted(f"{path} {status.st_size} {status.st_mtime_ns}" for path, status in outputs.items())
    return digest("\n".join(lines).encode("utf-8", "surrogateescape"))


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _is_before(date: int, moment: int) -> bool:
    """Whether a file's date is surely before a moment."""
    return date + (_COARSE_TICK if date % _COARSE == 0 else _TICK) < moment
