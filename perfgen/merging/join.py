"""Three texts of a data file in, one out: the data of both sides, and the comments and the layout of both.

Nothing is believed: the text is read again, its data must be what the merge of the data gave, and each comment must
stand as often as both sides want it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from perfgen.data import Data, ValuePath, as_group, as_list, is_same, leaves
from perfgen.fields import Field
from perfgen.merging import layout, three_way
from perfgen.merging.rows import CannotJoinError, Key, keys
from perfgen.merging.three_way import Sides
from perfgen.source import pairing, reader, rewrite, writer
from perfgen.source.entries import Entries
from perfgen.source.reader import Document

_MOST_VALUES = 20_000
"""A file of more names and values is left to git: the largest that people keep has 2,000."""
_MOST_MEMBERS = 400
"""The same for the members of one group, or the items of one list without names, which are compared pair by pair."""
_BOM = "\ufeff"
_NAMES = ("合并以前", "这一边", "那一边")
"""The three versions, as messages call them."""


def joined(base: str, ours: str, theirs: str, fields: Callable[[Document], Field | None]) -> str:
    """The text of a file that two people changed, out of the text that both began with and theirs.

    An empty `base` means that both made the file. `fields` says of a document what its form knows of it. Raises
    CannotJoinError where that cannot be done, or cannot be proven.
    """
    texts = [_Plain.of(text) for text in (base, ours, theirs)]
    result = _joined([text.text for text in texts], fields)
    signs = [_kept(sign) for sign in zip(*(text.signs for text in texts), strict=True)]
    return _Plain(result, *signs).written()


@dataclass(frozen=True)
class _Plain:
    """A text with \\n between its lines, and what was taken off."""

    text: str
    bom: str
    newline: str

    @classmethod
    def of(cls, text: str) -> _Plain:
        """Takes a text apart; one with line breaks of several kinds keeps them."""
        bom = _BOM if text.startswith(_BOM) else ""
        plain = text.removeprefix(_BOM)
        is_dos = "\r\n" in plain and plain.count("\r\n") == plain.count("\n") == plain.count("\r")
        return cls(plain.replace("\r\n", "\n") if is_dos else plain, bom, "\r\n" if is_dos else "\n")

    @property
    def signs(self) -> tuple[str, str]:
        """What was taken off."""
        return self.bom, self.newline

    def written(self) -> str:
        """The text as it is written."""
        return self.bom + (self.text if self.newline == "\n" else self.text.replace("\n", self.newline))


def _kept(signs: Sequence[str]) -> str:
    """What stands of something that has two ways only: the changed one."""
    base, ours, theirs = signs
    return ours if theirs == base else theirs


def _joined(texts: Sequence[str], fields: Callable[[Document], Field | None]) -> str:
    documents = [_read(text, name) for text, name in zip(texts, _NAMES, strict=True)]
    known = [fields(document) for document in documents[1:]]
    if known[0] is not known[1]:
        raise CannotJoinError("两边写的不是同一张表")
    sides = Sides(*(document.data for document in documents))
    wanted = three_way.merged(sides, known[0])
    made = [_with(wanted, text, document, known[0]) for text, document in zip(texts, documents, strict=True)]
    owner = dict(_owners((), wanted, [document.data for document in documents], known[0]))
    result = layout.joined([_read(text, name) for text, name in zip(made, _NAMES, strict=True)], owner)
    _prove(result, wanted, documents)
    return result


def _read(text: str, name: str) -> Document:
    """A text, read. Raises CannotJoinError where it cannot be, or holds more than is looked at."""
    if not text.strip():
        return Document(name, {}, {}, {})
    found = reader.read(text, name)
    if not isinstance(found, Document):
        raise CannotJoinError(f"{name}的文件读不出来：第 {found.place.line} 行，{found.message.rstrip('。')}")
    if sum(1 for _ in leaves(found.data)) > _MOST_VALUES or _widest(found.data) > _MOST_MEMBERS:
        raise CannotJoinError("文件太大")
    return found


def _widest(data: Data) -> int:
    """The most members of one group, or items of one list."""
    below = list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else []
    return max([len(below), *(_widest(one) for one in below if isinstance(one, dict | list))])


def _with(wanted: dict[str, Data], text: str, document: Document, fields: Field | None) -> str:
    """One version's text, made to hold the merged data; in the house style where there was no text."""
    if not document.text:
        return writer.dump_yaml(wanted, fields)
    result = rewrite.in_one_step(text, document, wanted, fields, _partner(fields))
    if result is None:
        raise CannotJoinError("两边的写法合不到一起")
    return result


def _partner(fields: Field | None) -> rewrite.Partner:
    """Says which row of a version each merged row is: the one of its name; a group of rows may have a new name."""

    def partner(path: ValuePath, old: Sequence[Data], wanted: Sequence[Data]) -> list[int | None]:
        field = fields.at(path) if fields else None
        identity = field.identity if field else None
        before, after = keys(old, identity), keys(wanted, identity)
        if before is None or after is None:
            return pairing.by_value(path, old, wanted)
        numbers = {key: number for number, key in enumerate(before)}
        found = [numbers.get(key) for key in after]
        left = [number for number in range(len(old)) if number not in found and _has_lists(old[number])]
        new = [at for at, number in enumerate(found) if number is None and _has_lists(wanted[at])]
        if len(left) == len(new) == 1:
            found[new[0]] = left[0]
        return found

    return partner


def _owners(
    path: ValuePath, wanted: Data, versions: Sequence[Data], field: Field | None
) -> Iterator[tuple[ValuePath, int]]:
    """The members and rows of the merged data that only one version has, with its number."""
    steps = _below(wanted, field)
    known = [dict(_below(version, field).values()) for version in versions]
    for step, (key, below) in steps.items():
        holders = [number for number, members in enumerate(known) if key in members]
        if len(holders) == 1:
            yield (*path, step), holders[0]
        member = (field.item if isinstance(step, int) else field.member(step)) if field else None
        yield from _owners((*path, step), below, [members.get(key) for members in known], member)


def _below(data: Data, field: Field | None) -> dict[str | int, tuple[Key, Data]]:
    """What is in a group or list, by its step: what it is known by, and its value."""
    if isinstance(data, dict):
        return {name: (name, value) for name, value in data.items()}
    found = keys(data, field.identity if field else None) if isinstance(data, list) else None
    return dict(enumerate(zip(found, as_list(data), strict=True))) if found else {}


def _has_lists(row: Data) -> bool:
    return any(isinstance(value, dict | list) for value in as_group(row).values())


def _prove(result: str, wanted: dict[str, Data], documents: Sequence[Document]) -> None:
    """Raises CannotJoinError where a text does not hold what was wanted, or not the comments of both sides."""
    found = _read(result, "合并以后")
    if not is_same(found.data, wanted):
        raise CannotJoinError("合并以后读回来不一样")
    base, ours, theirs = (Counter(_comments(document)) for document in documents)
    there = Counter(_comments(found))
    for comment in {*base, *ours, *theirs, *there}:
        changes = ours[comment] - base[comment], theirs[comment] - base[comment]
        both = base[comment] + sum(changes)
        is_alike = changes[0] * changes[1] > 0 and there[comment] == base[comment] + max(changes, key=abs)
        if there[comment] != both and not is_alike:
            raise CannotJoinError(f"注释“{three_way.shortened(comment)}”放不回去")


def _comments(document: Document) -> list[str]:
    text = document.text
    return [comment.rstrip() for comment in Entries(text, document).comments(0, len(text))] if text else []
