"""A form is a set of files with one name: schema, rules, templates; found by that name.

A form is loaded in steps, since two forms may look at each other: first what its own files say (`Outline`), then its
references and figures, which need the outlines of the forms that it refers to, last what needs all forms around it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from perfgen import fields
from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.findings import FindingsError, FormError, UsageError
from perfgen.form import figures, references, rules, rules_file
from perfgen.form.figure import Figure
from perfgen.form.figure_links import Lead, link
from perfgen.form.nearest import few_guesses
from perfgen.form.path_pattern import PathPattern, read_pattern, subjects
from perfgen.form.references import Reference
from perfgen.form.rules_document import RulesDocument
from perfgen.form.rules_inclusion import SUFFIX
from perfgen.form.rules_loading import load_rules
from perfgen.form.schema import LoadedSchema, Schema, Validator, load_schema, schema_validator
from perfgen.form.schema_references import References
from perfgen.form.schema_text import only_defines
from perfgen.project import faults
from perfgen.project.layout import SCHEMA_FOLDER, SCHEMA_SUFFIX, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project

RULES_SUFFIX = SUFFIX
PAGE_TEMPLATE = "page.html"
"""The template of the public page, without which nothing of a form is public."""
SETTINGS = frozenset({"site", "units"})
"""The schemas of these names describe settings and are no forms."""


@dataclass(frozen=True, eq=False)
class Form:
    """A form, loaded: its schema, its fields, its figures, and where its templates are."""

    name: str
    schema: Schema
    fields: Field
    figures: figures.FigureSet
    rules: rules.RuleSet
    templates: str
    """The folder of its templates, as a path of the project."""
    files: tuple[str, ...]
    """The schema, the schemas it refers to, the rules file and those it includes, as paths of the project."""
    schema_references: References | None = None
    """What the schema may refer to besides itself."""
    references: Mapping[str, Reference] = field(default_factory=dict)
    """By name, the other files that a file of this form refers to."""
    path: PathPattern | None = None
    """Where its files lie below the folder of their year; None where they may lie anywhere there."""
    has_page: bool = False
    """Whether it has the template of a public page: without it, nothing of its files is public."""

    @property
    def has_own_dates(self) -> bool:
        """Whether its files are only published by dates that name the form."""
        return self.schema.get("x-own-dates") is True

    @property
    def rolls_over(self) -> bool:
        """Whether next year's file of a unit is made from this year's; else each is started from another form's."""
        return self.schema.get("x-rollover") is not False

    @property
    def subject(self) -> tuple[str, ...]:
        """The top-level fields that say what a file is about beside its unit; none where a unit has one file."""
        return subjects(self.fields)

    @property
    def heads(self) -> tuple[str, ...]:
        """The top-level fields that say which file it is: form, year, unit, and what it is about."""
        return (*(self.fields.with_role(role) for role in ("form", "year", "unit")), *self.subject)

    def unit_in(self, path: str) -> str:
        """The unit that the path of one of its files names (below the year, without suffix); empty where it does not.

        It is as a path holds it: other characters may stand for some of the name's.
        """
        values = self.path.match(path) if self.path else None
        return (values or {}).get(self.fields.with_role("unit"), "")

    def name_in(self, path: str) -> str:
        """The same with what the file is about, in words; the last part of a path that does not say."""
        values = (self.path.match(path) if self.path else None) or {}
        told = [values.get(name, "") for name in (self.fields.with_role("unit"), *self.subject)]
        return " ".join(filter(None, told)) or path.rpartition("/")[2]

    @property
    def title(self) -> str:
        """The form's own name in words."""
        return str(self.schema.get("title", self.name))

    def is_only_computed(self, figure: Figure, path: ValuePath) -> bool:
        """Whether what a form prints at the path of a figure is no data: there is no field for it, or it is that of
        another file, and what is typed does not count instead."""
        is_of_others = figure.path in self.figures.of_other_files and not figure.may_be_typed
        return is_of_others or self.fields.at(path) is None

    @functools.cached_property
    def has_outcomes(self) -> bool:
        """Whether its files say what came of promises."""
        return self.fields.holds_outcome()

    @functools.cached_property
    def validator(self) -> Validator:
        """Holds data to the schema."""
        return schema_validator(self.schema, self.files, self.schema_references)

    def template(self, name: str) -> str:
        """The path of one of its templates, there or not."""
        return f"{self.templates}/{name}"


def names(project: Project) -> list[str]:
    """The forms a project has: a schema that only holds definitions for others is none."""
    return list(project.once(_names))


def _names(project: Project) -> tuple[str, ...]:
    schemas = (path.removeprefix(f"{SCHEMA_FOLDER}/") for path in project.files(SCHEMA_FOLDER))
    found = (name.removesuffix(SCHEMA_SUFFIX) for name in schemas if name.endswith(SCHEMA_SUFFIX) and "/" not in name)
    return tuple(sorted(name for name in found if name not in SETTINGS and not _only_defines(project, name)))


def _only_defines(project: Project, name: str) -> bool:
    try:
        return only_defines(project.read(f"{SCHEMA_FOLDER}/{name}{SCHEMA_SUFFIX}"))
    except (FindingsError, OSError):
        return False  # that it cannot be read is said of a form


