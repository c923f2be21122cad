"""From the template's names to the schema's: lists of groups become mappings again, texts become values.

This is the inverse of `view.make_view`; `form.grouping` says what a row is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, as_group
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.form.grouping import group_named, grouping, groups_of, list_name
from perfgen.importing import doubts, shown_values, values
from perfgen.importing.choices import nearest_choice
from perfgen.importing.folding import cleaned, folded, shortened
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import CHANGED, UNPLACED, UNSURE, Notes, where_cells_are
from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_table import FormCell
from perfgen.importing.units import tell_of_unit

_BEFORE = re.compile(r"(?:[(\[]?[\d一二三四五六七八九十]{1,3}[)\].、:])?")
_BEHIND = re.compile(r"(?:[:、]|[(\[【].*[)\]】]|\d+(?:\.\d+)?(?:分|%)?)*", re.DOTALL)
"""What people write around the name of a group, in folded text."""


@dataclass
class ReadBack:
    """What was read: the data, and the computed figures that only the form has."""

    data: dict[str, Data]
    figures: dict[ValuePath, Node] = field(default_factory=dict)
    held: dict[FormCell, list[Data]] = field(default_factory=dict)
    """By cell, the values that were read from it."""
    places: dict[FormCell, list[ValuePath]] = field(default_factory=dict)
    """By cell, where these values are in the data."""
    labels: dict[FormCell, ValuePath] = field(default_factory=dict)
    """By cell, the group that it names."""
    blank: set[ValuePath] = field(default_factory=set)
    """The values and lists that the form has a place for, with nothing in it."""
    parted: set[ValuePath] = field(default_factory=set)
    """The values of which the form has nothing but the parts, in a cell each."""


def to_data(root: Node, form: Form, said_units: str, notes: Notes) -> ReadBack:
    """The data of a form, as the schema has it; what is not filled in is left out.

    `said_units` is what the template says around its table: in what unit the amounts are.
    """
    converter = _Converter(form, said_units, notes)
    data = converter.node(root, form.figures.fields, ())
    read = data if isinstance(data, dict) else {}
    found = (converter.figures, converter.held, converter.places, converter.labels, set(converter.blank))
    return ReadBack(read, *found, converter.parted)


class _Converter:
    """Converts places of the template's data by the fields of a form; gathers figures, and what each cell held."""

    def __init__(self, form: Form, said_units: str, notes: Notes) -> None:
        self.form, self.said_units, self.notes = form, said_units, notes
        self.figures: dict[ValuePath, Node] = {}
        self.held: dict[FormCell, list[Data]] = {}
        self.places: dict[FormCell, list[ValuePath]] = {}
        self.labels: dict[FormCell, ValuePath] = {}
        self.blank: dict[ValuePath, None] = {}
        self.parted: set[ValuePath] = set()
        self.counts: dict[ValuePath, int] = {}
        """By list, how many items it has: a group may come in several blocks."""

    def node(self, node: Node, field: Field, path: ValuePath, *, required: bool = False) -> Data:
        """The data of a field; None where nothing is filled in."""
        if field.kind == "object":
            return self.members(node, field, path) or None
        if field.kind == "array" and field.item:
            items = self.items(node.items, field, field.item, path)
            if not items and not self.counts.get(path):
                self.blank[path] = None
            return items or None
        return self.value(node, field, path, required=required)

    def items(self, nodes: list[Node], listed: Field, field: Field, path: ValuePath) -> list[Data]:
        """The items of a list, without those in which nothing is filled in."""
        items: list[Data] = []
        for node in nodes:
            here = (*path, self.counts.get(path, 0))
            blank_before = len(self.blank)
            item = self.node(node, field, here)
            if item is not None:
                items.append(item)
                self.counts[path] = self.counts.get(path, 0) + 1
                self.lost_sign(node, as_group(item), listed, field)
            while item is None and len(self.blank) > blank_before:  # the next item has its number
                self.blank.popitem()
        return items

    def lost_sign(self, node: Node, item: dict[str, Data], listed: Field, field: Field) -> None:
        """Tells of a row's target whose sign was probably misread as a digit."""
        promise = field.promise()
        target = node.members.get(promise) if promise else None
        if promise is None or target is None or target.text is None or listed.identity is None:
            return
        past = [show(item.get(name)) for name, member in field.members.items() if member.measure and member.is_past]
        name = show(item.get(listed.identity))
        remark = doubts.lost_sign(show(item.get(promise)), past, name, self.form.rules.vocabulary)
        if remark:
            self.notes.say(UNSURE, remark, target.cell)

    def members(self, node: Node, field: Field, path: ValuePath) -> dict[str, Data]:
        """The members of an object; rows go back to the groups that they show."""
        data: dict[str, Data] = {}
        names = grouping(field)
        for name, child in node.members.items():
            if names and name == names.rows:
                for item in child.items:
                    self.group(item, names.label, field, path, data)
            elif member := field.member(name):
                value = self.node(child, member, (*path, name), required=name in field.required)
                if value is not None:
                    data[name] = value
        return data

    def value(self, node: Node, field: Field, path: ValuePath, *, required: bool = False) -> Data:
        """The value of a text; None for a figure without a field, which is kept apart."""
        is_unsure = bool(node.shown) and self.shown(node, field, path, required=required)
        if node.text is None:
            if node.shown and not is_unsure:
                self.blank[path] = None
            return None
        figure = self.form.figures.at(path)
        if figure and self.form.is_only_computed(figure, path):
            self.figures[path] = node
            return None
        unit = figure.unit or None if figure else None
        value = values.read_value(node.text, Meaning((field,)), unit, self.said_units)
        for kind, message in value.remarks:
            self.notes.say(kind, message, node.cell, path=path)
        if node.cell is not None and not node.shown:
            tell_of_unit(value.data, field, node.cell, self.notes)
            self.hold(node.cell, value.data)
            self.numbered(node.cell, path)
            self.places.setdefault(node.cell, []).append(path)
        if value.data is None and not is_unsure:
            self.blank[path] = None
        return value.data

    def shown(self, node: Node, field: Field, path: ValuePath, *, required: bool) -> bool:
        """Puts the value that boxes or parts show in its place; tells whether there is a doubt about it."""
        read = shown_values.read_shown(node, field, required=required)
        for kind, message, cell in read.remarks:
            self.notes.say(kind, message, cell, path=path)
            if kind == UNSURE:  # told, and why: it need not come out the same
                self.notes.unplaced.update(shown_values.cells_of(node))
        for cell in shown_values.cells_of(node):
            self.places.setdefault(cell, []).append(path)
        if field.measure and not node.text:
            self.parted.add(path)
        node.text = read.text
        node.cell = node.cell or shown_values.main_cell(node)
        return read.is_unsure

    def numbered(self, cell: FormCell, path: ValuePath) -> None:
        """Tells of a number that Word itself puts before a value; in a list the template numbers the items."""
        numbered = " ".join(line.text for line in cell.paragraphs if line.numbered and line.text.strip())
        if numbered and not isinstance(path[-1], int):
            self.notes.say(UNSURE, f"{Trouble.NUMBERED.value}：“{shortened(numbered)}”。", cell, path=path)

    def hold(self, cell: FormCell | None, data: Data) -> None:
        """Remembers what was read from a cell."""
        if cell is not None:
            self.held.setdefault(cell, []).append(data)

    def group(self, item: Node, label_name: str, field: Field, path: ValuePath, into: dict[str, Data]) -> None:
        """Puts a row into the group that it shows; the group may be there already."""
        label = item.members.get(label_name)
        name = self.group_name(label, field) if label else None
        group = group_named(field, name) if name else None
        if name is None or group is None:
            self.no_place(item, label)
            return
        if label and label.cell:
            self.labels[label.cell] = (*path, name)
        data = self.node(_content(item, group, label_name), group, (*path, name))
        if name in into and label:
            self.notes.say(CHANGED, f"“{name}”分成了几块，并成一组。", label.cell)
        if data is not None:
            into[name] = _merged(into.get(name), data)

    def group_name(self, label: Node, field: Field) -> str | None:
        """The member that a group's name on the form means; None for an empty name."""
        text = label.text or ""
        name, around = _group_in(cleaned(text), field)
        if around:
            message = f"“{shortened(text)}”里的组名是“{name}”，旁边的“{shortened(around)}”没有读进数据。"
            self.notes.say(UNSURE, message, label.cell)
            self.reworded(label.cell)
        elif name and name != text.strip() and not _is_in_lines(text, name, field):
            self._tell_of_name(text, name, field, label.cell)
        if name:
            self.hold(label.cell, name)
        return name or None

    def _tell_of_name(self, text: str, name: str, field: Field, cell: FormCell | None) -> None:
        """Tells that a group's name is written otherwise; a fixed name's own line break says nothing."""
        is_fixed = group_named(field, name) is not field.other
        if is_fixed and "".join(text.split("\n")).strip() == name:
            self.reworded(cell)
        else:
            is_joined = "\n" in text.strip() and not is_fixed
            self.notes.say(UNSURE if is_joined else CHANGED, f"“{shortened(text)}”改成“{name}”。", cell)

    def reworded(self, cell: FormCell | None) -> None:
        """Remembers a cell that comes out otherwise than it was read, and was told to."""
        if cell is not None:
            self.notes.changed.add(cell)

    def no_place(self, item: Node, label: Node | None) -> None:
        """Tells of a row whose group the form does not have, and of the cells in it."""
        text = label.text if label and label.text else ""
        cells = {node.cell: None for node in _texts(item) if node.cell and node is not label}
        self.notes.say(
            UNPLACED, f"表里没有“{shortened(text)}”这一组，{where_cells_are(list(cells))}没有放进去。",
            label.cell if label else None, "改成表里有的组再导入，或者自己放到合适的地方。",
        )  # fmt: skip
        self.notes.unplaced.update(cells)


