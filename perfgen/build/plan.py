"""Which outputs there should be, from what, and which of them are stale, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from perfgen import render
from perfgen.build import fingerprint
from perfgen.build.fingerprint import Inputs
from perfgen.build.manifest import PAGES, Manifest
from perfgen.build.output_tree import Found
from perfgen.check import loading
from perfgen.form.forms import Form
from perfgen.form.rules import EARLIER
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report import listing
from perfgen.report.listing import Entry, Listing
from perfgen.report.report import Edition
from perfgen.report.site import Site, form_of, shown


@dataclass
class Wanted:
    """An output that should be there."""

    path: str
    renderer: str
    edition: str
    inputs: Inputs
    why: str | None
    """Why it has to be made; None when it is up to date."""


@dataclass
class UnitPlan:
    """A data file and its outputs; one that cannot be read has none, and the build tries it all the same."""

    file: DataFile
    form: Form | None = None
    outputs: list[Wanted] = field(default_factory=list)
    readable: bool = True
    published: bool = False
    """Whether it has the dates that make it public, and the day of publication has come."""
    withheld: bool = False
    """Whether it would have public outputs, if it had these dates."""
    waits: bool = False
    """Whether it will have public outputs, when the day of publication comes."""

    @property
    def name(self) -> str:
        """What it is called in messages: its unit, and what it is about where its form says where it lies."""
        return self.form.name_in(self.file.path) if self.form else self.file.name

    @property
    def is_public(self) -> bool:
        """Whether it should have public outputs."""
        return any(output.edition == Edition.PUBLIC for output in self.outputs)

    @property
    def stale(self) -> frozenset[tuple[str, str]]:
        """The (renderer, edition) pairs that have to be made."""
        return frozenset((output.renderer, output.edition) for output in self.outputs if output.why)


class Planner:
    """Compares a project's present state with the manifest of its last build."""

    def __init__(
        self, project: Project, site: Site, manifest: Manifest, only: Iterable[str] | None, found: Found, *, day: str
    ) -> None:
        """`only` has the names of the formats that are asked for, None means all; `found` has what is below build/.

        `day`, an ISO date, decides which units are public, and nothing else.
        """
        self.project = project
        self.found = found
        self.site = site
        self.day = day
        self.manifest = manifest
        names = render.names() if only is None else [name for name in render.names() if name in set(only)]
        self.renderers = [render.find(name) for name in names]

    def unit(self, file: DataFile) -> UnitPlan:
        """The plan of a data file: what it should have under build/."""
        form = form_of(self.project, file)
        publication = self.site.publication(file, form)
        plan = UnitPlan(file, form, published=publication is not None and publication.has_come(self.day))
        if form is None:
            plan.readable = False
            return plan
        for renderer in self.renderers:
            if renderer.serves(self.project, form.templates):
                plan.outputs += self._outputs(file, form, renderer, plan.published)
                kept_back = Edition.PUBLIC in renderer.targets and not plan.published
                plan.withheld |= kept_back and publication is None
                plan.waits |= kept_back and publication is not None
        return plan

    def _outputs(self, file: DataFile, form: Form, renderer: render.Renderer, published: bool) -> Iterator[Wanted]:
        """What a renderer should make of a data file."""
        publication = self.site.publication(file, form)
        for edition, pattern in renderer.targets.items():
            if edition == render.SITE or (edition == Edition.PUBLIC and not published):
                continue
            inputs = self._inputs(file, form, renderer) | self._checked_against(file, form)
            if edition == Edition.PUBLIC:
                inputs["site"] = self._site_settings() + (f" {publication}" if publication else "")
            path = pattern.format(stem=file.stem, name=file.name)
            yield Wanted(path, renderer.name, edition, inputs, self._why(file.source, path, inputs))

    def site_pages(self, entries: Iterable[Entry]) -> list[tuple[Wanted, Listing]]:
        """The pages about all published reports."""
        pages = []
        for renderer in self.renderers:
            pattern = renderer.targets.get(render.SITE)
            if pattern is None or not renderer.serves(self.project, render.SITE_TEMPLATES):
                continue
            settings = shown(self.project, self.site)
            page = listing.Listing(self.project, render.SITE_TEMPLATES, settings, tuple(sorted(entries)))
            inputs = self._hashes(renderer.template_files(self.project, render.SITE_TEMPLATES))
            inputs |= fingerprint.of_tools(renderer.packages)
            inputs["site"] = self._site_settings()
            inputs["entries"] = digest(repr(page.entries).encode())
            pages.append((Wanted(pattern, renderer.name, render.SITE, inputs, self._why(PAGES, pattern, inputs)), page))
        return pages

    def _inputs(self, file: DataFile, form: Form, renderer: render.Renderer) -> Inputs:
        templates = renderer.template_files(self.project, form.templates)
        styles = [path for path in templates if path.rpartition("/")[2] in renderer.styles]
        return {
            **self._hashes([file.source, *form.files, *templates]),
            **fingerprint.of_tools(renderer.packages),
            **fingerprint.of_fonts(self.project, styles),
        }

    def _checked_against(self, file: DataFile, form: Form) -> Inputs:
        """The files of earlier years that the form's rules look into: what they say may stop this one."""
        years = EARLIER.values() if form.rules.rules else ()
        return self._hashes(
            earlier.source for back in years for earlier in loading.earlier_files(self.project, file, back)
        )

    def _hashes(self, paths: Iterable[str]) -> Inputs:
        return fingerprint.of_files(self.project, paths)

    def _site_settings(self) -> str:
        """The hash of the settings that every public page depends on."""
        shared = shown(self.project, self.site).settings
        return digest(json.dumps(shared, ensure_ascii=False, sort_keys=True, default=str).encode())

    def _why(self, source: str, path: str, inputs: Inputs) -> str | None:
        """Why an output of a data file has to be made from these inputs; None when it is up to date."""
        output = self.manifest.of(source).outputs.get(path)
        if output is None:
            return "还没有做过"
        if not self.manifest.is_as_written(self.project.root, source, path, self.found):
            return "成品被改动或删除了"
        changed = [name for name in sorted({*inputs, *output.inputs}) if inputs.get(name) != output.inputs.get(name)]
        return f"{'、'.join(changed)} 变了" if changed else None
