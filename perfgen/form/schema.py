"""The JSON Schema of a form, or of the site's settings: read, and held to data whose numbers are Decimal.

What a schema can make long is counted in steps, and what it refers to is looked for in schema/ only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import jsonschema
from jsonschema.exceptions import ValidationError
from referencing import Registry

from perfgen.data import Data
from perfgen.findings import Finding, FormError, Place
from perfgen.form import meta_schema, steps
from perfgen.form.patterns import PatternError, compile_pattern
from perfgen.form.schema_keywords import bounded_validator
from perfgen.form.schema_quick import Check, quick_check
from perfgen.form.schema_references import References, SchemaFiles, follow_references
from perfgen.form.schema_text import place_of, read_json
from perfgen.project.snapshot import Project

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema as it was read, numbers as Decimal; what may stand in it, its own schema says."""

_STEPS, _STEPS_FOR_A_VALUE, _STEPS_FOR_A_CHARACTER = 500_000, 60, 4
"""How many steps some data may take: at all, for each of its values, and for each character of its texts."""
_LONGEST_MESSAGE = 200


class Validator(Protocol):
    """A compiled schema."""

    def iter_errors(self, instance: object) -> Iterator[ValidationError]:
        """What the schema says against some data."""


@dataclass(frozen=True, eq=False)
class LoadedSchema:
    """A JSON Schema, read and held to what a schema may be."""

    content: Schema
    references: References
    """What its references may lead to."""
    files: tuple[str, ...]
    """The files of schema/ that it was read from, its own first."""

    @property
    def validator(self) -> Validator:
        """Holds data to it."""
        return schema_validator(self.content, self.files, self.references)


def load_schema(project: Project, file: str) -> LoadedSchema:
    """A JSON Schema from a file of the project, numbers as Decimal.

    Raises FormError when it is not JSON, not a JSON Schema, or refers to what is not in schema/.
    """

    def check(content: Data, checked: str) -> None:
        if checked in files.contents:  # a part of a file that is no schema where it stands
            _check_schema(project, content, checked)
        else:
            project.once(_check_file, checked)

    files = SchemaFiles(project, check)
    content = files.read(file)
    if not isinstance(content, dict):
        raise FormError([Finding(Place(file), "schema-invalid", "要是一个 JSON 对象。")])
    references, nodes = follow_references(files, file)
    _check_patterns(files, nodes)
    return LoadedSchema(content, references, tuple(files.contents))


def schema_validator(schema: Schema, files: Sequence[str] = (), references: References | None = None) -> Validator:
    """A schema compiled, for data in which every number is a Decimal; of formats, dates are held to the calendar.

    `files` says what it was read from, its own file first; without `references` it refers to nothing but itself.
    """
    known = References(Registry(), {}) if references is None else references
    compiled = bounded_validator(known.targets)(
        schema, registry=known.registry, format_checker=jsonschema.FormatChecker(["date"])
    )
    return _Bounded(compiled, quick_check(schema, compiled, known.targets), next(iter(files), ""))


def _check_file(project: Project, file: str) -> None:
    """Raises FormError where a file is no JSON Schema: checked once for all forms that refer to it."""
    _check_schema(project, read_json(project.read(file), file), file)


def _check_schema(project: Project, content: Data, file: str) -> None:
    """Raises FormError where some data is no JSON Schema."""
    for error in meta_schema.errors_of(content):
        path = tuple(error.absolute_path)
        place = place_of(project.read(file), path, file)
        message = error.message if len(error.message) <= _LONGEST_MESSAGE else error.message[:_LONGEST_MESSAGE] + "…"
        where = "/".join(map(str, path))
        raise FormError([Finding(place, "schema-invalid", f"#/{where}：不是 JSON Schema：{message}")])


def _check_patterns(files: SchemaFiles, nodes: list[Schema]) -> None:
    """Raises FormError for a pattern that cannot be used."""
    named = [node for node in nodes if "patternProperties" in node]
    for node in nodes:
        patterns = [("pattern", node["pattern"])] if "pattern" in node else []
        patterns += [("patternProperties", pattern) for pattern in node.get("patternProperties", ())]
        for keyword, pattern in patterns:
            try:
                compile_pattern(pattern)
            except PatternError as error:
                raise files.wrong(node, f"{keyword} 的正则表达式{error}。", keyword) from None
        if named and "unevaluatedProperties" in node:
            # the library finds out what is evaluated with patterns of its own
            message = "unevaluatedProperties 和 patternProperties 不能用在同一个 schema 里。"
            raise files.wrong(node, message, "unevaluatedProperties")


@dataclass(frozen=True)
class _Bounded:
    """A compiled schema that stops where data would take it too long."""

    compiled: Validator
    quick: Check | None
    """What says without describing errors whether there are any."""
    file: str

    def iter_errors(self, instance: object) -> Iterator[ValidationError]:
        """What the schema says against some data.

        Raises FormError where that takes too many steps, or cannot be computed.
        """
        most = _STEPS + _size(instance)
        try:
            with steps.limited(most):
                if self.quick is not None and self.quick(instance):
                    return iter(())
            with steps.limited(most):
                errors = list(self.compiled.iter_errors(instance))
        except (steps.TooManyStepsError, RecursionError):
            message = "用这个 schema 检查一个文件要算的步数太多：引用一层套一层，或者正则表达式太复杂。减少它们。"
            raise FormError([Finding(Place(self.file), "schema-invalid", message)]) from None
        except ArithmeticError:
            message = "schema 里有数太大或太小，没法和数据比较。"
            raise FormError([Finding(Place(self.file), "schema-invalid", message)]) from None
        return iter(errors)


def _size(data: object) -> int:
    """How many steps some data may take because of its size."""
    size, waiting = 0, [data]
    while waiting:
        value = waiting.pop()
        size += _STEPS_FOR_A_VALUE
        if isinstance(value, dict):
            size += _STEPS_FOR_A_CHARACTER * sum(map(len, value))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            size += _STEPS_FOR_A_CHARACTER * len(value)
    return size
