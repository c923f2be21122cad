"""A report in, bytes out: one module for each output format, found by listing the folder.

A renderer is a module of this package with

    SCOPE: str                       what it serves at a time: "file", a data file, where it does not say; "unit", a
                                     unit of a year with all its files, whatever their forms; "site", all that is public
    TARGETS: dict[str, str]          where its outputs go: by edition, a path under build/ with {stem} and {name} of the
                                     file, or {year} and {unit}; "site" instead of an edition for a page about all
                                     reports
    EDITION: str                     of the site: "public", about all that is published, where it does not say;
                                     "official", about all data files
    ORDER: int                       of the site: those with less come first; 0 where it does not say
    AFTER: tuple[str, ...]           other formats whose outputs it reads; none where it does not say
    NEEDS: tuple[str, ...]           template files it cannot do without; a form that lacks one has
                                     no such output
    READS: tuple[str, ...]           patterns of all template files whose change makes it stale; one
                                     that names a folder is of the files in that folder. ** is any file, however deep,
                                     but for those of templates/shared/assets, which a format names that links them
    PACKAGES: tuple[str, ...]        installed packages whose version makes it stale
    STYLES: tuple[str, ...]          style sheets whose fonts make it stale
    SHARED: tuple[str, ...]          those of NEEDS that all forms may have in common, in templates/shared; none where
                                     it does not say
    INNER: bool                      whether only other formats read its outputs; False where it does not say
    PAGED: bool                      whether it breaks the table into pages; False where it does not say
    prepare()                        imports what is slow, before worker processes start; only where there is something
    render(report) -> bytes          of a unit, it gets a UnitReports; of the site, a Listing
    prove(content, report) -> int    how many places were compared; raises ProofError
    outputs(listing) -> dict         of the site, where it makes several files: by path under build/, a text for each
                                     that changes when what the file says does; TARGETS then only says where they lie.
                                     `render` and `prove` get a Listing whose `path` is the file that is made

The templates of a unit's outputs lie in templates/units/, those of the site's pages in templates/site/; those of a file
with its form.

There is nothing to inherit, and no list to add it to. A module is imported only when it is used, so that `check` works
where a PDF library is missing.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING

from perfgen.plugins import Folder
from perfgen.project import shipped
from perfgen.project.layout import HIDDEN, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project

if TYPE_CHECKING:
    from perfgen.report.listing import Listing
    from perfgen.report.report import Report
    from perfgen.report.unit_reports import UnitReports

__all__ = [
    "ANY",
    "ASSETS",
    "FOLDER",
    "SHARED_TEMPLATES",
    "SITE",
    "SITE_TEMPLATES",
    "UNIT_TEMPLATES",
    "Renderer",
    "Scope",
    "data_csv",
    "docx",
    "find",
    "names",
    "needed",
    "parts",
    "template_path",
]

FOLDER = Folder(__name__, __path__, ("TARGETS", "NEEDS", "READS", "PACKAGES", "STYLES", "render", "prove"))
SITE = "site"
SITE_TEMPLATES = f"{TEMPLATE_FOLDER}/site"
"""The folder of the templates of pages about all units."""
UNIT_TEMPLATES = f"{TEMPLATE_FOLDER}/units"
"""The folder of the templates of what is made of all files of a unit's year; no form can be called so."""
SHARED_TEMPLATES = f"{TEMPLATE_FOLDER}/shared"
"""The folder of template parts that all forms may use."""
ASSETS = "assets"
"""The folder in it of the files that pages link."""
ANY = "**"
"""Among READS: a page may include any file of its template folders, and a PDF show it."""


class Scope(StrEnum):
    """What a renderer serves at a time."""

    FILE = "file"
    UNIT = "unit"
    SITE = "site"


