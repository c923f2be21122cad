"""Makes what templates see of a report: printed texts with their paths, in records and lists.

Every field of the schema is there: one without a value is an empty text, so that a template never has to ask. A name
that the schema does not have is undefined and fails. In a public view a private value is withheld: the view is made
from data without it, and its text says that it is withheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from perfgen.data import Data, ValuePath, as_list
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import FindingsError
from perfgen.form.figures import FigureValue
from perfgen.form.forms import Form
from perfgen.form.grouping import Member, grouping, members_of, row


class Text(str):
    """A printed value and the path of the value in the data."""

    path: ValuePath
    withheld: bool
    on_form: str
    """The text as the form sets it: the name of a group in lines, where the schema says so."""
    promise: Text | None
    """Of an outcome, what was promised."""
    choices: tuple[str, ...]
    """The texts that the value is limited to, if the schema lists them."""
    measure: bool
    """Whether it is a target value, which can be taken apart."""
    shown: str
    """How it is printed where it is not printed as it is: see `filters`."""
    at: str
    """Its place in what a page may say of a report; empty where it is printed as a value of the data: see `said`."""
    __slots__ = ("at", "choices", "measure", "on_form", "path", "promise", "shown", "withheld")

    def __new__(cls, text: str, path: ValuePath, *, withheld: bool = False, on_form: str = "") -> Text:
        """A text with its path; `withheld` says that the public must not see the value."""
        instance = super().__new__(cls, text)
        instance.path = path
        instance.withheld = withheld
        instance.on_form = on_form or text
        instance.promise = None
        instance.choices, instance.measure, instance.shown, instance.at = (), False, "", ""
        return instance

    def placed(self, at: str) -> Text:
        """The same text with a place."""
        made = Text(self, self.path, withheld=self.withheld, on_form=self.on_form)
        made.promise, made.choices, made.measure, made.shown = self.promise, self.choices, self.measure, self.shown
        made.at = at
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


class FileView(Record):
    """What templates see of another file, and the address of its public page; empty where there is none."""

    __slots__ = ("_address", "_form")

    def __init__(self, seen: Record, address: str, form: Form) -> None:
        super().__init__(seen._path, seen._members)
        self._address = address
        self._form = form


class Absent(Record):
    """Stands under the name of other files that are not there: a template that uses it learns why.

    It may ask whether there is one, where there may be none.
    """

    def __init__(self, error: FindingsError, *, is_missing: bool = False) -> None:
        """`is_missing` says that there is no such file; else there is one that cannot be used, or several."""
        super().__init__((), {})
        self.error = error
        self.is_missing = is_missing

    def __bool__(self) -> bool:
        return self.refuse() if not self.is_missing else False

    def refuse(self, *_: object) -> NoReturn:
        """Raises the error that says why they are not there."""
        raise self.error.with_traceback(None)

    __getitem__ = __contains__ = __iter__ = __len__ = __str__ = __html__ = refuse


class Rows(list["ViewNode"]):
    """A list of texts or records, and the path of the list in the data."""

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


def address_of(file: FileView) -> str:
    """The address of another file's public page, as a relative link; empty where it has none."""
    return file._address


def form_of(file: FileView) -> Form:
    """The form of another file."""
    return file._form


def with_absent(record: Record, absent: Mapping[ValuePath, Absent]) -> Record:
    """A part of a view in which the values at some paths are not there."""

    def seen(node: ViewNode) -> ViewNode:
        if isinstance(node, Text):
            return absent.get(node.path, node)
        if isinstance(node, Rows):
            return Rows(node.path, map(seen, node), withheld=node.withheld)
        return with_absent(node, absent)

    return Record(record._path, {name: seen(member) for name, member in record._members.items()})


def path_of(node: ViewNode) -> ValuePath:
    """The path in the data of a text, record or list."""
    return node._path if isinstance(node, Record) else node.path


def make_view(
    data: Mapping[str, Data] | None,
    fields: Field,
    figures: Mapping[ValuePath, FigureValue],
    units: Mapping[ValuePath, str],
    *,
    public: bool,
    path: ValuePath = (),
) -> View:
    """The view of a report's data; of another file's, `path` is what its values go by, before their own paths.

    `figures` and `units` hold the computed numbers and the units that are printed behind them. With `public`, data and
    figures are expected to hold nothing private; private fields become withheld texts.
    """
    if path:
        figures = {(*path, *own): value for own, value in figures.items()}
        units = {(*path, *own): unit for own, unit in units.items()}
    return _ViewMaker(figures, units, public).record(data, fields, path)


@dataclass(frozen=True)
class _ViewMaker:
    """Makes the view of data, field by field."""

    figures: Mapping[ValuePath, FigureValue]
    units: Mapping[ValuePath, str]
    public: bool

    def node(self, value: Data, field: Field, path: ValuePath) -> ViewNode:
        """What templates see of a value."""
        if field.kind == "array" and field.item:
            items = [self.node(item, field.item, (*path, number)) for number, item in enumerate(as_list(value))]
            return Rows(path, items, withheld=self.public and not field.item.holds_public())
        if field.kind == "object":
            return self.record(value, field, path)
        return self.text(value, field, path)

    def text(self, value: Data, field: Field, path: ValuePath) -> Text:
        """A single value as it is printed; the figure of a path comes before the value there."""
        if self.public and not field.public:
            text = Text("", path, withheld=True)
        elif path in self.figures:
            text = Text(show(self.figures[path], self.units.get(path, "")), path)
        else:
            text = Text(show(value), path)
        text.choices, text.measure = field.choices, field.measure
        return text

    def record(self, value: Data | Mapping[str, Data], field: Field, path: ValuePath) -> Record:
        """An object's members; where they are groups, also the list of the groups that the data has."""
        parts = list(members_of(value, field, path))
        # a template may also name a group outright: it stays a member of its object, there or not
        seen = {part.name: self.node(part.value, part.field, part.path) for part in parts}
        for outcome, promised in field.outcomes().items():
            text, promise = seen.get(outcome), seen.get(promised)
            if isinstance(text, Text) and isinstance(promise, Text):
                text.promise = promise
        if names := grouping(field):
            groups = [_group(part, seen[part.name], names.label) for part in parts if part.is_row]
            seen[names.rows] = Rows(path, groups)
        return Record(path, seen)


def _group(part: Member, content: ViewNode, label: str) -> Record:
    """A group as a row of its object's list; `label` is what the row calls the group's name."""
    name = Text(part.name, part.path, on_form=part.field.lines)
    return Record(part.path, row(part.field, content, _inside, (label, name)))


def _inside(content: ViewNode) -> Mapping[str, ViewNode]:
    return members(content) if isinstance(content, Record) else {}


def text_at(view: View, steps: Iterable[str]) -> Text | None:
    """The text at a path, whose steps are names and list positions as text; None where there is none."""
    node: ViewNode = view
    for step in steps:
        if isinstance(node, Record) and step in node:
            node = node[step]
        elif isinstance(node, Rows) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node if isinstance(node, Text) else None


def printed_values(node: ViewNode) -> Iterator[Text]:
    """Every printed value of a view; values of one path only once."""
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
