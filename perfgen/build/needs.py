"""What a job needs of a project's files, wherever it runs: with these alone it makes and says what it would with all.

That is what outputs are made from (`made_from`), and beside it what decides which files that is: a lookup that finds
nothing says among which files it looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from perfgen import render
from perfgen.build.made_from import Sources
from perfgen.findings import FindingsError
from perfgen.project import names
from perfgen.project.layout import DATA, SCHEMA_FOLDER, SUFFIX, UNITS_FILE, DataFile
from perfgen.project.shipped import SETTINGS_SCHEMAS
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.data_links import forms_of


class Needs:
    """Finds what jobs about the data files of a project need."""

    def __init__(self, project: Project, sources: Sources) -> None:
        self.project = project
        self.sources = sources
        self._known: dict[DataFile, tuple[str, ...]] = {}
        self._forms: dict[DataFile, tuple[str, ...]] = {}
        self._twins: dict[str, str] | None = None
        self._deciding: dict[DataFile, list[DataFile]] = {}

    def of(self, files: Iterable[DataFile]) -> tuple[str, ...]:
        """The paths of all files that a job about some data files needs."""
        paths = tuple(dict.fromkeys(path for file in files for path in self._of_file(file)))
        return (*paths, *self._twins_of(paths))

    def _twins_of(self, paths: Iterable[str]) -> list[str]:
        """What keeps files from counting as data files: others that some systems take for the same."""
        if self._twins is None:
            self._twins = names.twins(path for path in self.project.files(DATA) if path.endswith(SUFFIX))
        beginnings = [self._twins[path] for path in paths if path in self._twins]
        if not beginnings:
            return []
        below = tuple(f"{one}/" for one in beginnings)
        return [path for path in self.project.files(DATA) if path in beginnings or path.startswith(below)]

    def of_unit(self, files: Iterable[DataFile]) -> tuple[str, ...]:
        """The same of a job about all that a unit has in a year: with the templates of that."""
        renderers = [render.find(name) for name in render.names()]
        templates = (
            path
            for one in renderers
            if one.scope is render.Scope.UNIT
            for path in one.template_files(self.project, render.UNIT_TEMPLATES)
        )
        return tuple(dict.fromkeys([*self.of(files), *templates]))

    def _of_file(self, file: DataFile) -> tuple[str, ...]:
        if file not in self._known:
            try:
                self._known[file] = tuple(self._find(file))
            except FindingsError:
                self._known[file] = self._of_what_is_broken(file)
        return self._known[file]

    def _find(self, file: DataFile) -> Iterator[str]:
        form = site.form_of(self.project, file)
        if form is None:
            yield from self._of_what_is_broken(file)
            return
        made_from = self.sources.made_from(file, form)
        yield from made_from.paths
        links = self.sources.links
        looked_at = [*(other for link in made_from.links for other in link.files), *made_from.further]
        decided_by = [links.deciding(file), *map(self._deciding_figures, looked_at)]
        yield from (other.source for some in decided_by for other in some)
        for other in looked_at:
            yield from self._form_files(other)  # it may be of another form than it should
        yield from self._unreadable_copies()

    def _deciding_figures(self, file: DataFile) -> list[DataFile]:
        """The files that decide what the figures of a file need; many files may look at one."""
        if file not in self._deciding:
            self._deciding[file] = self.sources.links.deciding_figures(file)
        return self._deciding[file]

    def _form_files(self, file: DataFile) -> tuple[str, ...]:
        """The files of the form of a data file; none where it cannot be told, or is broken."""
        if file not in self._forms:
            form = site.form_of(self.project, file)
            self._forms[file] = ()
            with suppress(FindingsError):
                self._forms[file] = forms_of(self.project, form) if form else ()
        return self._forms[file]

    def _unreadable_copies(self) -> list[str]:
        """The project's copies of the program's own schemas that are no plain files: that is said where they would be
        used, and keeps a job here."""
        return [path for path in SETTINGS_SCHEMAS if self.project.holds(path) and not self.project.digest(path)]

    def _of_what_is_broken(self, file: DataFile) -> tuple[str, ...]:
        """The same of a file of which nobody knows the form, or of a broken form: what is said names all forms."""
        settings = [path for path in (site.FILE, UNITS_FILE) if self.project.holds(path)]
        beside = [other.source for other in self.sources.links.deciding(file)]
        copies = self._unreadable_copies()
        return (file.source, *beside, *self.project.files(SCHEMA_FOLDER), *settings, *copies)
