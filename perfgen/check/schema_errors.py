"""What a form's JSON Schema says of a document, and which values cannot be used because of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from jsonschema.exceptions import ValidationError

from perfgen.check import joined_members, slipped_digits
from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.no_amount import is_nothing
from perfgen.form.schema import Schema
from perfgen.source.reader import Document

Instance: TypeAlias = Any
"""What a keyword of JSON Schema asks for, or what was found instead: which of the two it is, the keyword says."""


@dataclass(frozen=True)
class Broken:
    """A validation error, as much of it as is put into words."""

    keyword: str
    wanted: Instance
    """What the keyword asks for."""
    found: Instance
    path: ValuePath
    schema: Schema
    is_name: bool = False
    """Whether it is about the name at the end of the path, not about the value there."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in the value: nothing typed, a text of blanks, a list or group without content."""
        found = self.found.strip() if isinstance(self.found, str) else self.found
        return not self.is_name and (found is None or (isinstance(found, dict | list | str) and not found))

    @property
    def says_nothing(self) -> bool:
        """Whether a word stands where only a number may, and says that there is none."""
        wanted = self.wanted in ("number", "integer")
        return self.keyword == "type" and wanted and isinstance(self.found, str) and is_nothing(self.found)

    def missing(self) -> list[str]:
        """The required names that are not there."""
        return [name for name in self.wanted if name not in self.found]


def broken(error: ValidationError) -> Broken:
    """What is put into words of an error of the library."""
    node = error.schema if isinstance(error.schema, dict) else {}
    path, is_name = tuple(error.absolute_path), "propertyNames" in list(error.absolute_schema_path)[-2:]
    if is_name:
        path = (*path, str(error.instance))
    return Broken(str(error.validator), error.validator_value, error.instance, path, node, is_name)


def errors_of(filing: Filing) -> tuple[Broken, ...]:
    """What its form's schema says of a document; the schema is held to a filing once."""
    return filing.once(_errors_of)


def _errors_of(filing: Filing) -> tuple[Broken, ...]:
    errors = [broken(error) for error in filing.form.validator.iter_errors(filing.document.data)]
    empty = {error.path for error in errors if error.keyword == "minLength"}
    # what is empty has no pattern either
    kept = [error for error in errors if not (error.keyword == "pattern" and error.path in empty)]
    return tuple(filter(None, (_without_figures(error, filing) for error in kept)))


def _without_figures(error: Broken, filing: Filing) -> Broken | None:
    """An error as far as it is about what is typed; whether a wanted figure is there, the check of figures says."""
    figures = filing.form.figures
    if error.keyword == "required":
        wanted = [name for name in error.wanted if name in error.found or figures.at((*error.path, name)) is None]
        return replace(error, wanted=wanted) if any(name not in error.found for name in wanted) else None
    is_empty = error.found is None and filing.is_wanted(error.path)
    return None if is_empty and figures.at(error.path) else error


def unusable(filing: Filing) -> Iterator[ValuePath]:
    """The paths of what is not filled in or has an error of its own, and of what else was meant by such a value.

    What needs one of them cannot be judged.
    """
    fields = filing.form.fields
    yield from slipped_digits.in_values(filing)
    for error in errors_of(filing):
        if error.keyword == "required":
            holders = {joined_members.holder(name, error.found) for name in error.missing()}
            yield from ((*error.path, name) for name in (*error.missing(), *holders) if name)
        elif error.keyword == "additionalProperties":
            yield from _meant_by_names(error, fields.at(error.path), filing.document)
        else:
            yield error.path
            around = fields.at(error.path[:-1]) if error.path else None
            inside = joined_members.held(error.found, around.members if around else ()) if _is_text(error) else []
            yield from ((*error.path[:-1], name) for name in inside)


def _is_text(error: Broken) -> bool:
    return isinstance(error.found, str) and not error.is_name


def _meant_by_names(error: Broken, about: Field | None, document: Document) -> Iterator[ValuePath]:
    """What a group's unknown names may have been meant for: a member that is not there; a part of any value, where
    a name stands alone behind a comma."""
    known = about.members if about else {}
    is_cut = any(document.stands_alone((*error.path, name)) for name in error.found if name not in known)
    yield from ((*error.path, name) for name in known if is_cut or name not in error.found)