def _group_in(given: str, field: Field) -> tuple[str | None, str]:
    """The group that a name on the form means, and what stands around it there; see `_nearest_group`."""
    name = folded(given)
    declared = [group for group, _ in groups_of(field) if group is not None]
    if name not in map(folded, declared):
        for group in sorted(declared, key=len, reverse=True):
            before, found, after = name.partition(folded(group))
            if found and (before + after if field.other is None else _is_remark(before, after)):
                return group, before + after
    return _nearest_group(given, field), ""


def _is_in_lines(given: str, name: str, field: Field) -> bool:
    """Whether a group's name is only set in lines as the form sets it, blanks at their ends left aside."""
    group = group_named(field, name)
    lines = [line.strip() for line in given.strip().split("\n")]
    return group is not None and bool(group.lines) and lines == group.lines.split("\n")


def _is_remark(before: str, after: str) -> bool:
    """Whether what stands around a name is no part of it: a number before it, brackets or a score behind it."""
    return bool(re.fullmatch(_BEFORE, before) and re.fullmatch(_BEHIND, after))


def _nearest_group(given: str, field: Field) -> str | None:
    """The group that a name means; the name itself for an open group. None where it is near to no group's."""
    name = given.replace("\n", "")
    groups = [group for group, _ in groups_of(field)]
    declared = tuple(group for group in groups if group is not None)
    if name in declared:
        return name
    nearest = nearest_choice(given, declared) if declared else None
    is_spelling = nearest is not None and folded(nearest) == folded(given)
    return nearest if None not in groups or is_spelling else name


def _content(row: Node, group: Field, label: str) -> Node:
    """What a row holds of its group; its name, which the row holds too, is no member of the group."""
    listed = list_name(group)
    if listed is None:
        return Node({name: child for name, child in row.members.items() if name != label})
    return row.members.get(listed, Node())


def _texts(node: Node) -> Iterator[Node]:
    """The places with a text, in and below a place."""
    if node.text:
        yield node
    for child in (*node.members.values(), *node.items):
        yield from _texts(child)


def _merged(old: Data, new: Data) -> Data:
    """Two parts of a group as one; of two single values the new one."""
    if isinstance(old, list) and isinstance(new, list):
        return old + new
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}
    return new
