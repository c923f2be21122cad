"""YAML text in, plain data out, with the position of every key and value beside it.

The one reader of YAML in perfgen. It reads the core schema of YAML 1.2 (so `no` is a word and
`12:30` is not a number), numbers as Decimal from their text, and refuses what loses data in
silence elsewhere: duplicate keys, tags, anchors, NaN, a second document, deep nesting.
It builds the data from the parser's events, because composing a deeply nested document with
the C loader ends the process.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

import yaml

from perfgen.data import Data, ValuePath, as_group, value_at
from perfgen.findings import DataError, Finding, Place
from perfgen.source import mistakes
from perfgen.source.scalars import Kind, kind

MAX_BYTES = 2_000_000
MAX_DEPTH = 32
MAX_DIGITS = 30

# YAML 1.2.2, section 5.1: what may not stand in a document at all. Not a kind of `characters`: YAML allows most of
# those, and they are said with the value they stand in.
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Span:
    """From where to where something stands in the decoded text, counted in characters from 0."""

    start: int
    end: int
    flow: bool = False
    """A group or list in brackets."""


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, and where each key and value stands (line and column from 1)."""

    file: str
    data: Data
    values: dict[ValuePath, tuple[int, int]] = field(repr=False)
    keys: dict[ValuePath, tuple[int, int]] = field(repr=False)
    spans: dict[ValuePath, Span] = field(default_factory=dict, repr=False)
    """Each value in the text; a group or list without brackets ends where its last value does."""
    key_spans: dict[ValuePath, Span] = field(default_factory=dict, repr=False)

    @property
    def top(self) -> dict[str, Data]:
        """Its members; none where it is no group."""
        return as_group(self.data)

    def value(self, path: ValuePath) -> Data:
        """The value at a path; None where there is none."""
        return value_at(self.data, path)

    def stands_alone(self, path: ValuePath) -> bool:
        """Whether a key stands in brackets without a colon and a value, as the rest of a text behind a comma does."""
        key, value = self.key_spans.get(path), self.spans.get(path)
        return key is not None and value is not None and key.end == value.start

    def place(self, path: ValuePath, *, key: bool = False) -> Place:
        """Where the value (or its key) stands; for what is not there, the nearest thing above."""
        for end in range(len(path), -1, -1):
            head = path[:end]
            if (key or end < len(path)) and head in self.keys:
                return Place(self.file, *self.keys[head])
            if head in self.values:
                return Place(self.file, *self.values[head])
        return Place(self.file, 1, 1)


class _Mark(NamedTuple):
    """A position inside a token; line and column count from 0, as the parser's marks do."""

    line: int
    column: int


class _Refused(Exception):
    """Stops the reading of a file; holds what is said about it."""

    def __init__(self, mark: Any, rule: str, message: str, hint: str = "") -> None:
        self.finding = (mark, rule, message, hint)


def decode(content: bytes, file: str) -> str:
    """Bytes of a file as text.

    Raises DataError when they are not UTF-8 (a BOM is fine) or too many.
    """
    if len(content) > MAX_BYTES:
        raise DataError([Finding(Place(file), "yaml-size", f"文件太大：{len(content)} 字节，最多 {MAX_BYTES} 字节。")])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError([_encoding(file, 1, 1, "UTF-16")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "ignore")) + 1
        try:
            content.decode("gb18030")
            name = "GB18030（GBK）"
        except UnicodeDecodeError:
            name = "未知编码"
        raise DataError([_encoding(file, line, column, name)]) from None


def _encoding(file: str, line: int, column: int, name: str) -> Finding:
    return Finding(
        Place(file, line, column), "yaml-encoding", f"文件不是 UTF-8 编码，看起来是 {name}。",
        "用编辑器“另存为”，编码选 UTF-8，再提交。",
    )  # fmt: skip


