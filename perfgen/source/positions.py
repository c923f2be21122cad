"""Positions in a text: that of a place, the line around one, where a value ends that begins at one."""

from __future__ import annotations

import re

from perfgen.findings import Place


def offset(text: str, place: Place) -> int:
    """The position of a place in a text; the end of the text for one behind it."""
    start = 0
    for _ in range(place.line - 1):
        end = text.find("\n", start)
        if end < 0:
            return len(text)
        start = end + 1
    return min(start + max(place.column - 1, 0), len(text))


def line_around(text: str, at: int) -> tuple[int, int]:
    """Start and end of the line around a position, without its line end."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return begin + text[begin:end].startswith("\ufeff"), end - text[begin:end].endswith("\r")


def value_end(text: str, at: int) -> int:
    """Where a plain value that begins at a position ends: before a comma or bracket in a flow
    mapping, otherwise at the line's end or its comment."""
    begin, end = line_around(text, at)
    before = text[begin:at]
    inside = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    pattern = r"\s*(?:,(?:\s|$)|[}\]]|$)" if inside else r"\s*(?:\s#|$)"
    match = re.compile(pattern).search(text[:end], at)
    return match.start() if match else end


def place_at(text: str, file: str, offset: int) -> Place:
    """The place of a character of a text."""
    before = text[:offset]
    return Place(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
