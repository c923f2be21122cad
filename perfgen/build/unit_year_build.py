"""The part of a build that is about units of a year: removes what they should not have, makes what is stale."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from typing import Protocol

from perfgen import render
from perfgen.build import job, output_tree, unit_year_job
from perfgen.build.manifest import Manifest
from perfgen.build.needs import Needs
from perfgen.build.outcome import BuildOrder, BuildOutcome
from perfgen.build.plan import Planner, Wanted
from perfgen.build.unit_year_job import UnitYearOrder, UnitYearResult
from perfgen.build.unit_year_plan import UnitYearPlan, UnitYears, taken
from perfgen.findings import DataError, Finding, Place, ToolError
from perfgen.project.layout import BUILD, DATA
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.system import dispatch


class Writing(Protocol):
    """The build that this is a part of: it writes outputs, removes them, and knows them."""

    order: BuildOrder
    project: Project
    manifest: Manifest
    outcome: BuildOutcome

    def put(self, content: bytes, wanted: Wanted, source: str, cells: int) -> None:
        """Writes an output and notes it in the manifest."""

    def discard(self, source: str, path: str) -> None:
        """Removes an output, there or not, and forgets it."""

    def tell_stale(self, path: str, reason: str) -> None:
        """Tells that an output has to be made, and why."""

    def tell_made(self, path: str, remark: str) -> None:
        """Tells what a renderer remarked of an output."""


def build_unit_years(
    build: Writing, years: UnitYears, planner: Planner, settings: site.Site, pool: Executor | None
) -> None:
    """Makes the outputs of the units of which a file was asked for; those that are gone are forgotten elsewhere."""
    plans = list(years.plans())
    _refuse_taken(build, plans)
    todo = [plan for plan in plans if _needs_a_job(build, plan, planner)]
    if not todo:
        return
    for name in {output.renderer for plan in todo for output in plan.outputs if output.why}:
        render.find(name).prepare()

    needs = Needs(build.project, planner.sources)

    def submit(running: Executor, plan: UnitYearPlan) -> Future[UnitYearResult]:
        project = dispatch.lent(running, build.project, lambda: needs.of_unit(plan.files[Edition.OFFICIAL]))
        return running.submit(unit_year_job.build_unit_year, project, _order(plan), settings.day)

    found: dict[str, list[Finding]] = {}
    with build.project.shared(), dispatch.given(pool, build.order.jobs, len(todo)) as running:
        for plan, future in dispatch.as_done(running, todo, submit):
            _take(build, plan, result := _result(plan, future))
            found[plan.key] = result.findings
    for finding in (finding for plan in todo for finding in found[plan.key]):
        if finding not in build.outcome.findings:  # what is wrong with a file may have been said of it already
            build.outcome.findings.append(finding)


def _refuse_taken(build: Writing, plans: list[UnitYearPlan]) -> None:
    """Says which outputs would lie where others do, and leaves them out."""
    own = {plan.key for plan in plans}
    others = {path: key for key, record in build.manifest.records.items() if key not in own for path in record.outputs}
    for plan, wanted, owner in list(taken(plans, others)):
        plan.outputs.remove(wanted)
        message = f"{plan.year} 年 {plan.unit} 的成品和 {owner} 的是同一个文件。"
        plan.findings.append(Finding(Place(f"{BUILD}/{wanted.path}"), "output-path", message, "改其中一个的名称。"))


def _needs_a_job(build: Writing, plan: UnitYearPlan, planner: Planner) -> bool:
    """Whether a unit has work to do. Removes what it should not have, counts what stays, tells what is stale."""
    _withdraw(build, plan, planner)
    if plan.findings:
        build.outcome.findings += plan.findings
        build.outcome.exit_code = max(build.outcome.exit_code, DataError.exit_code)
    stale = [(wanted.path, wanted.why) for wanted in plan.outputs if wanted.why]
    build.outcome.kept += len(plan.outputs) - len(stale)
    for path, reason in stale:
        build.tell_stale(path, reason)
    return bool(stale)


def _withdraw(build: Writing, plan: UnitYearPlan, planner: Planner) -> None:
    """Removes outputs that a unit should no longer have; what is to be withheld even if it cannot be made again."""
    wanted = {output.path: output.inputs for output in plan.outputs}
    for path, output in list(build.manifest.of(plan.key).outputs.items()):
        shows = plan.shows_withheld(output) or planner.shows_withheld(output, wanted.get(path, plan.public))
        unwanted = plan.readable and build.order.only is None and path not in wanted
        if unwanted or (output_tree.is_of_public(path) and (shows or not plan.files[Edition.PUBLIC])):
            build.discard(plan.key, path)


def _order(plan: UnitYearPlan) -> UnitYearOrder:
    stale = tuple((output.renderer, Edition(output.edition), output.path) for output in plan.outputs if output.why)
    return UnitYearOrder(plan.year, plan.unit, plan.files, stale)


def _result(plan: UnitYearPlan, future: Future[UnitYearResult]) -> UnitYearResult:
    """What came of a unit's year; one whose worker died each time has nothing but a finding that says so."""
    try:
        return future.result()
    except dispatch.WorkerDiedError as error:
        return UnitYearResult([], [job.died(f"{DATA}/{plan.year}", error.tries, plan.unit)], ToolError.exit_code)


def _take(build: Writing, plan: UnitYearPlan, result: UnitYearResult) -> None:
    """Writes a unit's outputs and notes them."""
    build.outcome.exit_code = max(build.outcome.exit_code, result.exit_code)
    wanted = {output.path: output for output in plan.outputs}
    for output in result.made:
        build.put(job.as_proven(output), wanted[output.path], plan.key, output.cells)
        for remark in output.remarks:
            build.tell_made(output.path, remark)
