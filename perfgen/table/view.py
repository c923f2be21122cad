"""What templates see of a report: printed texts that know their path, in records and lists.

Every field the schema knows is there: an absent one is an empty text, so a template never has
to ask. A name the schema does not know is undefined and fails. In a public view a private value
is withheld: the view is made from data that no longer holds it, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import ValuePath


class Text(str):
    """A printed value and the path it comes from."""

    path: ValuePath
    withheld: bool
    __slots__ = ("path", "withheld")

    def __new__(cls, text: str, path: ValuePath, *, withheld: bool = False) -> Text:
        """A text with its path; `withheld` where the public does not get to see it."""
        made = super().__new__(cls, text)
        made.path = path
        made.withheld = withheld
        return made


class Record:
    """A group of named values; templates read them as `record.name`."""

    __slots__ = ("_members", "_path")

    def __init__(self, path: ValuePath, members: dict[str, Any]) -> None:
        self._path = path
        self._members = members

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __bool__(self) -> bool:
        return any(bool(member) for member in self._members.values())

    def __repr__(self) -> str:
        return f"Record({self._path!r})"


class Rows(list[Any]):
    """A list of texts or records, with the path it comes from."""

    def __init__(self, path: ValuePath, items: Iterable[Any], *, withheld: bool = False) -> None:
        super().__init__(items)
        self.path = path
        self.withheld = withheld


View = Record


def members(record: Record) -> Mapping[str, Any]:
    """The named values of a record."""
    return record._members


def path_of(node: Any) -> ValuePath:
    """The path a text, record or list comes from."""
    return node._path if isinstance(node, Record) else node.path


def make_view(
    data: Any,
    fields: Field,
    figures: Mapping[ValuePath, Decimal | None],
    units: Mapping[ValuePath, str],
    *,
    public: bool,
) -> View:
    """The view of a report's data.

    `figures` and `units` hold the computed numbers and the units they print with. With `public`,
    data and figures are expected to hold nothing private; private fields become withheld texts.
    """

    def node(value: Any, field: Field, path: ValuePath) -> Any:
        if field.kind == "array" and field.item:
            items = [node(item, field.item, (*path, i)) for i, item in enumerate(value or [])]
            return Rows(path, items, withheld=public and not field.item.holds_public())
        if field.kind == "object":
            return record(value or {}, field, path)
        if public and not field.public:
            return Text("", path, withheld=True)
        return Text(show(figures[path], units.get(path, "")) if path in figures else show(value), path)

    def record(value: Mapping[str, Any], field: Field, path: ValuePath) -> Record:
        names = [*field.members, *(name for name in value if name not in field.members)]
        made = {name: node(value.get(name), m, (*path, name)) for name in names if (m := field.member(name))}
        if field.groups and field.label:
            groups = [
                group(name, value[name], m, field.label, (*path, name))
                for name in names
                if name in value and (m := field.member(name)) and m.kind != "value"
            ]
            made[field.groups] = Rows(path, groups)
        return Record(path, made)

    def group(name: str, value: Any, field: Field, label: str, path: ValuePath) -> Record:
        content = node(value, field, path)
        inner = dict(members(content)) if isinstance(content, Record) else {field.rows or "": content}
        return Record(path, {**inner, label: Text(name, path)})

    return record(data or {}, fields, ())


def printed_values(node: Any) -> Iterator[Text]:
    """Every printed value of a view, each path once."""
    seen: set[ValuePath] = set()

    def walk(node: Any) -> Iterator[Text]:
        if isinstance(node, Text):
            if node.path not in seen:
                seen.add(node.path)
                yield node
        else:
            for child in members(node).values() if isinstance(node, Record) else node:
                yield from walk(child)

    return walk(node)
