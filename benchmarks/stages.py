"""Where the time of a form goes, in one warm process, for projects of different size."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks import forms
from benchmarks.measuring import PERFGEN, run, seconds
from benchmarks.result import Size
from perfgen import render
from perfgen.build import job
from perfgen.project.layout import DataFile, by_path
from perfgen.project.snapshot import Project

_DATA = ("data_csv", "data_json", "data_schema")
_PAGES = ("summary", "html", "table_page", "fragment")
"""Made together: the first of them that is asked for makes what the others need too."""
_DEAR = ("docx", "pdf")
_FEW = 2
"""The forms of a project whose plan costs little more than the start of a process."""
_OF_STAGE = {
    "check": ("读取", "检查"),
    "data": ("计算", "展开", *(f"渲染 {name}" for name in (*_DATA, "dataset"))),
    "page": tuple(f"渲染 {name}" for name in _PAGES),
    "Word": ("渲染 docx",),
    "PDF": ("渲染 pdf",),
    "proof": tuple(f"核对 {name}" for name in (*_DATA, "dataset", *_PAGES, *_DEAR)),
}
"""The names that a job gives to its stages."""


_NO_DAY = ""
"""No day: nothing of other files counts as published."""


def measure(folder: Path, count: int, every: int) -> Size:
    """The stages of a project of `count` forms; Word and PDF of every so many."""
    files = [DataFile.at(source) for source in forms.project(folder, count)]
    project = Project.on_disk(folder)
    job.build_files(project, [(files[0], None)], _NO_DAY, 0)  # what is read once a process
    everything = frozenset((name, edition) for name in render.names() for edition in render.find(name).targets)
    cheap = frozenset(pair for pair in everything if pair[0] not in _DEAR)
    chosen = set(files[::every])
    spent: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for number, of_path in enumerate(by_path(files), 1):
        choices = [(file, everything if file in chosen else cheap) for file in of_path]
        for result in job.build_files(project, choices, _NO_DAY, number):
            if result.exit_code:
                raise RuntimeError(f"{result.file}: {result.findings}")
            spent.update(result.seconds)
            counted.update(result.seconds.keys())
    stages = {
        stage: sum(spent[name] / counted[name] for name in names if counted[name]) for stage, names in _OF_STAGE.items()
    }
    start = folder / "start"
    start.mkdir()
    forms.project(start, _FEW)
    return Size(count, every, stages, max(_plan(folder) - _plan(start), 0) / (count - _FEW))


def _plan(folder: Path) -> float:
    """A whole process that finds nothing to do among the data of all forms; the first one makes it."""
    command = [*PERFGEN, "-C", str(folder), "build", "--only", ",".join(_DATA)]
    run(command, folder)
    return seconds(lambda: run(command, folder))