@dataclass(frozen=True)
class Renderer:
    """An output format: its name and the module that makes it."""

    name: str
    module: ModuleType

    @property
    def scope(self) -> Scope:
        """What it serves at a time."""
        is_of_site = set(self.module.TARGETS) == {SITE}
        return Scope(getattr(self.module, "SCOPE", Scope.SITE if is_of_site else Scope.FILE))

    @property
    def edition(self) -> str:
        """Of the site: the edition of the reports that it is about."""
        return str(getattr(self.module, "EDITION", "public"))

    @property
    def order(self) -> int:
        """Of the site: those with less come first."""
        return int(getattr(self.module, "ORDER", 0))

    @property
    def after(self) -> tuple[str, ...]:
        """The formats whose outputs it reads."""
        return tuple(getattr(self.module, "AFTER", ()))

    @property
    def targets(self) -> dict[str, str]:
        """The patterns of its outputs' paths, by edition."""
        return dict(self.module.TARGETS)

    @property
    def packages(self) -> tuple[str, ...]:
        """The installed packages that its bytes depend on."""
        return tuple(self.module.PACKAGES)

    @property
    def styles(self) -> tuple[str, ...]:
        """The style sheets whose fonts its bytes depend on."""
        return tuple(self.module.STYLES)

    @property
    def is_inner(self) -> bool:
        """Whether only other formats read its outputs, so that people need not hear of them."""
        return bool(getattr(self.module, "INNER", False))

    @property
    def is_paged(self) -> bool:
        """Whether it breaks the table into pages, which a long one is not."""
        return bool(getattr(self.module, "PAGED", False))

    def outputs(self, listing: Listing) -> dict[str, str]:
        """Of the site: by path under build/, a text that changes when what that file says of the reports does.

        Raises FormError for a template that is needed to tell and is broken.
        """
        if outputs := getattr(self.module, "outputs", None):
            return dict(outputs(listing))
        return {self.targets[SITE]: repr(listing.entries)}

    def prepare(self) -> None:
        """Imports what is slow to import. Raises ToolError where it is missing."""
        if prepare := getattr(self.module, "prepare", None):
            prepare()

    def learn(self, report: Report) -> None:
        """Finds out what reports with the same templates have in common, as the first one that is made would.

        Raises ToolError or FormError where something is missing or wrong.
        """
        learn = getattr(self.module, "learn", None)
        if learn and self.serves(report.project, report.form.templates) and (report.is_paged or not self.is_paged):
            learn(report)

    def serves(self, project: Project, templates: str) -> bool:
        """Whether a folder has all templates that this format needs."""
        return all(self._has(project, templates, name) for name in self.module.NEEDS)

    def _has(self, project: Project, templates: str, name: str) -> bool:
        if project.holds(project.provided(f"{templates}/{name}")):
            return True
        return name in getattr(self.module, "SHARED", ()) and project.holds(f"{SHARED_TEMPLATES}/{name}")

    def template_files(self, project: Project, templates: str) -> list[str]:
        """The template files that it may read: those in a folder, and those among the shared ones."""
        return [
            path
            for folder in (templates, SHARED_TEMPLATES)
            for path in project.provided_files(folder)
            if self._reads(folder, shipped.own_path(path).removeprefix(f"{folder}/"))
        ]

    def _reads(self, templates: str, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        is_asset = templates == SHARED_TEMPLATES and f"{folder}/".startswith(f"{ASSETS}/")
        patterns = [pattern for pattern in self.module.READS if pattern != ANY or not is_asset]
        return not name.startswith(HIDDEN) and any(_matches(folder, name, pattern) for pattern in patterns)

    def render(self, report: Report | UnitReports | Listing) -> bytes:
        """The bytes of a report in this format."""
        return bytes(self.module.render(report))

    def prove(self, content: bytes, report: Report | UnitReports | Listing) -> int:
        """The number of places of rendered bytes that were compared with the report.

        Raises ProofError at the first place that differs.
        """
        return int(self.module.prove(content, report))


def _matches(folder: str, name: str, pattern: str) -> bool:
    """Whether a pattern of READS is of a file in a folder, both below that of the templates."""
    where, _, of_name = pattern.rpartition("/")
    if of_name == ANY:
        return not where or f"{folder}/".startswith(f"{where}/")
    return where == folder and fnmatch.fnmatchcase(name, of_name)


def template_path(project: Project, templates: str, name: str) -> str:
    """The path of a template that forms may share: in the form's own folder, there or not, unless it is shared."""
    own, shared = f"{templates}/{name}", f"{SHARED_TEMPLATES}/{name}"
    return shared if not project.holds(own) and project.holds(shared) else own


def find(name: str) -> Renderer:
    """The renderer of that name."""
    return Renderer(name, FOLDER.module(name))


def names() -> list[str]:
    """The names of all output formats."""
    return FOLDER.names()


def needed(wanted: Iterable[str]) -> list[str]:
    """The names of some formats and of those whose outputs they read, in the order of `names`."""
    found = set(wanted)
    waiting = list(found)
    for name in waiting:  # grows while it is read
        more = [other for other in find(name).after if other not in found]
        found.update(more)
        waiting += more
    return [name for name in names() if name in found]
