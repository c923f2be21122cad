"""The batch: plans, runs the units' jobs, writes what was proven, removes what no data file asks for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import replace

from perfgen.build import fingerprint, job, output_tree, stamps, verified
from perfgen.build import shares as split
from perfgen.build.keeper import Keeper
from perfgen.build.listener import Listener, Silent
from perfgen.build.manifest import PAGES, Manifest, load_manifest
from perfgen.build.needs import Needs
from perfgen.build.outcome import BuildOrder, BuildOutcome
from perfgen.build.plan import Planner, UnitPlan, Wanted
from perfgen.build.records import Output
from perfgen.build.shares import Share
from perfgen.build.site_build import build_site
from perfgen.build.unit_year_build import build_unit_years
from perfgen.build.unit_year_plan import UnitYears
from perfgen.findings import DataError, Finding
from perfgen.project.layout import BUILD, DataFile, by_path
from perfgen.project.snapshot import digest
from perfgen.report import site
from perfgen.system import day, dispatch, executor, git, write

__all__ = ["BuildOrder", "BuildOutcome", "build"]


_MANY = 200
"""With more files than this, none is kept in memory before its turn comes."""


def build(order: BuildOrder, pool: Executor | None = None, listener: Listener | None = None) -> BuildOutcome:
    """Runs a build under the project's lock; prints nothing.

    `pool` overrides the choice of executor, `listener` is told how the build goes on.
    Raises ToolError when a library or the system fails; DataError for broken site settings; UsageError for a link in
    the output tree, before anything is removed.
    """
    output_tree.require_lockable(order.project.root)
    listener = listener or Silent()
    with write.exclusive(order.project.root / BUILD / output_tree.LOCK, listener.waits, top=order.project.root):
        return _Build(order, listener).run(pool)


class _Build:
    """One build, with what it knows and has done so far."""

    def __init__(self, order: BuildOrder, listener: Listener) -> None:
        self.order = order
        self.listener = listener
        self.project = order.project
        self.top = order.project.root / BUILD
        self.outcome = BuildOutcome()
        self.found = output_tree.found(self.project.root)
        """What was below build/ at the beginning."""
        self.inputs = stamps.of_inputs(self.project.root)
        self.manifest = Manifest() if order.verify else load_manifest(self.project.root)
        self.keeper = Keeper(self.project.root, self.manifest)
        self.compares = order.verify and any(map(output_tree.is_output, self.found))
        """Whether there is anything to compare with what is made."""

    def run(self, pool: Executor | None) -> BuildOutcome:
        """Runs the build from the plan to the saved manifest."""
        write.remove_leftovers(self.top, self.found, top=self.project.root)
        state = fingerprint.of_project(self.project)
        settings = site.load_site(self.project)
        files, misnamed = self.project.data_files()
        if misnamed:
            self.outcome.findings += misnamed
            self.outcome.exit_code = DataError.exit_code
        today = self.order.day or day.find(committed_in=self.project.root)
        settings = replace(settings, day=today.iso)
        planner = Planner(self.project, settings, self.manifest, self.order.only, self.found, day=today.iso)
        chosen = files if self.order.files is None else self.order.files
        plans = [planner.unit(file) for of_path in by_path(chosen) for file in of_path]
        self.outcome.plans = plans
        years = UnitYears(planner, files, plans)
        self.forget_missing(files, years)
        try:
            self.run_units(plans, planner, settings, pool)
            build_unit_years(self, years, planner, settings, pool)
            build_site(self, planner)
            if self.order.files is None and self.order.only is None:
                self.sweep()
                self.manifest.day = today.iso
                self.manifest.project = state if self.outcome.exit_code == 0 else ""
            elif self.outcome.made or self.outcome.removed:
                self.manifest.project = ""
        except BaseException:
            self.manifest.project = ""
            raise
        finally:
            self.save(state)
        if self.outcome.differing:
            self.outcome.exit_code = max(self.outcome.exit_code, DataError.exit_code)
        return self.outcome

    def forget_missing(self, files: Iterable[DataFile], years: UnitYears) -> None:
        """Removes the outputs of data files that are gone, and of units whose last file is."""
        present = {file.source for file in files} | years.keys | {PAGES}
        for source in self.manifest.records.keys() - present:
            for path in list(self.manifest.of(source).outputs):
                self.discard(source, path)
            self.manifest.forget(source)

    def run_units(self, plans: list[UnitPlan], planner: Planner, settings: site.Site, pool: Executor | None) -> None:
        """Makes the outputs of the units that have stale ones, or could not be read so far."""
        todo = [plan for plan in plans if self.needs_a_job(plan, planner)]
        work = split.Work(self.project, Needs(self.project, planner.sources), settings.day)
        if isinstance(pool, dispatch.Elsewhere):
            work.needs.of(plan.file for plan in todo)  # now, while what was read to plan is there
        if len(plans) > _MANY:
            self.project.release(plan.file for plan in plans)  # what was read to see which files look at each other
        if not todo:
            return
        shares = split.of_units(todo, planner.sources.links)
        processes = 1 if pool is not None else self.order.jobs or executor.cores()
        if executor.can_copy() and processes > 1:
            shares = split.by_edition(shares) if len(shares) < processes else shares
            if len(shares) > 1:
                split.prepare(self.project, shares, settings)
        self.outcome.findings += self.run_shares(shares, work, pool)

    def run_shares(self, shares: list[Share], work: split.Work, pool: Executor | None) -> list[Finding]:
        """Makes the outputs of shares, and writes them as they come; gives what was found, in the shares' order."""
        todo = list(dict.fromkeys(plan.file for share in shares for plan in share.plans))
        found: dict[DataFile, list[Finding]] = {}
        with (
            self.project.shared(),
            dispatch.given(pool, self.order.jobs, len(shares)) as running,
            self.listener.progress(len(todo)) as tell,
        ):
            for plan, result in split.run(running, shares, work):
                self.take(plan, result)
                found[plan.file] = result.findings
                formats = " ".join(sorted({output.renderer for output in result.made}))
                tell(f"{plan.file} {formats}".rstrip(), failed=bool(result.exit_code))
        return [finding for file in todo for finding in found.get(file, ())]

    def needs_a_job(self, plan: UnitPlan, planner: Planner) -> bool:
        """Whether a unit has work to do. Removes what it should not have, counts what stays, tells what is stale."""
        self.withdraw(plan, planner)
        stale = [(wanted.path, wanted.why) for wanted in plan.outputs if wanted.why]
        self.outcome.kept += len(plan.outputs) - len(stale)
        if plan.readable and not stale and (count := self.manifest.of(plan.file.source).open_warnings):
            self.outcome.waiting[plan.file.source] = count
        for path, reason in stale:
            self.tell_stale(path, reason)
        return bool(stale) or not plan.readable

    def tell_stale(self, path: str, reason: str) -> None:
        """Tells that an output has to be made, and why; a build that makes everything again has no reasons."""
        if not self.order.verify:
            self.listener.is_stale(f"{BUILD}/{path}", reason)

    def tell_made(self, path: str, remark: str) -> None:
        """Tells what a renderer remarked of an output that was made."""
        self.listener.was_made(f"{BUILD}/{path}", remark)

    def withdraw(self, plan: UnitPlan, planner: Planner) -> None:
        """Removes outputs that a unit should no longer have; what is to be withheld even if it cannot be made again."""
        wanted = {output.path: output.inputs for output in plan.outputs}
        source, record = plan.file.source, self.manifest.of(plan.file.source)
        for path, output in list(record.outputs.items()):
            unpublished = output_tree.is_of_public(path) and (
                not plan.published or planner.shows_withheld(output, wanted.get(path, plan.public))
            )
            unwanted = plan.readable and self.order.only is None and path not in wanted
            if unpublished or unwanted:
                self.discard(source, path)
        if not plan.published and record.entry:
            self.manifest.change(source).entry = None

    def take(self, plan: UnitPlan, result: job.Result) -> None:
        """Writes a unit's files and notes them."""
        self.outcome.add(result)
        source = plan.file.source
        record = self.manifest.change(source)
        record.open_warnings = sum(finding.is_open for finding in result.findings)
        wanted = {output.path: output for output in plan.outputs}
        for output in result.made:
            self.put(job.as_proven(output), wanted[output.path], source, output.cells)
            for remark in output.remarks:
                self.tell_made(output.path, remark)
        for path in result.unmade:
            if path in record.outputs:
                self.discard(source, path)
        record.entry = (result.entry or record.entry) if plan.published else None
        self.keeper.save_changed()

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
        self.manifest.change(source).outputs[wanted.path] = Output(
            wanted.renderer, digest(content), len(content), modified, cells, wanted.inputs
        )
        self.outcome.cells += cells

    def replace(self, path: str, content: bytes) -> None:
        """Writes an output; one that was compared, and differed, is named."""
        if self.compares:
            self.outcome.differing.append(verified.replaced(path, was_there=os.path.lexists(self.top / path)))
        write.replace(self.top / path, content, top=self.project.root)
        self.outcome.made += 1

    def sweep(self) -> None:
        """Removes the files in perfgen's own folders that are no outputs."""
        known = self.manifest.outputs
        for path in sorted(output_tree.outputs(self.project.root).keys() - known.keys()):
            self.remove(path)
            if self.compares:
                self.outcome.differing.append(verified.removed(path))

    def discard(self, source: str, path: str) -> None:
        """Removes an output of a data file, there or not, and forgets it."""
        self.manifest.change(source).outputs.pop(path, None)
        self.remove(path)

    def remove(self, path: str) -> None:
        """Removes a file below build/, there or not."""
        write.remove(self.top / path, top=self.project.root)
        self.outcome.removed += 1

    def save(self, state: str) -> None:
        """Writes the manifest as it is now; `state` is the hash over all inputs at the beginning."""
        is_current = state == self.manifest.project and self.inputs is not None and self.inputs.tell_of(self.project)
        self.keeper.finish(self.seen() if is_current else "", git.head(self.project.root))

    def seen(self) -> str:
        """The hash by which the next build sees that nothing was touched; empty where dates prove nothing."""
        inputs = stamps.of_inputs(self.project.root)
        is_same = inputs is not None and inputs == self.inputs
        return stamps.digest_of(inputs, output_tree.outputs(self.project.root)) if inputs and is_same else ""
