"""The work of a build in shares that can be done side by side: files of one path together, or an edition of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from perfgen import render
from perfgen.build import job
from perfgen.build.needs import Needs
from perfgen.build.plan import UnitPlan
from perfgen.findings import FindingsError, ToolError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.circles import Circles
from perfgen.report.data_links import DataLinks
from perfgen.system import dispatch


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


@dataclass(frozen=True)
class Work:
    """How shares are done."""

    project: Project
    needs: Needs
    day: str
    """ISO; it decides what of other files is public."""

    def submit(self, pool: Executor, share: Share) -> Future[list[job.Result]]:
        """Hands a share out."""
        project = dispatch.lent(pool, self.project, lambda: self.needs.of(plan.file for plan in share.plans))
        return pool.submit(job.build_files, project, share.choices, self.day, share.work)

    def again(self, share: Share) -> list[job.Result]:
        """Does a share in this process, in one piece.

        A finding in one edition ends the work on all, in an order that only one piece has.
        """
        return job.build_files(self.project, replace(share, editions=None).choices, self.day, share.work)


def run(pool: Executor, shares: Sequence[Share], work: Work) -> Iterator[tuple[UnitPlan, job.Result]]:
    """Gives each unit with its result, as they are done. Raises BrokenProcessPool where a worker process died."""
    parts = Counter(share.number for share in shares)
    halves: dict[int, list[tuple[Share, list[job.Result]]]] = defaultdict(list)
    for share, future in dispatch.as_done(pool, shares, work.submit, _each):
        if share.editions is None:
            yield from zip(share.plans, _results(share, future), strict=True)
            continue
        halves[share.number].append((share, future.result()))
        if len(halves[share.number]) == parts[share.number]:
            results = _whole(halves.pop(share.number), work)
            yield from ((plan, _joined(plan, of_plan)) for plan, of_plan in zip(share.plans, results, strict=True))


def _each(share: Share) -> list[Share]:
    """The same work file by file."""
    return [replace(share, plans=(plan,)) for plan in share.plans]


def _results(share: Share, future: Future[list[job.Result]]) -> list[job.Result]:
    """What came of a share; one whose worker died each time has nothing but a finding that says so."""
    try:
        return future.result()
    except dispatch.WorkerDiedError as error:
        file = share.plans[0].file
        found = job.died(file.source, error.tries)
        return [job.Result(file, findings=[found], exit_code=ToolError.exit_code)]


def _whole(halves: list[tuple[Share, list[job.Result]]], work: Work) -> list[list[job.Result]]:
    """For each unit of a share what came of its editions, in their order; made again where one has an error."""
    in_order = sorted(halves, key=lambda half: sorted(half[0].editions or ()))
    if any(result.exit_code for _, results in in_order for result in results):
        return [[result] for result in work.again(in_order[0][0])]
    return [list(of_plan) for of_plan in zip(*(results for _, results in in_order), strict=True)]


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
