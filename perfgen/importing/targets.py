"""Says where the data files of an import go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from perfgen.findings import UsageError
from perfgen.importing.import_file import Imported
from perfgen.project.arguments import destination
from perfgen.project.layout import DATA, SUFFIX


@dataclass(frozen=True)
class Target:
    """Where data files go, and whether they go there with notes."""

    path: Path | None
    is_file: bool
    strict: bool
    yes: bool
    top: Path | None
    """The folder that writing may not leave; None for the one that the file lies in."""
    written: dict[str, str] = field(default_factory=dict)
    """What this import has written so far: by data file, the form that it came from."""

    @property
    def is_there(self) -> bool:
        """Whether it is one data file that is there already, to be changed."""
        return self.path is not None and self.is_file and self.path.exists()

    @property
    def year_of_folder(self) -> int | None:
        """The year that the folder is named for; None where it is no year, or no folder was given."""
        folder = self.path.parent if self.path and self.is_file else self.path
        return int(folder.name) if folder and re.fullmatch(r"20\d\d", folder.name) else None

    def of(self, imported: Imported, root: Path) -> Path:
        """The data file of one import: below the folder as its form says, which may name some of the folders itself.

        Raises UsageError where nothing tells its place.
        """
        if self.path is not None and self.is_file:
            return self.path
        of_year = root / DATA / imported.year
        folder, below = self.path or of_year, f"{imported.path}{SUFFIX}"
        if folder.is_relative_to(of_year) and (of_year / below).is_relative_to(folder):
            return of_year / below
        return folder / below


def target(root: Path, base: Path, output: str | None, count: int, *, strict: bool, yes: bool) -> Target:
    """Where the data files of `count` imports go; `output` was typed in `base`.

    Raises UsageError where several would go into one file.
    """
    is_file = output is not None and output.endswith(SUFFIX)
    if is_file and count > 1:
        raise UsageError(f"有 {count} 个文件，-o 要写一个目录。")
    path, top = destination(root, base, output) if output else (None, root)
    return Target(path, is_file, strict, yes, top or (None if is_file else path))
