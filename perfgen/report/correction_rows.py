"""What was corrected after publication, as a page tells it: the entries of a form, whatever it calls their parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.fields import Field
from perfgen.table.view import Record, Text, View, members


@dataclass(frozen=True)
class CorrectionRow:
    """An entry of the list with `x-role: corrections`, each part as it is printed, with its path."""

    day: Text
    reason: Text
    place: Text
    """Which value was corrected, in words: `甲.乙[名称].丙`."""
    before: Text


def correction_rows(fields: Field, view: View) -> tuple[CorrectionRow, ...]:
    """The entries of a report, in the order of the data; none where its form has no such list."""
    parts = fields.find_parts("corrections", 4)
    return tuple(_rows(members(view).get(parts[0]), parts[1:])) if parts else ()


def _rows(rows: object, parts: tuple[str, ...]) -> Iterator[CorrectionRow]:
    for row in rows if isinstance(rows, list) else ():
        texts = [members(row)[part] for part in parts] if isinstance(row, Record) else []
        day, reason, place, before = (text if isinstance(text, Text) else Text("", ()) for text in texts)
        yield CorrectionRow(day, reason, place, before)
