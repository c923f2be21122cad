"""The JSON Schema of a form, or of the site's settings: read, and held to data whose numbers are Decimal.

What a schema can make long is counted in steps, and what it refers to is looked for in schema/ only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import jsonschema
from jsonschema.exceptions import ValidationError

from perfgen.data import Data
from perfgen.findings import Finding, FormError, Place
from perfgen.form import steps
from perfgen.form.schema_keywords import BoundedValidator
from perfgen.form.schema_references import SchemaFiles, follow_references
from perfgen.form.schema_text import place_of
from perfgen.project.snapshot import Project

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema as it was read, numbers as Decimal; what may stand in it, its own schema says."""

_STEPS, _STEPS_FOR_A_VALUE = 500_000, 300
"""How many keywords may be applied to some data, at all and for each of its values."""
_LONGEST_MESSAGE = 200


class Validator(Protocol):
    """A compiled schema."""

    def iter_errors(self, instance: object) -> Iterator[ValidationError]:
        """What the schema says against some data."""


@dataclass(frozen=True, eq=False)
class LoadedSchema:
    """A JSON Schema, read and held to what a schema may be."""

    file: str
    content: Schema
    validator: Validator
    reads: tuple[str, ...]
    """The files of schema/ that it was read from, its own first."""


def load_schema(project: Project, file: str) -> LoadedSchema:
    """A JSON Schema from a file of the project, numbers as Decimal.

    Raises FormError when it is not JSON, not a JSON Schema, or refers to what is not in schema/.
    """

    def check(content: Data, checked: str) -> None:
        _check_schema(project, content, checked)

    files = SchemaFiles(project, check)
    content = files.read(file)
    if not isinstance(content, dict):
        raise FormError([Finding(Place(file), "schema-invalid", "要是一个 JSON 对象。")])
    registry, _ = follow_references(files, file)
    compiled = BoundedValidator(content, registry=registry, format_checker=jsonschema.FormatChecker(["date"]))
    return LoadedSchema(file, content, _Bounded(compiled, file), tuple(files.contents))


def _check_schema(project: Project, content: Data, file: str) -> None:
    """Raises FormError where some data is no JSON Schema."""
    meta_schema = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    for error in meta_schema.iter_errors(content):
        path = tuple(error.absolute_path)
        place = place_of(project.read(file), path, file)
        message = error.message if len(error.message) <= _LONGEST_MESSAGE else error.message[:_LONGEST_MESSAGE] + "…"
        where = "/".join(map(str, path))
        raise FormError([Finding(place, "schema-invalid", f"#/{where}：不是 JSON Schema：{message}")])


@dataclass(frozen=True)
class _Bounded:
    """A compiled schema that stops where data would take it too long."""

    compiled: Validator
    file: str

    def iter_errors(self, instance: object) -> Iterator[ValidationError]:
        """What the schema says against some data.

        Raises FormError where that takes too many steps, or cannot be computed.
        """
        try:
            with steps.limited(_STEPS + _STEPS_FOR_A_VALUE * _size(instance)):
                errors = list(self.compiled.iter_errors(instance))
        except (steps.TooManyStepsError, RecursionError):
            message = "用这个 schema 检查一个文件要算的步数太多：引用一层套一层，越分越多。减少引用的层数。"
            raise FormError([Finding(Place(self.file), "schema-invalid", message)]) from None
        except ArithmeticError:
            message = "schema 里有数太大或太小，没法和数据比较。"
            raise FormError([Finding(Place(self.file), "schema-invalid", message)]) from None
        return iter(errors)


def _size(data: object) -> int:
    """How many values some data has, itself among them."""
    count, waiting = 0, [data]
    while waiting:
        count += 1
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
    return count
