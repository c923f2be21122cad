"""Reads a page back: the texts of the elements that say where they come from, and where links lead.

It is a reader for pages that perfgen makes, whose tags come in pairs. It takes tags apart by the HTML Living Standard
(13.1.2) as far as such pages need it, and refuses what it does not understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_RAW = {"script", "style", "textarea", "title"}
"""Elements whose text holds no tags."""
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/>]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_DECLARATION = re.compile(r"<![^>]*>")
_TELLING = re.compile(r"\b(?:data-(?:path|shown|cell|fact)|href|src)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


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
    reader = _Reader(text)
    reader.read()
    return reader.page


class _Reader:
    """Goes through a page from tag to tag."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.page = Page()
        self._open: list[_Open] = []
        self._texts: list[str] = []

    def read(self) -> None:
        at, end = 0, len(self.text)
        while at < end:
            begin = self.text.find("<", at)
            if begin < 0:
                break
            if begin > at:
                self._texts.append(self.text[at:begin])
            at = self._markup(begin)
        self._texts.append(self.text[at:])

    def _markup(self, begin: int) -> int:
        """Takes what begins with < and gives where it ends."""
        following = self.text[begin + 1 : begin + 2]
        if following == "!":
            return self._declaration(begin)
        if not (following.isascii() and following.isalpha()) and following != "/":
            self._texts.append("<")
            return begin + 1
        found = _TAG.match(self.text, begin)
        if found is None:
            raise ValueError(f"{self.text[begin : begin + 40]} has no end")
        slash, tag, attributes = found.groups()
        if slash:
            self._close(tag.lower())
        else:
            return self._begin(tag.lower(), attributes, found.end())
        return found.end()

    def _declaration(self, begin: int) -> int:
        """Passes over a comment, or what else is no element."""
        if self.text.startswith("<!--", begin):
            end = self.text.find("-->", begin + 4)
            return end + 3 if end >= 0 else len(self.text)
        found = _DECLARATION.match(self.text, begin)
        return found.end() if found else len(self.text)

    def _begin(self, tag: str, written: str, end: int) -> int:
        """Opens an element and gives where to go on: of one whose text holds no tags, behind that."""
        attributes = _attributes(written) if _TELLING.search(written) else {}
        self.page.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]
        if tag in _VOID:
            return end
        self._open.append(_Open(tag, attributes, len(self._texts)))
        if written.endswith("/"):
            self._close(tag)
        elif tag in _RAW:
            begin, end = end, self._end_of(tag, end)
            self._texts.append(self.text[begin:end])
        return end

    def _end_of(self, tag: str, begin: int) -> int:
        """Where the text of an element ends that holds no tags."""
        found = re.compile(f"</{tag}", re.IGNORECASE).search(self.text, begin)
        return found.start() if found else len(self.text)

    def _close(self, tag: str) -> None:
        """Closes an element. Raises ValueError where another one is open."""
        if tag in _VOID:
            return
        if not self._open:
            raise ValueError(f"</{tag}> closes nothing")
        opened = self._open.pop()
        if opened.tag != tag:
            raise ValueError(f"<{opened.tag}> is closed by </{tag}>")
        if tag == "p" and self._open and "data-cell" in self._open[-1].attributes:
            self._texts.append("\n")
        if opened.attributes:
            self._say(opened)

    def _say(self, opened: _Open) -> None:
        """Notes the text of an element that says where it comes from."""
        found = opened.attributes
        if not found.keys() & {"data-path", "data-cell", "data-fact"}:
            return
        text = unescape("".join(self._texts[opened.begin :]))
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
