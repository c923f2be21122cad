"""The batch: plans, runs the units' jobs, writes what was proven, removes what nobody asks for."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import groupby

from perfgen import render
from perfgen.build import fingerprint, job, manifest
from perfgen.build.manifest import Manifest, Output
from perfgen.build.plan import Planner, UnitPlan, Wanted
from perfgen.findings import DataError, Finding, FindingsError, ToolError
from perfgen.project.layout import BUILD, DataFile, by_path
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.system import console, executor, git, write

LOCK = ".lock"
OWNED = ("official", "public")
"""The folders under build/ in which nothing stands that no data file asks for."""
_SAVE_EVERY = 2.0
"""Seconds between two saves of the manifest, so that a killed build need not start over."""


@dataclass(frozen=True)
class BuildOrder:
    """What a build is asked to do."""

    project: Project
    files: tuple[DataFile, ...] | None = None
    """Only these data files; None means all."""
    only: tuple[str, ...] | None = None
    """Only these formats; None means all."""
    jobs: int | None = None
    why: bool = False


@dataclass
class BuildOutcome:
    """What came of a build."""

    made: int = 0
    kept: int = 0
    removed: int = 0
    cells: int = 0
    findings: list[Finding] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    """By data file that was asked for and has not changed: the warnings of its last check that nobody has answered."""
    exit_code: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, result: job.Result) -> None:
        """Takes a unit's findings and times over."""
        self.findings += result.findings
        self.exit_code = max(self.exit_code, result.exit_code)
        for stage, spent in result.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent


def build(order: BuildOrder, pool: Executor | None = None) -> BuildOutcome:
    """Runs a build under the project's lock; `pool` overrides the choice of executor.

    Raises ToolError when a library or the system fails; DataError for broken site settings.
    """

    def waiting() -> None:
        console.complain("另一个 perfgen 正在生成，等它做完……")

    with write.exclusive(order.project.root / BUILD / LOCK, waiting):
        return _Build(order).run(pool)


