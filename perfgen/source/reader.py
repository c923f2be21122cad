"""YAML text in, plain data out, with the position of every key and value beside it.

The one reader of YAML in perfgen. It reads the core schema of YAML 1.2 (so `no` is a word and
`12:30` is not a number), numbers as Decimal from their text, and refuses what loses data in
silence elsewhere: duplicate keys, tags, anchors, NaN, a second document, deep nesting.
It builds the data from the parser's events, because composing a deeply nested document with
the C loader ends the process.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import yaml

from perfgen.data import Data, ValuePath, as_group, value_at
from perfgen.findings import DataError, Finding, Place
from perfgen.source import (
    brackets,
    conflict,
    line_mistakes,
    mistakes,
    pending,
    positions,
    recovery,
    scalars,
    unprintable,
)
from perfgen.source.encoding import decode
from perfgen.source.events import Events, Group, Mark, Node, Refused, end_of, refuse_extras, scalar_value, start_of

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Span(NamedTuple):
    """The start and the end of something in the decoded text, counted in characters from 0."""

    start: int
    end: int
    flow: bool = False
    """A group or list in brackets."""
    style: str = ""
    """What a value stands in, `"`, `'`, `|` or `>`; nothing for one without quotes, a group or a list."""


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, and where each key and value stands (line and column from 1)."""

    file: str
    data: Data
    values: dict[ValuePath, tuple[int, int]] = field(repr=False)
    keys: dict[ValuePath, tuple[int, int]] = field(repr=False)
    spans: dict[ValuePath, Span] = field(default_factory=dict, repr=False)
    """By path, where a value is in the text; a group or list without brackets ends where its last value does."""
    key_spans: dict[ValuePath, Span] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)
    """The decoded text itself; empty for data that was read from no file."""
    pending: tuple[pending.Pending, ...] = field(default=(), repr=False)
    """The comments that an import left where it was unsure."""

    @property
    def top(self) -> dict[str, Data]:
        """The members of the data; none where it is no group."""
        return as_group(self.data)

    def value(self, path: ValuePath) -> Data:
        """The value at a path; None where there is none."""
        return value_at(self.data, path)

    def stands_alone(self, path: ValuePath) -> bool:
        """Whether a key stands in brackets without a colon and a value, as the rest of a text behind a comma does."""
        key, value = self.key_spans.get(path), self.spans.get(path)
        return key is not None and value is not None and key.end == value.start

    def place(self, path: ValuePath, *, key: bool = False) -> Place:
        """Where the value (or its key) stands; for what is not there, the place of the nearest group above."""
        for end in range(len(path), -1, -1):
            head = path[:end]
            if (key or end < len(path)) and head in self.keys:
                return Place(self.file, *self.keys[head])
            if head in self.values:
                return Place(self.file, *self.values[head])
        return Place(self.file, 1, 1)

    def place_at(self, offset: int) -> Place:
        """Where a character of the text stands."""
        return positions.place_at(self.text, self.file, offset)


def load_yaml(content: bytes, file: str) -> Document:
    """Reads one YAML document; `file` is the name used in messages.

    Raises DataError with a place for each thing that is not plain, unambiguous YAML 1.2.
    """
    text = decode(content, file)
    document = read(text, file)
    if isinstance(document, Document):
        return document
    raise recovery.Unreadable(text, _all_mistakes(text, file))


def read(text: str, file: str) -> Document | Finding:
    """Reads a decoded text; gives what stops it first, where something does."""
    return conflict.finding(text, file, _data) or _read(text, file)


def _read(text: str, file: str) -> Document | Finding:
    if found := unprintable.finding(text, file):
        return found
    builder = _Builder(file, text)
    try:
        return builder.document(iter(yaml.parse(text, Loader=_LOADER)))
    except Refused as refused:
        return mistakes.conflict(text, file) or refused.finding(file)
    except yaml.MarkedYAMLError as error:
        return mistakes.explain_mistake(error, text, file)


