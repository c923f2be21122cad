"""Where a project's files are: its root, its data files, its output folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from perfgen.findings import DataError, Finding, Place, UsageError

DATA, BUILD = "data", "build"
SCHEMA_FOLDER, TEMPLATE_FOLDER = "schema", "templates"
SUFFIX = ".yaml"


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


def data_files(root: Path) -> tuple[list[str], list[Finding]]:
    """The data files of a project, relative to its root; and findings about files that look
    like data and cannot be."""
    files: list[str] = []
    findings: list[Finding] = []
    for path in sorted((root / DATA).glob("*/**/*")):
        name = path.relative_to(root).as_posix()
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            findings.append(
                Finding(Place(name), "file-outside", "这个链接指向项目以外的文件。", "把文件本身放进 data/。")
            )
        elif path.suffix == SUFFIX:
            files.append(name)
        elif path.suffix.lower() in (".yml", SUFFIX):
            findings.append(Finding(Place(name), "file-suffix", "文件名要以 .yaml 结尾，否则不会处理。", "改名。"))
    return files, findings


def chosen_files(root: Path, base: Path, wanted: Iterable[str]) -> list[str]:
    """The data files that arguments name, relative to the root; arguments are relative to `base`.

    Raises UsageError for what is no data file of the project.
    """
    known, findings = data_files(root)
    chosen: dict[str, None] = {}
    for argument in wanted:
        path = (base / argument).resolve()
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
        below = [file for file in known if file == name or file.startswith(name + "/")] if name else []
        if bad := [finding for finding in findings if finding.place.file == name]:
            raise DataError(bad)
        if not below:
            raise UsageError(f"{argument} 不是 {DATA}/<年度>/ 里的数据文件。")
        chosen.update(dict.fromkeys(below))
    return list(chosen)
