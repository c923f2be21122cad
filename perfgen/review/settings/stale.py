"""Which outputs become stale with a change of forms, templates or settings: they have to be made again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from perfgen import render
from perfgen.check import loading
from perfgen.check.identity import identity
from perfgen.form.forms import Form
from perfgen.project import shipped
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.data_links import DataLinks, forms_of, pages_of
from perfgen.report.disclosure import REVIEW
from perfgen.report.report import Edition
from perfgen.report.site import DATES, Site


@dataclass(frozen=True)
class Stale:
    """The outputs of one format and what makes them stale."""

    format: str
    files: int
    """How many data files, or units of a year, have such an output; of a page about all of them, 1."""
    because: tuple[str, ...]
    """The changed files that it is made from."""


def stale_outputs(project: Project, changed: Collection[str], sites: tuple[Site, Site]) -> list[Stale]:
    """By format, how many outputs that people open are made from changed files; `sites` are the settings then and now.

    Of a format that serves units of a year, it counts these. Raises FormError for a broken form.
    """
    found = []
    links = DataLinks(project)
    for renderer in (one for one in map(render.find, render.names()) if not one.is_inner):
        causes = [of_one for of_one in _Format(renderer, links, changed, sites).causes() if of_one]
        if render.SITE in renderer.targets and (page := _of_page(project, renderer, changed)):
            causes.append(page)
        if causes:
            because = dict.fromkeys(cause for of_one in causes for cause in of_one)
            found.append(Stale(renderer.name, len(causes), tuple(because)))
    return found


@dataclass(frozen=True)
class _Format:
    """A format, and what has changed."""

    renderer: render.Renderer
    links: DataLinks
    changed: Collection[str]
    sites: tuple[Site, Site]

    def causes(self) -> Iterator[list[str]]:
        """Of each data file, or unit of a year, the changed files that its outputs are made from."""
        project, scope = self.links.project, self.renderer.scope
        if scope is render.Scope.UNIT:
            yield from self.of_units()
        for file in project.data_files()[0] if scope is render.Scope.FILE else ():
            form = loading.named_form(project, file)
            if form and self.renderer.serves(project, form.templates):
                yield sorted(self.of_file(file, form))

    def of_units(self) -> Iterator[list[str]]:
        """The causes of each unit of a year."""
        project = self.links.project
        if not self.renderer.serves(project, render.UNIT_TEMPLATES):
            return
        templates = map(shipped.own_path, self.renderer.template_files(project, render.UNIT_TEMPLATES))
        own = set(templates).intersection(self.changed)
        by_unit: dict[tuple[str, str], set[str]] = {}
        for file in project.data_files()[0]:
            found, form = identity(project, file), loading.named_form(project, file)
            if found and form:
                causes = by_unit.setdefault((file.year, found.unit), set(own))
                causes |= self.of_file(file, form)
        yield from map(sorted, by_unit.values())

    def of_file(self, file: DataFile, form: Form) -> set[str]:
        """The changed files that outputs of a data file are made from."""
        targets, project = self.renderer.targets, self.links.project
        if set(targets) == {Edition.PUBLIC} and not form.has_page:
            return set()
        causes = {path for path in _inputs(project, form, self.renderer) if path in self.changed}
        if Edition.PUBLIC in targets and form.has_page:
            causes |= set(pages_of(project, form)).intersection(self.changed)
            if _is_republished(file, form, self.sites) or _shows_other(file, self.links, self.sites):
                causes.add(site.FILE)
        return causes


def _inputs(project: Project, form: Form, renderer: render.Renderer) -> Iterator[str]:
    yield from forms_of(project, form)
    yield from map(shipped.own_path, renderer.template_files(project, form.templates))


def _is_republished(file: DataFile, form: Form, sites: tuple[Site, Site]) -> bool:
    """Whether a file's public outputs say, or are, something else by the settings."""
    before, after = (one.publication(file, form) for one in sites)
    shared = [{name: value for name, value in one.settings.items() if name not in (DATES, REVIEW)} for one in sites]
    return before != after or (after is not None and shared[0] != shared[1])


def _shows_other(file: DataFile, links: DataLinks, sites: tuple[Site, Site]) -> bool:
    """Whether the dates differ of another file whose values a file's public outputs may show."""
    if all(sites[0].settings.get(name) == sites[1].settings.get(name) for name in (DATES, REVIEW)):
        return False
    others = [other for link in links.of(file) if link.is_shown for other in link.files] + links.further(file)
    known = ((other, site.form_of(links.project, other)) for other in others)
    return any(sites[0].publication(other, form) != sites[1].publication(other, form) for other, form in known)


def _of_page(project: Project, renderer: render.Renderer, changed: Collection[str]) -> list[str]:
    """The changed files that a page about all data files is made from."""
    if not renderer.serves(project, render.SITE_TEMPLATES):
        return []
    templates = map(shipped.own_path, renderer.template_files(project, render.SITE_TEMPLATES))
    return sorted({*templates, site.FILE}.intersection(changed))
