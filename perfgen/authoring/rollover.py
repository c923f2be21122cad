"""Next year's text of a data file, made from this year's as the form's `x-next` annotations say.

What moves is taken as it is typed, sign and unit included; what is only computed this year (a
total, a sum by kind) is written out, because next year nothing is left to compute it from. The
text is edited in place, so comments and layout stay; the result is read back and compared with
the data it should hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from perfgen.authoring.new_file import UNCOMMENT
from perfgen.data import Data, ValuePath, as_group, path_text, texts
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import DataError, Finding
from perfgen.form.figures import FigureValue, names_of
from perfgen.form.forms import Form
from perfgen.source import pending, reader, writer
from perfgen.source.editor import Editor
from perfgen.source.reader import Document

_NOTE = "# 续写："
_SCHEMA_LINE = "# yaml-language-server:"


@dataclass
class Rolled:
    """Next year's file, and what its author should know. Paths are those of the new data."""

    text: str
    year: int
    name: str = ""
    """The unit's new name; empty where it keeps its own."""
    looks: list[ValuePath] = field(default_factory=list)
    """Kept, and likely to change from year to year."""
    expired: list[ValuePath] = field(default_factory=list)
    """Emptied, because the year that stood there does not lie after the new one."""
    expected: list[ValuePath] = field(default_factory=list)
    """Values for the year that passes, as they were expected: to be replaced once the actual ones are known."""
    dropped: list[ValuePath] = field(default_factory=list)
    """Groups that only concerned the year that passes. Paths of the old data."""
    dated: list[ValuePath] = field(default_factory=list)
    """Kept texts in which the year that passes is written."""


def roll(
    text: str, document: Document, form: Form, computed: Mapping[ValuePath, FigureValue], name: str = ""
) -> Rolled:
    """The file for the year after a valid document's; `text` is what `document` was read from.

    `name` is what the unit is called then, where that is another name.

    Raises DataError where the file is written in a way that cannot be edited by position.
    """
    year = int(show(document.top[form.fields.with_role("year")])) + 1
    walk = _Walk(text, document, form, computed, Rolled("", year, name))
    expected = walk.group(form.fields, ())
    rolled = walk.rolled
    examples = _with_examples(walk.editor.text(), text, document, rolled.dropped)
    rolled.text = _without_pending(examples, document.file)
    if _read(rolled.text, document.file) != expected:
        place = document.place(())
        message = "这个文件的写法特别，不能自动续写。"
        raise DataError([Finding(place, "rollover-layout", message, "照别的文件的写法整理，一项一行，再试一次。")])
    earlier = re.compile(rf"(?<!\d){year - 1}(?!\d)")
    rolled.dated = [path for path, text in texts(expected) if earlier.search(text)]
    rolled.text = _with_notes(rolled.text, _notes(rolled, document.file))
    return rolled


def _with_examples(text: str, before: str, document: Document, dropped: list[ValuePath]) -> str:
    """A text in which each dropped field that stood below the words that tell how to uncomment it is there again, as a
    comment; those words would speak of the line of another field."""
    told = f"# {UNCOMMENT}"
    newline = "\r\n" if "\r\n" in text else "\n"
    old_lines, lines = before.splitlines(), text.splitlines(keepends=True)
    for path in dropped:
        above = old_lines[: document.keys[path][0] - 1] if len(path) == 1 else []
        if above and above[-1].strip() == told:
            count = sum(line.strip() == told for line in above)
            at = [number for number, line in enumerate(lines, 1) if line.strip() == told][count - 1]
            lines.insert(at, f"# {writer.text(str(path[0]))}:{newline}")
    return "".join(lines)


def _without_pending(text: str, file: str) -> str:
    """A text without the comments of an import: what it was unsure of is this year's to settle."""
    try:
        return pending.without(text, reader.load_yaml(text.encode(), file).pending)
    except DataError:
        return text


def _read(text: str, file: str) -> Data:
    """The data of a text; None where it cannot be read."""
    try:
        return reader.load_yaml(text.encode(), file).data
    except DataError:
        return None


