"""A form is a set of files with one name: schema, rules, templates; found by that name."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from perfgen import fields
from perfgen.findings import UsageError
from perfgen.form import figures, rules, rules_file
from perfgen.form.nearest import few_guesses
from perfgen.form.rules_inclusion import SUFFIX
from perfgen.form.rules_loading import load_rules
from perfgen.form.schema import Schema, Validator, load_schema, schema_validator
from perfgen.form.schema_references import References
from perfgen.project import faults
from perfgen.project.layout import SCHEMA_FOLDER, SCHEMA_SUFFIX, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project

RULES_SUFFIX = SUFFIX
SETTINGS = frozenset({"site", "units"})
"""The schemas of these names describe settings and are no forms."""


@dataclass(frozen=True, eq=False)
class Form:
    """A form, loaded: its schema, its fields, its figures, and where its templates are."""

    name: str
    schema: Schema
    fields: fields.Field
    figures: figures.FigureSet
    rules: rules.RuleSet
    templates: str
    """The folder of its templates, as a path of the project."""
    files: tuple[str, ...]
    """The schema, the schemas it refers to, the rules file and those it includes, as paths of the project."""
    references: References | None = None
    """What the schema may refer to besides itself."""

    @property
    def title(self) -> str:
        """The form's own name in words."""
        return str(self.schema.get("title", self.name))

    @functools.cached_property
    def validator(self) -> Validator:
        """Holds data to the schema."""
        return schema_validator(self.schema, self.files, self.references)

    def template(self, name: str) -> str:
        """The path of one of its templates, there or not."""
        return f"{self.templates}/{name}"


def names(project: Project) -> list[str]:
    """The forms a project has."""
    schemas = (path.removeprefix(f"{SCHEMA_FOLDER}/") for path in project.files(SCHEMA_FOLDER))
    found = (name.removesuffix(SCHEMA_SUFFIX) for name in schemas if name.endswith(SCHEMA_SUFFIX) and "/" not in name)
    return sorted(name for name in found if name not in SETTINGS)


def loaded(project: Project) -> list[Form]:
    """All forms of a project. Raises FormError when one is broken."""
    return [form for name in names(project) if (form := find(project, name))]


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


def _load(project: Project, name: str) -> Form | None:
    if name not in names(project):
        return None
    schema_file, rules_file_ = (f"{SCHEMA_FOLDER}/{name}{suffix}" for suffix in (SCHEMA_SUFFIX, RULES_SUFFIX))
    schema = load_schema(project, schema_file)
    form_fields = fields.read_fields(schema.content, schema_file)
    document = None
    if project.holds(rules_file_):
        with faults.in_hand(rules_file_), few_guesses():
            document = load_rules(project, rules_file_, form_fields)
    with faults.in_hand(rules_file_ if document else schema_file), few_guesses():
        known = figures.read_figures(document, form_fields)
        rule_set = rules_file.read_rules(document, known.fields)
    return Form(
        name,
        schema.content,
        form_fields,
        known,
        rule_set,
        f"{TEMPLATE_FOLDER}/{name}",
        (*schema.files, *(document.files if document else ())),
        schema.references,
    )
