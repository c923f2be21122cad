"""The keywords of JSON Schema (2020-12) over data whose numbers are Decimal, each counted in steps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from typing import Any, TypeAlias

import jsonschema
from jsonschema.exceptions import ValidationError

from perfgen.form import steps
from perfgen.form.patterns import compile_pattern

_Keyword: TypeAlias = Callable[[Any, Any, Any, Any], Iterable[ValidationError] | None]
"""A keyword of the library: validator, what the keyword says, the instance, the schema."""
_LETTERS_FOR_A_STEP = 64
"""The library quotes what is wrong in its messages, however long that is."""

_MOST_DIGITS = 400
"""What needs more digits to be divided is no multiple of anything."""


def _is_integer(_: object, value: object) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"number": lambda _, value: isinstance(value, Decimal), "integer": _is_integer}
)


def _counted(keyword: _Keyword) -> _Keyword:
    """The same keyword, which takes steps for what it looks at and for what it says."""

    def run(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        steps.spend(steps_of(wanted))
        for error in keyword(validator, wanted, instance, schema) or ():
            steps.spend(len(error.message) // _LETTERS_FOR_A_STEP)
            yield error

    return run


def steps_of(wanted: object) -> int:
    """How many steps a keyword takes where it finds nothing wrong."""
    return 1 + (len(wanted) if isinstance(wanted, list | dict) else 0)


def _pattern(_: Any, wanted: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not compile_pattern(wanted).occurs(instance):
        yield ValidationError(f"{instance!r} does not match {wanted!r}")


def _pattern_properties(validator: Any, wanted: Any, instance: Any, _: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, schema in wanted.items():
            for name in filter(compile_pattern(pattern).occurs, instance):
                yield from validator.descend(instance[name], schema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """The library matches names with patterns of its own making; otherwise it is as here."""
    if not isinstance(instance, dict):
        return
    patterns = [compile_pattern(pattern) for pattern in schema.get("patternProperties", ())]
    known = schema.get("properties", ())
    extras = [name for name in instance if name not in known and not any(one.occurs(name) for one in patterns)]
    if isinstance(wanted, dict):
        for name in extras:
            yield from validator.descend(instance[name], wanted, path=name)
    elif not wanted and extras:
        yield ValidationError(f"Additional properties are not allowed ({len(extras)} unexpected)")


def _unique_items(_: Any, wanted: bool, instance: Any, __: Any) -> Iterator[ValidationError]:
    """The library compares each item with each other; this looks each up."""
    if wanted and isinstance(instance, list) and len({_key(item) for item in instance}) < len(instance):
        yield ValidationError("non-unique elements")


def _multiple_of(_: Any, wanted: Any, instance: Any, __: Any) -> Iterator[ValidationError]:
    """The library computes with 28 digits; this with as many as the two numbers have."""
    if not isinstance(instance, Decimal):
        return
    unit = Decimal(wanted)
    digits = max(instance.adjusted(), 0) - min(unit.adjusted(), 0) + len(instance.as_tuple().digits) + 2
    with localcontext(prec=min(digits, _MOST_DIGITS)):
        if digits > _MOST_DIGITS or instance % unit:
            yield ValidationError(f"{instance!r} is not a multiple of {wanted}")


def _key(item: Any) -> Hashable:
    """What is equal for items that are equal."""
    if isinstance(item, dict):
        return "object", frozenset((name, _key(value)) for name, value in item.items())
    if isinstance(item, list):
        return "array", tuple(map(_key, item))
    return type(item) is bool, item


KEYWORDS: dict[str, _Keyword] = {
    **jsonschema.Draft202012Validator.VALIDATORS, "uniqueItems": _unique_items, "multipleOf": _multiple_of,
    "pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _additional_properties,
}  # fmt: skip
"""By name, what finds the errors of a keyword; not counted."""
BoundedValidator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator,
    validators={name: _counted(keyword) for name, keyword in KEYWORDS.items()},
    type_checker=_TYPES,
)
"""Compiles a schema; it takes a schema and, by name, `registry` and `format_checker`."""


def bounded_validator(targets: Mapping[int, tuple[Any, Any]]) -> Any:
    """The same, for a schema whose references were followed before: by the identity of a schema with a `$ref`, where it
    leads and what references start from there. The library looks each up anew for each value."""
    look_up: _Keyword = jsonschema.Draft202012Validator.VALIDATORS["$ref"]

    def reference(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterable[ValidationError] | None:
        if (known := targets.get(id(schema))) is None:
            return look_up(validator, wanted, instance, schema)
        errors: Iterable[ValidationError] = validator.descend(instance, known[0], resolver=known[1])
        return errors

    return jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        BoundedValidator, validators={"$ref": _counted(reference)}
    )
