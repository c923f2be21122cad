"""All data files, with what their names and first lines say, and the forms of which new ones can be made."""

from __future__ import annotations

from typing import Any

from perfgen.authoring import next_step
from perfgen.check import loading, units
from perfgen.check.looked import Looked
from perfgen.check.units import UnitList
from perfgen.findings import DataError, FindingsError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.status import owed

Json = dict[str, Any]


def listing(project: Project) -> Json:
    """What the list of all files shows at once: it can be sent as JSON. Nothing that is wrong keeps it from being made.

    The files come newest year first.
    """
    known, troubles = _forms(project)
    listed = _units(project)
    titles = {form.name: form.title for form in known}
    files = sorted(project.data_files()[0], key=lambda file: file.path)
    files.sort(key=lambda file: file.year, reverse=True)
    return {
        "files": [_file(project, file, listed, titles) for file in files],
        "forms": [_form(project, form) for form in known] if not troubles else [],
        "units": [{"unit": unit.name, "group": unit.group} for unit in listed.units.values()],
        "troubles": troubles,
    }


def _forms(project: Project) -> tuple[list[Form], list[str]]:
    """The forms that can be read, and what is wrong with the others, in words."""
    known: list[Form] = []
    troubles: list[str] = []
    for name in forms.names(project):
        try:
            known += filter(None, [forms.find(project, name)])
        except FindingsError as error:
            troubles += [str(finding) for finding in error.findings[:1]]
    return known, troubles


def _units(project: Project) -> UnitList:
    try:
        return units.load_units(project)
    except DataError:
        return UnitList()  # the states say what is wrong with it


def _file(project: Project, file: DataFile, listed: UnitList, titles: dict[str, str]) -> Json:
    form, unit = project.once(_told, file)
    unit = next((part for part in reversed(file.path.split("/")) if part in listed.units), unit)
    entry = listed.units.get(unit)
    return {
        "file": file.source,
        "year": file.year,
        "form": form,
        "title": titles.get(form, ""),
        "unit": unit,
        "name": file.name,
        "group": entry.group if entry else "",
    }


def _told(project: Project, file: DataFile) -> tuple[str, str]:
    """The form that a file's first line names, and the unit as its path says."""
    try:
        form = loading.named_form(project, file)
    except FindingsError:
        return "", file.name
    looked = Looked(file, form.name if form else "")
    return looked.form, owed.unit_of(project, looked, UnitList())


def asked_of(form: Form) -> list[str]:
    """The fields beside year and unit that a new file of a form cannot be made without."""
    in_path = form.path.names if form.path else ()
    heads = {form.fields.with_role(role) for role in ("form", "year", "unit")}
    return [name for name in dict.fromkeys([*form.subject, *in_path]) if name not in heads]


def _form(project: Project, form: Form) -> Json:
    """A form as somebody chooses it, with what else a new file of it is about, and what can come after it."""
    return {
        "form": form.name,
        "title": form.title,
        "unit": form.fields.members[form.fields.with_role("unit")].title or form.fields.with_role("unit"),
        "about": [{"name": name, "help": form.fields.members[name].guidance} for name in asked_of(form)],
        "rolls": form.rolls_over,
        "next": [{"form": step.form.name, "title": step.form.title} for step in next_step.steps(project, form)],
        "from": [other.title for other in next_step.starting_forms(project, form)],
    }
