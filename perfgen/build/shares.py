"""The work of a build in shares that can be done side by side: files of one path together, or an edition of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from perfgen import render
from perfgen.build import job
from perfgen.build.plan import UnitPlan
from perfgen.findings import FindingsError, ToolError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.system import executor

Build = Callable[[Sequence[tuple[DataFile, job.OutputChoice]]], list[job.Result]]
"""Makes the chosen outputs of some files of one path."""


@dataclass(frozen=True)
class Share:
    """What one process does at a time."""

    number: int
    """Of the path, in the order of the build; the shares of one path follow each other."""
    plans: tuple[UnitPlan, ...]
    editions: frozenset[str] | None = None
    """Only these editions; None means all."""

    @property
    def choices(self) -> list[tuple[DataFile, job.OutputChoice]]:
        """The files, and what is to be made of each."""
        return [(plan.file, self._chosen(plan)) for plan in self.plans]

    @property
    def formats(self) -> set[str]:
        """The formats of what is to be made."""
        return {name for plan in self.plans for name, _ in plan.stale}

    def _chosen(self, plan: UnitPlan) -> frozenset[tuple[str, str]]:
        return frozenset(pair for pair in plan.stale if self.editions is None or pair[1] in self.editions)


def of_units(plans: Iterable[UnitPlan]) -> list[Share]:
    """A share for each path: its years are read together."""
    by_path = groupby(plans, key=lambda plan: plan.file.path)
    return [Share(number, tuple(of_path)) for number, (_, of_path) in enumerate(by_path)]


def by_edition(shares: Iterable[Share]) -> list[Share]:
    """The same work with the editions side by side, where both of them have something to make."""
    return [half for share in shares for half in _halves(share)]


def _halves(share: Share) -> list[Share]:
    editions = sorted({edition for plan in share.plans for _, edition in plan.stale})
    if len(editions) < 2:
        return [share]
    return [Share(share.number, share.plans, frozenset({edition})) for edition in editions]


def prepare(project: Project, shares: Sequence[Share], settings: site.Site) -> None:
    """Does once, for all workers that start as copies of this process, what each of them would do first.

    Libraries are imported, the first file is checked, and its report shows the formats what all reports have in common.
    What is missing or wrong is left to the jobs: they say so.
    """
    renderers = [render.find(name) for name in {name for share in shares for name in share.formats}]
    for renderer in renderers:
        with suppress(ToolError):
            renderer.prepare()
    _, editions = job.reports(project, shares[0].plans[0].file, settings)
    for renderer in renderers:
        for report in list(editions.values())[:1]:
            with suppress(ToolError, FindingsError):
                renderer.learn(report)


def run(
    pool: Executor, shares: Iterable[Share], submit: Callable[[Executor, Share], Future[list[job.Result]]], again: Build
) -> Iterator[tuple[UnitPlan, job.Result]]:
    """Gives each unit with its result, in the order of the shares.

    `again` makes a unit in one piece: a finding in one edition ends the work on all, in an order that only one piece
    has. Raises BrokenProcessPool where a worker process died.
    """
    finished = executor.run(pool, shares, submit)
    for _, of_path in groupby(finished, key=lambda item: item[0].number):
        halves = [(share, future.result()) for share, future in of_path]
        plans, results = halves[0][0].plans, [of_share for _, of_share in halves]
        if len(results) > 1 and any(result.exit_code for of_share in results for result in of_share):
            results = [again(Share(0, plans).choices)]
        for plan, *of_plan in zip(plans, *results, strict=True):
            yield plan, _joined(plan, of_plan)


def _joined(plan: UnitPlan, results: list[job.Result]) -> job.Result:
    """One result of the results of a unit's editions."""
    first, *others = results
    for other in others:
        first.made += other.made
        first.unmade += other.unmade
        first.findings += [finding for finding in other.findings if finding not in first.findings]
        for stage, spent in other.seconds.items():
            first.seconds[stage] = first.seconds.get(stage, 0.0) + spent
    if others:
        order = [output.path for output in plan.outputs]
        first.made.sort(key=lambda made: order.index(made.path))
    return first
