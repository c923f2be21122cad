"""The job of a unit's year: the reports of all its files, rendered and proven together; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from perfgen import render
from perfgen.build import job
from perfgen.build.job import Made
from perfgen.findings import DataError, Finding, FindingsError, FormError
from perfgen.project import faults
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.render.parts import remarks
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.report.unit_reports import UnitReports


@dataclass(frozen=True)
class UnitYearOrder:
    """What is to be made of a unit's year."""

    year: str
    unit: str
    files: Mapping[Edition, tuple[DataFile, ...]]
    outputs: tuple[tuple[str, Edition, str], ...]
    """Format, edition and path under build/."""


@dataclass
class UnitYearResult:
    """What came of it."""

    made: list[Made] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    exit_code: int = 0


def build_unit_year(project: Project, order: UnitYearOrder, day: str) -> UnitYearResult:
    """Makes the outputs of a unit's year. All or nothing: where one of its files has an error, none is made.

    `day` (ISO) decides what is public. Raises ToolError where a library is missing.
    """
    project.turn_to((order.year, order.unit))
    result = UnitYearResult()
    settings = replace(site.load_site(project), day=day)
    reports = _reports(project, order, settings, result)
    if result.exit_code:
        return result
    try:
        with faults.in_hand(f"{DATA}/{order.year}"):
            result.made = [_made(project, order, settings, reports, one) for one in order.outputs]
    except FindingsError as error:
        result.findings += error.findings
        sources = [file.source for file in order.files[Edition.OFFICIAL]]
        result.exit_code = (DataError if job.is_about(error.findings, *sources) else FormError).exit_code
    return result


def _reports(
    project: Project, order: UnitYearOrder, settings: site.Site, result: UnitYearResult
) -> dict[Edition, tuple[Report, ...]]:
    """The reports of the files by edition; what is wrong with these goes into the result."""
    found: dict[Edition, list[Report]] = {edition: [] for edition in Edition}
    for file in dict.fromkeys(file for _, edition, _ in order.outputs for file in order.files[edition]):
        of_file, editions = job.reports(project, file, settings)
        if of_file.exit_code:
            result.findings += of_file.findings
            result.exit_code = max(result.exit_code, of_file.exit_code)
        for edition, report in editions.items():
            if file in order.files[edition]:
                found[edition].append(report)
    return {edition: tuple(reports) for edition, reports in found.items()}


def _made(
    project: Project,
    order: UnitYearOrder,
    settings: site.Site,
    reports: Mapping[Edition, tuple[Report, ...]],
    output: tuple[str, Edition, str],
) -> Made:
    """One output, rendered and proven."""
    name, edition, path = output
    renderer = render.find(name)
    content = UnitReports(
        project, render.UNIT_TEMPLATES, edition, order.year, order.unit, site.shown(project, settings), reports[edition]
    )
    with remarks.heard() as remarked:
        rendered = renderer.render(content)
    return Made(path, name, rendered, digest(rendered), renderer.prove(rendered, content), tuple(remarked))
