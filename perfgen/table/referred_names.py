"""The references of a form as its Word template uses them: which it prints, and what fields the names stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.formula_view import formula_fields
from perfgen.project.snapshot import Project
from perfgen.table.tags import Print
from perfgen.table.template import TABLE_TEMPLATE, Part, Repeat, TemplateParagraph, TemplateRow, read_template


def printed_references(project: Project, form: Form) -> frozenset[str]:
    """The references that the form's Word template prints; none where there is no template that can be read."""
    return project.once(_printed, form) if form.references else frozenset()


def _printed(project: Project, form: Form) -> frozenset[str]:
    file = form.template(TABLE_TEMPLATE)
    if not project.holds(file):
        return frozenset()
    try:
        template = read_template(project, file)
    except FormError:
        return frozenset()
    parts: list[Part] = [*template.above, *template.rows, *template.below]
    return frozenset(_first_names(parts, frozenset())) & form.references.keys()


def _first_names(parts: Iterable[Part], hidden: frozenset[str]) -> Iterator[str]:
    """The names that tags begin with, but for those that a loop around them gives another meaning.

    Those that a condition around them asks for need not be there.
    """
    for part in parts:
        if isinstance(part, Repeat) and part.open.variable is None and len(part.open.source) == 1:
            yield from _first_names(part.body, hidden | {part.open.source[0]})
        elif isinstance(part, Repeat):
            yield from {part.open.source[0]} - hidden
            yield from _first_names(part.body, hidden | {part.open.variable or ""})
        elif isinstance(part, TemplateRow):
            for cell in part.cells:
                yield from _first_names(cell.paragraphs, hidden)
        elif isinstance(part, TemplateParagraph):
            yield from {piece.path[0] for piece in part.pieces if isinstance(piece, Print)} - hidden


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
