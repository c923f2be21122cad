"""A form's JSON Schema as a tree of fields: what each is called, holds, shows and hides.

JSON Schema says what is allowed; the annotations below say what the rest of perfgen needs to
know about a field. They ride in the schema, where validators and editors ignore them.

    x-public: true        the value may be published; without it, it never leaves the office
    x-printed: false      the value is not printed on the form
    x-role: form|year|unit  the field that names the form, the year, the unit
    x-role: subject       a field that says what a file is about beside its unit (a project): a unit may have several
    x-role: former-name   the field that says what the unit was called before: a name, or a list of names
    x-role: allow         the field that lists what may be published though it looks secret, each with a reason
    x-role: waivers       the field that answers warnings: rule id, or rule id and a row's name → reason
    x-role: reasons       the field that says why a target was weakened or dropped: its name → reason
    x-role: approvals     the field that lists the fingerprints of changes a reviewer has approved
    x-role: corrections   the list of what was corrected after publication: day, reason, path, value before
    x-groups: NAME        an object whose members are groups: templates see them as the list NAME
    x-label: NAME         what a template calls the name of such a group
    x-lines: NA|ME        how the name of a group is set in lines in a narrow cell of the form
    x-rows: NAME          a list that is a group's content: templates see it as NAME
    x-identity: NAME      on a list: the member that tells its rows apart, from one version to the next
    x-measure: true       a text that is a target value: direction, number and unit, or a grade (`values`)
    x-outcome: NAME       on such a value: it is what came of the promise in member NAME, and promises nothing itself
    x-unit: UNIT          a number that is an amount of money, and the unit it is counted in
    x-next: keep|look|clear|NAME  next year's file has: the same; that, to be looked at; nothing; what NAME holds now
    x-next: clear=NAME|later  nothing where it equals NAME; unless it is a year after the new file's; else as `look`
    x-path, x-own-dates   on the form itself: where files lie (`form.path_pattern`); dates must name it (`report.site`)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from perfgen.annotations import Next
from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.findings import Finding, FormError, Place

FieldKind = Literal["object", "array", "value"]
FieldRole = Literal["form", "year", "unit", "allow", "waivers", "reasons", "approvals", "former-name", "corrections"]

_ANNOTATIONS = {
    "x-public", "x-printed", "x-role", "x-groups", "x-label", "x-lines", "x-rows", "x-identity", "x-measure",
    "x-unit", "x-next", "x-path", "x-own-dates", "x-outcome",
}  # fmt: skip
_MOST_FIELDS, _DEEPEST = 20_000, 80  # steps of a pointer; the largest form known has 350 fields, 12 steps
_MEMBER = "properties/"
"""Before the name of a member, in a pointer."""


@dataclass(frozen=True)
class Field:
    """One field of a form and everything below it."""

    kind: FieldKind
    title: str
    public: bool = False
    printed: bool = True
    numeric: bool = False
    flag: bool = False
    textual: bool = False
    """Whether it may hold text; a field may be both, as a value that is typed with its unit or without."""
    choices: tuple[str, ...] = ()
    """The texts it is limited to, if the schema lists them."""
    role: str | None = None
    groups: str | None = None
    label: str | None = None
    lines: str = ""
    rows: str | None = None
    identity: str | None = None
    measure: bool = False
    outcome_of: str = ""
    """The member of the same group that holds the promise whose outcome it is."""
    unit: str = ""
    next: Next = field(default_factory=Next)
    description: str = ""
    error_message: str = ""
    required: frozenset[str] = frozenset()
    """The members that must be there."""
    members: dict[str, Field] = field(default_factory=dict)
    other: Field | None = None
    """The members whose names the schema leaves open, if it allows any."""
    item: Field | None = None

    def member(self, name: str) -> Field | None:
        """The field called `name` in an object, declared or open."""
        return self.members.get(name, self.other)

    @property
    def is_past(self) -> bool:
        """Whether it holds a value of an earlier year: next year's file takes its value from another field."""
        return self.source is not None

    @property
    def is_promise(self) -> bool:
        """Whether it is a target value that is promised, not one that was reached, then or now."""
        return self.measure and not self.is_past and not self.outcome_of

    def promise(self) -> str | None:
        """The name of the member that holds a row's target value; None for rows without one."""
        return next((name for name, member in self.members.items() if member.is_promise), None)

    def outcomes(self) -> dict[str, str]:
        """By the name of a member that holds an outcome, the name of the one that holds its promise."""
        return {name: member.outcome_of for name, member in self.members.items() if member.outcome_of}

    @property
    def guidance(self) -> str:
        """What to fill in, in the schema's own words; empty where it has none."""
        choices = f"从这几个里选一个：{'、'.join(self.choices)}。" if len(self.choices) > 1 else ""
        return f"{self.description}{choices}"

    @property
    def source(self) -> str | None:
        """The sibling whose value this year is this field's value next year."""
        return self.next.sibling if self.next.kind == "take" else None

    def holds_public(self) -> bool:
        """Whether anything in it may be published."""
        below = [*self.members.values(), *(part for part in (self.other, self.item) if part)]
        return any(part.holds_public() for part in below) if below else self.public

    def at(self, path: ValuePath) -> Field | None:
        """The field a path of the data leads to, None where the schema has none."""
        current: Field | None = self
        for step in path:
            if current is None:
                return None
            current = current.item if isinstance(step, int) else current.member(step)
        return current

    def with_role(self, role: Literal["form", "year", "unit"]) -> str:
        """The name of the top-level field that plays a role every form has."""
        name = self.find_role(role)
        assert name is not None
        return name

    def find_role(self, role: FieldRole) -> str | None:
        """The name of the top-level field that plays a role, None where the form has none."""
        return next((name for name, member in self.members.items() if member.role == role), None)


