"""What a window shows of a data file: HTML that is put into the page, and what its scripts need to know beside it."""

from __future__ import annotations

from typing import Any

from perfgen.check import check
from perfgen.data import ValuePath
from perfgen.filling.labels import label_of
from perfgen.filling.rest import strangers, unprinted
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import Slot, printed_slots, slot
from perfgen.filling.turns import Place, places
from perfgen.findings import Level
from perfgen.serving.asked import as_asked
from perfgen.serving.desk import Desk, Look
from perfgen.serving.known import Known, Part, all_left, known
from perfgen.serving.page import page
from perfgen.table.model import Line, TableRow

Payload = dict[str, Any]


class _Numbers:
    """The slots and rows of a form, by their numbers in the lists that the scripts get."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.slots: list[Slot] = list(printed_slots(sheet))
        self.places: dict[ValuePath, Place] = places(sheet)
        self._slots = {one.path: number for number, one in enumerate(self.slots)}
        self._places = {path: number for number, path in enumerate(self.places)}

    def slot(self, path: ValuePath) -> int:
        """The number of the slot of a path, which becomes one where it is none yet."""
        if path not in self._slots:
            self._slots[path] = len(self.slots)
            self.slots.append(slot(self.sheet, path))
        return self._slots[path]

    def of(self, path: ValuePath) -> Slot:
        """The slot of a path."""
        return self.slots[self.slot(path)]

    def turns(self, part: TableRow | Line) -> str:
        """The numbers of the rows and groups that a row or a paragraph stands for, from the outermost."""
        return " ".join(str(self._places[turn.item]) for turn in part.turns if turn.item in self._places)

    def label(self, path: ValuePath) -> str:
        """What a value is called below the form, without the name of the field that it stands in."""
        return label_of(self.sheet.filing, path, path[:1])

    def nearest(self, path: ValuePath) -> int | None:
        """The number of the slot that a path leads to: its own, else the first of the row or group there or around."""
        if path in self._slots:
            return self._slots[path]
        for length in range(len(path), 0, -1):
            for number, one in enumerate(self.slots):
                if one.path[:length] == path[:length]:
                    return number
        return None


def payload(desk: Desk, look: Look) -> Payload:
    """What a window gets of a data file: it can be sent as JSON."""
    history = desk.histories.get(look.file.source)
    made: Payload = {
        "file": look.file.source,
        "version": look.version,
        "broken": look.is_broken,
        "undo": len(history.done) if history else 0,
        "redo": len(history.undone) if history else 0,
        "counts": _counts(look),
        "html": {"form": "", "rest": "", "findings": ""},
        "slots": [],
        "places": [],
        "findings": [],
        "holes": [],
    }
    numbers = _Numbers(look.sheet) if look.sheet else None
    if look.sheet and numbers:
        made["title"] = look.sheet.filing.form.title
        made["html"] |= {
            "form": page("form.html", sheet=look.sheet, table=look.sheet.table, numbers=numbers, look=look),
            "rest": page("rest.html", groups=unprinted(look.sheet), others=strangers(look.sheet), numbers=numbers),
        }
    listed = known(desk.project, look.file, look.findings, look.sheet, numbers.nearest if numbers else _nowhere)
    left = all_left(look.sheet, listed) if look.sheet and not look.is_broken else None
    made["html"]["findings"] = page(
        "findings.html",
        findings=listed,
        parts=Part,
        look=look,
        holes=made["counts"]["holes"],
        left=left,
        as_asked=as_asked,
    )
    made["findings"] = [_finding(one) for one in listed]
    made["holes"] = [number for path in _holes(look) if numbers and (number := numbers.nearest(path)) is not None]
    if numbers:
        made["slots"] = [_slot(numbers.sheet, one) for one in numbers.slots]
        made["places"] = [_place(one) for one in numbers.places.values()]
    return made


def _counts(look: Look) -> dict[str, int]:
    return {
        "errors": sum(one.level is Level.ERROR and not one.unfilled for one in look.findings),
        "warnings": sum(one.is_open for one in look.findings),
        "holes": len(_holes(look)),
    }


def _holes(look: Look) -> list[ValuePath]:
    """The paths of what is not filled in."""
    return [] if look.sheet is None or look.is_broken else check.holes(look.sheet.filing)


def _nowhere(_: ValuePath) -> None:
    """Where a path leads while there is no form."""


def _finding(one: Known) -> Payload:
    """What the scripts need to know of a finding: the page shows the rest."""
    return {"number": one.number, "part": one.part.value, "slot": one.slot}


def _slot(sheet: Sheet, one: Slot) -> Payload:
    place = sheet.filing.document.place(one.path)
    return {
        "path": list(one.path),
        "kind": one.kind.value,
        "typed": one.typed,
        "label": one.label,
        "help": one.field.guidance if one.field else "",
        "choices": list(one.choices),
        "editable": one.is_editable,
        "blank": one.is_blank,
        "claimed": one.is_claimed,
        "at": str(place),
    }


def _place(one: Place) -> Payload:
    return {
        "item": list(one.item),
        "rows": list(one.rows),
        "number": one.number,
        "count": one.count,
        "after": one.after,
        "group": one.is_group,
        "blank": one.is_blank,
        "label": one.label,
        "names": list(one.names),
        "open": one.is_open,
        "fixed": one.is_fixed,
    }
