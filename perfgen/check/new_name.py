"""Whether a data file that is to be made has a good name, beside the files that are there."""

from __future__ import annotations

from perfgen.check.checks import file_name
from perfgen.project import names
from perfgen.project.layout import DATA, SUFFIX
from perfgen.project.snapshot import Project


def trouble(project: Project, path: str) -> str:
    """What is wrong with the path of a new data file, in words; empty where nothing is.

    `path` may lie outside the project; then only its last part is judged.
    """
    is_data = path.startswith(f"{DATA}/")
    judged = path if is_data else path.rpartition("/")[2]
    stem = judged.removeprefix(f"{DATA}/").removesuffix(SUFFIX)
    if found := names.of_data(judged) or next(file_name.private_parts(stem), ""):
        return found
    twin = names.twin_of(path, project.files(DATA)) if is_data and not project.holds(path) else ""
    return f"已经有 {names.shown_path(twin)}，只差大小写或字符的写法，Windows 和 macOS 上是同一个" if twin else ""
