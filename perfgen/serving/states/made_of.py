"""What the state of a data file is made from: two equal keys mean equal states."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from perfgen.build import fingerprint
from perfgen.check import documents, loading
from perfgen.data import as_scalar
from perfgen.display import show
from perfgen.findings import DataError, FindingsError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project.layout import SCHEMA_FOLDER, UNITS_FILE, DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.report.data_links import DataLinks, forms_of
from perfgen.system import environment
from perfgen.table.template import TABLE_TEMPLATE


class Keys:
    """Finds the keys of a project's files; one for each snapshot."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._links = DataLinks(project)
        self._of_forms: dict[str, str] = {}

    def key(self, file: DataFile, needs: Iterable[str]) -> str:
        """The key of a file that looks at these others."""
        lines = [self._of_form(file), *(f"{path} {self.project.digest(path)}" for path in (file.source, *needs))]
        return digest("\n".join(lines).encode(errors="surrogateescape"))

    def needs(self, file: DataFile) -> tuple[str, ...]:
        """The other data files that a file looks at, or whose figures these need: it is read for that."""
        linked = (other for link in self._links.of(file) for other in link.files)
        found = dict.fromkeys([*linked, *self._links.further(file)])
        return tuple(other.source for other in found if other != file)

    def heads(self, file: DataFile) -> str:
        """A hash over what others find a file by: its form, and the top-level values that references and years ask for.

        Of a file that cannot be read, others look at every word.
        """
        form = site.form_of(self.project, file)
        try:
            top = documents.read_document(self.project, file).top
        except DataError:
            return self.project.digest(file.source)
        names = sorted(self._asked.get(form.name, frozenset()) | _own_heads(form)) if form else sorted(top)
        told = [f"{name}={show(as_scalar(top.get(name)))}" for name in names]
        return digest("\n".join([form.name if form else "", *told]).encode(errors="surrogateescape"))

    @functools.cached_property
    def _asked(self) -> dict[str, frozenset[str]]:
        """By form, the fields that references to it ask for."""
        found: dict[str, frozenset[str]] = {}
        for form in forms.loaded(self.project):
            for reference in form.references.values():
                names = frozenset(key.there for key in reference.keys)
                found[reference.form] = found.get(reference.form, frozenset()) | names
        return found

    @functools.cached_property
    def of_all(self) -> str:
        """A hash over what every state is made from: the program, and the settings."""
        settings = fingerprint.of_files(self.project, (site.FILE, UNITS_FILE))
        lines = [environment.of_code(), *environment.installed(), *(f"{name} {now}" for name, now in settings.items())]
        return digest("\n".join(lines).encode(errors="surrogateescape"))

    def _of_form(self, file: DataFile) -> str:
        """The hash over what the states of all files of a file's form are made from."""
        try:
            form = loading.named_form(self.project, file)
            name = form.name if form else ""
            if name not in self._of_forms:
                self._of_forms[name] = self._hash_of_form(form)
            return self._of_forms[name]
        except FindingsError:
            return self._hash_of_form(None)

    def _hash_of_form(self, form: Form | None) -> str:
        """The same; where there is no form that can be read, all forms count."""
        if form is None:
            paths = list(self.project.files(SCHEMA_FOLDER))
        else:
            reached = forms.reached(self.project, form)
            paths = [*forms_of(self.project, form), *(one.template(TABLE_TEMPLATE) for one in reached)]
        inputs = fingerprint.of_files(self.project, paths)
        lines = [self.of_all, *(f"{path} {now}" for path, now in inputs.items())]
        return digest("\n".join(lines).encode(errors="surrogateescape"))


def _own_heads(form: Form) -> frozenset[str]:
    """The fields that say which file of its form a file is."""
    named = (form.fields.with_role("unit"), form.fields.with_role("year"), form.fields.find_role("former-name"))
    return frozenset(filter(None, (*named, *form.subject)))
