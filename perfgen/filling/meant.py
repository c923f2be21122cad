"""Which edit is meant by a text that was typed in a place of a form."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.data import ValuePath, as_group, value_at
from perfgen.filling.blanks import UNNAMED
from perfgen.filling.dropped import dropped
from perfgen.filling.edits import Add, Edit, EditError, Many, Put, Rename
from perfgen.filling.free_groups import free_groups
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import Slot, SlotKind, slot
from perfgen.filling.typed import typed_name, typed_value
from perfgen.source.characters import with_line_feeds

_NOT_EDITED = {
    SlotKind.FIXED: "这里是表里固定的，不能改。",
    SlotKind.FIGURE: "这里是程序算出来的，改它用到的数。",
    SlotKind.FOREIGN: "这里是从别的文件取来的，在那个文件里改。",
}


@dataclass(frozen=True)
class Meant:
    """An edit, and what its author should know of how the text was read, in Chinese sentences."""

    edit: Edit
    remarks: tuple[str, ...] = ()


def edit_for(sheet: Sheet, path: ValuePath, text: str) -> Meant:
    """The edit that is meant by a text in the place of a path; nothing typed empties the place.

    `Many()` is no change: the text that is there, or nothing typed where nothing is. What is emptied and must be there
    stays as a hole, as a row does; anything else goes, with its name. Raises EditError for a place where nothing can be
    typed.
    """
    place = slot(sheet, path)
    if not place.is_editable or place.field is None:
        raise EditError(_NOT_EDITED.get(place.kind, "这里不能填。"))
    if with_line_feeds(text) == place.typed:
        return Meant(Many())
    if place.kind is SlotKind.NAME:
        name = typed_name(text)
        return Meant(_naming(sheet, place, str(name.value or "")), name.remarks)
    typed = typed_value(text, place.field, place.unit)
    is_there = path in sheet.filing.document.values
    if typed.value is None and not is_there:
        return Meant(Many(), typed.remarks)
    around = sheet.filing.form.fields.at(path[:-1])
    if typed.value is None and isinstance(path[-1], str) and around and path[-1] not in around.required:
        return Meant(dropped(sheet.filing, path), typed.remarks)
    return Meant(Put(path, typed.value), typed.remarks)


def _naming(sheet: Sheet, place: Slot, name: str) -> Edit:
    """A group that gets another name, or one that comes into being with its first."""
    if not place.is_blank and place.path[-1] != UNNAMED:
        return Rename(place.path, name)
    rows = place.path[:-1]
    around = as_group(value_at(sheet.filing.document.data, rows))
    return Add(rows, len(free_groups(around, sheet.filing.form.fields.at(rows))), None, name)
