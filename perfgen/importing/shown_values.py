"""A value that a form shows otherwise than it is typed: as boxes with a tick, or a cell each for its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from perfgen import values
from perfgen.fields import Field
from perfgen.importing.folding import cleaned, folded, is_dash, shortened, squeezed
from perfgen.importing.matching.bind import Node
from perfgen.importing.notes import CHANGED, UNSURE
from perfgen.importing.paper.word_table import FormCell
from perfgen.notation import narrow, normalized, sign_named
from perfgen.table.filters import BETWEEN_BOXES, BOX, BOXES, NUMBER, PARTS, SIGN, TICKED, UNIT
from perfgen.values import Parts

_EMPTY_BOX = "□☐○◯▢◻❏❑"
_TICKED_BOX = "☑☒■▣●◉🗹🗷"
_TICK = "√✓✔vV"
_CLUSTER = re.compile(
    rf"[(\[【](?P<inside>[{_TICK}{_TICKED_BOX}{_EMPTY_BOX}]?)[)\]】]|[{_TICK}{_TICKED_BOX}{_EMPTY_BOX}]+"
)
"""A box, ticked or not, with the tick in or beside it; also brackets for a box. In text without blanks."""
_BRACKETS = re.compile(r"([(\[【])\s*(\S?)\s*([)\]】])")
_BETWEEN = re.compile(r"[\s、，,;；/|。.]*")


@dataclass
class Shown:
    """What the boxes or the parts say."""

    text: str | None = None
    """The value; None where none is filled in, or where it is not clear."""
    remarks: list[tuple[str, str, FormCell | None]] = field(default_factory=list)
    """The kind and the message of each note to make, and the cell that it is about."""

    @property
    def is_unsure(self) -> bool:
        """Whether there is a doubt about it."""
        return any(kind == UNSURE for kind, _, _ in self.remarks)

    def say(self, kind: str, message: str, cell: FormCell | None) -> Shown:
        """The same with one thing more to say."""
        self.remarks.append((kind, message, cell))
        return self


def read_shown(node: Node, field: Field, *, required: bool) -> Shown:
    """The value that boxes or parts show, held against the value itself where the form prints that too.

    `required` says that one of the choices must be ticked.
    """
    parts = {name: node.shown[name] for name in PARTS if name in node.shown}
    read = _together(parts) if parts else _ticked(node.shown, field, required=required and not node.text)
    whole = cleaned(node.text or "")
    if not whole or is_dash(whole):
        return read
    if read.text and not _is_same(whole, read.text):
        cell = next(iter(node.shown.values())).cell
        read.say(UNSURE, f"这里是“{shortened(read.text)}”，别处印的是“{shortened(whole)}”，用别处的。", cell)
    read.text = node.text
    return read


def _is_same(one: str, other: str) -> bool:
    return folded(one) == folded(other) or values.taken_apart(one) == values.taken_apart(other)


# boxes


def _ticked(nodes: Mapping[str, Node], field: Field, *, required: bool) -> Shown:
    """The choice whose box is ticked: among all in one text, and in a text each."""
    read = Shown()
    found: list[tuple[str, FormCell | None]] = []
    for name, node in nodes.items():
        text = node.text or ""
        choice = name.removeprefix(BOXES).removeprefix("|")
        states = {choice: _state(squeezed(text))} if choice else _states(text, field.choices)
        if states is None or None in states.values():
            return read.say(UNSURE, f"“{shortened(text)}”看不出勾的是哪一种，没有读进数据。", node.cell)
        ticked = [each for each, is_on in states.items() if is_on]
        found += [(each, node.cell) for each in ticked]
        if squeezed(text) != _as_printed(choice, ticked, field.choices):
            read.say(CHANGED, f"“{shortened(text)}”里的方框改成表上的写法。", node.cell)
    return _the_one(found, read, nodes, required=required)


def _the_one(
    found: list[tuple[str, FormCell | None]], read: Shown, nodes: Mapping[str, Node], *, required: bool
) -> Shown:
    names = list(dict.fromkeys(choice for choice, _ in found))
    if len(names) > 1:
        return read.say(UNSURE, f"勾了不止一种：{'、'.join(names)}，没有读进数据。", found[-1][1])
    if not names and required:
        return read.say(UNSURE, "一种也没有勾。", next(iter(nodes.values())).cell)
    read.text = names[0] if names else None
    return read


def _as_printed(choice: str, ticked: list[str], choices: tuple[str, ...]) -> str:
    """The boxes as the template prints them, without blanks."""
    if choice:
        return TICKED if ticked else BOX
    return squeezed(BETWEEN_BOXES.join((TICKED if each in ticked else BOX) + each for each in choices))


def _state(marks: str) -> bool | None:
    """Whether the marks at the place of a box tick it; None where they do not say."""
    if not marks:
        return False
    match = _CLUSTER.fullmatch(narrow(marks))
    if match is None:
        return None
    signs = match["inside"] if match["inside"] is not None else match[0]
    boxes = sum(sign in _EMPTY_BOX + _TICKED_BOX for sign in signs)
    if boxes > 1:
        return None
    return any(sign in _TICK + _TICKED_BOX for sign in signs)


def _states(text: str, choices: tuple[str, ...]) -> dict[str, bool | None] | None:
    """By choice, whether the box before it is ticked; None where boxes and choices do not stand in turn."""
    flat = _BRACKETS.sub(r"\1\2\3", narrow(cleaned(text)))
    if not squeezed(flat):
        return dict.fromkeys(choices, False)
    names = {squeezed(narrow(choice)): choice for choice in choices}
    if squeezed(flat) in names:  # the choice alone, as it is read from a form field of Word's
        return {choice: choice == names[squeezed(flat)] for choice in choices}
    source = "|".join(r"\s*".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    places = list(re.finditer(source, flat))
    if sorted(squeezed(place[0]) for place in places) != sorted(names):
        return None
    ends = [0, *(place.end() for place in places)]
    gaps = [flat[end : place.start()] for end, place in zip(ends, places, strict=False)] + [flat[ends[-1] :]]
    marks = [_mark(gap, is_first=not number) for number, gap in enumerate(gaps[:-1])]
    if _BETWEEN.fullmatch(gaps[-1]) is None or None in marks:
        return None
    return {names[squeezed(place[0])]: _state(mark or "") for place, mark in zip(places, marks, strict=True)}


def _mark(gap: str, *, is_first: bool) -> str | None:
    """The box between two choices, which belongs to the one behind it; None where there is no box, or more.

    A tick right behind a choice, apart from the box of the next one, may be about either.
    """
    bare = _BETWEEN.sub("", gap) if is_first else None
    parted = re.split(r"[\s、，,;；/|。.]+", gap)
    groups = [group for group in parted if group]
    if bare is not None:
        return bare if _CLUSTER.fullmatch(bare) else None
    if len(groups) != 1 or not _CLUSTER.fullmatch(groups[0]):
        return None
    is_apart = not gap.startswith(groups[0])
    has_box = any(sign in _EMPTY_BOX + _TICKED_BOX for sign in groups[0]) or groups[0][0] in "([【"
    return groups[0] if is_apart or (has_box and groups[0][0] not in _TICK) else None


# parts


def _together(nodes: Mapping[str, Node]) -> Shown:
    """The value of which each part has a cell; parts that a form does not have are empty."""
    read = Shown()
    cells = {name: nodes[name].cell for name in nodes}
    given = {name: cleaned(nodes[name].text or "") if name in nodes else "" for name in PARTS}
    for name in (SIGN, UNIT):
        if given[name] and is_dash(given[name]):
            read.say(CHANGED, f"“{given[name]}”当作没有填。", cells[name])
            given[name] = ""
    if not given[NUMBER]:
        return _without_number(given, cells, read)
    sign = sign_named(given[SIGN])
    if sign is None:
        read.text = given[NUMBER] + given[UNIT] if values.parse(given[NUMBER]).is_number else given[NUMBER]
        return read.say(UNSURE, f"“{shortened(given[SIGN])}”不是符号，没有读进数据。", cells[SIGN])
    return _joined(Parts(sign, given[NUMBER], given[UNIT]), given[SIGN], cells, read)


def _without_number(given: Mapping[str, str], cells: Mapping[str, FormCell | None], read: Shown) -> Shown:
    left = "、".join(f"“{shortened(text)}”" for text in given.values() if text)
    if left:
        read.say(UNSURE, f"只有{left}，没有数，当作没有填。", cells.get(NUMBER) or next(iter(cells.values())))
    return read


def _joined(parts: Parts, typed_sign: str, cells: Mapping[str, FormCell | None], read: Shown) -> Shown:
    """The value of three parts; the number's own sign and unit must be the others, where it has them."""
    own = values.taken_apart(parts.number)
    sign, unit = parts.sign or own.sign, own.unit or parts.unit
    if parts.sign and own.sign and parts.sign != own.sign:
        return _conflicting(parts, cells, read)
    if parts.unit and own.unit and normalized(parts.unit) != normalized(own.unit):
        return _conflicting(parts, cells, read)
    text = f"{sign}{own.number}{unit}" if sign or unit else parts.number
    measure = values.parse(text)
    if (parts.sign or parts.unit) and not (measure.is_date or (measure.is_number and measure.sign == sign)):
        return _conflicting(parts, cells, read)
    read.text = text
    if values.taken_apart(text) != parts or typed_sign != parts.sign:
        as_typed = " · ".join(filter(None, (typed_sign, parts.number, parts.unit)))
        for cell in dict.fromkeys(cells.values()):
            read.say(CHANGED, f"“{shortened(as_typed)}”读成“{shortened(text)}”。", cell)
    return read


def _conflicting(parts: Parts, cells: Mapping[str, FormCell | None], read: Shown) -> Shown:
    """The text of the number's cell, where those beside it do not go with it."""
    left = "、".join(f"“{shortened(text)}”" for text in (parts.sign, parts.unit) if text)
    read.text = parts.number
    return read.say(UNSURE, f"“{shortened(parts.number)}”和旁边的{left}对不上，旁边的没有读进数据。", cells.get(NUMBER))


def cells_of(node: Node) -> Iterator[FormCell]:
    """The cells in which a value is shown otherwise than it is typed."""
    yield from dict.fromkeys(part.cell for part in node.shown.values() if part.cell is not None)


def main_cell(node: Node) -> FormCell | None:
    """The cell that a doubt about the value is about: one with a line break, else the number's, else the first."""
    nodes = [part for part in node.shown.values() if part.cell is not None]
    broken = next((part for part in nodes if "\n" in (part.text or "").strip()), None)
    chosen = broken or node.shown.get(NUMBER) or next(iter(nodes), None)
    return chosen.cell if chosen else None
