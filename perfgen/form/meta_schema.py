"""Whether some data is a JSON Schema at all: the meta-schema of 2020-12, in functions as a form's own schema.

The library looks up each reference of the meta-schema anew for each part of a schema. It is only asked to describe what
is wrong.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import jsonschema
from jsonschema.exceptions import ValidationError
from jsonschema_specifications import REGISTRY

from perfgen.data import Data
from perfgen.form import steps
from perfgen.form.schema_quick import Check, Maker
from perfgen.form.schema_references import DIALECT, Target, subschemas

_META_SCHEMA: Any = REGISTRY.contents(DIALECT)


def errors_of(content: Data) -> Iterator[ValidationError]:
    """What keeps some data from being a JSON Schema."""
    with steps.Budget(sys.maxsize):  # it takes none of what a form may take
        is_schema = _quick()(content)
    return iter(()) if is_schema else jsonschema.Draft202012Validator(_META_SCHEMA).iter_errors(content)


@functools.cache
def _quick() -> Check:
    return _Maker(jsonschema.Draft202012Validator(_META_SCHEMA), _targets()).of(_META_SCHEMA)


class _Maker(Maker):
    """Makes the functions of the meta-schema, which has two keywords more, for a schema as it is read from JSON."""

    kinds: ClassVar[Mapping[str, type]] = {"object": dict, "array": list, "string": str, "boolean": bool}

    def keyword(self, keyword: str, wanted: Any, schema: Any) -> Check:
        """The function of a keyword."""
        if keyword == "$dynamicRef":
            return self.reference(wanted, schema)
        return self.some(wanted) if keyword == "anyOf" else super().keyword(keyword, wanted, schema)

    def some(self, wanted: Iterable[Any]) -> Check:
        """Whether a schema of a list holds."""
        checks = [self.of(schema) for schema in wanted]
        return lambda value: any(check(value) for check in checks)


def _targets() -> dict[int, Target]:
    """Where the references of the meta-schema lead, by the identity of the schema; each dynamic one to its top."""
    found: dict[int, Target] = {}
    waiting = [(_META_SCHEMA, REGISTRY.resolver(DIALECT))]
    seen: set[int] = set()
    while waiting:
        node, resolver = waiting.pop()
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        if "$dynamicRef" in node:
            found[id(node)] = (_META_SCHEMA, resolver)
        if "$ref" in node:
            target = resolver.lookup(node["$ref"])
            found[id(node)] = (target.contents, target.resolver)
            waiting.append(found[id(node)])
        waiting += [(below, resolver) for _, below in subschemas(node)]
    return found
