"""What the YAML parser gives: its events with their positions, which of them are refused, the value of a scalar.

The reader takes plain data only. What YAML has beyond that stops the reading with `Refused`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import yaml

from perfgen.data import Data, ValuePath
from perfgen.findings import Finding, Place
from perfgen.source.scalars import Kind, kind

MAX_DEPTH = 32
"""How many groups and lists may stand inside each other."""
MAX_DIGITS = 30
"""How long a number may be as it is typed, and how many digits it may have before or after the point."""

Events: TypeAlias = Iterator[yaml.Event]
Node: TypeAlias = yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent
"""The event that begins a value."""
Group: TypeAlias = yaml.MappingStartEvent | yaml.SequenceStartEvent


class Mark(NamedTuple):
    """A position in the text; all three count from 0, as the parser's marks do."""

    line: int
    column: int
    offset: int

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, from 1."""
        return self.line + 1, self.column + 1

    def moved(self, columns: int) -> Mark:
        """The position so many columns to the right in the same line."""
        return Mark(self.line, self.column + columns, self.offset + columns)


class Refused(Exception):
    """Stops the reading of a file; holds the finding about it."""

    def __init__(self, mark: Mark, rule: str, message: str, hint: str = "") -> None:
        self.mark = mark
        self.content = (rule, message, hint)

    def finding(self, file: str) -> Finding:
        """The finding, with its place in the file."""
        return Finding(Place(file, *self.mark.position), *self.content)


def start_of(event: yaml.Event) -> Mark:
    """Where an event begins."""
    mark = event.start_mark
    assert mark is not None  # the parser gives one to every event
    return Mark(mark.line, mark.column, mark.index)


def end_of(event: yaml.Event) -> Mark:
    """Where an event ends."""
    mark = event.end_mark
    assert mark is not None
    return Mark(mark.line, mark.column, mark.index)


def refuse_extras(event: Node, mark: Mark, path: ValuePath) -> None:
    """Refuses what plain data does not have: anchors, references, tags, and more than MAX_DEPTH levels."""
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise Refused(
            mark, "yaml-anchor", "不能用锚点和引用（& 和 *）。",
            "把内容原样写两遍；以 & 或 * 开头的文字要加英文引号。",
        )  # fmt: skip
    if event.tag:
        raise Refused(mark, "yaml-tag", "不能用 YAML 标签（!）。", "以 ! 开头的文字要加英文引号。")
    if len(path) > MAX_DEPTH:
        raise Refused(mark, "yaml-depth", f"嵌套太深，最多 {MAX_DEPTH} 层。", "检查括号和缩进。")


def scalar_value(event: yaml.ScalarEvent) -> Data:
    """The value of a scalar by the core schema; a block text loses its final line breaks.

    Raises Refused for a number that is not finite or too long.
    """
    text = event.value
    if event.style in ("|", ">"):
        return text.rstrip("\n")
    if event.style in ("'", '"'):
        return text
    match kind(text):
        case Kind.TEXT:
            return text
        case Kind.NULL:
            return None
        case Kind.BOOL:
            return text.lower() == "true"
        case Kind.NOT_FINITE:
            message = f"{text} 不是一个数。"
            raise Refused(start_of(event), "yaml-number", message, "填一个数；要写成文字就加英文引号。")
        case Kind.INTEGER | Kind.OTHER_BASE | Kind.FLOAT as kind_of_number:
            return _number(event, kind_of_number)


def _number(event: yaml.ScalarEvent, kind_of_number: Kind) -> Decimal:
    number = None
    if len(event.value) <= MAX_DIGITS:
        is_decimal = kind_of_number is not Kind.OTHER_BASE
        number = Decimal(event.value) if is_decimal else Decimal(int(event.value, 0))
    if number is None or (number and abs(number.adjusted()) > MAX_DIGITS):
        message = f"数字太长，最多 {MAX_DIGITS} 位。"
        raise Refused(start_of(event), "yaml-number", message, "要写成文字就加英文引号。")
    return number
