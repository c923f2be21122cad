"""Reads the tags that a Word template may use: a small subset of docxtpl's, with one tag of ours.

    {{ name.name }}                     prints a value
    {{ loop.index }}                    prints the number of the current turn of a loop
    {{ … | filter }}, {{ … | filter('…') }}   prints it in another form; `filters` names the filters
    {%tr for x in name.name %} … {%tr endfor %}   repeats table rows; alone in its row
    {%p for x in name.name %} … {%p endfor %}     repeats paragraphs; alone in its paragraph
    {%tr if name.name %} … {%tr endif %}, {%p if … %} … {%p endif %}   only where there is a value
    {% merge x %}                       in a cell: one cell for a whole turn of the loop over x

The first four and the conditions are docxtpl's own. `merge` is ours, because docxtpl's `vm`
restarts an outer group at each inner one. Whatever else looks like a tag is refused, so that a
template can be expanded by perfgen's own code, compared, and read backwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from perfgen.table.filters import FILTERS, WITH_ARGUMENT, shown

_NAME = r"[^\W\d]\w*"
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HALF_TAG = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
# Word turns quotation marks into curly ones, and docxtpl turns them back
_WORDS = r"[^'\"‘’“”{}%&<>\\|]+"
_ARGUMENT = rf"(?:['‘’]({_WORDS})['‘’]|[\"“”]({_WORDS})[\"“”])"
_PRINT = re.compile(rf"\{{\{{\s*({_PATH})\s*(?:\|\s*({_NAME})\s*(?:\(\s*{_ARGUMENT}\s*\)\s*)?)?\}}\}}")
_MERGE = re.compile(rf"\{{%\s*merge\s+({_NAME})\s*%\}}")
_FOR = re.compile(rf"\{{%(tr|p)\s+for\s+({_NAME})\s+in\s+({_PATH})\s*%\}}")
_IF = re.compile(rf"\{{%(tr|p)\s+if\s+({_PATH})\s*%\}}")
_END = re.compile(r"\{%(tr|p)\s+end(for|if)\s*%\}")

Unit = Literal["tr", "p"]


class TagError(Exception):
    """A tag that is not in the subset; the message is Chinese."""


@dataclass(frozen=True)
class Literal_:
    """Fixed text."""

    text: str


@dataclass(frozen=True)
class Print:
    """A tag that prints what a dotted name means."""

    path: tuple[str, ...]
    filter: str | None = None
    argument: str = ""
    """What the filter is told; empty for nothing."""

    @property
    def shown(self) -> str:
        """How it is printed, as `filters` writes it; empty where it is printed as it is."""
        return shown(self.filter, self.argument) if self.filter else ""


@dataclass(frozen=True)
class Merge:
    """A tag that makes its cell one cell for a whole turn of a loop."""

    variable: str


Piece = Literal_ | Print | Merge


@dataclass(frozen=True)
class Open:
    """The start of a loop over `source`, or of a condition on it where `variable` is None."""

    unit: Unit
    source: tuple[str, ...]
    variable: str | None
    where: str = ""
    """Its place in the template, for messages."""


@dataclass(frozen=True)
class Close:
    """The end of the innermost loop or condition."""

    unit: Unit
    word: str
    where: str = ""
    """Its place in the template, for messages."""


def control(text: str) -> Open | Close | None:
    """The loop or condition tag that is the whole text of a row or paragraph; None for other texts.

    Raises TagError when such a tag does not stand alone, because docxtpl drops what stands beside it.
    """
    stripped = text.strip()
    if match := _FOR.fullmatch(stripped):
        return Open(_unit(match[1]), tuple(match[3].split(".")), match[2])
    if match := _IF.fullmatch(stripped):
        return Open(_unit(match[1]), tuple(match[2].split(".")), None)
    if match := _END.fullmatch(stripped):
        return Close(_unit(match[1]), match[2])
    for pattern in (_FOR, _IF, _END):
        if match := pattern.search(text):
            raise TagError(f"{match[0]} 要单独占一{'行' if match[1] == 'tr' else '段'}，旁边的内容会丢失。")
    return None


def _unit(word: str) -> Unit:
    return "tr" if word == "tr" else "p"


def pieces(text: str) -> tuple[Piece, ...]:
    """The fixed texts and tags of a paragraph, in order.

    Raises TagError for anything that looks like a tag and is not in the subset.
    """
    parsed: list[Piece] = []
    end = 0
    for match in _TAG.finditer(text):
        if match.start() > end:
            parsed.append(Literal_(text[end : match.start()]))
        end = match.end()
        parsed.append(_tag(match[0]))
    if end < len(text):
        parsed.append(Literal_(text[end:]))
    for piece in parsed:
        if isinstance(piece, Literal_) and _HALF_TAG.search(piece.text):
            raise TagError(f"标记没有写完整：{piece.text.strip()}")
    return tuple(parsed)


def without_hidden(text: str, hidden: Sequence[str]) -> str:
    """A paragraph's text without what nobody sees; `hidden` says of each character why, and nothing where it is seen.

    Raises TagError for a tag that would print where nobody sees it. Other tags print nothing and stay.
    """
    kept: list[str] = []
    end = 0
    for match in _TAG.finditer(text):
        cause = next(filter(None, hidden[match.start() : match.end()]), "")
        if cause and match[0].startswith("{{"):
            raise TagError(f"{match[0]} {cause}")
        kept += [*_shown(text, hidden, end, match.start()), match[0]]
        end = match.end()
    return "".join([*kept, *_shown(text, hidden, end, len(text))])


def _shown(text: str, hidden: Sequence[str], begin: int, end: int) -> list[str]:
    return [text[at] for at in range(begin, end) if not hidden[at]]


def has_tag(text: str) -> bool:
    """Whether a text has a tag, or a part of one."""
    return _HALF_TAG.search(text) is not None


def _tag(tag: str) -> Print | Merge:
    """A tag taken apart. Raises TagError for one that is not in the subset."""
    if match := _PRINT.fullmatch(tag):
        if match[2] and match[2] not in FILTERS:
            raise TagError(f"{tag}：没有“| {match[2]}”，可用的是 {'、'.join(FILTERS)}。")
        argument = match[3] or match[4] or ""
        if argument and match[2] not in WITH_ARGUMENT:
            raise TagError(f"{tag}：“| {match[2]}”后面没有括号。")
        return Print(tuple(match[1].split(".")), match[2], argument)
    if match := _MERGE.fullmatch(tag):
        return Merge(match[1])
    raise TagError(f"不认识的标记 {tag}；能用的标记见 docs/template.md。")
