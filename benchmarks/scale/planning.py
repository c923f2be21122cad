"""What the process that plans takes, stage by stage, with so many outputs there: `python -m benchmarks.scale.planning`.

It does what a build does that finds no data file changed and no page about all of them made: these it makes.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.measuring import spent
from benchmarks.pages import DAY
from perfgen import render
from perfgen.build import output_tree, stamps
from perfgen.build.keeper import Keeper
from perfgen.build.manifest import PAGES, Manifest, load_manifest
from perfgen.build.plan import Planner
from perfgen.build.records import Output
from perfgen.build.site_plan import SitePlanner
from perfgen.project.layout import BUILD, by_path
from perfgen.project.snapshot import Project, digest
from perfgen.report import site


@dataclass(frozen=True)
class Stage:
    """A stage: what it took, and what it left."""

    name: str
    seconds: float
    mebibytes: int
    """The most that was in memory so far."""
    files: int = 0
    bytes: int = 0
    largest: int = 0
    """The bytes of the largest file."""
    largest_packed: int = 0
    """The same as a server sends it that packs with gzip."""


def planner_of(project: Project, manifest: Manifest) -> Planner:
    """A planner of all formats on the day after all is published."""
    settings = replace(site.load_site(project), day=DAY)
    return Planner(project, settings, manifest, None, output_tree.found(project.root), day=DAY)


def stages(folder: Path) -> Iterator[Stage]:
    """Plans a project, and makes all files about it that are stale."""
    begin = spent()

    def ended(name: str, made: list[bytes] | None = None) -> Stage:
        nonlocal begin
        taken, begin = spent() - begin, spent()
        largest = max(made or [b""], key=len)
        stage = Stage(name, taken, _peak(), len(made or []), sum(map(len, made or [])), len(largest))
        stage = replace(stage, largest_packed=len(gzip.compress(largest, 6)) if made else 0)
        begin = spent()
        return stage

    project = Project.on_disk(folder)
    files = project.data_files()[0]
    stamps.of_inputs(folder)
    yield ended("look at all files")
    manifest = load_manifest(folder)
    yield ended("read the manifest")
    planner = planner_of(project, manifest)
    plans = [planner.unit(file) for of_path in by_path(files) for file in of_path]
    stale = sum(output.why is not None for plan in plans for output in plan.outputs)
    if stale:
        raise RuntimeError(f"{stale} outputs are stale")
    project.release(files)
    yield ended("plan the data files")
    pages = SitePlanner(planner)
    for renderer in pages.renderers:
        yield ended(f"page {renderer.name}", _made(pages, renderer, manifest, folder))
    Keeper(folder, manifest).finish("", None)
    yield ended("save the manifest")


def _made(pages: SitePlanner, renderer: render.Renderer, manifest: Manifest, folder: Path) -> list[bytes]:
    """Makes the files of a format about all reports that are stale, each proven."""
    made = []
    for wanted, listing in pages.plan(renderer).outputs:
        if wanted.why:
            content = renderer.render(listing)
            cells = renderer.prove(content, listing)
            target = folder / BUILD / wanted.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            modified = target.stat().st_mtime_ns
            manifest.change(PAGES).outputs[wanted.path] = Output(
                wanted.renderer, digest(content), len(content), modified, cells, wanted.inputs
            )
            made.append(content)
    return made


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    for stage in stages(Path(sys.argv[1])):
        print(json.dumps(vars(stage)), flush=True)
