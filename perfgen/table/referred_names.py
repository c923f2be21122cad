"""The references of a form as its Word template uses them: which it prints, and what fields the names stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.formula_view import formula_fields
from perfgen.project.snapshot import Project
from perfgen.table.tags import Print
from perfgen.table.template import TABLE_TEMPLATE, Part, Repeat, TemplateParagraph, TemplateRow, read_template


def printed_references(project: Project, form: Form) -> Mapping[str, frozenset[ValuePath]]:
    """The references that the form's Word template prints, each with the values that it prints of their files.

    A value is a path of names, through groups as rows. There are none where there is no template that can be read.
    """
    return project.once(_printed, form) if form.references else {}


def _printed(project: Project, form: Form) -> Mapping[str, frozenset[ValuePath]]:
    file = form.template(TABLE_TEMPLATE)
    if not project.holds(file):
        return {}
    try:
        template = read_template(project, file)
    except FormError:
        return {}
    found: dict[str, set[ValuePath]] = {}
    for name, path in _values([*template.above, *template.rows, *template.below], {}, frozenset()):
        if name in form.references:
            found.setdefault(name, set()).add(path)
    return {name: frozenset(paths) for name, paths in found.items()}


def _values(
    parts: Iterable[Part], variables: Mapping[str, tuple[str, ...]], asked: frozenset[str]
) -> Iterator[tuple[str, ValuePath]]:
    """What tags print or go through, with the variables of loops taken for what they run over.

    What a condition around them asks for need not be there.
    """

    def meant(path: tuple[str, ...]) -> Iterator[tuple[str, ValuePath]]:
        first, *rest = (*variables.get(path[0], path[:1]), *path[1:])
        if first not in asked:
            yield first, tuple(rest)

    for part in parts:
        if isinstance(part, Repeat) and part.open.variable is None and len(part.open.source) == 1:
            yield from _values(part.body, variables, asked | {part.open.source[0]})
        elif isinstance(part, Repeat):
            source, variable = part.open.source, part.open.variable
            yield from meant(source)
            whole = (*variables.get(source[0], source[:1]), *source[1:])
            yield from _values(part.body, {**variables, **({variable: whole} if variable else {})}, asked)
        elif isinstance(part, TemplateRow):
            for cell in part.cells:
                yield from _values(cell.paragraphs, variables, asked)
        elif isinstance(part, TemplateParagraph):
            for piece in part.pieces:
                if isinstance(piece, Print):
                    yield from meant(piece.path)


def template_fields(project: Project, form: Form) -> Field:
    """A form's fields as templates see them, groups as lists, with its references; these need not be printed.

    Raises FormError for a form that is broken.
    """
    seen = formula_fields(with_references(project, form), measures=False)
    others = {name: _unprinted(seen.members[name]) for name in form.references}
    return replace(seen, members={**seen.members, **others})


def with_references(project: Project, form: Form) -> Field:
    """A form's fields, with those of the files that it refers to under the names of its references.

    Raises FormError for a form that is broken.
    """
    own = form.figures.fields
    others = {}
    for name, reference in form.references.items():
        other = forms.find(project, reference.form)
        one = _unprinted(other.figures.fields if other else Field("object", name))
        others[name] = Field("array", name, item=one) if reference.many else one
    return replace(own, members={**own.members, **others}) if others else own


def _unprinted(field: Field) -> Field:
    """A field with everything below it, none of which is to be printed."""
    members = {name: _unprinted(member) for name, member in field.members.items()}
    item, other = (_unprinted(part) if part else None for part in (field.item, field.other))
    return replace(field, printed=False, members=members, item=item, other=other)