def load_yaml(content: bytes, file: str) -> Document:
    """Reads one YAML document; `file` is the name used in messages.

    Raises DataError with a place for anything that is not plain, unambiguous YAML 1.2.
    """
    text = decode(content, file)
    if unprintable := _NOT_PRINTABLE.search(text):
        before = text[: unprintable.start()]
        place = Place(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        message = f"有不能用的控制字符 U+{ord(unprintable[0]):04X}。"
        raise DataError([Finding(place, "yaml-character", message, "删掉这个看不见的字符。")])
    builder = _Builder(file, text)
    try:
        return builder.document(iter(yaml.parse(text, Loader=_LOADER)))
    except _Refused as refused:
        if found := mistakes.conflict(text, file):
            raise DataError([found]) from None
        mark, rule, message, hint = refused.finding
        place = Place(file, mark.line + 1, mark.column + 1)
        raise DataError([Finding(place, rule, message, hint)]) from None
    except yaml.MarkedYAMLError as error:
        raise DataError([mistakes.explain_mistake(error, text, file)]) from None


def first_entry(content: bytes) -> tuple[str, str] | None:
    """The first key of a file and its value, both plain texts; None where they are not, or cannot be read.

    Nothing behind them is looked at, so that it costs the same for a file of any length.
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

    def document(self, events: Iterator[Any]) -> Document:
        data: Data = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(
                        event.start_mark, "yaml-documents", "一个文件里有两份文档（中间有 ---）。",
                        "每个文件只放一份；去掉 ---，或分成两个文件。",
                    )  # fmt: skip
                data = self._node(next(events), events, ())
        if documents == 0 or data is None:
            raise DataError([Finding(Place(self.file, 1, 1), "yaml-empty", "文件是空的。", "按表式填写内容。")])
        return Document(self.file, data, self.values, self.keys, self.spans, self.key_spans)

    def _node(self, event: Any, events: Iterator[Any], path: ValuePath) -> Data:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                mark, "yaml-anchor", "不能用锚点和引用（& 和 *）。",
                "把内容原样写两遍；以 & 或 * 开头的文字要加英文引号。",
            )  # fmt: skip
        if event.tag:
            raise _Refused(mark, "yaml-tag", "不能用 YAML 标签（!）。", "以 ! 开头的文字要加英文引号。")
        if len(path) > MAX_DEPTH:
            raise _Refused(mark, "yaml-depth", f"嵌套太深，最多 {MAX_DEPTH} 层。", "检查括号和缩进。")
        self.values[path] = (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Data] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, (*path, len(items))))
            self._close(path, event, item, (*path, len(items) - 1))
            return items
        self.spans[path] = _span(event)
        self._refuse_group(event, path)
        return _scalar(event)

    def _refuse_group(self, event: Any, path: ValuePath) -> None:
        """Refuses what was meant as a group: text below its name, or at the file's head, that begins as one does."""
        name = self.keys.get(path)
        mark = event.start_mark
        own_line = not path or (name is not None and mark.line + 1 > name[0] and mark.column + 1 > name[1])
        at = mistakes.wide_colon(event.value) if own_line and not event.style else None
        if at is not None:
            rule, message, hint = mistakes.WIDE_COLON
            hint += "确实是文字的，两边加英文双引号。"
            raise _Refused(_Mark(mark.line, mark.column + at), rule, message, hint)

    def _close(self, path: ValuePath, begin: Any, end: Any, last: ValuePath) -> None:
        """Notes where a group or list stands; without brackets, the parser ends it only at what follows."""
        start, flow = begin.start_mark.index, bool(begin.flow_style)
        self.spans[path] = Span(start, end.end_mark.index if flow else self.spans[last].end, flow)

    def _mapping(self, begin: Any, events: Iterator[Any], path: ValuePath) -> dict[str, Data]:
        mapping: dict[str, Data] = {}
        last = path
        while not isinstance(key_event := next(events), yaml.MappingEndEvent):
            mark = key_event.start_mark
            if not isinstance(key_event, yaml.ScalarEvent) or key_event.anchor or key_event.tag:
                raise _Refused(
                    mark, "yaml-key", "名称必须是文字。", "以 {、[、*、& 开头的内容要加英文引号。"
                )  # fmt: skip
            key = key_event.value
            position = (mark.line + 1, mark.column + 1)
            here = (*path, key)
            if key in mapping:
                first = self.keys[here]
                raise _Refused(
                    mark, "yaml-duplicate", f"“{key}”写了两次，第一次在第 {first[0]} 行第 {first[1]} 列。",
                    "删掉一个，或合并成一个。",
                )  # fmt: skip
            if key[:1] in ("\u3000", "\xa0"):
                raise _Refused(mark, *mistakes.WIDE_INDENT)
            self.keys[here] = position
            self.key_spans[here] = _span(key_event)
            value_event = next(events)
            mapping[key] = self._node(value_event, events, here)
            # in brackets a name may stand alone, with no colon behind it: then one was meant inside it
            alone = _span(value_event).start == _span(key_event).end and not key_event.style
            if alone and (colon := mistakes.colon_in_name(key)):
                raise _Refused(_Mark(mark.line, mark.column + colon[0]), *colon[1])
            if alone and (wrong := mistakes.thousands(self.text[mark.index - mark.column : mark.index], key)):
                raise _Refused(_Mark(mark.line, mark.column - 1), *wrong)
            last = here
        self._close(path, begin, key_event, last)
        return mapping


def _span(event: Any) -> Span:
    return Span(event.start_mark.index, event.end_mark.index)


def _scalar(event: Any) -> Data:
    """The value of a scalar by the core schema; a block text loses its final line breaks."""
    text: str = event.value
    if event.style in ("|", ">"):
        return text.rstrip("\n")
    if event.style in ("'", '"'):
        return text
    meant = kind(text)
    if meant is Kind.TEXT:
        return text
    if meant is Kind.NULL:
        return None
    if meant is Kind.BOOL:
        return text.lower() == "true"
    if meant is Kind.NOT_FINITE:
        raise _Refused(event.start_mark, "yaml-number", f"{text} 不是一个数。", "填一个数；要写成文字就加英文引号。")
    number = None
    if len(text) <= MAX_DIGITS:
        number = Decimal(int(text, 0)) if meant is Kind.OTHER_BASE else Decimal(text)
    if number is None or (number and abs(number.adjusted()) > MAX_DIGITS):
        raise _Refused(event.start_mark, "yaml-number", f"数字太长，最多 {MAX_DIGITS} 位。", "要写成文字就加英文引号。")
    return number
