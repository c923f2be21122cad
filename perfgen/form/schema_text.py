"""JSON text in, plain data out, with the place of any of its members: what Python's reader stumbles over is refused.

Numbers with a point are Decimal. Python's reader ends in a recursion at deep nesting, in an error at an integer of
more than 4,300 digits, and takes NaN for a number.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NoReturn

from perfgen.data import Data, ValuePath, leaves
from perfgen.findings import Finding, FormError, Place
from perfgen.source.characters import NOT_IN_A_FILE, name_of

DEEPEST = 60
"""How many objects and lists may stand in one another; the deepest form known has 10."""
LONGEST_NUMBER = 40
"""How many characters a number may have."""
_ASKING = frozenset({"$ref", "$dynamicRef", "type", "properties", "allOf", "anyOf", "oneOf"})
"""The keywords of which any form's schema has one at its top."""

_MARK = re.compile(r'"(?:[^"\\]++|\\.)*"|[\[\]{}]|-?[0-9][0-9.eE+-]*+', re.DOTALL)
_BLANKS = re.compile(r"[ \t\n\r]*")
_SEPARATOR = re.compile(r"[ \t\n\r]*[:,]?[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def read_json(content: bytes, file: str) -> Data:
    """The data of a JSON file.

    Raises FormError, with the place, for what is not JSON, is nested too deep, has a number that is too long, or a
    character that no file of a project may hold, which an escape can hide.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise FormError([Finding(Place(file), "schema-json", "文件不是 UTF-8 编码。")]) from None
    _refuse_extremes(text, file)
    try:
        data: Data = json.loads(text, parse_float=Decimal, parse_constant=lambda name: _refuse_constant(name, file))
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise FormError([Finding(place, "schema-json", f"不是 JSON：{error.msg}。")]) from None
    for path, value, _ in leaves(data):
        if isinstance(value, str) and (found := NOT_IN_A_FILE.search(value)):
            message = f"有不能用的字符 {name_of(found[0])}，成品里写不出来。"
            raise FormError([Finding(place_of(content, path, file), "schema-json", message, "删掉它。")])
    return data


def only_defines(content: bytes) -> bool:
    """Whether the content of a schema file asks nothing itself: it only holds definitions, for other schemas."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and "$defs" in data and not _ASKING.intersection(data)


def _refuse_extremes(text: str, file: str) -> None:
    """Raises FormError for the first bracket that is too deep, or number that is too long."""
    depth = 0
    for mark in _MARK.finditer(text):
        begin = mark[0][0]
        depth += (begin in "[{") - (begin in "]}")
        if depth > DEEPEST:
            message = f"括号套得太深：最多 {DEEPEST} 层。"
            raise FormError([Finding(_place_at(text, mark.start(), file), "schema-json", message)])
        if begin in "-0123456789" and len(mark[0]) > LONGEST_NUMBER:
            message = f"数字太长：最多 {LONGEST_NUMBER} 个字符。"
            raise FormError([Finding(_place_at(text, mark.start(), file), "schema-json", message)])


def _refuse_constant(name: str, file: str) -> NoReturn:
    raise FormError([Finding(Place(file), "schema-json", f"不是 JSON：{name} 不是一个数。")])


def place_of(content: bytes, path: ValuePath, file: str) -> Place:
    """Where a member of a JSON file stands; of what is not there, the nearest that holds it.

    The file is one that `read_json` reads.
    """
    text = content.decode("utf-8")
    at = _after(_BLANKS, text, 0)
    for step in path:
        inside = _position(text, at, step)
        if inside is None:
            break
        at = inside
    return _place_at(text, at, file)


def _position(text: str, at: int, step: str | int) -> int | None:
    """Where a member of the object or list at a position begins; None where it has no such member."""
    bracket, count = text[at], 0
    at = _after(_BLANKS, text, at + 1)
    found = None
    while text[at] not in "]}":
        name: str | int = count
        if bracket == "{":
            name, at = _DECODER.raw_decode(text, at)
            at = _after(_SEPARATOR, text, at)
        if name == step:
            found = at  # of two members of one name the last counts, as it does for Python
        at = _after(_SEPARATOR, text, _DECODER.raw_decode(text, at)[1])
        count += 1
    return found


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _place_at(text: str, offset: int, file: str) -> Place:
    before = text[:offset]
    return Place(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
