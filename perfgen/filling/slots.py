"""What each place on a form is for whoever fills it in: how it is edited, or why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfgen.data import ValuePath, as_scalar, path_text
from perfgen.display import show
from perfgen.fields import Field
from perfgen.filling.blanks import UNNAMED
from perfgen.filling.sheet import Sheet
from perfgen.filling.typed import NO, YES


class SlotKind(StrEnum):
    """How a place is edited."""

    TEXT = "text"
    NUMBER = "number"
    MEASURE = "measure"
    """A target value, of which is shown how it is understood."""
    CHOICE = "choice"
    NAME = "name"
    """The name of a group, which is a key of the data."""
    FIXED = "fixed"
    """Not edited: a name that the form fixes, or which form it is."""
    FIGURE = "figure"
    """Not edited: it is computed."""
    FOREIGN = "foreign"
    """Not edited here: it is a value of another file."""


@dataclass(frozen=True)
class Slot:
    """A place on a form, by the path of its value."""

    path: ValuePath
    kind: SlotKind
    field: Field | None
    typed: str
    """What an editor of it begins with."""
    is_blank: bool = False
    """Whether it lies in a row or group that the data does not have yet."""
    is_claimed: bool = False
    """Of a figure: whether the file states a value for it too."""
    unit: str | None = None
    """What is printed behind the number that stands in a figure's place; None where no unit is."""

    @property
    def is_editable(self) -> bool:
        """Whether something can be typed there."""
        return self.kind not in (SlotKind.FIXED, SlotKind.FIGURE, SlotKind.FOREIGN)

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen, where it is one of a few."""
        if self.field is None or self.kind is not SlotKind.CHOICE:
            return ()
        return (YES, NO) if self.field.flag else self.field.choices

    @property
    def label(self) -> str:
        """What it is called, for people."""
        title = self.field.title if self.field else ""
        if self.kind is SlotKind.NAME:
            return f"{title}的名称" if title else "名称"
        return title or path_text(self.path)


def slot(sheet: Sheet, path: ValuePath) -> Slot:
    """What the place of a value is; the path of a group stands for its name."""
    form, document = sheet.filing.form, sheet.filing.document
    if path and path[0] in form.references:
        return Slot(path, SlotKind.FOREIGN, None, "")
    field = form.fields.at(path)
    is_blank = sheet.is_blank(path)
    if field is not None and field.kind != "value":
        around = form.fields.at(path[:-1])
        is_fixed = around is not None and path[-1] in around.members
        name = "" if path[-1] == UNNAMED else str(path[-1])
        return Slot(path, SlotKind.FIXED if is_fixed else SlotKind.NAME, field, name, is_blank)
    is_there = path in document.values
    figure = form.figures.at(path)
    if figure is not None and not figure.may_be_typed:
        return Slot(path, SlotKind.FIGURE, field, "", is_blank, is_claimed=is_there)
    value = as_scalar(document.value(path))
    typed = (YES if value else NO) if isinstance(value, bool) else show(value)
    return Slot(path, _kind(field), field, typed, is_blank, unit=(figure.unit or None) if figure else None)


def _kind(field: Field | None) -> SlotKind:
    """How a single value is edited."""
    if field is None or field.role == "form":
        return SlotKind.FIXED
    if field.flag or len(field.choices) > 1:
        return SlotKind.CHOICE
    if field.measure:
        return SlotKind.MEASURE
    return SlotKind.NUMBER if field.numeric and not field.textual else SlotKind.TEXT


def printed_slots(sheet: Sheet) -> Iterator[Slot]:
    """The slots of all values that the form prints, in reading order, each once."""
    cells = (part.path for cell in sheet.table.cells() for line in cell.lines for part in line.parts)
    blocks = (part.path for block in (*sheet.table.above, *sheet.table.below) for part in block.parts)
    for path in dict.fromkeys((*blocks, *cells)):
        if path is not None:
            yield slot(sheet, path)
