"""Reads the fields of a JSON Schema: follows references, merges what is said of one field, holds annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.fields.annotations import ANNOTATIONS, OF_THE_FORM, FieldRole
from perfgen.fields.field import Field, Next
from perfgen.findings import Finding, FormError, Place

_MOST_FIELDS, _DEEPEST = 20_000, 80  # steps of a pointer; the largest form known has 350 fields, 12 steps
_MEMBER = "properties/"
"""Before the name of a member, in a pointer."""
_NO_OBJECT = "这里要是一个对象。"
_REVIEW: FieldRole = "disclosure"
_REVIEW_PARTS = 3
"""How many members the record of a review has at least: who, when, result."""


@dataclass(frozen=True)
class Leads:
    """Where the references of a schema lead, and where its objects stand, both by the identity of an object."""

    targets: Mapping[int, Data] = field(default_factory=dict)
    places: Mapping[int, tuple[str, ValuePath]] = field(default_factory=dict)


def read_fields(
    schema: dict[str, Data],
    file: str,
    roles: tuple[str, ...] = ("form", "year", "unit"),
    leads: Leads = Leads(),
) -> Field:
    """Makes the fields of a schema; `roles` are those that one field each must play.

    A reference that `leads` does not know is looked for in the schema itself.
    Raises FormError for an unknown annotation, a reference that leads nowhere or in a circle, and a missing role.
    """
    reader = _Reader(schema, file, leads)
    root = reader.field(reader.follow(schema, "#", ()), "#")
    played = [member.role for member in root.members.values() if member.role]
    for role in roles:
        if played.count(role) != 1:
            raise _broken(file, "#", f"要有且只有一个顶层字段标明 x-role: {role}，现在有 {played.count(role)} 个。")
    return root


def _broken(file: str, pointer: str, message: str) -> FormError:
    return FormError([Finding(Place(file), "schema-annotation", f"{pointer}：{message}")])


@dataclass(frozen=True)
class _Layer:
    """A node that describes a field, alone or with others, and the identities of the nodes referred to on the way."""

    node: dict[str, Data]
    seen: tuple[int, ...]


class _Reader:
    """Makes fields of the nodes of one schema.

    What a `$ref` refers to and what stands beside it are layers of one field, and both apply (JSON Schema 2020-12
    Core, 8.2.3.1). Members and required names add up, and so does what is said of the same member or of the items.
    Of any other keyword the layer beside the `$ref` wins.
    """

    def __init__(self, schema: dict[str, Data], file: str, leads: Leads) -> None:
        self.schema = schema
        self.file = file
        self.leads = leads
        self.count = 0

    def follow(self, node: Data, pointer: str, seen: tuple[int, ...]) -> list[_Layer]:
        """A node and all that it refers to, the farthest first."""
        layers: list[_Layer] = []
        while True:
            if not isinstance(node, dict):
                raise self.wrong(layers[:1], "$ref", pointer, _NO_OBJECT)
            layers.insert(0, _Layer(node, seen))
            if "$ref" not in node:
                return layers
            target = self._target(node, layers, pointer)
            if id(target) in seen:
                raise self.wrong(layers[:1], "$ref", pointer, f"引用 {node['$ref']} 绕回了自己。")
            node, seen = target, (*seen, id(target))

    def _target(self, node: dict[str, Data], layers: list[_Layer], pointer: str) -> Data:
        """What the reference of a node leads to."""
        if id(node) in self.leads.targets:
            return self.leads.targets[id(node)]
        target: Data = self.schema
        reference = str(node["$ref"])
        for step in reference.removeprefix("#/").split("/"):
            target = as_group(target).get(step)
        if not reference.startswith("#/") or not isinstance(target, dict):
            raise self.wrong(layers[:1], "$ref", pointer, f"引用 {reference} 找不到。")
        return target

    def wrong(self, layers: list[_Layer], keyword: str, pointer: str, message: str) -> FormError:
        """The error about a keyword of a field, in the file where it stands: another one where it was referred to."""
        places = (self.leads.places.get(id(layer.node)) for layer in reversed(layers) if keyword in layer.node)
        place = next(places, None)
        if place is None or place[0] == self.file:
            return _broken(self.file, pointer, message)
        return _broken(
            place[0], "/".join(["#", *map(str, place[1])]), f"{message}（用到它的是 {self.file} 的 {pointer}）"
        )

    def field(self, layers: list[_Layer], pointer: str) -> Field:
        """The field that the layers describe; `pointer` is where it stands."""
        self.count += 1
        if self.count > _MOST_FIELDS or pointer.count("/") > _DEEPEST:
            raise _broken(self.file, pointer, f"字段超过 {_MOST_FIELDS} 个，或套得太深：引用一层套一层，越分越多。")
        node = _merged(layers)
        if unknown := sorted(k for k in node if k.startswith("x-") and k not in ANNOTATIONS):
            raise self.wrong(layers, unknown[0], pointer, f"不认识的标注 {'、'.join(unknown)}。")
        for name in sorted(OF_THE_FORM & set(node)):
            if pointer != "#" or not isinstance(node[name], bool):
                raise self.wrong(layers, name, pointer, f"{name} 说的是整张表：写在最上一级，写 true 或 false。")
        if ("x-groups" in node) != ("x-label" in node):
            given = "x-groups" if "x-groups" in node else "x-label"
            raise self.wrong(layers, given, pointer, "x-groups 和 x-label 要一起写。")
        layers_below = self._below(layers, pointer)
        below = {end: self.field(its_layers, f"{pointer}/{end}") for end, its_layers in layers_below.items()}
        members = {end.removeprefix(_MEMBER): member for end, member in below.items() if end.startswith(_MEMBER)}
        for name, member in members.items():
            if found := _wrong_member(name, member, members) or _wrong_review(name, member, members, pointer):
                end = f"{_MEMBER}{name}"
                raise self.wrong(layers_below[end], found[0], f"{pointer}/{end}", found[1])
        other = below.get("additionalProperties") if isinstance(node.get("additionalProperties"), dict) else None
        return _field_of(node, members, other, below.get("items"))

    def _below(self, layers: list[_Layer], pointer: str) -> dict[str, list[_Layer]]:
        """The layers of the fields below, by the end of their pointers."""
        found: dict[str, list[_Layer]] = {}
        for layer in layers:
            for end, child in _children(layer.node).items():
                if not isinstance(child, dict):
                    raise self.wrong([layer], end.partition("/")[0], f"{pointer}/{end}", _NO_OBJECT)
                found.setdefault(end, []).extend(self.follow(child, f"{pointer}/{end}", layer.seen))
        return found


def _wrong_member(name: str, member: Field, members: Mapping[str, Field]) -> tuple[str, str] | None:
    """What annotations of a member say that does not fit its name or its siblings: the keyword, and a sentence."""
    if member.lines and member.lines.replace("\n", "") != name:
        return "x-lines", "x-lines 只把名称分成几行，字不能改。"
    if member.outcome_of and not _is_outcome(member, members.get(member.outcome_of)):
        return "x-outcome", "x-outcome 写在 x-measure 的一项上，写同级的一项：也是 x-measure，自己不是结果。"
    if (sibling := member.next.sibling) and sibling not in members:
        return "x-next", f"x-next 里的“{sibling}”不是同级的一项。"
    return None


def _wrong_review(name: str, member: Field, members: Mapping[str, Field], pointer: str) -> tuple[str, str] | None:
    """What keeps a member from being the record of the review before publication that it is said to be."""
    if member.role != _REVIEW:
        return None
    if pointer != "#" or next(other for other, one in members.items() if one.role == _REVIEW) != name:
        return "x-role", f"x-role: {_REVIEW} 只写在一个顶层字段上。"
    parts = list(member.members.values())
    if member.kind != "object" or len(parts) < _REVIEW_PARTS:
        return "x-role", f"x-role: {_REVIEW} 写在一组上，前三项依次是谁审查、哪一天、结果。"
    if not parts[_REVIEW_PARTS - 1].choices:
        return "x-role", f"x-role: {_REVIEW} 的第三项是结果，要列出可选的词（enum），第一个是可以公开。"
    if member.public or member.holds_public():
        return "x-role", f"x-role: {_REVIEW} 里的都不公开，不能写 x-public: true。"
    return None


def _is_outcome(member: Field, promise: Field | None) -> bool:
    """Whether a member can be the outcome of a promise: both are measured, and the promise is no outcome itself."""
    return member.measure and promise is not None and promise.measure and not promise.outcome_of


def _children(node: dict[str, Data]) -> dict[str, Data]:
    """The nodes below a node, by the end of their pointers."""
    children = {f"{_MEMBER}{name}": child for name, child in as_group(node.get("properties")).items()}
    if not isinstance(node.get("additionalProperties", True), bool):
        children["additionalProperties"] = node["additionalProperties"]
    return children | ({"items": node["items"]} if "items" in node else {})


def _merged(layers: list[_Layer]) -> dict[str, Data]:
    """One node for several: required names add up, else the last layer wins."""
    node = {keyword: value for layer in layers for keyword, value in layer.node.items()}
    return node | {"required": [name for layer in layers for name in as_list(layer.node.get("required"))]}


def _text(node: dict[str, Data], keyword: str) -> str:
    """What a keyword says; empty where the node has no such keyword."""
    return str(node.get(keyword, ""))


def _name(node: dict[str, Data], keyword: str) -> str | None:
    """The name that a keyword gives; None where the node has no such keyword."""
    name = node.get(keyword)
    return None if name is None else str(name)


def _field_of(node: dict[str, Data], members: dict[str, Field], other: Field | None, item: Field | None) -> Field:
    """The field of a node without references, and of the fields below it."""
    typed = node.get("type")
    types = [typed] if isinstance(typed, str) else as_list(typed)
    choices = as_list(node.get("enum", [node["const"]] if "const" in node else []))
    return Field(
        kind="object" if "object" in types else "array" if "array" in types else "value",
        title=_text(node, "title"),
        public=node.get("x-public", False) is True,
        printed=node.get("x-printed", True) is not False,
        numeric="number" in types or "integer" in types,
        flag="boolean" in types,
        textual="string" in types,
        choices=tuple(map(str, choices)),
        role=_name(node, "x-role"),
        groups=_name(node, "x-groups"),
        label=_name(node, "x-label"),
        lines=_text(node, "x-lines").replace("|", "\n"),
        rows=_name(node, "x-rows"),
        identity=_name(node, "x-identity"),
        measure=node.get("x-measure", False) is True,
        outcome_of=_text(node, "x-outcome"),
        highlight=node.get("x-highlight", False) is True,
        unit=_text(node, "x-unit"),
        next=Next.parse(str(node.get("x-next", "keep"))),
        description=_text(node, "description"),
        error_message=_text(node, "errorMessage"),
        required=frozenset(map(str, as_list(node["required"]))),
        members=members,
        other=other,
        item=item,
    )
