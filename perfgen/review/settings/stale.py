"""Which outputs become stale with a change of forms, templates or settings: they have to be made again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from perfgen import render
from perfgen.build.data_links import DataLinks, forms_of, pages_of
from perfgen.check import loading
from perfgen.form.forms import Form
from perfgen.project import shipped
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.report.site import DATES, Site


@dataclass(frozen=True)
class Stale:
    """The outputs of one format and what makes them stale."""

    format: str
    files: int
    """How many data files have such an output; of a page about all of them, 1."""
    because: tuple[str, ...]
    """The changed files that it is made from."""


def stale_outputs(project: Project, changed: Collection[str], sites: tuple[Site, Site]) -> list[Stale]:
    """By format, how many data files' outputs are made from changed files; `sites` are the settings before and after.

    Raises FormError for a broken form.
    """
    found = []
    links = DataLinks(project)
    for renderer in map(render.find, render.names()):
        causes = [
            of_file for file in project.data_files()[0] if (of_file := _of(file, links, renderer, changed, sites))
        ]
        if render.SITE in renderer.targets and (page := _of_page(project, renderer, changed)):
            causes.append(page)
        if causes:
            because = dict.fromkeys(cause for of_file in causes for cause in of_file)
            found.append(Stale(renderer.name, len(causes), tuple(because)))
    return found


def _of(
    file: DataFile, links: DataLinks, renderer: render.Renderer, changed: Collection[str], sites: tuple[Site, Site]
) -> list[str]:
    """The changed files that a data file's outputs in one format are made from."""
    project, form = links.project, loading.named_form(links.project, file)
    if form is None or set(renderer.targets) == {render.SITE} or not renderer.serves(project, form.templates):
        return []
    if set(renderer.targets) == {Edition.PUBLIC} and not form.has_page:
        return []
    causes = {path for path in _inputs(project, form, renderer) if path in changed}
    if Edition.PUBLIC in renderer.targets and form.has_page:
        causes |= set(pages_of(project, form)).intersection(changed)
        if _is_republished(file, form, sites) or _shows_other(file, links, sites):
            causes.add(site.FILE)
    return sorted(causes)


def _inputs(project: Project, form: Form, renderer: render.Renderer) -> Iterator[str]:
    yield from forms_of(project, form)
    yield from map(shipped.own_path, renderer.template_files(project, form.templates))


def _is_republished(file: DataFile, form: Form, sites: tuple[Site, Site]) -> bool:
    """Whether a file's public outputs say, or are, something else by the settings."""
    before, after = (one.publication(file, form) for one in sites)
    shared = [{name: value for name, value in one.settings.items() if name != DATES} for one in sites]
    return before != after or (after is not None and shared[0] != shared[1])


def _shows_other(file: DataFile, links: DataLinks, sites: tuple[Site, Site]) -> bool:
    """Whether the dates differ of another file whose values a file's public outputs may show."""
    if sites[0].settings.get(DATES) == sites[1].settings.get(DATES):
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
