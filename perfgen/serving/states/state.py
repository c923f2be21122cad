"""What is known of a data file that was checked: the row that `status` makes of it, and what that was made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from perfgen.check.looked import Looked
from perfgen.project.layout import DataFile
from perfgen.status.rows import Row
from perfgen.system.day import Day, Origin

Json: TypeAlias = Any
"""What a JSON file may hold: it is looked at before it is believed."""
EVER = Day(date.max, Origin.CLOCK)
"""The day of a row that is kept: what waits for a day has come, so that the row says of any day what it is on it."""
_TEXTS = ("unit", "form", "title", "group", "approved", "published", "deadline")
_NUMBERS = ("holes", "errors", "warnings", "records", "held")
BROKEN = (KeyError, TypeError, ValueError, AttributeError)
"""What `from_json` raises of what is no state."""


@dataclass(frozen=True)
class State:
    """A file as a check of it alone found it."""

    row: Row
    """With the day `EVER`."""
    subject: str
    """What it is about beside its unit, in words."""
    continues: tuple[DataFile, ...]
    """The files of the year before that are the same unit's."""
    key: str
    """A hash over all that it was made from."""
    needs: tuple[str, ...]
    """The other data files among that."""
    heads: str
    """A hash over what stands in the file that others find it by."""

    @property
    def file(self) -> DataFile:
        """The data file."""
        return self.row.files[0]

    @property
    def looked(self) -> Looked:
        """What `status` asks of a file that was checked."""
        row = self.row
        return Looked(
            self.file, row.form, row.unit, self.subject, row.holes, row.records, fails=row.errors > 0,
            continues=self.continues,
        )  # fmt: skip

    def on(self, day: Day, errors: int, warnings: int, *, is_newest: bool) -> Row:
        """Its row on a day, with so many findings of the rules over all units; a deadline is one of the newest year."""
        row = self.row
        return replace(
            row, day=day, errors=row.errors + errors, warnings=row.warnings + warnings,
            deadline=row.deadline if is_newest else "",
        )  # fmt: skip

    def to_json(self) -> Json:
        """The same as plain data."""
        row = {name: getattr(self.row, name) for name in (*_TEXTS, *_NUMBERS, "has_page")}
        row["remarks"] = list(self.row.remarks)
        continues = [file.source for file in self.continues]
        return {"row": row, "subject": self.subject, "continues": continues, "key": self.key,
                "needs": list(self.needs), "heads": self.heads}  # fmt: skip


def from_json(source: str, data: Json) -> State:
    """The state of a file out of plain data. Raises one of BROKEN for what is none."""
    row = data["row"]
    if set(row) != {*_TEXTS, *_NUMBERS, "has_page", "remarks"} or not isinstance(row["has_page"], bool):
        raise ValueError(source)
    texts = {name: _text(row[name]) for name in _TEXTS}
    for day in filter(None, (texts["approved"], texts["published"], texts["deadline"])):
        date.fromisoformat(day)
    members: dict[str, Any] = {**texts, **{name: number(row[name]) for name in _NUMBERS}}
    remarks = _texts(row["remarks"])
    made = Row(**members, day=EVER, files=(DataFile.at(source),), has_page=row["has_page"], remarks=remarks)
    continues = tuple(map(DataFile.at, _texts(data["continues"])))
    return State(
        made, _text(data["subject"]), continues, _text(data["key"]), _texts(data["needs"]), _text(data["heads"])
    )


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def number(value: Json) -> int:
    """A count out of plain data. Raises TypeError or ValueError for what is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    if value < 0:
        raise ValueError(value)
    return value


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_text, value))