def read_fields(schema: dict[str, Data], file: str, roles: tuple[str, ...] = ("form", "year", "unit")) -> Field:
    """Makes the fields of a schema; `roles` are those that one field each must play.

    Raises FormError for an unknown annotation, a reference that leads nowhere or in a circle, and a missing role.
    """
    reader = _Reader(schema, file)
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
    """A node that describes a field, alone or with others, and the references that were followed to it."""

    node: dict[str, Data]
    seen: tuple[str, ...]


class _Reader:
    """Makes fields of the nodes of one schema.

    What a `$ref` refers to and what stands beside it are layers of one field, and both apply (JSON Schema 2020-12
    Core, 8.2.3.1). Members and required names add up, and so does what is said of the same member or of the items.
    Of any other keyword the layer beside the `$ref` wins.
    """

    def __init__(self, schema: dict[str, Data], file: str) -> None:
        self.schema = schema
        self.file = file
        self.count = 0

    def follow(self, node: Data, pointer: str, seen: tuple[str, ...]) -> list[_Layer]:
        """A node and all that it refers to, the farthest first."""
        layers: list[_Layer] = []
        while True:
            if not isinstance(node, dict):
                raise _broken(self.file, pointer, "这里要是一个对象。")
            layers.insert(0, _Layer(node, seen))
            if "$ref" not in node:
                return layers
            reference = str(node["$ref"])
            if reference in seen:
                raise _broken(self.file, pointer, f"引用 {reference} 绕回了自己。")
            node, seen = self._resolve(reference, pointer), (*seen, reference)

    def _resolve(self, reference: str, pointer: str) -> dict[str, Data]:
        node: Data = self.schema
        for step in reference.removeprefix("#/").split("/"):
            node = as_group(node).get(step)
        if not reference.startswith("#/") or not isinstance(node, dict):
            raise _broken(self.file, pointer, f"引用 {reference} 找不到；只能引用本文件的 #/$defs/…。")
        return node

    def field(self, layers: list[_Layer], pointer: str) -> Field:
        """The field that the layers describe; `pointer` is where it stands."""
        self.count += 1
        if self.count > _MOST_FIELDS or pointer.count("/") > _DEEPEST:
            raise _broken(self.file, pointer, f"字段超过 {_MOST_FIELDS} 个，或套得太深：引用一层套一层，越分越多。")
        node = _merged(layers)
        if unknown := sorted(k for k in node if k.startswith("x-") and k not in _ANNOTATIONS):
            raise _broken(self.file, pointer, f"不认识的标注 {'、'.join(unknown)}。")
        if ("x-groups" in node) != ("x-label" in node):
            raise _broken(self.file, pointer, "x-groups 和 x-label 要一起写。")
        below = self._below(layers, pointer)
        members = {end.removeprefix(_MEMBER): member for end, member in below.items() if end.startswith(_MEMBER)}
        for name, member in members.items():
            if member.lines and member.lines.replace("\n", "") != name:
                raise _broken(self.file, f"{pointer}/{_MEMBER}{name}", "x-lines 只把名称分成几行，字不能改。")
            if member.outcome_of and not _is_outcome(member, members.get(member.outcome_of)):
                told = "x-outcome 写在 x-measure 的一项上，写同级的一项：也是 x-measure，自己不是结果。"
                raise _broken(self.file, f"{pointer}/{_MEMBER}{name}", told)
            if (sibling := member.next.sibling) and sibling not in members:
                raise _broken(self.file, f"{pointer}/{_MEMBER}{name}", f"x-next 里的“{sibling}”不是同级的一项。")
        other = below.get("additionalProperties") if isinstance(node.get("additionalProperties"), dict) else None
        return _field_of(node, members, other, below.get("items"))

    def _below(self, layers: list[_Layer], pointer: str) -> dict[str, Field]:
        """The fields below, by the end of their pointers."""
        layers_below: dict[str, list[_Layer]] = {}
        for layer in layers:
            for end, child in _children(layer.node).items():
                layers_below.setdefault(end, []).extend(self.follow(child, f"{pointer}/{end}", layer.seen))
        return {end: self.field(child_layers, f"{pointer}/{end}") for end, child_layers in layers_below.items()}


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
        unit=_text(node, "x-unit"),
        next=Next.parse(str(node.get("x-next", "keep"))),
        description=_text(node, "description"),
        error_message=_text(node, "errorMessage"),
        required=frozenset(map(str, as_list(node["required"]))),
        members=members,
        other=other,
        item=item,
    )