class _Build:
    """One build, with what it knows and has done so far."""

    def __init__(self, order: BuildOrder) -> None:
        self.order = order
        self.project = order.project
        self.top = order.project.root / BUILD
        self.outcome = BuildOutcome()
        self.manifest: Manifest = manifest.load_manifest(self.top)
        self.saved = time.monotonic()

    def run(self, pool: Executor | None) -> BuildOutcome:
        write.remove_leftovers(self.top)
        state = fingerprint.of_project(self.project)
        settings = site.load_site(self.project)
        files, misnamed = self.project.data_files()
        if misnamed:
            self.outcome.findings += misnamed
            self.outcome.exit_code = DataError.exit_code
        planner = Planner(self.project, settings, self.manifest, self.order.only)
        self.forget_missing(files)
        chosen = files if self.order.files is None else self.order.files
        plans = [planner.unit(file) for of_path in by_path(chosen) for file in of_path]
        try:
            self.run_units(plans, settings, pool)
            self.make_site_pages(planner)
            if self.order.files is None and self.order.only is None:
                self.sweep()
                self.manifest.project = state if self.outcome.exit_code == 0 else ""
            elif self.outcome.made or self.outcome.removed:
                self.manifest.project = ""
        finally:
            self.save()
        return self.outcome

    def forget_missing(self, files: Iterable[DataFile]) -> None:
        """Removes the outputs of data files that are gone."""
        there = {file.source for file in files}
        for path, output in list(self.manifest.outputs.items()):
            if output.source and output.source not in there:
                self.discard(path)
        for known in (self.manifest.entries, self.manifest.open_warnings):
            for source in known.keys() - there:
                known.pop(source, None)

    def run_units(self, plans: list[UnitPlan], settings: site.Site, pool: Executor | None) -> None:
        todo = []
        for plan in plans:
            self.withdraw(plan)
            stale = [wanted for wanted in plan.outputs if wanted.why]
            self.outcome.kept += len(plan.outputs) - len(stale)
            if stale or not plan.readable:
                todo.append(plan)
            elif count := self.manifest.open_warnings.get(plan.file.source):
                self.outcome.waiting[plan.file.source] = count
            if self.order.why:
                for wanted in stale:
                    console.say(f"{BUILD}/{wanted.path}：{wanted.why}")
        if not todo:
            return

        groups = [list(of_path) for _, of_path in groupby(todo, key=lambda plan: plan.file.path)]

        def submit(running: Executor, of_path: list[UnitPlan]) -> Future[list[job.Result]]:
            files = [(plan.file, plan.stale) for plan in of_path]
            return running.submit(job.build_files, self.project, files, settings)

        with pool or executor.make(self.order.jobs, len(todo)) as running, console.progress(len(todo), "生成") as tell:
            try:
                for of_path, future in executor.run(running, groups, submit):
                    for plan, result in zip(of_path, future.result(), strict=True):
                        self.take(plan, result)
                        made = " ".join(sorted({made.renderer for made in result.made}))
                        tell(f"{plan.file} {made}".rstrip(), failed=bool(result.exit_code))
            except BrokenProcessPool as error:
                raise ToolError("一个工作进程被系统终止了，可能是内存不够；用 -j1 再试。") from error

    def withdraw(self, plan: UnitPlan) -> None:
        """Removes outputs that a unit should no longer have; unpublished ones even if it cannot be read."""
        wanted = {w.path for w in plan.outputs}
        for path, output in list(self.manifest.outputs.items()):
            unpublished = not plan.published and path.startswith("public/")
            unwanted = plan.readable and self.order.only is None and path not in wanted
            if output.source == plan.file.source and (unpublished or unwanted):
                self.discard(path)
        if not plan.published:
            self.manifest.entries.pop(plan.file.source, None)

    def take(self, plan: UnitPlan, result: job.Result) -> None:
        """Writes a unit's files and notes them."""
        self.outcome.add(result)
        source = plan.file.source
        self.manifest.open_warnings.pop(source, None)
        if count := sum(finding.is_open for finding in result.findings):
            self.manifest.open_warnings[source] = count
        wanted = {w.path: w for w in plan.outputs}
        for made in result.made:
            self.put(made.path, made.content, wanted[made.path], source, made.cells)
        if result.entry is not None:
            self.manifest.entries[source] = result.entry
        if time.monotonic() - self.saved > _SAVE_EVERY:
            self.save()

    def put(self, path: str, content: bytes, wanted: Wanted, source: str, cells: int) -> None:
        target = self.top / path
        write.replace(target, content)
        modified = target.stat().st_mtime_ns
        self.manifest.outputs[path] = Output(
            source, wanted.renderer, digest(content), len(content), modified, cells, wanted.inputs
        )
        self.outcome.made += 1
        self.outcome.cells += cells

    def make_site_pages(self, planner: Planner) -> None:
        """Makes the pages about all published reports, when what they list has changed."""
        paged = [e for e in self.manifest.entries.values() if f"public/{e.stem}/index.html" in self.manifest.outputs]
        for wanted, listing in planner.site_pages(paged):
            if not wanted.why:
                self.outcome.kept += 1
                continue
            if self.order.why:
                console.say(f"{BUILD}/{wanted.path}：{wanted.why}")
            renderer = render.find(wanted.renderer)
            try:
                content = renderer.render(listing)
                cells = renderer.prove(content, listing)
            except FindingsError as error:
                self.outcome.findings += error.findings
                self.outcome.exit_code = max(self.outcome.exit_code, error.exit_code)
            else:
                self.put(wanted.path, content, wanted, "", cells)

    def sweep(self) -> None:
        """Removes what is in perfgen's own folders and nobody asks for."""
        for folder in OWNED:
            for found in sorted((self.top / folder).rglob("*")):
                name = found.relative_to(self.top).as_posix()
                if found.is_file() and name not in self.manifest.outputs:
                    self.discard(name)

    def discard(self, path: str) -> None:
        write.remove(self.top / path, self.top)
        self.manifest.outputs.pop(path, None)
        self.outcome.removed += 1

    def save(self) -> None:
        self.manifest.commit = git.head(self.project.root)
        write.replace(self.top / manifest.NAME, self.manifest.dump())
        self.saved = time.monotonic()
