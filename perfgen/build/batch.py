"""The batch: plans, runs the units' jobs, writes what was proven, removes what no data file asks for."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import groupby

from perfgen import render
from perfgen.build import fingerprint, job, manifest, output_tree, verified
from perfgen.build.listener import Listener, Silent
from perfgen.build.manifest import Manifest, Output
from perfgen.build.plan import Planner, UnitPlan, Wanted
from perfgen.findings import DataError, Finding, FindingsError, ToolError
from perfgen.project import faults
from perfgen.project.layout import BUILD, DataFile, by_path
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.report.listing import Listing
from perfgen.system import executor, git, write

LOCK = ".lock"
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
    """How many processes; None chooses by machine and work."""
    verify: bool = False
    """Believe no manifest: make everything again and compare it with the files that are there; only with all files."""


@dataclass
class BuildOutcome:
    """The result of a build."""

    made: int = 0
    kept: int = 0
    removed: int = 0
    cells: int = 0
    findings: list[Finding] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    """By data file that was asked for and has not changed: how many warnings of its last check are still open."""
    differing: list[Finding] = field(default_factory=list)
    """Where everything was verified: the files that were not as they were made again, which now are."""
    unpublished: list[DataFile] = field(default_factory=list)
    """The data files that were asked for and have no public output, because they have no dates."""
    exit_code: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, result: job.Result) -> None:
        """Adds a unit's findings and times."""
        self.findings += result.findings
        self.exit_code = max(self.exit_code, result.exit_code)
        for stage, spent in result.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent


def build(order: BuildOrder, pool: Executor | None = None, listener: Listener | None = None) -> BuildOutcome:
    """Runs a build under the project's lock; prints nothing.

    `pool` overrides the choice of executor, `listener` is told how the build goes on.
    Raises ToolError when a library or the system fails; DataError for broken site settings; UsageError for a link in
    the output tree, before anything is removed.
    """
    output_tree.require_plain(order.project.root)
    listener = listener or Silent()
    with write.exclusive(order.project.root / BUILD / LOCK, listener.waits, top=order.project.root):
        return _Build(order, listener).run(pool)