def loaded(project: Project) -> list[Form]:
    """All forms of a project. Raises FormError when one is broken."""
    return [form for name in names(project) if (form := find(project, name))]


def sound(project: Project) -> Iterator[Form]:
    """The forms of a project that are not broken."""
    for name in names(project):
        with suppress(FormError):
            if form := find(project, name):
                yield form


def find(project: Project, name: str) -> Form | None:
    """The form called `name`, None if the project has none.

    Raises FormError when its schema or rules are broken.
    """
    with faults.in_hand(f"{SCHEMA_FOLDER}/{name}{SCHEMA_SUFFIX}"):
        return project.once(_load, name)


def chosen(project: Project, name: str | None) -> Form:
    """The form of a name, or the only one there is.

    Raises UsageError where there is none of that name, or no name and several; FormError for a broken form.
    """
    known = names(project)
    if name is None and len(known) != 1:
        raise UsageError(f"这里有几张表：{'、'.join(known)}。用 --form 写明是哪一张。")
    form = find(project, name or known[0])
    if form is None:
        raise UsageError(f"没有 {name} 这张表；有的是 {'、'.join(known)}。")
    return form


def reached(project: Project, form: Form) -> tuple[Form, ...]:
    """A form and all that it refers to, directly or through others, in the order in which they are met.

    Raises FormError for a broken one.
    """
    found = {form.name: form}
    waiting = [form]
    while waiting:
        for reference in waiting.pop(0).references.values():
            if reference.form not in found and (other := find(project, reference.form)):
                found[other.name] = other
                waiting.append(other)
    return tuple(found.values())


@dataclass(frozen=True, eq=False)
class Outline:
    """A form as its own files have it, before anything is compiled."""

    name: str
    schema: LoadedSchema
    document: RulesDocument | None
    """The rules file, written out."""
    fields: Field
    """The fields of the schema."""
    places: Field
    """The same with the places of figures: what formulas of other forms may name."""
    files: tuple[str, ...]
    path: PathPattern | None

    @property
    def main_file(self) -> str:
        """The rules file, or the schema where there is none."""
        return self.document.file if self.document else self.files[0]


@dataclass(frozen=True, eq=False)
class Computing:
    """A form as far as its figures: its outline, what it refers to, and the formulas of its figures."""

    outline: Outline
    references: Mapping[str, Reference]
    figures: figures.FigureSet

    @property
    def leads(self) -> Mapping[str, Lead]:
        """Where its references lead."""
        return {name: Lead(reference.form, reference.years) for name, reference in self.references.items()}


def outline(project: Project, name: str) -> Outline | None:
    """The first step: needs the form's own files only. Raises FormError where they are broken."""
    return project.once(_outline, name)


def _outline(project: Project, name: str) -> Outline | None:
    if name not in names(project):
        return None
    schema_file, rules_file_ = (f"{SCHEMA_FOLDER}/{name}{suffix}" for suffix in (SCHEMA_SUFFIX, RULES_SUFFIX))
    schema = load_schema(project, schema_file)
    form_fields = fields.read_fields(schema.content, schema_file, leads=schema.references.leads)
    document = None
    if project.holds(rules_file_):
        with faults.in_hand(rules_file_), few_guesses():
            document = load_rules(project, rules_file_, form_fields)
    places = figures.with_places(document, form_fields)
    files = (*schema.files, *(document.files if document else ()))
    path = read_pattern(schema.content, form_fields, schema_file, project.read(schema_file))
    return Outline(name, schema, document, form_fields, places, files, path)


def _computing(project: Project, name: str) -> Computing | None:
    """The second step: needs the outlines of the forms that it refers to."""
    own = outline(project, name)
    if own is None:
        return None

    def fields_of(other: str) -> tuple[Field, Field] | None:
        found = outline(project, other)
        return (found.fields, found.places) if found else None

    with faults.in_hand(own.main_file), few_guesses():
        referred = references.read_references(own.document, name, fields_of, tuple(names(project)))
        files = {one.name: one.type for one in referred.values()}
        return Computing(own, referred, figures.read_figures(own.document, own.fields, files))


def _around(project: Project, name: str) -> dict[str, Computing]:
    """A form and those that it reaches by references, as far as their figures, by name."""
    found: dict[str, Computing] = {}
    waiting = [name]
    while waiting:
        other = waiting.pop()
        part = project.once(_computing, other) if other not in found else None
        if part is not None:
            found[other] = part
            waiting += [reference.form for reference in part.references.values()]
    return found


def _load(project: Project, name: str) -> Form | None:
    """The last step: needs the figures of all forms that it reaches."""
    around = _around(project, name)
    if name not in around:
        return None
    own = around[name]
    about = own.outline
    with faults.in_hand(about.main_file), few_guesses():
        sets = {other: part.figures for other, part in around.items()}
        known = link(name, sets, {other: part.leads for other, part in around.items()})
        rule_set = rules_file.read_rules(about.document, known.fields, own.references)
    return Form(
        name,
        about.schema.content,
        about.fields,
        known,
        rule_set,
        f"{TEMPLATE_FOLDER}/{name}",
        about.files,
        about.schema.references,
        own.references,
        about.path,
        has_page=project.holds(project.provided(f"{TEMPLATE_FOLDER}/{name}/{PAGE_TEMPLATE}")),
    )
