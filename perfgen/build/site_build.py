"""The part of a build that is about all reports: makes what is stale, removes what nobody asks for any more."""

from __future__ import annotations

from perfgen import render
from perfgen.build.manifest import PAGES
from perfgen.build.plan import Planner, Wanted
from perfgen.build.site_plan import SitePlan, SitePlanner
from perfgen.build.unit_year_build import Writing
from perfgen.findings import FindingsError
from perfgen.project import faults
from perfgen.project.layout import BUILD, TEMPLATE_FOLDER
from perfgen.report.listing import Listing


def build_site(build: Writing, planner: Planner) -> None:
    """Makes the files about all reports, each format after those with a lower order: it may list what these made."""
    asked = {one.name for one in planner.renderers}
    known = set(render.names())
    gone = [path for path, output in build.manifest.of(PAGES).outputs.items() if output.renderer not in known]
    for path in gone if asked == known else ():
        build.discard(PAGES, path)
    site = SitePlanner(planner)
    for renderer in site.renderers:
        try:
            with faults.in_hand(TEMPLATE_FOLDER):
                plan = site.plan(renderer)
        except FindingsError as error:
            _fail(build, error)
            continue
        _withdraw(build, plan)
        for wanted, listing in plan.outputs:
            if wanted.why:
                build.tell_stale(wanted.path, wanted.why)
                _make(build, wanted, listing)
            else:
                build.outcome.kept += 1


def _withdraw(build: Writing, plan: SitePlan) -> None:
    """Removes what a format made before and should not make any more."""
    wanted = {output.path for output, _ in plan.outputs}
    for path, output in list(build.manifest.of(PAGES).outputs.items()):
        if output.renderer == plan.renderer.name and path not in wanted:
            build.discard(PAGES, path)


def _make(build: Writing, wanted: Wanted, listing: Listing) -> None:
    """Makes one file; one that cannot be made or proven leaves its findings."""
    renderer = render.find(wanted.renderer)
    try:
        with faults.in_hand(f"{BUILD}/{wanted.path}"):
            content = renderer.render(listing)
            cells = renderer.prove(content, listing)
    except FindingsError as error:
        _fail(build, error)
    else:
        build.put(content, wanted, PAGES, cells)


def _fail(build: Writing, error: FindingsError) -> None:
    build.outcome.findings += error.findings
    build.outcome.exit_code = max(build.outcome.exit_code, error.exit_code)