class _Build:
    """One build, with what it knows and has done so far."""

    def __init__(self, order: BuildOrder, listener: Listener) -> None:
        self.order = order
        self.listener = listener
        self.project = order.project
        self.top = order.project.root / BUILD
        self.outcome = BuildOutcome()
        self.manifest: Manifest = Manifest() if order.verify else manifest.load_manifest(order.project.root)
        self.compares = order.verify and any(self.files())
        """Whether there is anything to compare with what is made."""
        self.saved = time.monotonic()

    def run(self, pool: Executor | None) -> BuildOutcome:
        """Runs the build from the plan to the saved manifest."""
        write.remove_leftovers(self.top, top=self.project.root)
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
        self.outcome.unpublished = [plan.file for plan in plans if plan.withheld]
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
        if self.outcome.differing:
            self.outcome.exit_code = max(self.outcome.exit_code, DataError.exit_code)
        return self.outcome

    def forget_missing(self, files: Iterable[DataFile]) -> None:
        """Removes the outputs of data files that are gone."""
        present = {file.source for file in files}
        for path, output in list(self.manifest.outputs.items()):
            if output.source and output.source not in present:
                self.discard(path)
        for by_source in (self.manifest.entries, self.manifest.open_warnings):
            for source in by_source.keys() - present:
                by_source.pop(source, None)

    def run_units(self, plans: list[UnitPlan], settings: site.Site, pool: Executor | None) -> None:
        """Makes the outputs of the units that have stale ones, or could not be read so far."""
        todo = [plan for plan in plans if self.needs_a_job(plan)]
        if not todo:
            return
        groups = [list(of_path) for _, of_path in groupby(todo, key=lambda plan: plan.file.path)]

        def submit(running: Executor, of_path: list[UnitPlan]) -> Future[list[job.Result]]:
            files = [(plan.file, plan.stale) for plan in of_path]
            return running.submit(job.build_files, self.project, files, settings)

        with pool or executor.make(self.order.jobs, len(todo)) as running, self.listener.progress(len(todo)) as tell:
            try:
                for of_path, future in executor.run(running, groups, submit):
                    for plan, result in zip(of_path, future.result(), strict=True):
                        self.take(plan, result)
                        formats = " ".join(sorted({output.renderer for output in result.made}))
                        tell(f"{plan.file} {formats}".rstrip(), failed=bool(result.exit_code))
            except BrokenProcessPool as error:
                raise ToolError("一个工作进程被系统终止了，可能是内存不够；用 -j1 再试。") from error

    def needs_a_job(self, plan: UnitPlan) -> bool:
        """Whether a unit has work to do. Removes what it should not have, counts what stays, tells what is stale."""
        self.withdraw(plan)
        stale = [(wanted.path, wanted.why) for wanted in plan.outputs if wanted.why]
        self.outcome.kept += len(plan.outputs) - len(stale)
        if plan.readable and not stale and (count := self.manifest.open_warnings.get(plan.file.source)):
            self.outcome.waiting[plan.file.source] = count
        for path, reason in stale:
            self.tell_stale(path, reason)
        return bool(stale) or not plan.readable

    def tell_stale(self, path: str, reason: str) -> None:
        """Tells that an output has to be made, and why; a build that makes everything again has no reasons."""
        if not self.order.verify:
            self.listener.is_stale(f"{BUILD}/{path}", reason)

    def withdraw(self, plan: UnitPlan) -> None:
        """Removes outputs that a unit should no longer have; unpublished ones even if it cannot be read."""
        wanted = {output.path for output in plan.outputs}
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
        wanted = {output.path: output for output in plan.outputs}
        for output in result.made:
            self.put(output.content, wanted[output.path], source, output.cells)
            for remark in output.remarks:
                self.listener.was_made(f"{BUILD}/{output.path}", remark)
        for path in result.unmade:
            if path in self.manifest.outputs:
                self.discard(path)
        if result.entry is not None:
            self.manifest.entries[source] = result.entry
        if time.monotonic() - self.saved > _SAVE_EVERY:
            self.save()

    def put(self, content: bytes, wanted: Wanted, source: str, cells: int) -> None:
        """Writes an output and notes it in the manifest; `source` is its data file, `cells` what was proven of it."""
        target = self.top / wanted.path
        if self.order.verify and verified.is_same(self.project.root, wanted.path, content):
            self.outcome.kept += 1
            if verified.is_shared(target):
                write.replace(target, content, top=self.project.root)
        else:
            self.replace(wanted.path, content)
        modified = target.stat().st_mtime_ns
        self.manifest.outputs[wanted.path] = Output(
            source, wanted.renderer, digest(content), len(content), modified, cells, wanted.inputs
        )
        self.outcome.cells += cells

    def replace(self, path: str, content: bytes) -> None:
        """Writes an output; one that was compared, and differed, is named."""
        if self.compares:
            self.outcome.differing.append(verified.replaced(path, was_there=os.path.lexists(self.top / path)))
        write.replace(self.top / path, content, top=self.project.root)
        self.outcome.made += 1

    def make_site_pages(self, planner: Planner) -> None:
        """Makes the pages about all published reports, when what they list has changed."""
        outputs, entries = self.manifest.outputs, self.manifest.entries.values()
        with_page = [entry for entry in entries if f"public/{entry.stem}/index.html" in outputs]
        for wanted, listing in planner.site_pages(with_page):
            if wanted.why:
                self.tell_stale(wanted.path, wanted.why)
                self.make_site_page(wanted, listing)
            else:
                self.outcome.kept += 1

    def make_site_page(self, wanted: Wanted, listing: Listing) -> None:
        """Makes one of these pages; one that cannot be made or proven leaves its findings."""
        renderer = render.find(wanted.renderer)
        try:
            with faults.in_hand(f"{BUILD}/{wanted.path}"):
                content = renderer.render(listing)
                cells = renderer.prove(content, listing)
        except FindingsError as error:
            self.outcome.findings += error.findings
            self.outcome.exit_code = max(self.outcome.exit_code, error.exit_code)
        else:
            self.put(content, wanted, "", cells)

    def sweep(self) -> None:
        """Removes the files in perfgen's own folders that are no outputs."""
        for path in self.files():
            if path not in self.manifest.outputs:
                self.discard(path)
                if self.compares:
                    self.outcome.differing.append(verified.removed(path))

    def files(self) -> Iterator[str]:
        """The files in perfgen's own folders, by their paths under build/."""
        for folder in output_tree.OWNED:
            yield from output_tree.files_of(self.project.root, folder)

    def discard(self, path: str) -> None:
        """Removes an output, there or not, and forgets it."""
        write.remove(self.top / path, top=self.project.root)
        self.manifest.outputs.pop(path, None)
        self.outcome.removed += 1

    def save(self) -> None:
        """Writes the manifest as it is now."""
        self.manifest.commit = git.head(self.project.root)
        write.replace(self.top / manifest.NAME, self.manifest.dump(), top=self.project.root)
        self.saved = time.monotonic()
