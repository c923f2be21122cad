"""Which other data files a data file looks at: those of its unit's earlier years, and those that it refers to.

All of them count for the file itself: its rules, figures and templates may use every name, and what changed against
last year stands in its outputs. Of a file that another one
looks at, only what its figures need counts: rules feed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from perfgen.check import documents, loading, references
from perfgen.check.checks import location
from perfgen.findings import FindingsError
from perfgen.form import forms
from perfgen.form.forms import PAGE_TEMPLATE, Form
from perfgen.form.rules import EARLIER
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.report.circles import Circles


@dataclass(frozen=True)
class Link:
    """The files that a name stands for in the formulas and templates of a data file."""

    name: str
    """That of a reference, or of an earlier year."""
    files: tuple[DataFile, ...]
    """Those that are meant, or may be: several where one is looked for and it is not clear which."""
    is_shown: bool
    """Whether what these files hold may stand in the outputs, so that it matters whether they are published."""
    for_figures: bool
    """Whether figures need them."""


class DataLinks:
    """The links of a project's data files, each found once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._links: dict[DataFile, tuple[Link, ...]] = {}
        self._are_few = documents.are_few(project)

    def of(self, file: DataFile) -> tuple[Link, ...]:
        """The links of a file; none of one that cannot be read."""
        if file not in self._links:
            try:
                self._links[file] = tuple(self._find(file))
            except FindingsError:
                self._links[file] = ()  # whoever reads the file says what is wrong
        return self._links[file]

    def _find(self, file: DataFile) -> Iterator[Link]:
        form = site.form_of(self.project, file)
        if form is None:
            return
        needed = form.figures.origins
        for name, years in EARLIER.items():
            in_figures, is_compared = name in needed, years == 1
            if form.rules.rules or in_figures or is_compared:
                files = loading.earlier_files(self.project, file, years)
                yield Link(name, files, in_figures or is_compared, in_figures)
        if not form.references:
            return
        heading = documents.read_heading(self.project, file, are_few=self._are_few)
        for name, reference in form.references.items():
            yield Link(name, references.met(self.project, reference, heading, form), True, name in needed)

    def deciding(self, file: DataFile) -> list[DataFile]:
        """The files that decide which the links of a file are, or what is said of it because they are there.

        Its earlier years are among them: they are known of a file, too, that cannot be read.
        """
        return _as_far(self._find_deciding(file))

    def _find_deciding(self, file: DataFile) -> Iterator[DataFile]:
        for years in EARLIER.values():
            yield from loading.earlier_files(self.project, file, years)
            yield from loading.deciding_files(self.project, file, years)
        form = site.form_of(self.project, file)
        if form is None or not (form.references or form.path):
            return
        heading = documents.read_heading(self.project, file, are_few=self._are_few)
        meant = location.meant_place(heading.file, heading.top, form)
        if meant and self.project.holds(meant.source):
            yield meant
        for reference in form.references.values():
            yield from references.deciding(self.project, reference, heading, form)

    def deciding_figures(self, file: DataFile) -> list[DataFile]:
        """The files that decide which other files the figures of a file need."""
        return _as_far(self._find_deciding_figures(file))

    def _find_deciding_figures(self, file: DataFile) -> Iterator[DataFile]:
        form = site.form_of(self.project, file)
        for name in sorted(form.figures.origins) if form else ():
            if name in EARLIER:
                yield from loading.deciding_files(self.project, file, EARLIER[name])
            elif form and name in form.references:
                heading = documents.read_heading(self.project, file, are_few=self._are_few)
                yield from references.deciding(self.project, form.references[name], heading, form)

    def referred(self, file: DataFile) -> list[DataFile]:
        """The files that a file refers to, but for those of its unit's earlier years."""
        return [other for link in self.of(file) if link.name not in EARLIER for other in link.files]

    def for_figures(self, file: DataFile) -> list[DataFile]:
        """The files that the figures of a file need."""
        return list(dict.fromkeys(other for link in self.of(file) if link.for_figures for other in link.files))

    def further(self, file: DataFile) -> list[DataFile]:
        """The files beside those that it looks at itself that outputs of a file are made from, nearest first."""
        first = dict.fromkeys([file, *(other for link in self.of(file) for other in link.files)])
        found = dict(first)
        waiting = list(first)
        for one in waiting:  # grows while it is read
            for other in self.for_figures(one):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return [other for other in found if other not in first]


def _as_far(found: Iterator[DataFile]) -> list[DataFile]:
    """Files, each once, up to where something cannot be read: whoever reads it says what is wrong."""
    files: dict[DataFile, None] = {}
    with suppress(FindingsError):
        for one in found:
            files[one] = None
    return list(files)


def forms_of(project: Project, form: Form) -> tuple[str, ...]:
    """The files of a form and of all forms that it reaches: what it says of others is held to them.

    Raises FormError for a broken one.
    """
    return tuple(dict.fromkeys(path for one in forms.reached(project, form) for path in one.files))


def pages_of(project: Project, form: Form) -> tuple[str, ...]:
    """The page templates of the other forms that a form reaches, there or not; see `PAGE_TEMPLATE`."""
    return tuple(one.template(PAGE_TEMPLATE) for one in forms.reached(project, form)[1:])


class Digests:
    """One hash for each file over what it is and all files that it leads to, in time that grows as the links do.

    Files may lead to each other in a circle: those that do have one hash together.
    """

    def __init__(self, leads_to: Callable[[DataFile], Iterable[DataFile]], label: Callable[[DataFile], str]) -> None:
        self.leads_to = leads_to
        self.label = label
        self._known: dict[DataFile, str] = {}

    def of(self, file: DataFile) -> str:
        """The hash of a file."""
        if file not in self._known:
            for circle in Circles(self.leads_to, self._known).reached_from(file):
                self._known |= dict.fromkeys(circle, self._of_circle(circle))
        return self._known[file]

    def of_all(self, files: Iterable[DataFile]) -> str:
        """One hash over the hashes of some files."""
        return digest("\n".join(sorted(f"{file} {self.of(file)}" for file in files)).encode())

    def _of_circle(self, circle: frozenset[DataFile]) -> str:
        labels = sorted(f"{file} {self.label(file)}" for file in circle)
        beyond = {other for file in circle for other in self.leads_to(file)} - circle
        return digest("\n".join([*labels, *sorted(f"{other} {self._known[other]}" for other in beyond)]).encode())