class _Walk:
    """Goes through data and fields together; changes the text, and makes the data it should hold then."""

    def __init__(
        self, text: str, document: Document, form: Form, computed: Mapping[ValuePath, FigureValue], rolled: Rolled
    ) -> None:
        self.editor = Editor(text, document)
        self.value = document.value
        self.computed = computed
        self.figures = form.figures
        self.year_name = form.fields.with_role("year")
        self.unit_name = form.fields.with_role("unit")
        self.rolled = rolled

    def group(self, field: Field, path: ValuePath) -> dict[str, Data]:
        """Next year's members of the group at a path; those that are not there yet may come from figures."""
        old = as_group(self.value(path))
        order = [*field.members, *(name for name in old if name not in field.members)]
        new: dict[str, Data] = {}
        for name in order:
            member = field.member(name) or Field("value", "")
            member_path = (*path, name)
            if name in old:
                kept, value = self._member(field, member, member_path)
                if kept:
                    new[name] = value
            elif added := self._added(field, member, member_path):
                new[name], typed = added
                self.editor.insert(path, name, typed, order)
        return new

    def _member(self, parent: Field, field: Field, path: ValuePath) -> tuple[bool, Data]:
        """Whether a member that is there stays, and what it holds then; None is a hole."""
        value = self.value(path)
        if path == (self.year_name,):
            self.editor.put(path, str(self.rolled.year))
            return True, Decimal(self.rolled.year)
        if path == (self.unit_name,) and self.rolled.name:
            self.editor.put(path, writer.text(self.rolled.name))
            return True, self.rolled.name
        if field.source:
            return self._moved(parent, field, path)
        if self._is_cleared(field, path, value):
            if field.kind != "value":
                self.rolled.dropped.append(path)
            return self._emptied(path, hole=path[-1] in parent.required or field.kind == "value")
        if field.next.kind != "keep" and value:
            self.rolled.looks.append(path)
        if isinstance(value, dict):
            return self._rest(parent, field, path)
        if isinstance(value, list) and field.item:
            return True, [self._item(field.item, (*path, number), item) for number, item in enumerate(value)]
        return True, value

    def _item(self, field: Field, path: ValuePath, item: Data) -> Data:
        return self.group(field, path) if isinstance(item, dict) else item

    def _is_cleared(self, field: Field, path: ValuePath, value: Data) -> bool:
        """Whether next year's file starts without this value; notes a year that has passed."""
        if field.next.kind == "clear=":
            return bool(value == self.value((*path[:-1], field.next.sibling)))
        if field.next.kind == "later" and isinstance(value, Decimal) and value <= self.rolled.year:
            self.rolled.expired.append(path)
            return True
        return field.next.kind == "clear"

    def _emptied(self, path: ValuePath, *, hole: bool) -> tuple[bool, Data]:
        """Empties a member, as `_member` gives it; leaves a hole to fill, or removes it and leaves nothing."""
        if hole and self.figures.at(path) is None:
            self.editor.empty(path)
            return True, None
        self.editor.remove(path)
        return False, None

    def _moved(self, parent: Field, field: Field, path: ValuePath) -> tuple[bool, Data]:
        """Gives a member what its sibling holds this year, as `_member` gives it."""
        offered = self._offered(parent, field, path)
        if offered is None:
            return self._emptied(path, hole=path[-1] in parent.required)
        value, typed = offered
        self.editor.put(path, typed)
        return True, value

    def _offered(self, parent: Field, field: Field, path: ValuePath) -> tuple[Data, str] | None:
        """What this year's sibling gives to a member, with how it is typed; None where it holds nothing."""
        source = (*path[:-1], str(field.source))
        value = self.value(source)
        typed = self.editor.source(source) if value is not None else ""
        if value is None:
            value = self.computed.get(source)
            typed = show(value)
        if value is None:
            return None
        if field.measure and parent.members[str(field.source)].next.kind == "clear":
            self.rolled.expected.append(path)
        return value, typed

    def _added(self, parent: Field, field: Field, path: ValuePath) -> tuple[Data, str] | None:
        """What a member that is not there yet starts with, and how that is typed; None for nothing."""
        if field.kind == "object":
            members = {name: self._added(field, member, (*path, name)) for name, member in field.members.items()}
            inside = {name: added for name, added in members.items() if added}
            typed = ", ".join(f"{writer.text(name, flow=True)}: {typed}" for name, (_, typed) in inside.items())
            return ({name: value for name, (value, _) in inside.items()}, f"{{{typed}}}") if inside else None
        return self._offered(parent, field, path) if field.source and self.figures.at(path) is None else None

    def _rest(self, parent: Field, field: Field, path: ValuePath) -> tuple[bool, Data]:
        """What is left of a group; one that becomes empty is removed."""
        mark = self.editor.mark()
        new = self.group(field, path)
        if new or not self.value(path):
            return True, new
        self.editor.undo(mark)
        if path[-1] in parent.required:
            self.editor.put(path, "{}")
            return True, {}
        self.editor.remove(path)
        return False, None


def named(paths: list[ValuePath]) -> str:
    """The names of what paths lead to, each once; all rows of a list have one name."""
    return "、".join(dict.fromkeys(path_text(names_of(path)) for path in paths))


def _notes(rolled: Rolled, origin: str) -> list[str]:
    """The lines for the person who opens the file: what to fill in and what to look at."""
    notes = [
        f"由 {origin} 续写。冒号后面空着的都要填，make check（或 perfgen check）逐个列出；用不着的一项、一行就删掉。"
    ]
    if rolled.looks:
        notes.append(f"照留下来、要看一遍的：{named(rolled.looks)}。")
    if rolled.expected:
        notes.append(f"先抄了预期值、有了实际数要改的：{named([p[:1] + p[-1:] for p in rolled.expected])}。")
    return [*notes, "填完、看完，这几行可以删掉。"]


def _with_notes(text: str, notes: list[str]) -> str:
    """Puts the notes at the head, below the line for editors, in place of those of an earlier rollover."""
    newline = "\r\n" if "\r\n" in text else "\n"
    head, rest = [], text.splitlines(keepends=True)
    while rest and rest[0].startswith("#"):
        line = rest.pop(0)
        if not line.startswith(_NOTE):
            head.append(line)
    at = 1 if head and head[0].startswith(_SCHEMA_LINE) else 0
    head[at:at] = [f"{_NOTE}{note}{newline}" for note in notes]
    return "".join([*head, *rest])