def _data(text: str) -> Data | None:
    """What one version in a conflict says; None where it cannot be read."""
    found = _read(text, "")
    return found.data if isinstance(found, Document) else None


def _all_mistakes(text: str, file: str) -> recovery.Recovered:
    """What is wrong with a text that cannot be read, to its end or as far as is certain."""

    def first(changed: str) -> Finding | None:
        found = read(changed, file)
        return found if isinstance(found, Finding) else None

    found = recovery.recover(text, first)
    if not found.is_whole:
        last = found.findings[-1]
        found.findings[-1] = replace(last, hint=f"{last.hint}改好再检查一次：后面的还没有看。")
    return found


def first_entry(content: bytes) -> tuple[str, str] | None:
    """The first key of a file and its value, both plain texts; None where they are not, or cannot be read.

    Only the beginning is read, so that it costs the same for a file of any length.
    """
    try:
        events = yaml.parse(decode(content, ""), Loader=_LOADER)
        begin = list(itertools.islice(events, 5))[2:]
    except (DataError, yaml.YAMLError):
        return None
    texts = [event.value for event in begin[1:] if isinstance(event, yaml.ScalarEvent)]
    if len(texts) != 2 or not isinstance(begin[0], yaml.MappingStartEvent):
        return None
    return texts[0], texts[1]


