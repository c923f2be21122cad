"""Which outputs there should be, from what, and which of them are stale, and why."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from perfgen import render
from perfgen.build import fingerprint
from perfgen.build.fingerprint import Inputs
from perfgen.build.manifest import Manifest
from perfgen.check import loading
from perfgen.findings import FindingsError
from perfgen.form import forms
from perfgen.form.rules import EARLIER
from perfgen.project import BUILD, DATA, TEMPLATE_FOLDER
from perfgen.report import listing
from perfgen.report.listing import Entry, Listing
from perfgen.report.report import Edition
from perfgen.report.site import DATES, Site


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
    """A data file and its outputs; one that cannot be read yet has none and is tried all the same."""

    source: str
    outputs: list[Wanted] = field(default_factory=list)
    readable: bool = True
    published: bool = False
    """Whether it has the dates that make it public."""

    @property
    def stale(self) -> frozenset[tuple[str, str]]:
        """The (renderer, edition) pairs that have to be made."""
        return frozenset((w.renderer, w.edition) for w in self.outputs if w.why)


class Planner:
    """Holds a project's present state against the manifest of its last build."""

    def __init__(self, root: Path, site: Site, manifest: Manifest, only: Iterable[str] | None) -> None:
        self.root = root
        self.site = site
        self.manifest = manifest
        names = render.names() if only is None else [name for name in render.names() if name in set(only)]
        self.renderers = [render.find(name) for name in names]
        self._files = functools.cache(self._hash)

    def unit(self, source: str) -> UnitPlan:
        """What a data file should have under build/."""
        stem = source.removeprefix(f"{DATA}/").rpartition(".")[0]
        year, name = stem.split("/")[0], stem.rpartition("/")[2]
        publication = self.site.publication(year, name)
        plan = UnitPlan(source, published=publication is not None)
        try:
            _, form = loading.load(self.root, source)
        except FindingsError:
            plan.readable = False
            return plan
        for renderer in self.renderers:
            if not renderer.serves(form):
                continue
            for edition, pattern in renderer.targets.items():
                if edition == render.SITE or (edition == Edition.PUBLIC and not publication):
                    continue
                inputs = self._inputs(source, form, renderer) | self._checked_against(source, form)
                if edition == Edition.PUBLIC:
                    inputs["site"] = self._site_settings() + (f" {publication}" if publication else "")
                path = pattern.format(stem=stem, name=name)
                plan.outputs.append(Wanted(path, renderer.name, edition, inputs, self._why(path, inputs)))
        return plan

    def site_pages(self, entries: Iterable[Entry]) -> list[tuple[Wanted, Listing]]:
        """The pages about all published reports."""
        folder = self.root / TEMPLATE_FOLDER / render.SITE_TEMPLATES
        pages = []
        for renderer in self.renderers:
            pattern = renderer.targets.get(render.SITE)
            if pattern is None or not all((folder / name).exists() for name in renderer.module.NEEDS):
                continue
            page = listing.Listing(self.root, folder, self.site, tuple(sorted(entries)))
            inputs = self._hashes(renderer.template_files(folder, render.shared_templates(self.root)))
            inputs |= fingerprint.of_tools(renderer.packages)
            inputs["site"] = self._site_settings()
            inputs["entries"] = fingerprint.digest(repr(page.entries).encode())
            pages.append((Wanted(pattern, renderer.name, render.SITE, inputs, self._why(pattern, inputs)), page))
        return pages

    def _inputs(self, source: str, form: forms.Form, renderer: render.Renderer) -> Inputs:
        templates = renderer.template_files(form.templates, render.shared_templates(self.root))
        styles = [path for path in templates if path.name in renderer.styles]
        return {
            **self._hashes([self.root / source, *form.files, *templates]),
            **fingerprint.of_tools(renderer.packages),
            **fingerprint.of_fonts(styles),
        }

    def _checked_against(self, source: str, form: forms.Form) -> Inputs:
        """The unit's files of earlier years that the form's rules look into: what they say may stop this one."""
        years = EARLIER.values() if form.rules.rules else ()
        before = (loading.earlier_source(source, back) for back in years)
        return self._hashes(self.root / file for file in before if file and (self.root / file).exists())

    def _hashes(self, paths: Iterable[Path]) -> Inputs:
        return {path.relative_to(self.root).as_posix(): self._files(path) for path in paths}

    def _hash(self, path: Path) -> str:
        return next(iter(fingerprint.of_files([path], self.root).values()))

    def _site_settings(self) -> str:
        """The hash of the settings that every public page depends on."""
        shared = {name: value for name, value in self.site.settings.items() if name != DATES}
        return fingerprint.digest(json.dumps(shared, ensure_ascii=False, sort_keys=True, default=str).encode())

    def _why(self, path: str, inputs: Inputs) -> str | None:
        known = self.manifest.outputs.get(path)
        if known is None:
            return "还没有做过"
        if not known.untouched(self.root / BUILD / path):
            return "成品被改动或删除了"
        changed = [name for name in sorted({*inputs, *known.inputs}) if inputs.get(name) != known.inputs.get(name)]
        return f"{'、'.join(changed)} 变了" if changed else None
