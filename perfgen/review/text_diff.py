"""Where two texts differ: the parts that stayed, went and came, long sameness cut short."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from perfgen.display import visible

Part = tuple[Literal["same", "gone", "new"], str]

_AROUND = 10
"""So many characters of what stayed are shown on each side of a change."""
_TOKENS = re.compile(r"[0-9A-Za-z.%‰]+|.", re.DOTALL)
_CLAUSES = re.compile(r"[^，。；、：\n]*[，。；、：\n]?")
_FINE = 600


def parts(old: str, new: str) -> list[Part]:
    """The texts as parts in order; numbers and words change whole, never by single digits."""
    old, new = visible(old), visible(new)
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    middle = list(_compared(old[begin : len(old) - end], new[begin : len(new) - end]))
    whole = [("same", old[:begin]), *middle, ("same", old[len(old) - end :])]
    return _shortened(_joined([(kind, text) for kind, text in whole if text]))


def _common(old: str, new: str) -> int:
    """How many first characters agree, stepping back to where no number or word is cut."""
    length = min(len(old), len(new))
    same = next((i for i in range(length) if old[i] != new[i]), length)
    while same and any(
        same < len(text) and re.match(r"[0-9A-Za-z.%]{2}", text[same - 1 : same + 1]) for text in (old, new)
    ):
        same -= 1
    return same


def _compared(old: str, new: str) -> Iterator[Part]:
    tokens = _TOKENS if len(old) + len(new) <= _FINE else _CLAUSES
    one, other = tokens.findall(old), tokens.findall(new)
    for kind, i, j, k, m in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(one[i:j])
        else:
            yield "gone", "".join(one[i:j])
            yield "new", "".join(other[k:m])


def _joined(found: list[Part]) -> list[Part]:
    """Neighbours of a kind as one; a character or two that stayed between changes counts as changed."""
    result: list[Part] = []
    gone = new = ""
    for number, (kind, text) in enumerate(found):
        between = 0 < number < len(found) - 1 and (gone or new) and len(text) <= 2
        if kind == "same" and not between:
            result += [part for part in (("gone", gone), ("new", new)) if part[1]]
            result.append(("same", text))
            gone = new = ""
        else:
            gone += text if kind != "new" else ""
            new += text if kind != "gone" else ""
    return result + [part for part in (("gone", gone), ("new", new)) if part[1]]


def _shortened(found: list[Part]) -> list[Part]:
    result: list[Part] = []
    for number, (kind, text) in enumerate(found):
        if kind == "same" and len(text) > 2 * _AROUND + 2:
            head = "" if number == 0 else text[:_AROUND]
            tail = "" if number == len(found) - 1 else text[-_AROUND:]
            result.append((kind, f"{head}…{tail}"))
        else:
            result.append((kind, text))
    return result


def changes_numbers(old: str, new: str) -> bool:
    """Whether the numbers in two texts differ, which words alone may hide."""
    one, other = (re.findall(r"\d[\d,.]*", unicodedata.normalize("NFKC", text)) for text in (old, new))
    return sorted(one) != sorted(other)
