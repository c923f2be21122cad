"""A draft written into the text it comes from: only what differs is touched, by its place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from perfgen.data import Data, ValuePath, is_same
from perfgen.fields import Field
from perfgen.filling.draft import Node
from perfgen.source.editor import Editor
from perfgen.source.entries import Entries
from perfgen.source.reader import Document
from perfgen.source.replace import New


def written(document: Document, draft: Node, fields: Field) -> str:
    """The text of a document with what a draft has otherwise; an entry that goes takes its comments with it.

    What was written so must be read back and compared.
    """
    editor = Editor(document.text, document)
    _Writing(editor).value((), document.data, draft, fields)
    return editor.text()


def without(document: Document, paths: Sequence[ValuePath]) -> str:
    """The text of a document without some members, name and value; the comments beside and above them stay.

    A group that has no others holds nothing then: `{}`.
    """
    editor, entries = Editor(document.text, document), Entries(document.text, document)
    gone: dict[ValuePath, list[str | int]] = {}
    going = set(paths)
    for path in (path for path in dict.fromkeys(paths) if not any(path[:end] in going for end in range(len(path)))):
        gone.setdefault(path[:-1], []).append(path[-1])
    for around, names in gone.items():
        below = entries.paths_below(around)
        if len(names) == len(below) or _is_taken_out(entries, around, names):
            editor.arrange(around, [number for number, path in enumerate(below) if path[-1] not in names])
        else:
            for name in names:
                editor.remove((*around, name))
    return editor.text()


def _is_taken_out(entries: Entries, around: ValuePath, names: Sequence[str | int]) -> bool:
    """Whether some members are taken out as entries are, because they have no comments and no line is only theirs."""
    if entries.document.spans[around].flow:
        return False
    going = [entry for entry in entries.of(around) if entry.path[-1] in names]
    is_odd = any(entry.shares_a_line or entries.text[entry.start] == "?" for entry in going)
    return is_odd and not any(entries.comments(entry.lead, entry.end) for entry in going)


class _Writing:
    """Goes through a document's data and a draft of it together."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor

    def value(self, path: ValuePath, old: Data, node: Node, field: Field | None) -> None:
        """Changes the value at a path of the document, where it differs."""
        if isinstance(node.value, dict) and isinstance(old, dict):
            members = [(name, below, field.member(name) if field else None) for name, below in node.value.items()]
            self.entries(path, list(old), members)
            for _, below, member in members:
                if isinstance(below.origin, str):
                    self.value((*path, below.origin), old[below.origin], below, member)
        elif isinstance(node.value, list) and isinstance(old, list):
            item = field.item if field else None
            like = _in_order_of(item, old) if item else None
            self.entries(path, range(len(old)), [(None, below, like) for below in node.value])
            for below in node.value:
                if isinstance(below.origin, int):
                    self.value((*path, below.origin), old[below.origin], below, item)
        elif not is_same(old, value := node.data()):
            self.editor.replace(path, New(value, field))

    def entries(
        self, path: ValuePath, old: Sequence[str | int], wanted: Iterable[tuple[str | None, Node, Field | None]]
    ) -> None:
        """Says which entries a group or list has, in which order and under which names."""
        numbers = {step: number for number, step in enumerate(old)}
        order: list[int | New] = []
        for name, node, field in wanted:
            if node.origin is None:
                order.append(New(node.data(), field, name))
                continue
            order.append(numbers[node.origin])
            if name is not None and name != node.origin:
                self.editor.rename((*path, node.origin), name)
        if order != list(range(len(old))):
            self.editor.arrange(path, order)


def _in_order_of(field: Field, rows: Sequence[Data]) -> Field:
    """A field whose members stand in the order in which the rows of a list have them, the last one before all."""
    members: list[str] = []
    for row in reversed(rows):
        members += [name for name in (row if isinstance(row, dict) else ()) if name not in members]
    known = list(field.members)
    if [name for name in members if name in known] == [name for name in known if name in members]:
        return field
    rest = [name for name in known if name not in members]
    return replace(field, members={name: field.members[name] for name in [*members, *rest] if name in known})
