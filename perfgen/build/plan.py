"""Which outputs there should be, from what, and which of them are stale, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from perfgen import render
from perfgen.build.fingerprint import Inputs
from perfgen.build.made_from import HIDDEN, IS_SHOWN, Sources
from perfgen.build.manifest import Manifest
from perfgen.build.output_tree import Found
from perfgen.build.records import Output
from perfgen.findings import FindingsError
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report.report import Edition
from perfgen.report.site import Site, form_of


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
    public: Inputs = field(default_factory=dict)
    """What its public outputs are made from whatever their format; empty where it is not published, or not readable."""
    readable: bool = True
    published: bool = False
    """Whether it has the dates that make it public, and the day of publication has come."""
    withheld: bool = False
    """Whether it would have public outputs, if it had these dates."""
    waits: bool = False
    """Whether it will have public outputs, when the day of publication comes."""
    obstacle: str = ""
    """Why its review keeps it back, though it has these dates, in words; empty where it does not."""
    has_no_page: bool = False
    """Whether it has dates, but its form has no public page, so that nothing of it is public."""

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
        names = render.names() if only is None else render.needed(name for name in render.names() if name in set(only))
        self.renderers = [render.find(name) for name in names]
        self.sources = Sources(project, replace(site, day=day))
        self._known: dict[tuple[str, str], Inputs] = {}

    def unit(self, file: DataFile) -> UnitPlan:
        """The plan of a data file: what it should have under build/."""
        form = form_of(self.project, file)
        publication, dated = self.site.publication(file, form), self.site.dated(file, form)
        plan = UnitPlan(file, form)
        if form is None:
            # what was made public of it may stay until it can be read again
            plan.published = publication is not None and publication.has_come(self.day)
            plan.readable = False
            return plan
        plan.published = form.has_page and publication is not None and publication.has_come(self.day)
        plan.has_no_page = dated is not None and not form.has_page
        plan.obstacle = self.site.obstacle(file, form) if dated and form.has_page else ""
        try:
            editions = Edition if plan.published else (Edition.OFFICIAL,)
            inputs = {which: self.sources.of_file(file, form, which) for which in editions}
        except FindingsError:  # of a form that it refers to; whoever checks the file says so
            plan.readable = False
            return plan
        plan.public = inputs.get(Edition.PUBLIC, {})
        for renderer in self.renderers:
            if renderer.scope is render.Scope.FILE and renderer.serves(self.project, form.templates):
                plan.outputs += self._outputs(plan, form, renderer, inputs)
                kept_back = Edition.PUBLIC in renderer.targets and form.has_page and not plan.published
                plan.withheld |= kept_back and dated is None
                plan.waits |= kept_back and publication is not None
        return plan

    def _outputs(
        self, plan: UnitPlan, form: Form, renderer: render.Renderer, by_edition: Mapping[Edition, Inputs]
    ) -> Iterator[Wanted]:
        """What a renderer should make of a data file."""
        file, of_format = plan.file, self.of_renderer(renderer, form.templates)
        for edition, pattern in renderer.targets.items():
            if edition == render.SITE or (edition == Edition.PUBLIC and not plan.published):
                continue
            inputs = by_edition[Edition(edition)] | of_format
            path = pattern.format(stem=file.stem, name=file.name)
            yield Wanted(path, renderer.name, edition, inputs, self.why(file.source, path, inputs))

    def shows_withheld(self, output: Output, inputs: Inputs) -> bool:
        """Whether an output shows what of other files is public no longer; `inputs` is what it is made from now."""
        shown = {name: was for name, was in output.inputs.items() if name.endswith(IS_SHOWN) and was != HIDDEN}
        for name, was in shown.items():
            file = DataFile.parse(name.removesuffix(IS_SHOWN))
            if was != inputs.get(name) if file is None else not self.sources.is_shown(file):
                return True
        return False

    def of_renderer(self, renderer: render.Renderer, templates: str) -> Inputs:
        """What outputs of a format are made from whatever the data, found once for all files."""
        key = (renderer.name, templates)
        if key not in self._known:
            self._known[key] = self.sources.of_renderer(renderer, templates)
        return self._known[key]

    def why(self, source: str, path: str, inputs: Inputs) -> str | None:
        """Why an output of a data file has to be made from these inputs; None when it is up to date."""
        output = self.manifest.of(source).outputs.get(path)
        if output is None:
            return "还没有做过"
        if not self.manifest.is_as_written(self.project.root, source, path, self.found):
            return "成品被改动或删除了"
        changed = [name for name in sorted({*inputs, *output.inputs}) if inputs.get(name) != output.inputs.get(name)]
        return f"{'、'.join(changed)} 变了" if changed else None
