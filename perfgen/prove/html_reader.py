"""Reads a page back: the texts of the elements that say where they come from, and where links lead.

It is a reader for pages that perfgen makes, whose tags come in pairs. It takes tags apart by the HTML Living Standard
(13.1.2) as far as such pages need it, and refuses what it does not understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_REST = r"""(?:[^"'>]|"[^"]*"|'[^']*')*"""
"""What follows the name in a tag."""
_TOKEN = re.compile(
    rf"""
    (?P<text>[^<]+|<(?![A-Za-z/!]))                # a < that begins no tag is text
    |<(?P<raw>script|style|textarea|title)\b(?P<rest>{_REST})>(?P<content>.*?)</(?P=raw)\s*>   # holds no tags
    |<(?P<open>[A-Za-z][^\s/>]*)(?P<written>{_REST})>
    |</(?P<close>[A-Za-z][^\s/>]*)\s*>
    |(?P<passed><!--.*?(?:-->|\Z)|<![^>]*>)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_TELLING = re.compile(r"\b(?:data-(?:path|shown|cell|fact)|href|src)\b", re.IGNORECASE)
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


class _Open(NamedTuple):
    """An element that is not closed yet."""

    tag: str
    attributes: dict[str, str]
    begin: int
    """How many texts came before it."""


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


def read(text: str) -> Page:
    """What a page says. Raises ValueError for tags that do not come in pairs, or cannot be read."""
    reader = _Reader()
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() != end:
            break
        end = found.end()
        reader.take(found)
    if end != len(text):
        raise ValueError(f"{text[end : end + 40]} is no tag with an end")
    return reader.page


class _Reader:
    """Goes through a page from tag to tag."""

    def __init__(self) -> None:
        self.page = Page()
        self._open: list[_Open] = []
        self._texts: list[str] = []

    def take(self, found: re.Match[str]) -> None:
        """Takes the next text or tag. Raises ValueError for a tag that closes another element."""
        kind = found.lastgroup
        if kind == "text":
            self._texts.append(found["text"])
        elif kind == "close":
            self._close(found["close"].lower())
        elif kind == "written":
            self._begin(found["open"].lower(), found["written"])
        elif kind == "content":
            self._begin(found["raw"].lower(), found["rest"])
            self._texts.append(found["content"])
            self._close(found["raw"].lower())

    def _begin(self, tag: str, written: str) -> None:
        """Opens an element; one that is always empty, or is written so, is closed too."""
        attributes = _attributes(written) if _TELLING.search(written) else _NOTHING
        if attributes:
            self.page.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]
        if tag in _VOID:
            return
        self._open.append(_Open(tag, attributes, len(self._texts)))
        if written.endswith("/"):
            self._close(tag)

    def _close(self, tag: str) -> None:
        """Closes an element. Raises ValueError where another one is open."""
        if tag in _VOID:
            return
        if not self._open:
            raise ValueError(f"</{tag}> closes nothing")
        name, attributes, begin = self._open.pop()
        if name != tag:
            raise ValueError(f"<{name}> is closed by </{tag}>")
        if tag == "p" and self._open and "data-cell" in self._open[-1].attributes:
            self._texts.append("\n")  # paragraphs of a cell are lines of its text
        if attributes and not _KEYS.isdisjoint(attributes):
            self._say(attributes, begin)

    def _say(self, found: dict[str, str], begin: int) -> None:
        """Notes the text of an element that says where it comes from."""
        text = unescape("".join(self._texts[begin:]))
        if path := found.get("data-path"):
            self.page.values.append(Value(path, found.get("data-shown", ""), text))
        if (cell := found.get("data-cell")) is not None:
            self.page.cells.append(Said(cell, text.removesuffix("\n")))
        if fact := found.get("data-fact"):
            self.page.facts.append(Said(fact, text))


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a tag; of one that is there twice the first counts (13.2.5.33)."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), unescape("".join(values)))
    return found
