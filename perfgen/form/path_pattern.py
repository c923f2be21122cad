"""Where the files of a form lie below the folder of their year: the pattern that its schema gives (`x-path`).

`项目/{实施单位}/{项目名称}` has a name of a top-level field in each pair of braces; the file of a unit and a project
has their names there, each as `project/names` lets a text stand in a path. The pattern holds the unit and every field
that says what a file is about (`x-role: subject`), so that files about different things have different places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from perfgen.data import Data, as_scalar
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding, FormError
from perfgen.form.nearest import nearest
from perfgen.form.schema_text import place_of
from perfgen.project import names

KEYWORD, SUBJECT = "x-path", "subject"
RULE = "schema-annotation"
_PIECE = re.compile(r"\{([^{}]*)\}|([^{}]+)")
_MOST_FIELDS = 10
"""So many fields a pattern may name: to match a path takes a step for each of them."""


class PathError(Exception):
    """A text cannot stand in a path. `name` is the field that it is of, the message says why, in words."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


@dataclass(frozen=True)
class Piece:
    """A piece of a pattern: the name of a field, or a text that stands there as it is."""

    text: str
    is_field: bool


Segment: TypeAlias = tuple[Piece, ...]
"""What stands between two slashes of a pattern."""


@dataclass(frozen=True)
class PathPattern:
    """Where the files of a form lie below the folder of their year, without suffix."""

    text: str
    """As the schema has it."""

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The pattern in parts of a path."""
        return tuple(tuple(_pieces(part)) for part in self.text.split("/"))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that it names, in their order."""
        return tuple(piece.text for segment in self.segments for piece in segment if piece.is_field)

    def path(self, values: Mapping[str, str]) -> str:
        """The path of the file with these values; `values` has one for each of `names`.

        Raises PathError where one is empty, or cannot stand in a path even with other characters for some.
        """
        return "/".join(_filled(segment, values) for segment in self.segments)

    def place(self, data: Mapping[str, Data]) -> str:
        """The path of the file with this data. Raises PathError as `path` does, for a field that is not there too."""
        return self.path({name: text_of(data.get(name)) for name in self.names})

    def is_place(self, path: str, data: Mapping[str, Data]) -> bool:
        """Whether the file with this data lies at a path, however its characters are composed."""
        try:
            return self.place(data) == unicodedata.normalize("NFC", path)
        except PathError:
            return False

    def match(self, path: str) -> dict[str, str] | None:
        """The values with which a path was made, by field, as they stand in it; None for a path that has another form.

        Where a text of the pattern stands in a value too, the value ends at the first one.
        """
        parts = unicodedata.normalize("NFC", path).split("/")
        if len(parts) != len(self.segments):
            return None
        found: dict[str, str] = {}
        for segment, part in zip(self.segments, parts, strict=True):
            values = _read(segment, part)
            if values is None or any(found.get(name, value) != value for name, value in values.items()):
                return None
            found |= values
        return found


def text_of(value: Data) -> str:
    """A value as a name: in one line, without blanks around it; empty where it is none."""
    return show(as_scalar(value)).replace("\r", "").replace("\n", "").strip()


def _pieces(part: str) -> Iterator[Piece]:
    for found in _PIECE.finditer(part):
        yield (
            Piece(found[1], is_field=True)
            if found[1] is not None
            else Piece(unicodedata.normalize("NFC", found[2]), is_field=False)
        )


def _filled(segment: Segment, values: Mapping[str, str]) -> str:
    """A part of a path with the values of its fields. Raises PathError as `PathPattern.path` does."""
    fields = [piece.text for piece in segment if piece.is_field]
    for name in fields:
        if not names.part_of(values[name]):
            raise PathError(name, "是空的" if not values[name].strip() else f"是“{names.shown_path(values[name])}”")
    whole = "".join(names.part_of(values[piece.text]) if piece.is_field else piece.text for piece in segment)
    whole = names.part_of(whole) if fields else whole
    if why := names.trouble(whole):
        raise PathError(next(iter(fields), ""), why)
    return whole


def _read(segment: Segment, part: str) -> dict[str, str] | None:
    """The values in a part of a path; None where it is no such part."""
    found: dict[str, str] = {}
    position = 0
    for piece, after in pairwise([*segment, None]):
        assert piece is not None
        if not piece.is_field:
            if not part.startswith(piece.text, position):
                return None
            position += len(piece.text)
            continue
        end = _end_of_value(part, position, after.text if after else "", is_last=after is segment[-1])
        if end <= position:
            return None
        if found.setdefault(piece.text, part[position:end]) != part[position:end]:
            return None
        position = end
    return found if position == len(part) else None


def _end_of_value(part: str, start: int, after: str, *, is_last: bool) -> int:
    """Where the value that begins at `start` ends: before the text after it, or at the end; -1 where it has no end."""
    if not after:
        return len(part)
    if is_last:
        return len(part) - len(after) if part.endswith(after) else -1
    return part.find(after, start + 1)


def read_pattern(schema: Mapping[str, Data], fields: Field, file: str, content: bytes) -> PathPattern | None:
    """The pattern of a schema, None where it has none; `content` is the text of the schema's file.

    Raises FormError for one that cannot be used, and for `x-path` anywhere but at the top.
    """
    wrong = [*_elsewhere(schema), *_subjects_wrong(fields)]
    text = schema.get(KEYWORD)
    if text is not None:
        wrong += ((why, (KEYWORD,)) for why in _wrong(text, fields))
    if wrong:
        raise FormError([_finding(content, file, path, why) for why, path in wrong])
    return PathPattern(text) if isinstance(text, str) else None


