"""Next year's text of a data file, made from this year's as the form's `x-next` annotations say.

What moves is taken as it is typed, sign and unit included; what is only computed this year (a
total, a sum by kind) is written out, because next year nothing is left to compute it from. The
text is edited in place, so comments and layout stay; the result is read back and compared with
the data it should hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from perfgen.data import Data, ValuePath, as_group, path_text
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import DataError, Finding
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.source import reader, writer
from perfgen.source.editor import Editor
from perfgen.source.reader import Document

_NOTE = "# 续写："
_SCHEMA_LINE = "# yaml-language-server:"


@dataclass
class Rolled:
    """Next year's file, and what somebody should know of it. Paths are those of the new data."""

    text: str
    year: int
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


def roll(text: str, document: Document, form: Form, computed: Mapping[ValuePath, Decimal | None]) -> Rolled:
    """The file for the year after a valid document's; `text` is what `document` was read from.

    Raises DataError where the file is written in a way that cannot be edited by position.
    """
    year = int(show(document.top[form.fields.with_role("year")])) + 1
    walk = _Walk(text, document, form, computed, Rolled("", year))
    wanted = walk.group(form.fields, ())
    rolled = walk.rolled
    rolled.text = walk.editor.text()
    if _read(rolled.text, document.file) != wanted:
        place = document.place(())
        message = "这个文件的写法特别，不能自动续写。"
        raise DataError([Finding(place, "rollover-layout", message, "照别的文件的写法整理，一项一行，再试一次。")])
    rolled.dated = list(_dated(wanted, (), str(year - 1)))
    rolled.text = _with_notes(rolled.text, _notes(rolled, document.file))
    return rolled


def _read(text: str, file: str) -> Data:
    try:
        return reader.load_yaml(text.encode(), file).data
    except DataError:
        return None


