"""A text as it is printed in a cell, taken apart again: the values in it, without the words of the form around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfgen.data import ValuePath
from perfgen.table.model import Line, Part

_LONGEST = 2_000
"""A longer text is not taken apart."""
_DIGITS = "0-9０-９"
_NUMERALS = "一二三四五六七八九十"
_ALIKE = (".．、", "(（", ")）", ":：", ",，", "-—－–")
"""Signs of which people type one for another."""


def values_in(lines: Sequence[Line], text: str) -> dict[ValuePath, str] | None:
    """By path, what a text says of the values that a cell prints in some lines; None where that is not certain.

    Of one value it may be the value alone, or with the words around it; numbers in these words may be others. Of
    several it must have the words that part them.
    """
    parts = [part for line in lines for part in (*line.parts, Part("\n")) if part.text or part.path is not None][:-1]
    paths = [part.path for part in parts if part.path is not None]
    if not paths or (len(set(paths)) > 1 and len(set(paths)) < len(paths)):
        return None
    if len(paths) > 1 and len(set(paths)) == 1:
        return {paths[0]: text}
    values = _between(_words(parts), text) if len(text) <= _LONGEST else None
    if values is not None:
        return dict(zip(paths, values, strict=True))
    return {paths[0]: text} if len(paths) == 1 else None


def _words(parts: Sequence[Part]) -> list[str]:
    """What the words around values look like: those before the first, between two, and behind the last."""
    words = [""]
    for part in parts:
        if part.path is not None:
            words.append("")
            continue
        pieces = re.findall(rf"[{_DIGITS}]+|[{_NUMERALS}]+|\S", part.text)
        words[-1] += "".join(rf"\s*{_pattern(piece)}" for piece in pieces)
    return [rf"{word}\s*" if word else "" for word in words]


def _pattern(piece: str) -> str:
    """What a word looks like: a number may be another one."""
    for kind in (_DIGITS, _NUMERALS):
        if re.fullmatch(f"[{kind}]+", piece):
            return f"[{kind}]+"
    alike = next((signs for signs in _ALIKE if piece in signs), "")
    return f"[{alike}]" if alike else re.escape(piece)


def _between(words: Sequence[str], text: str) -> list[str] | None:
    """What stands between words, each at its first place behind the one before; None where one does not stand there."""
    begin = re.match(words[0], text)
    position = begin.end() if begin else -1
    values: list[str] = []
    for word, is_last in zip(words[1:], (*[False] * (len(words) - 2), True), strict=True):
        if position < 0 or not (word or is_last):
            return None
        found = re.compile(rf"{word}\Z" if is_last else word).search(text, position)
        if found is None:
            return None
        values.append(text[position : found.start()].strip())
        position = found.end()
    return values
