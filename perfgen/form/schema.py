"""The JSON Schema of a form, or of the site's settings: read, and held to data whose numbers are Decimal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

import jsonschema
from jsonschema.exceptions import ValidationError

from perfgen.findings import Finding, FormError, Place
from perfgen.project.snapshot import Project

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema as it was read, numbers as Decimal; what may stand in it, its own schema says."""


class Validator(Protocol):
    """A compiled schema."""

    def iter_errors(self, instance: object) -> Iterator[ValidationError]:
        """What the schema says against some data."""


def load_schema(project: Project, file: str) -> Schema:
    """A JSON Schema from a file of the project, numbers as Decimal.

    Raises FormError when it is not JSON or not a JSON Schema.
    """
    try:
        schema = json.loads(project.read(file).decode("utf-8"), parse_float=Decimal)
        jsonschema.Draft202012Validator.check_schema(schema)
    except UnicodeDecodeError:
        raise FormError([Finding(Place(file), "schema-json", "文件不是 UTF-8 编码。")]) from None
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise FormError([Finding(place, "schema-json", f"不是 JSON：{error.msg}。")]) from None
    except jsonschema.SchemaError as error:
        where = "/".join(map(str, error.absolute_path))
        raise FormError(
            [Finding(Place(file), "schema-invalid", f"#/{where}：不是 JSON Schema：{error.message}")]
        ) from None
    if not isinstance(schema, dict):
        raise FormError([Finding(Place(file), "schema-invalid", "要是一个 JSON 对象。")])
    return schema


def _is_integer(_: object, value: object) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"number": lambda _, value: isinstance(value, Decimal), "integer": _is_integer}
)
_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, type_checker=_TYPES
)


def schema_validator(schema: Schema) -> Validator:
    """A schema compiled, for data in which every number is a Decimal; of formats, dates are held to the calendar."""
    validator: Validator = _Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    return validator
