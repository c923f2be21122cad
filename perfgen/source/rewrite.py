"""A text made to hold wanted data with the fewest changes; what is equal stays as its author typed it.

What is written is read back and compared. Where a change by position does not read back as wanted, the smallest
member or item around it is written anew; its comments stay.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from perfgen.data import Data, ValuePath, is_same, put
from perfgen.fields import Field
from perfgen.findings import DataError
from perfgen.source import pairing, reader
from perfgen.source.carry import Moves
from perfgen.source.editor import Editor
from perfgen.source.entries import Entries
from perfgen.source.events import MAX_DEPTH
from perfgen.source.reader import Document
from perfgen.source.replace import New
from perfgen.source.writer import Comments, ordered

Partner: TypeAlias = Callable[[ValuePath, Sequence[Data], Sequence[Data]], Sequence[int | None]]
"""Says for each wanted item of a list which old item it comes from, by number from 0, or None for a new one.

It is given the path of the list in the wanted data, the old items and the wanted items.
"""


def rewritten(
    text: str,
    document: Document,
    wanted: dict[str, Data],
    fields: Field | None = None,
    partner: Partner = pairing.by_value,
    *,
    moved: Mapping[ValuePath, ValuePath] | None = None,
    above: Comments | None = None,
    beside: Comments | None = None,
) -> str:
    """The text whose data is `wanted`; `text` is what `document` was read from.

    `fields` says where new members stand and how they are written. `moved` names rows that come from another list
    and change too: path in the wanted data → path in the old; one that only moves is found without. `above` and
    `beside` are comments to put at values, by their path in the wanted data, without the `#`; one that stands there
    already is not put again. A row or member that goes takes its comments with it; every other comment stays.
    Raises RuntimeError where no way was found: a fault of this module.
    """
    how = _How(fields, partner)
    if moved:
        text, document = _with_rows_moved(text, document, wanted, how, moved)
        how = replace(how, partner=_in_place_but_in(moved, partner))
    result = _changed(text, document, wanted, how)
    return _with_comments(result, document.file, wanted, above or {}, beside or {})


def in_one_step(
    text: str, document: Document, wanted: dict[str, Data], fields: Field | None, partner: Partner
) -> str | None:
    """The text whose data is `wanted`, made as `rewritten` does it first; None where that does not read back so.

    What it costs grows with the text alone, so that it may be asked about any file.
    """
    return _at_once(text, document, wanted, _How(fields, partner))


@dataclass(frozen=True)
class _How:
    """What says where things stand, and which level and all below it is written anew where it differs."""

    fields: Field | None
    partner: Partner
    depth: int = MAX_DEPTH


def _changed(text: str, document: Document, wanted: dict[str, Data], how: _How) -> str:
    return _at_once(text, document, wanted, how) or _one_by_one(text, document, wanted, how)


def _with_rows_moved(
    text: str, document: Document, wanted: dict[str, Data], how: _How, moved: Mapping[ValuePath, ValuePath]
) -> tuple[str, Document]:
    """The text with everything as wanted, but in the rows that moved, which hold what they held before."""
    step = copy.deepcopy(wanted)
    for path, old in moved.items():
        put(step, path, document.value(old))
    text = _changed(text, document, step, how)
    found = _read(text, document.file)
    assert found is not None
    return text, found


def _in_place_but_in(moved: Mapping[ValuePath, ValuePath], partner: Partner) -> Partner:
    """Every item is where it was, but in the rows that moved."""

    def in_place(path: ValuePath, old: Sequence[Data], wanted: Sequence[Data]) -> Sequence[int | None]:
        if any(path[: len(row)] == row for row in moved):
            return partner(path, old, wanted)
        return range(len(wanted))

    return in_place


def _at_once(text: str, document: Document, wanted: Data, how: _How) -> str | None:
    """The text with all changes; None where it does not read back as wanted."""
    walk = _Walk(text, document, how)
    walk.change((), document.data, (), wanted, how.fields)
    walk.carry_moved()
    result = walk.editor.text()
    found = _read(result, document.file)
    return result if found is not None and is_same(found.data, wanted) else None


def _one_by_one(text: str, document: Document, wanted: dict[str, Data], how: _How) -> str:
    """The text with the changes of one member of the document after the other."""
    for name in [*document.top, *(name for name in ordered(wanted, how.fields) if name not in document.top)]:
        found = _read(text, document.file)
        assert found is not None
        step = (
            {**found.top, name: wanted[name]}
            if name in wanted
            else {one: value for one, value in found.top.items() if one != name}
        )
        if not is_same(found.data, step):
            text = _deepest(text, found, step, how)
    return text


def _deepest(text: str, document: Document, wanted: Data, how: _How) -> str:
    """The text with some changes, in which as little as possible is written anew."""
    for depth in range(MAX_DEPTH, 0, -1):
        result = _at_once(text, document, wanted, replace(how, depth=depth))
        if result is not None:
            return result
    raise RuntimeError(f"{document.file}: the text cannot be changed to the wanted data")


def _read(text: str, file: str) -> Document | None:
    """A text, read; None where it cannot be read."""
    try:
        return reader.load_yaml(text.encode(), file)
    except DataError:
        return None


def _with_comments(text: str, file: str, wanted: Data, above: Comments, beside: Comments) -> str:
    """The text with comments at values. Raises RuntimeError where one would change what is read."""
    if not above and not beside:
        return text
    document = _read(text, file)
    assert document is not None
    editor = Editor(text, document)
    for path, comment in above.items():
        editor.comment(path, comment, above=True)
    for path, comment in beside.items():
        editor.comment(path, comment)
    result = editor.text()
    found = _read(result, file)
    if found is None or not is_same(found.data, wanted):
        raise RuntimeError(f"{file}: a comment changes the data")
    return result


class _Walk:
    """Goes through old and wanted data together and changes what differs."""

    def __init__(self, text: str, document: Document, how: _How) -> None:
        self.editor = Editor(text, document)
        self.partner = how.partner
        self.depth = how.depth
        self.moves = Moves(Entries(text, document))
        self.new: list[tuple[str | int, New]] = []
        """What is added, with its name, or its number in a list."""
        self.replaced: list[New] = []

    def carry_moved(self) -> None:
        """Says of what is added which parts of it stood elsewhere."""
        for step, new in self.new:
            new.origins.update(self.moves.origins(step, new.value))
        for new in self.replaced:
            new.origins.update(self.moves.origins(None, new.value))

    def _added(self, step: str | int, value: Data, field: Field | None) -> New:
        new = New(value, field, step if isinstance(step, str) else None)
        self.new.append((step, new))
        return new

    def change(self, path: ValuePath, old: Data, wanted_path: ValuePath, wanted: Data, field: Field | None) -> None:
        """Changes the value at a path, where it differs from the wanted one."""
        if is_same(old, wanted):
            return
        if len(path) < self.depth and isinstance(old, dict) and isinstance(wanted, dict) and wanted:
            self._group(path, old, wanted_path, wanted, field)
        elif len(path) < self.depth and isinstance(old, list) and isinstance(wanted, list) and wanted:
            self._list(path, old, wanted_path, wanted, field)
        else:
            self.moves.below_gone(path, old)
            self.editor.replace(
                path, self._added(path[-1] if path else 0, wanted, field), whole=len(path) >= self.depth
            )

    def _group(
        self,
        path: ValuePath,
        old: dict[str, Data],
        wanted_path: ValuePath,
        wanted: dict[str, Data],
        field: Field | None,
    ) -> None:
        renamed = pairing.new_names(old, wanted, field)
        kept = {name: renamed.get(name, name) for name in old if name in renamed or name in wanted}
        numbers = {kept[name]: number for number, name in enumerate(old) if name in kept}
        order: list[int | New] = []
        for name in _in_place([*numbers], ordered(wanted, field)):
            below = field.member(name) if field else None
            order.append(numbers[name] if name in numbers else self._added(name, wanted[name], below))
        for name in (name for name in old if name not in kept):
            self.moves.gone((*path, name), old[name])
        self.editor.arrange(path, order)
        for name, new_name in kept.items():
            if name != new_name:
                self.editor.rename((*path, name), new_name)
            below = field.member(new_name) if field else None
            self.change((*path, name), old[name], (*wanted_path, new_name), wanted[new_name], below)

    def _list(
        self, path: ValuePath, old: list[Data], wanted_path: ValuePath, wanted: list[Data], field: Field | None
    ) -> None:
        item = field.item if field else None
        partners = _checked(self.partner(wanted_path, old, wanted), old, wanted)
        order = [self._added(at, wanted[at], item) if one is None else one for at, one in enumerate(partners)]
        for number in (number for number in range(len(old)) if number not in partners):
            self.moves.gone((*path, number), old[number])
        self.editor.arrange(path, order)
        for at, partner in enumerate(partners):
            if partner is not None:
                self.change((*path, partner), old[partner], (*wanted_path, at), wanted[at], item)


def _in_place(kept: list[str], names: list[str]) -> list[str]:
    """Names that stay, in their order, and the others of `names`, each behind the nearest one before it there."""
    result = list(kept)
    for number, name in enumerate(names):
        if name not in kept:
            before = [one for one in names[:number] if one in result]
            result.insert(result.index(before[-1]) + 1 if before else 0, name)
    return result


def _checked(partners: Sequence[int | None], old: Sequence[Data], wanted: Sequence[Data]) -> list[int | None]:
    """What a partner function answered. Raises ValueError where it is no answer."""
    named = [number for number in partners if number is not None]
    if len(partners) != len(wanted) or len(set(named)) < len(named) or not set(named) <= set(range(len(old))):
        raise ValueError("a partner for each wanted item, each old item at most once")
    return list(partners)
