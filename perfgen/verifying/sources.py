"""Finds the data files that a published file may be of: by what it says that it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfgen.check import loading
from perfgen.check.identity import Identity, identity, identity_of
from perfgen.findings import FindingsError
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project
from perfgen.system import git, git_history
from perfgen.verifying.content import Heads

MOST_FILES = 20
"""So many data files are compared with; where more fit, the file says too little of what it is."""
_LONGEST = 500
"""The letters of the longest name that git is asked for."""


def is_of(heads: Iterable[Heads], found: Identity) -> bool:
    """Whether a data file is what a published file says that it is, as far as it says so."""
    return any(
        found.form == one.form
        and found.unit == one.unit
        and one.year in (None, found.year)
        and one.subject in (None, found.subject)
        for one in heads
    )


def here(project: Project, heads: Iterable[Heads]) -> list[DataFile]:
    """The data files of the work tree that a published file may be of. Raises FormError for a broken form."""
    heads = tuple(heads)
    units = {one.unit.encode() for one in heads}
    return [file for file in project.data_files()[0] if _may_hold(project, file, units) and _fits(project, file, heads)]


def _may_hold(project: Project, file: DataFile, units: Iterable[bytes]) -> bool:
    """Whether a file has the name of a unit in it; one that is written with escapes has a backslash."""
    try:
        content = project.read(file.source)
    except (OSError, FindingsError):
        return False
    return b"\\" in content or any(unit in content for unit in units)


def _fits(project: Project, file: DataFile, heads: tuple[Heads, ...]) -> bool:
    found = identity(project, file)
    return found is not None and is_of(heads, found)


def of_the_past(project: Project, heads: Iterable[Heads]) -> Iterator[DataFile]:
    """The data files that had the name of a unit at some commit: moved and deleted ones, units that were renamed.

    Raises ToolError where git fails.
    """
    if git.head(project.root) is None:
        return
    for unit in dict.fromkeys(one.unit for one in heads if len(one.unit) <= _LONGEST and "\0" not in one.unit):
        for path in git_history.files_that_held(project.root, "HEAD", unit, DATA):
            if file := DataFile.parse(path):
                yield file


def fits_in(project: Project, file: DataFile, heads: Iterable[Heads]) -> bool:
    """Whether a version of a data file is what a published file says that it is. Raises DataError, FormError."""
    filing = loading.filing(project, file)
    return is_of(heads, identity_of(filing.form, filing.document.top))
