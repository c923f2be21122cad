"""What perfgen's own commands take beside so many data files: checks of one file, builds that find little to do."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import PERFGEN
from benchmarks.pages import DAY
from benchmarks.scale.figure import Figure
from benchmarks.scale.history import size
from benchmarks.scale.taken import Taken, taken

_UNTOUCHED = 3
"""Seconds after which a build believes the dates of files."""


def figures_of(what: str, found: Taken) -> Iterator[Figure]:
    """The processor time and the memory of a process."""
    yield Figure(what, found.seconds, "s")
    yield Figure(f"{what}: memory", found.mebibytes * 2**20, "bytes")


def check(folder: Path, source: str) -> Iterator[Figure]:
    """A check of one file, which is held against all other units too, in one process."""
    command = [*PERFGEN, "-C", str(folder), "check", "-j1", source]
    yield from figures_of("perfgen check FILE", taken(command, folder, codes=(0, 1)))


def planned(folder: Path) -> Iterator[Figure]:
    """Puts stand-ins into a project, and plans it stage by stage: makes the pages about all files."""
    said = taken([sys.executable, "-m", "benchmarks.scale.stand_in", str(folder)], folder).said
    yield Figure("outputs of data files", int(said), "files")
    whole = taken([sys.executable, "-m", "benchmarks.scale.planning", str(folder)], folder)
    for stage in map(json.loads, whole.said.splitlines()):
        yield Figure(stage["name"], stage["seconds"], "s")
        yield Figure(f"{stage['name']}: memory so far", stage["mebibytes"] * 2**20, "bytes")
        if stage["files"]:
            yield Figure(f"{stage['name']}: files", stage["files"], "files")
            yield Figure(f"{stage['name']}: size", stage["bytes"], "bytes")
            yield Figure(f"{stage['name']}: largest", stage["largest"], "bytes")
            yield Figure(f"{stage['name']}: largest, packed", stage["largest_packed"], "bytes")
    yield Figure("manifest", size(folder / "build/manifest"), "bytes")


def builds(folder: Path, source: str) -> Iterator[Figure]:
    """Builds that have nothing to do: all is planned, then nothing was touched; and one after a change of one file."""
    command = [*PERFGEN, "-C", str(folder), "build", "--date", DAY]
    time.sleep(_UNTOUCHED)
    yield from figures_of("perfgen build, planned, nothing to do", taken(command, folder))
    yield from figures_of("perfgen build, nothing touched", taken(command, folder))
    path = folder / source
    path.write_text(path.read_text("utf-8").replace("实际完成情况: ", "实际完成情况: 又", 1), "utf-8", newline="\n")
    yield from figures_of("perfgen build, one changed file", taken(command, folder))
