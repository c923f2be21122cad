"""The project and the data files that a command is called for."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from perfgen.findings import DataError, UsageError
from perfgen.project import folders, invocation, names
from perfgen.project.layout import DATA, SCHEMA_FOLDER, SCHEMA_SUFFIX, DataFile
from perfgen.project.snapshot import Project

_LIKE = 0.6
"""How similar a name must be, from 0 to 1, to be the one that was meant."""


def count(text: str) -> int:
    """How many, as an argument. Raises ArgumentTypeError for what is no number from 1."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("要写一个正整数")
    return int(text)


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that has forms, or else that has data.

    Raises UsageError when there is none.
    """
    start = start.resolve()
    above = (start, *start.parents)
    for folder in above:
        if _has_forms(folder):
            return folder
    for folder in above:
        if (folder / DATA).is_dir():
            return folder
    raise UsageError(
        f"{start} 不在 perfgen 的项目里：没有放着表的 {SCHEMA_FOLDER}/，也没有 {DATA}/。"
        f"用 {invocation.command('init')} 建一个。"
    )


def _has_forms(folder: Path) -> bool:
    """Whether a folder's schema/ holds a form; one that cannot be listed holds none."""
    with suppress(OSError):
        return any(entry.path.endswith(SCHEMA_SUFFIX) for entry in folders.walk(folder / SCHEMA_FOLDER))
    return False


def open_project(start: Path) -> Project:
    """The project that `start` lies in, as it is on the disk.

    Raises UsageError where it lies in none.
    """
    return Project.on_disk(find_root(start))


def chosen_files(project: Project, base: Path, wanted: Iterable[str]) -> list[DataFile]:
    """The data files that arguments name; arguments are paths relative to `base`.

    Raises UsageError for what is no data file of the project.
    """
    root = project.root
    data_files, findings = project.data_files()
    chosen: dict[DataFile, None] = {}
    for argument in wanted:
        path = Path(os.path.realpath(base / argument))
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
        below = (
            [file for file in data_files if file.source == name or file.source.startswith(name + "/")] if name else []
        )
        if rejected := [finding for finding in findings if finding.place.file == names.shown_path(name)]:
            raise DataError(rejected)
        if not below:
            raise UsageError(_no_data(argument, base, name, project, data_files))
        chosen.update(dict.fromkeys(below))
    return list(chosen)


def named_files(project: Project, base: Path, wanted: Iterable[str]) -> set[DataFile]:
    """Of the files that arguments name, those that were typed one by one; the others stand in a folder that was typed.

    Raises as `chosen_files` does.
    """
    return set(chosen_files(project, base, [one for one in wanted if not (base / one).is_dir()]))


def destination(root: Path, base: Path, typed: str | Path) -> tuple[Path, Path | None]:
    """A path to be written to that a person typed, and the folder that writing may not leave.

    For a path in the project, that is the project's folder: no link on the way is followed. For another it is None:
    whoever typed it knows where it leads. `typed` is relative to `base`.
    """
    path = Path(os.path.normpath(base.resolve() / typed))
    for folder in (path, *path.parents):
        if folder.exists() and folder.samefile(root):
            return root / path.relative_to(folder), root
    return path, None


def _no_data(argument: str, base: Path, name: str, project: Project, files: Iterable[DataFile]) -> str:
    """Why an argument names no data file, and which one it is nearest to; `name` is its path in the project."""
    if (base / argument).is_dir():
        return f"{argument} 里没有数据文件。"
    if os.path.lexists(base / argument):
        return f"{argument} 不是 {DATA}/<年度>/ 里的数据文件。"
    near = _nearest(name or argument, [file.source for file in files])
    meant = f"；是不是 {os.path.relpath(project.root / near, base.resolve())}？" if near else "。"
    return f"没有 {argument} 这个文件{meant}"


def _nearest(typed: str, sources: Iterable[str]) -> str:
    """The path whose last part is most like a typed one's, in the most similar folder; empty where none is like it."""
    stem = PurePosixPath(typed).stem
    like = {source: _similarity(PurePosixPath(source).stem, stem) for source in sources}
    close = [source for source, likeness in like.items() if likeness >= _LIKE]
    return max(close, key=lambda source: (like[source], _similarity(source, typed), source), default="")


def _similarity(candidate: str, typed: str) -> float:
    return difflib.SequenceMatcher(None, candidate, typed).ratio()
