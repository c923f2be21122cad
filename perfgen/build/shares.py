"""The work of a build in shares that can be done side by side: files of one path together, or an edition of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from perfgen import render
from perfgen.build import job
from perfgen.build.plan import UnitPlan
from perfgen.findings import FindingsError, ToolError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.circles import Circles
from perfgen.report.data_links import DataLinks
from perfgen.system import executor


@dataclass(frozen=True)
class Share:
    """What one process does at a time."""

    number: int
    """Of the path, in the order of the build; the shares of one path follow each other."""
    plans: tuple[UnitPlan, ...]
    work: int = 0
    """Of the files that look at the same others: they follow each other, and what one has read the next one uses."""
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


def of_units(plans: Sequence[UnitPlan], links: DataLinks) -> list[Share]:
    """A share for each path: its years are read together; next to each other those that look at the same files."""
    works = _works([plan.file for plan in plans], links)
    in_order = sorted(plans, key=lambda plan: works[plan.file])
    by_path = groupby(in_order, key=lambda plan: plan.file.path)
    return [
        Share(number, tuple(of_path), works[of_path[0].file])
        for number, of_path in enumerate(tuple(group) for _, group in by_path)
    ]


def _works(files: Sequence[DataFile], links: DataLinks) -> dict[DataFile, int]:
    """By file, the number of its work: the same for files of one path, and for files that look at the same ones."""
    together: dict[DataFile | str, set[DataFile | str]] = defaultdict(set)
    for file in files:
        others: list[DataFile | str] = [file.path, *links.referred(file)]
        for other in others:
            together[file].add(other)
            together[other].add(file)
    works: dict[DataFile | str, int] = {}
    for number, file in enumerate(files):
        for group in Circles(lambda one: together[one], works).reached_from(file) if file not in works else ():
            works |= dict.fromkeys(group, number)
    return {file: works[file] for file in files}


def by_edition(shares: Iterable[Share]) -> list[Share]:
    """The same work with the editions side by side, where both of them have something to make."""
    return [half for share in shares for half in _halves(share)]


def _halves(share: Share) -> list[Share]:
    editions = sorted({edition for plan in share.plans for _, edition in plan.stale})
    if len(editions) < 2:
        return [share]
    return [replace(share, editions=frozenset({edition})) for edition in editions]


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
    pool: Executor,
    shares: Iterable[Share],
    submit: Callable[[Executor, Share], Future[list[job.Result]]],
    again: Callable[[Share], list[job.Result]],
) -> Iterator[tuple[UnitPlan, job.Result]]:
    """Gives each unit with its result, in the order of the shares.

    `again` makes a share in one piece: a finding in one edition ends the work on all, in an order that only one piece
    has. Raises BrokenProcessPool where a worker process died.
    """
    finished = executor.run(pool, shares, submit)
    for _, of_path in groupby(finished, key=lambda item: item[0].number):
        halves = [(share, future.result()) for share, future in of_path]
        plans, results = halves[0][0].plans, [of_share for _, of_share in halves]
        if len(results) > 1 and any(result.exit_code for of_share in results for result in of_share):
            results = [again(replace(halves[0][0], editions=None))]
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