class _Walk:
    """Goes through data and fields together; changes the text, and makes the data it should hold."""

    def __init__(
        self, text: str, document: Document, form: Form, computed: Mapping[ValuePath, Decimal | None], rolled: Rolled
    ) -> None:
        self.editor = Editor(text, document)
        self.value = document.value
        self.computed = computed
        self.figures = {figure.path for figure in form.figures.figures}
        self.year_name = form.fields.with_role("year")
        self.rolled = rolled

    def group(self, about: Field, path: ValuePath) -> dict[str, Data]:
        """Next year's members of the group at a path; what it has not got yet may come from figures."""
        old = as_group(self.value(path))
        order = [*about.members, *(name for name in old if name not in about.members)]
        new: dict[str, Data] = {}
        for name in order:
            member = about.member(name) or Field("value", "")
            here = (*path, name)
            if name in old:
                kept, value = self._member(about, member, here)
                if kept:
                    new[name] = value
            elif added := self._added(about, member, here):
                new[name], typed = added
                self.editor.insert(path, name, typed, order)
        return new

    def _member(self, parent: Field, about: Field, path: ValuePath) -> tuple[bool, Data]:
        """Whether a member that is there stays, and what it holds then; None is a hole."""
        value = self.value(path)
        if path == (self.year_name,):
            self.editor.put(path, str(self.rolled.year))
            return True, Decimal(self.rolled.year)
        if about.source:
            return self._moved(parent, about, path)
        if self._is_cleared(about, path, value):
            if about.kind != "value":
                self.rolled.dropped.append(path)
            return self._emptied(path, hole=path[-1] in parent.required or about.kind == "value")
        if about.next.kind != "keep" and value:
            self.rolled.looks.append(path)
        if isinstance(value, dict):
            return self._rest(parent, about, path)
        if isinstance(value, list) and about.item:
            return True, [self._item(about.item, (*path, number), item) for number, item in enumerate(value)]
        return True, value

    def _item(self, about: Field, path: ValuePath, item: Data) -> Data:
        return self.group(about, path) if isinstance(item, dict) else item

    def _is_cleared(self, about: Field, path: ValuePath, value: Data) -> bool:
        if about.next.kind == "clear=":
            return bool(value == self.value((*path[:-1], about.next.sibling)))
        if about.next.kind == "later" and isinstance(value, Decimal) and value <= self.rolled.year:
            self.rolled.expired.append(path)
            return True
        return about.next.kind == "clear"

    def _emptied(self, path: ValuePath, *, hole: bool) -> tuple[bool, Data]:
        if hole and names_of(path) not in self.figures:
            self.editor.empty(path)
            return True, None
        self.editor.remove(path)
        return False, None

    def _moved(self, parent: Field, about: Field, path: ValuePath) -> tuple[bool, Data]:
        found = self._offered(parent, about, path)
        if found is None:
            return self._emptied(path, hole=path[-1] in parent.required)
        value, typed = found
        self.editor.put(path, typed)
        return True, value

    def _offered(self, parent: Field, about: Field, path: ValuePath) -> tuple[Data, str] | None:
        """What this year's sibling gives to a member, with how it is typed; None where it holds nothing."""
        source = (*path[:-1], str(about.source))
        value = self.value(source)
        typed = self.editor.source(source) if value is not None else ""
        if value is None:
            value = self.computed.get(source)
            typed = show(value)
        if value is None:
            return None
        if about.measure and parent.members[str(about.source)].next.kind == "clear":
            self.rolled.expected.append(path)
        return value, typed

    def _added(self, parent: Field, about: Field, path: ValuePath) -> tuple[Data, str] | None:
        """What a member that is not there yet starts with, and how that is typed; None for nothing."""
        if about.kind == "object":
            found = {name: self._added(about, member, (*path, name)) for name, member in about.members.items()}
            inside = {name: added for name, added in found.items() if added}
            typed = ", ".join(f"{writer.text(name, flow=True)}: {typed}" for name, (_, typed) in inside.items())
            return ({name: value for name, (value, _) in inside.items()}, f"{{{typed}}}") if inside else None
        return self._offered(parent, about, path) if about.source and names_of(path) not in self.figures else None

    def _rest(self, parent: Field, about: Field, path: ValuePath) -> tuple[bool, Data]:
        """A group with what is left of it; one that becomes empty goes."""
        mark = self.editor.mark()
        new = self.group(about, path)
        if new or not self.value(path):
            return True, new
        self.editor.undo(mark)
        if path[-1] in parent.required:
            self.editor.put(path, "{}")
            return True, {}
        self.editor.remove(path)
        return False, None


def _dated(node: Any, path: ValuePath, year: str) -> Iterator[ValuePath]:
    """The texts in which a year is written."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _dated(value, (*path, name), year)
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from _dated(item, (*path, number), year)
    elif isinstance(node, str) and re.search(rf"(?<!\d){year}(?!\d)", node):
        yield path


def named(paths: list[ValuePath]) -> str:
    """The names of what paths lead to, each once; rows of a list are one."""
    return "、".join(dict.fromkeys(path_text(names_of(path)) for path in paths))


def _notes(rolled: Rolled, origin: str) -> list[str]:
    """What the person who opens the file has to know."""
    notes = [f"由 {origin} 续写。冒号后面空着的都要填，perfgen check 逐个列出；用不着的一项、一行就删掉。"]
    if rolled.looks:
        notes.append(f"照留下来、要看一遍的：{named(rolled.looks)}。")
    if rolled.expected:
        notes.append(f"先抄了预期值、有了实际数要改的：{named([p[:1] + p[-1:] for p in rolled.expected])}。")
    return [*notes, "填完、看完，这几行可以删掉。"]


def _with_notes(text: str, notes: list[str]) -> str:
    """Puts the notes at the head, below the line for editors; those of an earlier rollover go."""
    newline = "\r\n" if "\r\n" in text else "\n"
    head, rest = [], text.splitlines(keepends=True)
    while rest and rest[0].startswith("#"):
        line = rest.pop(0)
        if not line.startswith(_NOTE):
            head.append(line)
    at = 1 if head and head[0].startswith(_SCHEMA_LINE) else 0
    head[at:at] = [f"{_NOTE}{note}{newline}" for note in notes]
    return "".join([*head, *rest])
