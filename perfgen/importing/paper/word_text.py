"""The text of a Word paragraph as its reader sees it, however Word has cut it into pieces.

Looks through everything that only wraps text: runs, bookmarks, hyperlinks, content controls,
smart tags, and tracked changes, which are accepted or rejected (ECMA-376 Part 1, 17.13.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfgen.importing.paper.word_package import Element, W, child_of
from perfgen.source.characters import with_line_feeds

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


class Revisions(StrEnum):
    """How tracked changes are treated."""

    ACCEPT = "accept"
    REJECT = "reject"


class Trouble(StrEnum):
    """Something in a cell beside plain text; the value says what, for messages."""

    REVISED = "有修订"
    HIDDEN = "有隐藏的文字，没有读"
    PICTURE = "有图片或图形，没有读"
    TEXTBOX = "有文本框，里面的文字没有读"
    SYMBOL = "有特殊符号，读不出来"
    NESTED = "里面还有一张表，它的文字按段落读"
    MATH = "有公式，只读了里面的文字"
    GHOST = "合并掉的格子里还有看不见的文字，没有读"


@dataclass(frozen=True)
class WordParagraph:
    """A paragraph's text, line breaks as characters, and whether Word itself numbers it."""

    text: str
    numbered: bool = False


_GONE = {
    Revisions.ACCEPT: {f"{W}del", f"{W}moveFrom"},
    Revisions.REJECT: {f"{W}ins", f"{W}moveTo"},
}
_TRACKED = {f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"}
_SKIPPED = {f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}delInstrText", f"{_MC}Fallback", f"{W}sdtPr", f"{W}sdtEndPr",
            f"{W}rt", f"{W}fldData"}  # fmt: skip
_CHARACTERS = {
    f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "",
}  # fmt: skip


class Reader:
    """Reads paragraphs with one treatment of tracked changes; gathers troubles as it goes."""

    def __init__(self, revisions: Revisions) -> None:
        self.revisions = revisions
        self.troubles: set[Trouble] = set()

    def paragraphs(self, nodes: Iterator[Element]) -> list[WordParagraph]:
        """The paragraphs of a cell; a paragraph whose mark is gone is joined with the next one."""
        paragraphs: list[WordParagraph] = []
        open_text: str | None = None
        for node in nodes:
            properties = node.find(f"{W}pPr")
            text = (open_text or "") + self.text(node)
            if self._mark_is_gone(properties):
                open_text = text
                continue
            numbered = child_of(properties, f"{W}numPr") is not None
            paragraphs.append(WordParagraph(text, numbered))
            open_text = None
        if open_text:
            paragraphs.append(WordParagraph(open_text))
        return paragraphs

    def _mark_is_gone(self, properties: Element | None) -> bool:
        """Whether tracked changes take away the mark of the paragraph with these properties."""
        mark = child_of(properties, f"{W}rPr")
        tracked = [child for child in mark if child.tag in _TRACKED] if mark is not None else []
        if tracked:
            self.troubles.add(Trouble.REVISED)
        return any(child.tag in _GONE[self.revisions] for child in tracked)

    def text(self, node: Element) -> str:
        """The text of a paragraph or of anything in it."""
        texts: list[str] = []
        waiting = [node]
        while waiting:
            part = waiting.pop()
            tag = part.tag
            if tag in (f"{W}t", f"{W}delText", f"{_MATH}t"):
                if tag == f"{_MATH}t":
                    self.troubles.add(Trouble.MATH)
                texts.append(with_line_feeds(part.text or ""))
            elif tag in _CHARACTERS:
                # a tab stop in the paragraph's properties has the same name; those are skipped
                texts.append(_CHARACTERS[tag] if part.get(f"{W}type") != "page" else "")
            elif not self._is_skipped(part):
                waiting.extend(reversed(part))
        return "".join(texts)

    def _is_skipped(self, part: Element) -> bool:
        """Whether nothing below a part is the paragraph's own text; remembers the trouble."""
        tag = part.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return True
        if tag in _TRACKED:
            self.troubles.add(Trouble.REVISED)
            return tag in _GONE[self.revisions]
        if tag == f"{W}r" and part.find(f"{W}rPr/{W}vanish") is not None:
            if any(text.strip() for text in part.itertext()):
                self.troubles.add(Trouble.HIDDEN)
            return True
        if tag == f"{W}sym":
            self.troubles.add(Trouble.SYMBOL)
        if tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            box = any(True for _ in part.iter(f"{W}txbxContent"))
            self.troubles.add(Trouble.TEXTBOX if box else Trouble.PICTURE)
            return True
        return False

    def unwrapped(self, node: Element) -> Iterator[Element]:
        """A node's children, with those that only wrap (content controls, tracked changes) opened."""
        for child in node:
            tag = child.tag
            if tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    yield from self.unwrapped(content)
            elif tag in (f"{W}customXml", f"{W}smartTag", f"{_MC}AlternateContent", f"{_MC}Choice"):
                yield from self.unwrapped(child)
            elif tag in _TRACKED:
                self.troubles.add(Trouble.REVISED)
                if tag not in _GONE[self.revisions]:
                    yield from self.unwrapped(child)
            elif isinstance(tag, str) and tag != f"{_MC}Fallback":
                yield child

    def is_gone(self, properties: Element | None, ins: str = "ins", deleted: str = "del") -> bool:
        """Whether tracked changes take away the row or cell with these properties."""
        if properties is None:
            return False
        marks = {name: properties.find(f"{W}{name}") is not None for name in (ins, deleted)}
        if any(marks.values()):
            self.troubles.add(Trouble.REVISED)
        return marks[deleted] if self.revisions is Revisions.ACCEPT else marks[ins]
