"""What a schema asks of each value of the data, however it is written: its keywords by the path of the field.

References are followed, so that a definition used in forty places counts in each of them, and one that is written out
in place of a reference asks the same. Keywords that hold schemas of their own besides fields (`allOf`, `if` …) are
digests, in which references are followed, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfgen.data import Data, ValuePath, as_group, value_at
from perfgen.display import show
from perfgen.fields import Leads
from perfgen.form.forms import Form

FieldPath = tuple[str, ...]
"""The way to a field by names; `[]` stands for the items of a list, `*` for members whose names are open."""
ITEMS, OPEN = "[]", "*"
Asked = dict[FieldPath, dict[str, Data]]
"""By field, what its keywords ask; of a keyword that holds schemas, a digest."""

_FOR_PEOPLE = frozenset({
    "title", "description", "errorMessage", "defaultSnippets", "enumDescriptions", "markdownEnumDescriptions",
    "markdownDescription", "$comment", "examples", "default", "deprecated", "doNotSuggest",
})  # fmt: skip
"""Keywords that ask nothing of the data."""
_STRUCTURE = frozenset({"properties", "items", "$ref", "$defs", "definitions", "$schema", "$id", "$anchor"})
_WITH_SCHEMAS = frozenset({
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "contains", "propertyNames", "prefixItems",
    "patternProperties", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "contentSchema",
    "$dynamicRef", "$dynamicAnchor",
})  # fmt: skip
_LOCAL = "#/"
_Layers = list[dict[str, Data]]


def asked_of_data(form: Form, others: bytes = b"") -> Asked:
    """What the schema of a form asks of each field. `others` is all that it may refer to outside itself.

    The form was loaded, so that its references lead somewhere and its fields have an end.
    """
    leads = form.schema_references.leads if form.schema_references else Leads()
    reader = _Reader(form.schema, others, leads)
    found: Asked = {}
    waiting: list[tuple[FieldPath, _Layers]] = [((), reader.layers(form.schema))]
    while waiting:
        path, layers = waiting.pop()
        found[path] = reader.keywords(layers)
        waiting += reversed([((*path, step), below) for step, below in reader.below(layers).items()])
    return found


def pointer_of(schema: Mapping[str, Data], path: FieldPath) -> ValuePath:
    """Where the node of a field stands in its schema; of a field that is not there, the nearest above it."""
    pointer: ValuePath = ()
    for step in path:
        below: ValuePath = (
            ("items",) if step == ITEMS else ("additionalProperties",) if step == OPEN else ("properties", step)
        )
        found = next(
            (one for one in _ways(schema, pointer) if isinstance(value_at(dict(schema), (*one, *below)), dict)), None
        )
        if found is None:
            return pointer
        pointer = (*found, *below)
    return pointer


def _ways(schema: Mapping[str, Data], pointer: ValuePath) -> Iterator[ValuePath]:
    """A node and those that it refers to, by where they stand."""
    seen: list[ValuePath] = []
    while pointer not in seen:
        yield pointer
        seen.append(pointer)
        reference = as_group(value_at(dict(schema), pointer)).get("$ref")
        if not isinstance(reference, str) or not reference.startswith(_LOCAL):
            return
        pointer = tuple(
            part.replace("~1", "/").replace("~0", "~") for part in reference.removeprefix(_LOCAL).split("/")
        )


def words_for_people(form: Form) -> dict[str, Data]:
    """What a schema says to people, by the pointer of each keyword."""
    return dict(_words(form.schema, "#"))


def _words(node: Data, pointer: str) -> Iterator[tuple[str, Data]]:
    for name, value in as_group(node).items():
        if name in _FOR_PEOPLE and not pointer.endswith(("/properties", "/$defs")):
            yield f"{pointer}/{name}", value
        elif isinstance(value, dict):
            yield from _words(value, f"{pointer}/{name}")
        elif isinstance(value, list):
            for number, item in enumerate(value):
                yield from _words(item, f"{pointer}/{name}/{number}")


class _Reader:
    """Reads one schema."""

    def __init__(self, schema: Mapping[str, Data], others: bytes, leads: Leads) -> None:
        self.schema = schema
        self.leads = leads
        self.others = hashlib.sha256(others).hexdigest()
        self.whole = _hash([_plain(dict(schema))])
        """For a reference that is not followed: whatever changes may change what it asks."""
        self.known: dict[int, str] = {}
        self.open: set[int] = set()

    def layers(self, node: Data) -> _Layers:
        """A node and all that it refers to, each of which asks something of the same value."""
        found: _Layers = []
        while isinstance(node, dict) and not any(node is one for one in found):
            found.append(node)
            node = self.target(node, "$ref") if isinstance(node.get("$ref"), str) else None
        return found

    def target(self, node: dict[str, Data], keyword: str) -> Data:
        """What a reference of a node leads to; None for one that is only known where the data is held to it."""
        if keyword == "$ref" and id(node) in self.leads.targets:
            return self.leads.targets[id(node)]
        reference = str(node[keyword])
        if not reference.startswith(_LOCAL):
            return None
        found: Data = dict(self.schema)
        for part in reference.removeprefix(_LOCAL).split("/"):
            found = as_group(found).get(part.replace("~1", "/").replace("~0", "~"))
        return found

    def below(self, layers: _Layers) -> dict[str, _Layers]:
        """The fields below, by the step to each."""
        found: dict[str, _Layers] = {}
        for layer in layers:
            steps = dict(as_group(layer.get("properties")))
            if isinstance(layer.get("additionalProperties"), dict):
                steps[OPEN] = layer["additionalProperties"]
            if isinstance(layer.get("items"), dict):
                steps[ITEMS] = layer["items"]
            for step, node in steps.items():
                found.setdefault(step, []).extend(self.layers(node))
        return found

    def keywords(self, layers: _Layers) -> dict[str, Data]:
        """What all layers together ask of one value; where two ask by one keyword, both."""
        found: dict[str, list[Data]] = {}
        for layer in layers:
            for name, value in layer.items():
                if name in _FOR_PEOPLE or name in _STRUCTURE or name.startswith("x-"):
                    continue
                asked = found.setdefault(name, [])
                if (one := self.asked(name, value)) not in asked:
                    asked.append(one)
            reference = layer.get("$ref")
            if isinstance(reference, str) and self.target(layer, "$ref") is None:
                found.setdefault("$ref", []).append(f"{reference} {self.others} {self.whole}")
        required: list[Data] = [*sorted({str(name) for names in found.pop("required", []) for name in _list(names)})]
        joined: dict[str, Data] = {name: asked[0] if len(asked) == 1 else asked for name, asked in found.items()}
        return joined | ({"required": required} if required else {})

    def asked(self, name: str, value: Data) -> Data:
        """What a keyword asks, written in one way."""
        if name in _WITH_SCHEMAS:
            return self.digest(value)
        if name == "additionalProperties" and isinstance(value, dict):
            return True
        if name in ("type", "required") and isinstance(value, list):
            return [*sorted(map(str, value))]
        return _exact(value)

    def digest(self, value: Data) -> str:
        """A digest of a schema or of several, with what their references lead to."""
        if isinstance(value, list):
            return _hash(["list", *map(self.digest, value)])
        if not isinstance(value, dict):
            return _hash(["value", _plain(value)])
        if id(value) in self.known:
            return self.known[id(value)]
        if id(value) in self.open:
            return _hash(["again"])
        self.open.add(id(value))
        parts = ["object"]
        for name in sorted(value):
            below = value[name]
            if name in _FOR_PEOPLE and isinstance(below, str | list):  # a field may be called so, and is neither
                continue
            if name in ("$ref", "$dynamicRef") and isinstance(below, str):
                target = self.target(value, name)
                parts += [self.digest(target)] if target is not None else [below, self.others, self.whole]
            else:
                parts += [name, self.digest(below)]
        self.open.discard(id(value))
        self.known[id(value)] = _hash(parts)
        return self.known[id(value)]


def _exact(value: Data) -> Data:
    """A value whose numbers are all Decimal; those without a point are read as int."""
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _list(value: Data) -> list[Data]:
    return value if isinstance(value, list) else []


def _plain(value: Data) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_number)


def _number(value: object) -> str:
    return show(value.normalize()) if isinstance(value, Decimal) else str(value)


def _hash(parts: list[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{len(part)}\0{part}".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:16]
