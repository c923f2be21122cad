"""What templates see of a report: printed texts that know their path, in records and lists.

Every field the schema knows is there: an absent one is an empty text, so a template never has
to ask. A name the schema does not know is undefined and fails. In a public view a private value
is withheld: the view is made from data that no longer holds it, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from perfgen.data import Data, ValuePath
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.grouping import Member, grouping, members_of, row


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

    def __init__(self, path: ValuePath, members: dict[str, ViewNode]) -> None:
        self._path = path
        self._members = members

    def __getitem__(self, name: str) -> ViewNode:
        return self._members[name]

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __bool__(self) -> bool:
        return any(bool(member) for member in self._members.values())

    def __repr__(self) -> str:
        return f"Record({self._path!r})"


class Rows(list["ViewNode"]):
    """A list of texts or records, with the path it comes from."""

    def __init__(self, path: ValuePath, items: Iterable[ViewNode], *, withheld: bool = False) -> None:
        super().__init__(items)
        self.path = path
        self.withheld = withheld


View = Record
ViewNode: TypeAlias = "Text | Record | Rows"
"""What a template finds under a name."""


def members(record: Record) -> Mapping[str, ViewNode]:
    """The named values of a record."""
    return record._members


def path_of(node: ViewNode) -> ValuePath:
    """The path a text, record or list comes from."""
    return node._path if isinstance(node, Record) else node.path


def make_view(
    data: Mapping[str, Data] | None,
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

    def node(value: Data, field: Field, path: ValuePath) -> ViewNode:
        if field.kind == "array" and field.item:
            given = value if isinstance(value, list) else []
            items = [node(item, field.item, (*path, i)) for i, item in enumerate(given)]
            return Rows(path, items, withheld=public and not field.item.holds_public())
        if field.kind == "object":
            return record(value, field, path)
        if public and not field.public:
            return Text("", path, withheld=True)
        return Text(show(figures[path], units.get(path, "")) if path in figures else show(value), path)

    def record(value: Data | Mapping[str, Data], field: Field, path: ValuePath) -> Record:
        parts = list(members_of(value, field, path))
        # a template may also name a group outright: it stays a member of its object, there or not
        seen = {part.name: node(part.value, part.field, part.path) for part in parts}
        if names := grouping(field):
            groups = [group(part, seen[part.name], names.label) for part in parts if part.is_row]
            seen[names.rows] = Rows(path, groups)
        return Record(path, seen)

    def group(part: Member, content: ViewNode, label: str) -> Record:
        return Record(part.path, row(part.field, content, _inside, (label, Text(part.name, part.path))))

    return record(data, fields, ())


def _inside(content: ViewNode) -> Mapping[str, ViewNode]:
    return members(content) if isinstance(content, Record) else {}


def printed_values(node: ViewNode) -> Iterator[Text]:
    """Every printed value of a view, each path once."""
    seen: set[ValuePath] = set()

    def walk(node: ViewNode) -> Iterator[Text]:
        if isinstance(node, Text):
            if node.path not in seen:
                seen.add(node.path)
                yield node
        else:
            for child in members(node).values() if isinstance(node, Record) else node:
                yield from walk(child)

    return walk(node)
