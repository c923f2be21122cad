"""The project and the data files that a command is called for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from perfgen.findings import DataError, UsageError
from perfgen.project.layout import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER, DataFile
from perfgen.project.snapshot import Project


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that has forms.

    Raises UsageError when there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / SCHEMA_FOLDER).is_dir() and (folder / TEMPLATE_FOLDER).is_dir():
            return folder
    raise UsageError(
        f"{start} 不在 perfgen 的项目里：没有 {SCHEMA_FOLDER}/ 和 {TEMPLATE_FOLDER}/。用 perfgen init 建一个。"
    )


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
        path = (base / argument).resolve()
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
        below = (
            [file for file in data_files if file.source == name or file.source.startswith(name + "/")] if name else []
        )
        if rejected := [finding for finding in findings if finding.place.file == name]:
            raise DataError(rejected)
        if not below:
            raise UsageError(f"{argument} 不是 {DATA}/<年度>/ 里的数据文件。")
        chosen.update(dict.fromkeys(below))
    return list(chosen)
