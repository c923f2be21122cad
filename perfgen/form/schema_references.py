"""Where the references of a schema lead: to the files of schema/ and nowhere else, wherever in the schema they stand.

jsonschema would ask the network for what it does not know. Here every `$ref` and `$dynamicRef` is followed once, when
the schema is read, among the files of the project; the registry that is handed on can read those files and do no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeAlias

import referencing.exceptions
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from perfgen.data import Data, ValuePath
from perfgen.fields import Leads
from perfgen.findings import Finding, FormError, Place
from perfgen.form.schema_text import place_of, read_json
from perfgen.project.layout import SCHEMA_FOLDER
from perfgen.project.snapshot import Project

Node: TypeAlias = "dict[str, Any]"
"""A schema inside a schema; what its keywords hold, the meta-schema says."""
Target: TypeAlias = "tuple[Any, Any]"
"""Where a reference leads, and what references start from there: the library's resolver."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
LONGEST_CHAIN = 30
"""How many schemas may hold the same value one through another: by reference, allOf and the like."""

_ONE = ("additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties")  # fmt: skip
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")
_REFERENCES = ("$ref", "$dynamicRef")
_SAME_VALUE = ("not", "if", "then", "else", "allOf", "anyOf", "oneOf", "dependentSchemas")
"""The keywords whose schemas hold the value that the schema around them holds."""


@dataclass
class SchemaFiles:
    """The schemas that one schema can reach, and where each of their objects stands."""

    project: Project
    check: Callable[[Data, str], None]
    """Holds what was read to the meta-schema. Raises FormError."""
    contents: dict[str, Data] = field(default_factory=dict)
    """By file, what was read of it."""
    places: dict[int, tuple[str, ValuePath]] = field(default_factory=dict)
    """By the identity of an object, its file and its path there."""
    checked: set[int] = field(default_factory=set)
    """The identities of the objects that were held to the meta-schema, with the schemas around them or alone."""

    def read(self, file: str) -> Data:
        """The content of a file of schema/. Raises FormError where it is no JSON Schema."""
        if file not in self.contents:
            content = read_json(self.project.read(file), file)
            for path, node in _objects(content, ()):
                self.places[id(node)] = (file, path)
            self.hold_to_meta_schema(content, file)
            self.contents[file] = content
        return self.contents[file]

    def hold_to_meta_schema(self, content: Data, file: str) -> None:
        """Raises FormError where what stands in a file is no JSON Schema; what a schema holds is checked with it."""
        if id(content) in self.checked:
            return
        self.check(content, file)
        waiting = [content]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict) and id(node) not in self.checked:
                self.checked.add(id(node))
                waiting += (below for _, below in subschemas(node))

    def retrieve(self, address: str) -> Resource[Any]:
        """The file that has an address: its name below schema/, or what it calls itself.

        Raises NoSuchResource where there is none.
        """
        for file in self.project.files(SCHEMA_FOLDER):
            if PurePosixPath(file).suffix == ".json":
                name = file.removeprefix(f"{SCHEMA_FOLDER}/")
                content = self.read(file) if name == address or ":" in address else None
                if name == address or (isinstance(content, dict) and content.get("$id") == address):
                    return DRAFT202012.create_resource(content)
        raise referencing.exceptions.NoSuchResource(address)

    def wrong(self, node: Node, message: str, keyword: str = "") -> FormError:
        """The error about an object of a schema, or about one of its keywords."""
        file, path = self.places[id(node)]
        here = (*path, keyword) if keyword else path
        pointer = "/".join(["#", *map(str, path)])
        place = place_of(self.project.read(file), here, file)
        return FormError([Finding(place, "schema-invalid", f"{pointer}：{message}")])


def _objects(data: Data, path: ValuePath) -> Iterator[tuple[ValuePath, Node]]:
    """Every object in some data, with its path."""
    if isinstance(data, dict):
        yield path, data
        for name, below in data.items():
            yield from _objects(below, (*path, name))
    elif isinstance(data, list):
        for number, below in enumerate(data):
            yield from _objects(below, (*path, number))


@dataclass(frozen=True)
class References:
    """What a schema may refer to, and where each of its references leads."""

    registry: Registry[Any]
    targets: dict[int, Target]
    """By the identity of a schema with a `$ref`, which stays as long as the registry; none where a `$dynamicRef` makes
    it depend on the way that led there."""
    leads: Leads = field(default_factory=Leads)
    """The same for the fields: a `$ref` leads to one place, whatever led to it."""


def follow_references(files: SchemaFiles, file: str) -> tuple[References, list[Node]]:
    """The references of a schema file, and every object that is used as a schema.

    Raises FormError, with the place, for a reference that leads nowhere or in a circle, and for another dialect.
    """
    registry: Registry[Any] = Registry(retrieve=files.retrieve)  # type: ignore[call-arg]
    walk = _Walk(files)
    top = DRAFT202012.create_resource(files.read(file))
    try:
        walk.go(top.contents, registry.resolver_with_root(top))
    except (ValueError, referencing.exceptions.Unresolvable):  # an address that is none
        raise FormError([Finding(Place(file), "schema-invalid", "$id 不是一个地址。")]) from None
    walk.refuse_long_chains()
    for node in walk.nodes.values():
        node.pop("$schema", None)  # jsonschema would go on with a validator of its own
    is_fixed = not any("$dynamicRef" in node for node in walk.nodes.values())
    leads = Leads({here: target for here, (target, _) in walk.targets.items()}, files.places)
    references = References(registry, walk.targets if is_fixed else {}, leads)
    return references, list(walk.nodes.values())


