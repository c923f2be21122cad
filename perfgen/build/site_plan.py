"""What there should be about all reports of a site, from what, and which of it is stale, and why."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from perfgen import render
from perfgen.build.manifest import PAGES
from perfgen.build.output_tree import is_output
from perfgen.build.plan import Planner, Wanted
from perfgen.build.stored_summaries import StoredSummaries
from perfgen.findings import Finding, FormError, Place
from perfgen.project import names
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import digest
from perfgen.report.listing import Entry, Listing, Made
from perfgen.report.report import Edition
from perfgen.report.site import shown


@dataclass
class SitePlan:
    """The files that one format makes about all reports."""

    renderer: render.Renderer
    outputs: list[tuple[Wanted, Listing]] = field(default_factory=list)


class SitePlanner:
    """Plans what is about all reports, when the outputs of the data files are as they should be."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.site = shown(planner.project, planner.site)
        self.summaries = {
            edition.value: StoredSummaries(planner.project.root, planner.manifest, edition) for edition in Edition
        }
        self.known: dict[str, dict[Callable[[Listing], Any], Any]] = {edition.value: {} for edition in Edition}

    @property
    def renderers(self) -> list[render.Renderer]:
        """The formats that are about all reports, in their order."""
        of_site = (one for one in self.planner.renderers if one.scope is render.Scope.SITE)
        return sorted(of_site, key=lambda one: one.order)

    def plan(self, renderer: render.Renderer) -> SitePlan:
        """What a format should make; nothing where its templates are not there.

        Raises FormError where a template is broken that says what there should be, and for a file that is no output.
        """
        plan = SitePlan(renderer)
        if not renderer.serves(self.planner.project, render.SITE_TEMPLATES):
            return plan
        page = self.listing(renderer)
        common = {
            **self.planner.of_renderer(renderer, render.SITE_TEMPLATES),
            "site": self.planner.sources.site_settings(),
        }
        for path, state in renderer.outputs(page).items():
            _require_output(path, renderer.edition)
            inputs = {**common, "entries": digest(state.encode("utf-8", "surrogatepass"))}
            why = self.planner.why(PAGES, path, inputs)
            plan.outputs.append((Wanted(path, renderer.name, render.SITE, inputs, why), replace(page, path=path)))
        return plan

    def listing(self, renderer: render.Renderer) -> Listing:
        """The reports that a format is about."""
        is_public = renderer.edition == Edition.PUBLIC
        return Listing(
            self.planner.project,
            render.SITE_TEMPLATES,
            self.site,
            self._entries if is_public else (),
            self.summaries[renderer.edition],
            made=self._made(renderer),
            known=self.known[renderer.edition],
        )

    @functools.cached_property
    def _entries(self) -> tuple[Entry, ...]:
        """The entries of the reports that have a public page, in order; the same for all formats."""
        return tuple(sorted(self._published()))

    def _published(self) -> Iterator[Entry]:
        """The entries of the reports that have a public page."""
        for record in self.planner.manifest.records.values():
            if record.entry and f"public/{record.entry.page}" in record.outputs:
                yield record.entry

    def _made(self, renderer: render.Renderer) -> dict[str, Made]:
        """The public outputs that other formats have made so far."""
        outputs = sorted(self.planner.manifest.outputs.items())
        others = ((path, one) for path, one in outputs if one.renderer != renderer.name)
        return {path: Made(one.sha256, one.size) for path, one in others if path.startswith("public/")}


def _require_output(path: str, edition: str) -> None:
    """Raises FormError for a path that is no output of an edition, or that no system can hold."""
    if not is_output(path) or not path.startswith(f"{edition}/") or (trouble := names.trouble(path)):
        why = trouble if is_output(path) and path.startswith(f"{edition}/") else f"要在 {BUILD}/{edition}/ 里"
        place = Place(f"{BUILD}/{names.shown_path(path)}")
        raise FormError([Finding(place, "output-path", f"不能做成这个文件：{why}。", "改它由来的名称。")])