class _Builder:
    """Builds data and positions from parser events, one document deep."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.values: dict[ValuePath, tuple[int, int]] = {}
        self.keys: dict[ValuePath, tuple[int, int]] = {}
        self.spans: dict[ValuePath, Span] = {}
        self.key_spans: dict[ValuePath, Span] = {}
        self.plain_spans: list[Span] = []

    def document(self, events: Events) -> Document:
        """Reads the events of a file to their end."""
        data: Data = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Refused(
                        start_of(event), "yaml-documents", "一个文件里有两份文档（中间有 ---）。",
                        "每个文件只放一份；去掉 ---，或分成两个文件。",
                    )  # fmt: skip
                data = self._node(next(events), events, ())
        if documents == 0 or data is None:
            raise Refused(Mark(0, 0, 0), "yaml-empty", "文件是空的。", "按表式填写内容。")
        spans = itertools.chain(self.plain_spans, self.key_spans.values())
        comments = pending.find_pending(self.text, ((span.start, span.end) for span in spans))
        return Document(self.file, data, self.values, self.keys, self.spans, self.key_spans, self.text, comments)

    def _node(self, event: yaml.Event, events: Events, path: ValuePath) -> Data:
        """The value that begins with an event; takes the events up to its end."""
        mark = start_of(event)
        assert isinstance(event, Node)
        refuse_extras(event, mark, path)
        self.values[path] = mark.position
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, events, path)
        assert isinstance(event, yaml.ScalarEvent)
        end = end_of(event)
        self.spans[path] = Span(mark.offset, end.offset, style=event.style or "")
        self.plain_spans.append(self.spans[path])
        self._refuse_group(event, mark, path)
        self._refuse_quotes(event, mark, end)
        if not event.style and (blank := line_mistakes.blank_beside(event.value)):
            self._refuse_at(mark, None if scalars.kind(event.value.strip()) is scalars.Kind.TEXT else blank)
        return scalar_value(event)

    def _refuse_quotes(self, event: yaml.ScalarEvent, mark: Mark, end: Mark) -> None:
        """Refuses a quote without its other one: at the end of a value, or closed by one of another value."""
        if not event.style and scalars.is_wide_group(event.value):
            raise Refused(mark, *brackets.wide_mark("｛"))
        if not event.style and end.line == mark.line:
            self._refuse_at(mark, line_mistakes.lone_quote(self.text[mark.offset : end.offset]))
        if event.style in ('"', "'") and end.line > mark.line:
            line, below, *_ = self.text[mark.offset - mark.column : end.offset].split("\n")
            if line_mistakes.ends_a_value(line, below):
                raise Refused(mark, *mistakes.UNCLOSED)

    def _refuse_group(self, event: yaml.ScalarEvent, mark: Mark, path: ValuePath) -> None:
        """Refuses what was meant as a group: text below its name, or at the file's head, that begins as one does."""
        name = self.keys.get(path)
        own_line = not path or (name is not None and mark.line + 1 > name[0] and mark.column + 1 > name[1])
        if not own_line or event.style:
            return
        if path and event.value.startswith("-"):
            self._refuse_at(mark, line_mistakes.blank_behind(event.value))
        if path and (mistake := line_mistakes.dash(event.value)) and scalars.kind(event.value) is scalars.Kind.TEXT:
            raise Refused(mark.moved(mistake[0]), *mistake[1])
        colon = mistakes.wide_colon(event.value)
        if colon is not None:
            rule, message, hint = mistakes.WIDE_COLON
            hint += "确实是文字的，两边加英文双引号。"
            raise Refused(mark.moved(colon), rule, message, hint)

    def _close(self, path: ValuePath, begin: Group, closing: yaml.Event, last: ValuePath) -> None:
        """Notes where a group or list stands; without brackets, the parser ends it only at what follows."""
        flow = bool(begin.flow_style)
        self.spans[path] = Span(start_of(begin).offset, end_of(closing).offset if flow else self.spans[last].end, flow)

    def _sequence(self, begin: yaml.SequenceStartEvent, events: Events, path: ValuePath) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items))))
        self._close(path, begin, event, (*path, len(items) - 1))
        return items

    def _mapping(self, begin: yaml.MappingStartEvent, events: Events, path: ValuePath) -> dict[str, Data]:
        mapping: dict[str, Data] = {}
        last = path
        while not isinstance(key_event := next(events), yaml.MappingEndEvent):
            last = self._key(key_event, path)
            value_event = next(events)
            mapping[str(last[-1])] = self._node(value_event, events, last)
            if self.key_spans[last].end == self.spans[last].start:
                self._refuse_lone_name(key_event)
        self._close(path, begin, key_event, last)
        return mapping

    def _key(self, event: yaml.Event, path: ValuePath) -> ValuePath:
        """Notes where a name of the group at `path` stands; gives the path of its value."""
        mark = start_of(event)
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise Refused(mark, "yaml-key", "名称必须是文字。", "以 {、[、*、& 开头的内容要加英文引号。")
        key = event.value
        value_path = (*path, key)
        if value_path in self.keys:
            first = self.keys[value_path]
            raise Refused(
                mark, "yaml-duplicate", f"“{key}”写了两次，第一次在第 {first[0]} 行第 {first[1]} 列。",
                "删掉一个，或合并成一个。",
            )  # fmt: skip
        if not event.style:
            before = self._line_before(mark)
            self._refuse_at(
                mark, line_mistakes.blank_in_name(key, before) or mistakes.colon_in_key(key, before, self.text)
            )
        self.keys[value_path] = mark.position
        self.key_spans[value_path] = Span(mark.offset, end_of(event).offset)
        return value_path

    def _line_before(self, mark: Mark) -> str:
        return self.text[mark.offset - mark.column : mark.offset]

    def _refuse_at(self, mark: Mark, found: tuple[int, line_mistakes.Mistake] | None) -> None:
        """Refuses what was found so far behind a position."""
        if found:
            raise Refused(mark.moved(found[0]), *found[1])

    def _refuse_lone_name(self, event: yaml.Event) -> None:
        """Refuses a name without a colon behind it, as brackets allow it, where one was meant inside it."""
        if not isinstance(event, yaml.ScalarEvent) or event.style:
            return
        mark, name = start_of(event), event.value
        line = self._line_before(mark)
        self._refuse_at(mark, brackets.bracket_before(name, line))
        self._refuse_at(mark, mistakes.colon_in_name(name))
        if mistake := mistakes.thousands(line, name):
            raise Refused(mark.moved(-1), *mistake)
        self._refuse_at(mark, mistakes.lone_part(line, name, self.text))