class _Walk:
    """Goes to every schema that a schema holds or refers to."""

    def __init__(self, files: SchemaFiles) -> None:
        self.files = files
        self.nodes: dict[int, Node] = {}
        self.same: dict[int, list[int]] = {}
        """By the identity of a schema, the schemas that hold the same value because of it."""
        self.targets: dict[int, Target] = {}

    def go(self, start: Data, resolver: Any) -> None:
        """Visits a schema and all that can be reached from it."""
        waiting = [(start, resolver)]
        while waiting:
            node, resolver = waiting.pop()
            if isinstance(node, dict) and id(node) not in self.nodes:
                self.nodes[id(node)] = node
                waiting += self.around(node, resolver)

    def around(self, node: Node, resolver: Any) -> list[tuple[Data, Any]]:
        """The schemas one step away, each with what its own references start from."""
        if node.get("$schema", DIALECT).removesuffix("#") != DIALECT:
            raise self.files.wrong(node, f"$schema 只能是 {DIALECT}。", "$schema")
        found: list[tuple[Data, Any]] = []
        for keyword, below in subschemas(node):
            if isinstance(below, dict):
                found.append((below, self.inside(below, resolver)))
                if keyword in _SAME_VALUE:
                    self.same.setdefault(id(node), []).append(id(below))
        for keyword in _REFERENCES:
            if keyword in node:
                target, at_target = self.lookup(node, keyword, resolver)
                found.append((target, at_target))
                if keyword == "$ref":
                    self.targets[id(node)] = (target, at_target)
                self.same.setdefault(id(node), []).append(id(target))
        return found

    def inside(self, node: Node, resolver: Any) -> Any:
        """What the references of a schema start from: its own address where it has one."""
        try:
            return resolver.in_subresource(DRAFT202012.create_resource(node))
        except ValueError:
            raise self.files.wrong(node, "$id 不是一个地址。", "$id") from None

    def lookup(self, node: Node, keyword: str, resolver: Any) -> tuple[Data, Any]:
        """Where a reference leads, and what references start from there."""
        try:
            found = resolver.lookup(node[keyword])
        except (referencing.exceptions.Unresolvable, ValueError, TypeError, LookupError, AttributeError) as error:
            if cause := _form_error(error):
                raise cause from None
            found = None
        if found is None or not isinstance(found.contents, dict | bool):
            where = f"只找本文件的 #/$defs/… 和 {SCHEMA_FOLDER}/ 里的文件"
            message = f"引用 {_shorter(node[keyword])} 找不到：不从网上取，{where}。"
            raise self.files.wrong(node, message, keyword)
        if isinstance(found.contents, dict) and id(found.contents) not in self.nodes:
            self.files.hold_to_meta_schema(found.contents, self.files.places[id(found.contents)][0])
        return found.contents, found.resolver

    def refuse_long_chains(self) -> None:
        """Raises FormError where a value would be held to the same schema without end, or to a very long chain."""
        lengths: dict[int, int] = {}
        for start in self.nodes:
            stack = [start]
            while stack:
                here = stack[-1]
                below = [one for one in self.same.get(here, ()) if one in self.nodes]
                todo = [one for one in below if one not in lengths]
                if len(stack) > LONGEST_CHAIN or here in stack[:-1]:
                    raise self.files.wrong(
                        self.nodes[here], f"引用绕回了自己，或者一个接一个超过了 {LONGEST_CHAIN} 层。"
                    )
                if todo:
                    stack.append(todo[0])
                    continue
                lengths[stack.pop()] = 1 + max((lengths[one] for one in below), default=0)
            if lengths[start] > LONGEST_CHAIN:
                raise self.files.wrong(self.nodes[start], f"引用一个接一个超过了 {LONGEST_CHAIN} 层。")


def subschemas(node: Node) -> Iterator[tuple[str, Data]]:
    """The schemas directly in a schema, each with the keyword it belongs to."""
    for keyword in _ONE:
        if keyword in node:
            yield keyword, node[keyword]
    for keyword in _LISTED:
        yield from ((keyword, below) for below in _as_list(node.get(keyword)))
    for keyword in _NAMED:
        below = node.get(keyword)
        yield from ((keyword, one) for one in (below.values() if isinstance(below, dict) else ()))


def _form_error(error: BaseException | None) -> FormError | None:
    """What is wrong with the file that a reference leads to, where that is why it leads nowhere."""
    while error is not None and not isinstance(error, FormError):
        error = error.__cause__
    return error


def _as_list(value: Data) -> list[Data]:
    return value if isinstance(value, list) else []


def _shorter(text: object) -> str:
    """The beginning of an address: a message has no more."""
    shown = " ".join(str(text).split())
    return shown if len(shown) <= 80 else shown[:80] + "…"
