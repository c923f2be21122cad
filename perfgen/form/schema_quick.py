"""A schema as functions in one another, which say of some data whether it is valid, and nothing more.

Most data is valid. The library makes a validator for each value that it goes down to, and is only needed to describe an
error. What a schema says beyond the keywords here is left to the library. Steps are counted as `schema_keywords` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from perfgen.form import steps
from perfgen.form.patterns import compile_pattern
from perfgen.form.schema_keywords import KEYWORDS, steps_of

Check: TypeAlias = Callable[[Any], bool]
"""Whether some data is valid."""
_Node: TypeAlias = Any
"""A schema: an object, true or false."""

_OF_ITS_OWN = {
    "const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength", "maxProperties",
    "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "required", "type", "uniqueItems",
}  # fmt: skip
"""Keywords of the library that look at a value, and at no other schema."""


class _OthersNeededError(Exception):
    """The schema says what only the library knows."""


def quick_check(schema: _Node, validator: Any, targets: Mapping[int, tuple[Any, Any]]) -> Check | None:
    """What says whether data is valid; None where only the library can.

    `validator` is the library's for the same schema; `targets` says where references lead, as in `schema_keywords`.
    The check raises TooManyStepsError, RecursionError and ArithmeticError as the library's does.
    """
    try:
        return Maker(validator, targets).of(schema)
    except _OthersNeededError:
        return None


class Maker:
    """Makes the functions of one schema, each part's once: a part may lead to itself.

    `validator` is the library's; `targets` says where references lead.
    """

    kinds: ClassVar[Mapping[str, type]] = {
        "object": dict, "array": list, "string": str, "number": Decimal, "boolean": bool,
    }  # fmt: skip
    """By the name of a type, what Python has for it; the library knows the others."""

    def __init__(self, validator: Any, targets: Mapping[int, tuple[Any, Any]]) -> None:
        self.validator = validator
        self.targets = targets
        self.made: dict[int, list[Check]] = {}
        """By the identity of a schema, its function; the list is empty while it is made."""

    def of(self, schema: _Node) -> Check:
        """The function of a schema."""
        if isinstance(schema, bool):
            return lambda _: schema
        if id(schema) not in self.made:
            self.made[id(schema)] = []
            self.made[id(schema)].append(self.all_of(schema))
        made = self.made[id(schema)]
        return made[0] if made else lambda value: made[0](value)  # noqa: PLW0108 - it is not there yet

    def all_of(self, schema: _Node) -> Check:
        """Whether every keyword of a schema holds."""
        said = [(keyword, wanted) for keyword, wanted in schema.items() if keyword in KEYWORDS]
        cost = sum(steps_of(wanted) for _, wanted in said)
        checks = [self.keyword(keyword, wanted, schema) for keyword, wanted in said]

        def holds(value: Any) -> bool:
            steps.spend(cost)
            for check in checks:  # noqa: SIM110 - `all` would take twice as long
                if not check(value):
                    return False
            return True

        return holds

    def keyword(self, keyword: str, wanted: Any, schema: _Node) -> Check:
        """The function of a keyword."""
        if keyword == "type" and isinstance(wanted, str) and wanted in self.kinds:
            kind = self.kinds[wanted]
            return lambda value: isinstance(value, kind)
        if keyword in _MAKERS:
            return _MAKERS[keyword](self, wanted, schema)
        if keyword not in _OF_ITS_OWN:
            raise _OthersNeededError
        errors, validator = KEYWORDS[keyword], self.validator
        return lambda value: not any(True for _ in errors(validator, wanted, value, schema) or ())

    def reference(self, _: str, schema: _Node) -> Check:
        """What a reference leads to."""
        if id(schema) not in self.targets:
            raise _OthersNeededError
        return self.of(self.targets[id(schema)][0])

    def every(self, wanted: Iterable[_Node], _: _Node) -> Check:
        """Whether all schemas of a list hold."""
        checks = [self.of(schema) for schema in wanted]
        return lambda value: _all_hold((check, value) for check in checks)

    def pattern(self, wanted: str, _: _Node) -> Check:
        """Whether a text matches."""
        pattern = compile_pattern(wanted)
        return lambda value: not isinstance(value, str) or pattern.occurs(value)

    def properties(self, wanted: Mapping[str, _Node], _: _Node) -> Check:
        """Whether the members that are named are valid."""
        members = {name: self.of(schema) for name, schema in wanted.items()}

        def hold(value: Any) -> bool:
            return not isinstance(value, dict) or _all_hold(
                (members[name], member) for name, member in value.items() if name in members
            )

        return hold

    def additional_properties(self, wanted: _Node, schema: _Node) -> Check:
        """Whether the members that are not named are valid."""
        if "patternProperties" in schema:
            raise _OthersNeededError
        known, check = schema.get("properties", {}), self.of(wanted)

        def hold(value: Any) -> bool:
            return not isinstance(value, dict) or _all_hold(
                (check, member) for name, member in value.items() if name not in known
            )

        return hold

    def property_names(self, wanted: _Node, _: _Node) -> Check:
        """Whether all names are valid."""
        check = self.of(wanted)
        return lambda value: not isinstance(value, dict) or _all_hold((check, name) for name in value)

    def items(self, wanted: _Node, schema: _Node) -> Check:
        """Whether all items are valid."""
        if "prefixItems" in schema:
            raise _OthersNeededError
        check = self.of(wanted)
        return lambda value: not isinstance(value, list) or _all_hold((check, item) for item in value)


def _all_hold(pairs: Iterable[tuple[Check, Any]]) -> bool:
    return all(check(value) for check, value in pairs)


_MAKERS: Mapping[str, Callable[[Maker, Any, _Node], Check]] = {
    "$ref": Maker.reference, "allOf": Maker.every, "pattern": Maker.pattern, "properties": Maker.properties,
    "items": Maker.items,
    "additionalProperties": Maker.additional_properties, "propertyNames": Maker.property_names,
}  # fmt: skip
