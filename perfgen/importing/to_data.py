"""From the template's names to the schema's: lists of groups become mappings again, texts values.

The way back of `view.make_view`; what a row is, `form.grouping` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.form.grouping import group_named, grouping, groups_of, list_name
from perfgen.importing import values
from perfgen.importing.folding import cleaned, folded, shortened
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import CHANGED, UNPLACED, Notes
from perfgen.importing.paper.word_table import FormCell

_NAMED = 3
"""How many of the cells without a place are named."""


@dataclass
class ReadBack:
    """What was read: the data, and the computed figures that only the form has."""

    data: dict[str, Data]
    figures: dict[ValuePath, Node] = field(default_factory=dict)
    held: dict[FormCell, list[Data]] = field(default_factory=dict)
    """By cell, the values that were read from it."""


def to_data(root: Node, form: Form, said_units: str, notes: Notes) -> ReadBack:
    """The data in a played-back form, as the schema has it; None and empty things left out.

    `said_units` is what the template says around its table: in what the amounts are.
    """
    converter = _Converter(form, said_units, notes)
    data = converter.node(root, form.figures.fields, ())
    return ReadBack(data if isinstance(data, dict) else {}, converter.figures, converter.held)


class _Converter:
    def __init__(self, form: Form, said_units: str, notes: Notes) -> None:
        self.form = form
        self.said_units = said_units
        self.units = form.figures.units
        self.notes = notes
        self.figures: dict[ValuePath, Node] = {}
        self.held: dict[FormCell, list[Data]] = {}

    def node(self, node: Node, field: Field, path: ValuePath) -> Data:
        if field.kind == "object":
            return self.members(node, field, path) or None
        if field.kind == "array" and field.item:
            items = [self.node(item, field.item, (*path, i)) for i, item in enumerate(node.items)]
            return [item for item in items if item is not None] or None
        return self.value(node, field, path)

    def members(self, node: Node, field: Field, path: ValuePath) -> dict[str, Data]:
        """What was read of an object; rows go back to the groups that they show."""
        made: dict[str, Data] = {}
        names = grouping(field)
        for name, child in node.members.items():
            if names and name == names.rows:
                for item in child.items:
                    self.group(item, names.label, field, path, made)
            elif member := field.member(name):
                found = self.node(child, member, (*path, name))
                if found is not None:
                    made[name] = found
        return made

    def value(self, node: Node, field: Field, path: ValuePath) -> Data:
        if node.text is None:
            return None
        if names_of(path) in self.units and self.form.fields.at(path) is None:
            self.figures[path] = node
            return None
        value = values.read_value(node.text, Meaning((field,)), self.units.get(names_of(path)), self.said_units)
        for kind, message in value.said:
            self.notes.say(kind, message, node.cell)
        if node.cell is not None:
            self.held.setdefault(node.cell, []).append(value.data)
        return value.data

    def group(self, item: Node, label_name: str, field: Field, path: ValuePath, into: dict[str, Data]) -> None:
        """One group of an object; its rows go to the group of that name that may be there already."""
        label = item.members.get(label_name)
        name = self.group_name(label, field) if label else None
        content = group_named(field, name) if name else None
        if name is None or content is None:
            self.no_place(item, label)
            return
        found = self.node(_content(item, content, label_name), content, (*path, name))
        if name in into and label:
            said = f"“{name}”分成了几块，并成一组。"
            self.notes.say(CHANGED, said, label.cell)
        if found is not None:
            into[name] = _merged(into.get(name), found)

    def group_name(self, label: Node, field: Field) -> str | None:
        """The member that a group's name on the form means."""
        given = cleaned(label.text or "")
        name: str | None = given.replace("\n", "")
        groups = [group for group, _ in groups_of(field)]
        known = tuple(group for group in groups if group is not None)
        if name not in known:
            near = values.nearest_choice(given, known) if known else None
            same = near is not None and folded(near) == folded(given)
            name = near if None not in groups or same else name
        if name and name != (label.text or "").strip():
            self.notes.say(CHANGED, f"“{shortened(label.text or '')}”改成“{name}”。", label.cell)
        if name and label.cell is not None:
            self.held.setdefault(label.cell, []).append(name)
        return name or None

    def no_place(self, item: Node, label: Node | None) -> None:
        text = label.text if label and label.text else ""
        cells = {node.cell: None for node in _texts(item) if node.cell and node is not label}
        rows = [cell.row for cell in cells]
        words = "、".join(f"“{shortened(cell.text, 16)}”" for cell in list(cells)[:_NAMED])
        more = "等" if len(cells) > _NAMED else ""
        where = f"第 {min(rows)} 到 {max(rows)} 行的{words}{more} {len(cells)} 格" if rows else "它"
        self.notes.say(
            UNPLACED, f"表里没有“{shortened(text)}”这一组，{where}没有放进去。",
            label.cell if label else None, "改成表里有的组再导入，或者自己放到合适的地方。",
        )  # fmt: skip
        self.notes.unplaced.update(cells)


def _content(row: Node, group: Field, label: str) -> Node:
    """What a row holds of its group; its name, which the row holds too, is no member of the group."""
    listed = list_name(group)
    if listed is None:
        return Node({name: child for name, child in row.members.items() if name != label})
    return row.members.get(listed, Node())


def _texts(node: Node) -> Iterator[Node]:
    if node.text:
        yield node
    for child in (*node.members.values(), *node.items):
        yield from _texts(child)


def _merged(old: Data, new: Data) -> Data:
    if isinstance(old, list) and isinstance(new, list):
        return old + new
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}
    return new
