"""What the outputs of a data file are made from: this and nothing else can change a byte of them.

The planner makes hashes of it, and says by them what is stale; `explain` shows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perfgen import render
from perfgen.build import fingerprint
from perfgen.build.fingerprint import Inputs
from perfgen.form.forms import Form
from perfgen.project import shipped
from perfgen.project.layout import UNITS_FILE, DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.report.data_links import DataLinks, Digests, Link, forms_of, pages_of
from perfgen.report.report import Edition
from perfgen.report.site import Site

_NAMED = 20
"""Of a list of more files than this, what is said is only that one of them has changed."""
_SITE = "site"
IS_SHOWN = " 是不是公开"
"""How an input is called that says of another file whether it is published, after the name of that file."""
SHOWN, HIDDEN = "公开", "不公开"
"""What it is; of several files, a hash."""


@dataclass(frozen=True)
class MadeFrom:
    """What the outputs of a data file are made from, but for versions of programs and fonts."""

    file: DataFile
    links: tuple[Link, ...]
    """The other data files that it looks at itself."""
    further: tuple[DataFile, ...]
    """Those that the figures of these need."""
    form_files: tuple[str, ...]
    """Schemas and rules files."""
    templates: tuple[str, ...]
    """The templates and style sheets, as the project names them."""
    pages: tuple[str, ...]
    """The public pages of other forms: what is taken from a form that has none is not public."""
    settings: tuple[str, ...]
    """The settings: of the site; the list of units, where it is asked for the names of earlier years."""

    @property
    def paths(self) -> tuple[str, ...]:
        """All files, as paths of the project."""
        data = [self.file, *(other for link in self.links for other in link.files), *self.further]
        sources = [one.source for one in data]
        return tuple(dict.fromkeys([*sources, *self.form_files, *self.templates, *self.pages, *self.settings]))


class Sources:
    """Finds what the outputs of a project's data files are made from, and what that is now."""

    def __init__(self, project: Project, settings: Site) -> None:
        """`settings` have the day on which outputs are made: it decides what others show."""
        self.project = project
        self.settings = settings
        self.links = DataLinks(project)
        self._contents = Digests(self.links.for_figures, self._content)
        self._visible = Digests(self.links.for_figures, self._shown)

    def made_from(self, file: DataFile, form: Form) -> MadeFrom:
        """What the outputs of a data file of a form are made from. Raises FormError for a broken form."""
        serving = [one for one in map(render.find, render.names()) if _serves_files(one, self.project, form)]
        templates = [path for one in serving for path in one.template_files(self.project, form.templates)]
        settings = [path for path in (site.FILE, UNITS_FILE) if self.project.holds(path)]
        return MadeFrom(
            file,
            self.links.of(file),
            tuple(self.links.further(file)),
            forms_of(self.project, form),
            tuple(dict.fromkeys(templates)),
            pages_of(self.project, form),
            tuple(settings),
        )

    def of_file(self, file: DataFile, form: Form, edition: str) -> Inputs:
        """What a data file's outputs of an edition are made from whatever their format, by name, as hashes.

        The list of units stands for the files that are found by it. Raises FormError for a broken form.
        """
        paths = [file.source, *forms_of(self.project, form)]
        inputs = fingerprint.of_files(self.project, paths)
        is_public = edition == Edition.PUBLIC
        for link in self.links.of(file):
            inputs.update(self._of_link(link, is_public))
        if is_public:
            publication = self.settings.publication(file, form)
            inputs[_SITE] = self.site_settings() + (f" {publication}" if publication else "")
        return inputs

    def of_renderer(self, renderer: render.Renderer, templates: str) -> Inputs:
        """What outputs of a format are made from whatever the data, with the templates of a folder."""
        files = renderer.template_files(self.project, templates)
        styles = [path for path in files if path.rpartition("/")[2] in renderer.styles]
        return {
            **fingerprint.of_files(self.project, files),
            **fingerprint.of_tools(renderer.packages),
            **fingerprint.of_fonts(self.project, styles),
        }

    def site_settings(self) -> str:
        """The hash of the settings that every public page depends on."""
        shared = site.shown(self.project, self.settings).settings
        return digest(json.dumps(shared, ensure_ascii=False, sort_keys=True, default=str).encode())

    def _of_link(self, link: Link, is_public: bool) -> Inputs:
        """The hashes of the files of a link and of what the figures of these need; for the public, what they show."""
        minds_dates = is_public and link.is_shown
        if len(link.files) > _NAMED:
            return self._of_many(f"{link.name} 的 {len(link.files)} 个文件", link.files, minds_dates)
        inputs = fingerprint.of_files(self.project, [other.source for other in link.files])
        for other in link.files:
            if minds_dates:
                inputs[f"{other}{IS_SHOWN}"] = self._shown(other)
            if further := self.links.for_figures(other):
                inputs |= self._of_many(f"{other} 用到的别的文件", further, minds_dates)
        return inputs

    def _of_many(self, name: str, files: Iterable[DataFile], minds_dates: bool) -> Inputs:
        """One hash over files and all that their figures need, and one over what of them is public."""
        inputs = {name: self._contents.of_all(files)}
        if minds_dates:
            inputs[f"{name}{IS_SHOWN}"] = self._visible.of_all(files)
        return inputs

    def _content(self, file: DataFile) -> str:
        return self.project.digest(file.source)

    def _shown(self, file: DataFile) -> str:
        return SHOWN if self.is_shown(file) else HIDDEN

    def is_shown(self, file: DataFile) -> bool:
        """Whether outputs of other files may show what a file holds."""
        return self.settings.shows(file, site.form_of(self.project, file))


def _serves_files(renderer: render.Renderer, project: Project, form: Form) -> bool:
    return renderer.scope is render.Scope.FILE and renderer.serves(project, form.templates)


def in_words(made_from: MadeFrom) -> Iterator[str]:
    """Lines that say what the outputs of a data file are made from."""
    yield f"{made_from.file} 的成品由这些做成，改了别的不用重做："
    yield f"  数据：{made_from.file}"
    for link in made_from.links:
        yield f"  {link.name}：{_listed(map(str, link.files)) or '没有'}"
    if made_from.further:
        yield f"  这些文件的计算要用的：{_listed(map(str, made_from.further))}"
    yield f"  表和规则：{_listed(made_from.form_files)}"
    yield f"  模板：{_listed(map(shipped.own_path, made_from.templates)) or '没有'}"
    if made_from.pages:
        yield f"  有没有网页（没有，就不公开从那张表取来的）：{_listed(made_from.pages)}"
    if made_from.settings:
        yield f"  设置：{_listed(made_from.settings)}（公开的设置和日期；往年的文件用的名称）"
    yield "  还有 perfgen、它用的程序库和字体的版本。"


def _listed(paths: Iterable[str]) -> str:
    return "、".join(paths)
