"""Reads a page back: the texts of the elements that say where they come from, and where links lead.

It is a reader for pages that perfgen makes, whose tags come in pairs. It takes tags apart by the HTML Living Standard
(13.1.2) as far as such pages need it, and refuses what it does not understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from perfgen.report.linked_data import ELEMENT

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_REST = r"""(?:[^"'>]|"[^"]*"|'[^']*')*"""
"""What follows the name in a tag."""
_ONE_TAG = re.compile(_REST)
_MARKUP = re.compile(
    rf"""(
    <!--.*?(?:-->|\Z)
    |<(?:script|style|textarea|title)\b{_REST}>.*?</(?:script|style|textarea|title)\s*>   # elements that hold no tags
    |<[A-Za-z/!]{_REST}>
    )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r"[^\s/>]+")
_NO_END = re.compile(r"<[A-Za-z/!].{0,40}", re.DOTALL)
_RAW = frozenset({"script", "style", "textarea", "title"})
_TELLING = re.compile(r"\b(?:data-(?:path|shown|cell|fact|described)|href|src)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_KEYS = frozenset({"data-path", "data-cell", "data-fact"})
_NOTHING: dict[str, str] = {}


class Value(NamedTuple):
    """A printed value."""

    path: str
    how: str
    """How it is shown; see `filters`."""
    text: str


class Said(NamedTuple):
    """A printed text with a key: the place of a cell, or of a fact."""

    key: str
    text: str


class _Tag(NamedTuple):
    """A tag that opens an element."""

    name: str
    attributes: dict[str, str]
    """None where no attribute says anything that is looked for."""
    is_void: bool
    """Whether nothing in it is read."""
    is_closed: bool
    """Whether it says itself that it is empty."""


class _Open(NamedTuple):
    """An element that is not closed yet."""

    tag: str
    attributes: dict[str, str]
    at: int
    """Which of the pieces its tag is."""


@dataclass
class Page:
    """What a page says, in its order."""

    values: list[Value] = field(default_factory=list)
    """The texts of elements with `data-path`."""
    cells: list[Said] = field(default_factory=list)
    """Those with `data-cell`: the paragraphs of a cell are lines of its text."""
    facts: list[Said] = field(default_factory=list)
    """Those with `data-fact`."""
    links: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    """What data blocks say of the report."""


def read(text: str) -> Page:
    """What a page says. Raises ValueError for tags that do not come in pairs, or cannot be read."""
    reader = _Reader(_MARKUP.split(text))
    reader.read()
    return reader.page


class _Reader:
    """Goes through the pieces of a page: a text, a tag, a text, a tag, and so on."""

    def __init__(self, pieces: list[str]) -> None:
        self.page = Page()
        self.pieces = pieces
        self._open: list[_Open] = []
        self._known: dict[str, _Tag] = {}

    def read(self) -> None:
        """Takes all pieces. Raises ValueError where tags do not come in pairs."""
        for text in self.pieces[::2]:
            if "<" in text and (found := _NO_END.search(text)):
                raise ValueError(f"{found[0]} has no end")
        for at in range(1, len(self.pieces), 2):
            tag = self.pieces[at]
            if tag[1] == "/":
                self._close(tag[2:-1].strip().lower(), at)
            elif tag[1] != "!":
                self._begin(tag, at)

    def _begin(self, written: str, at: int) -> None:
        """Opens an element; one that is always empty, or is written so, is closed too."""
        tag = self._known.get(written) or _tag(written)
        if not tag.attributes:
            self._known[written] = tag  # most tags are there many times
        else:
            self.page.links += [tag.attributes[key] for key in ("href", "src") if tag.attributes.get(key)]
        if ELEMENT in tag.attributes:
            self.page.described.append(written[written.index(">") + 1 : written.rindex("<")])
        if tag.is_void:
            return
        self._open.append(_Open(tag.name, tag.attributes, at))
        if tag.is_closed:
            self._close(tag.name, at)

    def _close(self, tag: str, at: int) -> None:
        """Closes an element. Raises ValueError where another one is open."""
        if tag in _VOID:
            return
        if not self._open:
            raise ValueError(f"</{tag}> closes nothing")
        name, attributes, begin = self._open.pop()
        if name != tag:
            raise ValueError(f"<{name}> is closed by </{tag}>")
        if tag == "p" and self._open and "data-cell" in self._open[-1].attributes:
            self.pieces[at - 1] += "\n"  # paragraphs of a cell are lines of its text
        if attributes and not _KEYS.isdisjoint(attributes):
            self._say(attributes, "".join(self.pieces[begin + 1 : at : 2]))

    def _say(self, found: dict[str, str], written: str) -> None:
        """Notes the text of an element that says where it comes from."""
        text = unescape(written)
        if path := found.get("data-path"):
            self.page.values.append(Value(path, found.get("data-shown", ""), text))
        if (cell := found.get("data-cell")) is not None:
            self.page.cells.append(Said(cell, text.removesuffix("\n")))
        if fact := found.get("data-fact"):
            self.page.facts.append(Said(fact, text))


def _tag(written: str) -> _Tag:
    """A tag taken apart."""
    found = _NAME.match(written, 1)
    name = found[0].lower() if found else ""
    rest = _in_tag(written[1 + len(name) :]) if name in _RAW else written[1 + len(name) : -1]
    attributes = _attributes(rest) if _TELLING.search(rest) else _NOTHING
    return _Tag(name, attributes, name in _VOID or name in _RAW, rest.endswith("/"))


def _in_tag(written: str) -> str:
    """What stands before the end of a tag."""
    found = _ONE_TAG.match(written)
    return found[0] if found else ""


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a tag; of one that is there twice the first counts (13.2.5.33)."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found