def _finding(content: bytes, file: str, path: tuple[str | int, ...], why: str) -> Finding:
    return Finding(place_of(content, path, file), RULE, f"#/{'/'.join(map(str, path))}：{why}")


_Wrong: TypeAlias = tuple[str, tuple[str | int, ...]]
"""What is wrong, in words, and where in the schema."""


def _elsewhere(schema: Mapping[str, Data]) -> Iterator[_Wrong]:
    """`x-path` where no form is described."""
    waiting: list[tuple[Data, tuple[str | int, ...]]] = [(dict(schema), ())]
    while waiting:
        node, path = waiting.pop()
        below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        is_node_of_names = bool(path) and path[-1] in ("properties", "$defs", "definitions", "patternProperties")
        if isinstance(node, dict) and path and KEYWORD in node and not is_node_of_names:
            yield f"{KEYWORD} 只写在最上一级：说的是整个文件放在哪里。", (*path, KEYWORD)
        waiting += [(value, (*path, step)) for step, value in below if isinstance(value, dict | list)]


def _subjects_wrong(fields: Field) -> Iterator[_Wrong]:
    """What is wrong with the fields that say what a file is about: they are texts that every file has."""
    for name in subjects(fields):
        if why := _no_text(fields, name):
            yield f"标明了 x-role: {SUBJECT}，{why}。", ("properties", name)
    waiting = [(name, below) for name, field in fields.members.items() for below in _below(field)]
    while waiting:
        name, field = waiting.pop()
        if field.role == SUBJECT:
            yield f"x-role: {SUBJECT} 只写在顶层字段上，“{name}”里面的不算。", ("properties", name)
        waiting += [(name, below) for below in _below(field)]


def _below(field: Field) -> list[Field]:
    return [*field.members.values(), *filter(None, (field.other, field.item))]


def subjects(fields: Field) -> tuple[str, ...]:
    """The top-level fields that say what a file is about beside its unit, in the schema's order."""
    return tuple(name for name, field in fields.members.items() if field.role == SUBJECT)


def _no_text(fields: Field, name: str) -> str:
    """Why a field cannot stand in a path: it is no text, or not every file has it; empty for one that can."""
    field = fields.members[name]
    is_text = field.kind == "value" and not field.numeric and (field.textual or bool(field.choices))
    if not is_text:
        return f"“{name}”要是文字（type: string）"
    return "" if name in fields.required else f"“{name}”要写在 required 里，每个文件都填"


def _wrong(text: Data, fields: Field) -> Iterator[str]:
    """What is wrong with a pattern, in words."""
    if not isinstance(text, str) or not text:
        yield f"{KEYWORD} 要写成文字，例如 {_example(fields)}。"
        return
    if re.sub(_PIECE, "", text) or any(not piece.text for segment in PathPattern(text).segments for piece in segment):
        yield f"“{text}”的花括号没有成对，或者里面没有名称；写成 {_example(fields)} 这样。"
        return
    pattern = PathPattern(text)
    yield from _wrong_names(pattern, fields)
    yield from _wrong_parts(pattern)


def wrong_in(text: str, fields: Field) -> Iterator[str]:
    """What is wrong with a pattern that was typed for some files of a form, in words; it need not name the unit."""
    if re.sub(_PIECE, "", text) or any(not piece.text for segment in PathPattern(text).segments for piece in segment):
        yield f"“{text}”的花括号没有成对，或者里面没有名称。"
        return
    for name in PathPattern(text).names:
        if name not in fields.members:
            yield f"没有“{name}”这个顶层字段。{nearest(name, fields.members)}"


def _example(fields: Field) -> str:
    """A pattern that this form could have."""
    return "/".join(f"{{{name}}}" for name in (fields.with_role("unit"), *subjects(fields)))


def _wrong_names(pattern: PathPattern, fields: Field) -> Iterator[str]:
    """What is wrong with the fields that a pattern names, and which it lacks."""
    named = pattern.names
    for name in dict.fromkeys(named):
        if name not in fields.members:
            yield f"没有“{name}”这个顶层字段。{nearest(name, fields.members)}"
        elif why := _no_text(fields, name):
            yield f"{KEYWORD} 里{why}。"
        elif fields.holds_public() and not fields.members[name].holds_public():
            yield f"{KEYWORD} 里的“{name}”不公开（没有 x-public: true），可是路径就是网址。"
    if len(named) > _MOST_FIELDS:
        yield f"{KEYWORD} 里有 {len(named)} 个字段，最多 {_MOST_FIELDS} 个。"
    unit = fields.with_role("unit")
    if unit not in named and len(fields.members[unit].choices) != 1:
        yield f"{KEYWORD} 里没有单位“{unit}”，几个单位的文件会是同一个；写上 {{{unit}}}。"
    for name in subjects(fields):
        if name not in named:
            yield f"{KEYWORD} 里没有“{name}”（x-role: {SUBJECT}），一个单位的几个文件会是同一个；写上 {{{name}}}。"


def _wrong_parts(pattern: PathPattern) -> Iterator[str]:
    """What is wrong with the parts of a pattern: no two fields may touch, and what stands there must be a good name."""
    for segment in pattern.segments:
        touching = next(((one, two) for one, two in pairwise(segment) if one.is_field and two.is_field), None)
        if touching:
            pair = f"{{{touching[0].text}}}{{{touching[1].text}}}"
            yield f"{KEYWORD} 里的 {pair} 连在一起，读不出到哪里为止；中间写 / 或别的字。"
        with_names = "".join("名" if piece.is_field else piece.text for piece in segment)
        if why := names.trouble(with_names):
            yield f"{KEYWORD} 里{why}。"
