"""Entries that say what was corrected after publication: read from a file, and made for a change.

A form that wants them has a list with `x-role: corrections`. The first four members of its rows are the day, the
reason, the path and the value before, whatever they are called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.comparison.difference import Difference, DifferenceKind, PathStep
from perfgen.data import Data, ValuePath, as_group, as_list, as_scalar, leaves
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Place
from perfgen.report.publish import publish
from perfgen.review.change import Change
from perfgen.source import writer

NOTHING = "没有"
"""The value before, where there was none."""


@dataclass(frozen=True)
class WantedCorrection:
    """A change to what was public, and the entry that nobody wrote."""

    unit: str
    year: str
    file: str
    since: str
    """The day on which the unit's year became public."""
    label: str
    path: str
    before: str
    line: str
    """The entry, as a line to paste; its reason is a hole."""
    place: Place


@dataclass(frozen=True)
class EntryFields:
    """The field that holds the entries, and what the four parts of an entry are called."""

    name: str
    day: str
    reason: str
    path: str
    before: str

    @classmethod
    def of(cls, fields: Field) -> EntryFields | None:
        """Those of a form; None where it has no such list, or its rows have not four members."""
        parts = fields.find_parts("corrections", 4)
        return cls(*parts) if parts else None

    def in_data(self, data: Data) -> Counter[tuple[str, str]]:
        """The path and the value before of each entry of a file."""
        rows = map(as_group, as_list(as_group(data).get(self.name)))
        return Counter(key(*(show(as_scalar(row.get(part))) for part in (self.path, self.before))) for row in rows)

    def line(self, day: str, path: str, before: str) -> str:
        """An entry as a line to paste; its reason is a hole."""
        parts: dict[str, Data] = {self.day: day, self.reason: None, self.path: path, self.before: before}
        return f"- {writer.inline(parts)}"


def key(path: str, before: str) -> tuple[str, str]:
    """By what an entry is known: its path and the value before, however their blanks were typed."""
    return " ".join(path.split()), " ".join(before.split())


def concerns_public(change: Change) -> bool:
    """Whether a change is one of what the public sees."""
    difference = change.difference
    if change.is_whole_file:
        return False
    old, new = (_public(value, difference.field) for value in (difference.old, difference.new))
    return old != new or (difference.kind is DifferenceKind.MOVED and new is not None)


def text_before(difference: Difference, fields: Field, old: Data) -> str:
    """What the public read before a change: a value, the values of a row, or the path where the row was."""
    if difference.kind is DifferenceKind.MOVED:
        return _path(difference.came_from, difference.old_path, fields, old)
    value = _public(difference.old, difference.field)
    if not isinstance(value, dict | list):
        return show(value) or NOTHING
    parts = [(difference.field.at(leaf.path), leaf) for leaf in leaves(value) if not leaf.is_name]
    texts = ((field.title if field else "", show(leaf.value)) for field, leaf in parts if leaf.value is not None)
    return "；".join(f"{title} {text}".strip() for title, text in texts) or NOTHING


def public_path(difference: Difference, fields: Field, old: Data, new: Data) -> str:
    """The steps to a value as text, `甲.乙[名称].丙`; a row whose name is not public is told by its number there."""
    is_new = difference.kind in (DifferenceKind.ADDED, DifferenceKind.MOVED) or difference.old_path is None
    path = difference.new_path if is_new else difference.old_path
    return _path(difference.steps, path, fields, new if is_new else old)


def _path(steps: tuple[PathStep, ...], path: ValuePath | None, fields: Field, data: Data) -> str:
    """Steps as text; `path` is where they lead in the data."""
    numbers = publish(data, fields).destination(path or ()) or path or ()
    return "".join(_texts(steps, numbers, fields)).removeprefix(".")


def _texts(steps: tuple[PathStep, ...], numbers: ValuePath, fields: Field) -> Iterator[str]:
    """Each step as it stands in a path."""
    field: Field | None = fields
    for step, at in zip(steps, numbers, strict=False):
        if not step.is_row:
            yield f".{step.name}"
            field = field.member(step.name) if field else None
            continue
        number = str(at + 1) if isinstance(at, int) else ""
        yield f"[{step.name if step.name and field and _has_public_names(field) else number}]"
        field = field.item if field else None


def _has_public_names(field: Field) -> bool:
    """Whether the names of a list's rows are public; a row that is a text has no name beside it."""
    item = field.item
    if item is None or item.kind != "object":
        return False
    named = [item.members[field.identity]] if field.identity in item.members else item.members.values()
    return all(member.public for member in named if member.kind == "value")


def _public(value: Data, field: Field) -> Data:
    return None if value is None else publish(value, field).data
