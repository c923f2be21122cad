"""The text of a Word paragraph as its reader sees it, however Word has cut it into pieces.

Looks through everything that only wraps text: runs, bookmarks, hyperlinks, content controls,
smart tags, and tracked changes, which are accepted or rejected (ECMA-376 Part 1, 17.13.5).
What it does not understand (`known`) it tells, with its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.importing.paper import known, word_fields
from perfgen.importing.paper.contents import BLOCK_CONTROL, LIST_CONTROL
from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_alternate import ALTERNATE
from perfgen.importing.paper.word_context import Context, Revisions
from perfgen.importing.paper.word_package import Element, W, child_of, plain_text
from perfgen.importing.paper.word_runs import GONE, PLAIN, TRACKED, RunReader
from perfgen.table.word_xml import properties_of, says_on

__all__ = ["Context", "Reader", "Revisions", "WordParagraph"]

_BOXES = f"[{word_fields.TICKED}{word_fields.UNTICKED}☒□■√✓✔]"


@dataclass(frozen=True)
class WordParagraph:
    """A paragraph's text, line breaks as characters, and whether Word itself numbers it."""

    text: str
    numbered: bool = False


class Reader(RunReader):
    """Reads paragraphs with one treatment of tracked changes; gathers troubles as it goes."""

    def cell(self, nodes: Iterator[Element]) -> list[WordParagraph]:
        """The paragraphs of a whole cell: its fields end there, its boxes are one choice."""
        lines = self.paragraphs(nodes)
        self.finish()
        return self._chosen(lines) if self.boxes else lines

    def _chosen(self, lines: list[WordParagraph]) -> list[WordParagraph]:
        """The one choice of several that is ticked; all of them where it is not one."""
        text = "\n".join(line.text for line in lines)
        before, *pieces = re.split(f"({_BOXES})", text)
        choices = list(zip(pieces[::2], (piece.strip() for piece in pieces[1::2]), strict=True))
        ticked = [label for box, label in choices if box == word_fields.TICKED]
        if before.strip() or len(choices) != self.boxes or len(ticked) != 1 or not all(label for _, label in choices):
            self.note(Trouble.UNTICKED, text)
            return lines
        self.note(Trouble.TICKED, text)
        return [WordParagraph(ticked[0])]

    def paragraphs(self, nodes: Iterator[Element]) -> list[WordParagraph]:
        """The paragraphs of a cell; a paragraph whose mark is gone is joined with the next one."""
        paragraphs: list[WordParagraph] = []
        open_text: str | None = None
        hidden_mark = ""
        for node in nodes:
            properties = properties_of(node, "pPr")
            text = (open_text or "") + self.text(node)
            if hidden_mark and text.strip():
                self.note(Trouble.HIDDEN_MARK, hidden_mark + text)
            hidden_mark = text if text.strip() and self._mark_is_hidden(node) else ""
            if text.strip():
                self._tell_of_paragraph(properties, text)
            if self._mark_is_gone(properties):
                open_text = text
                continue
            paragraphs.append(WordParagraph(text, self.context.styles.is_numbered(properties)))
            open_text = None
        if open_text:
            paragraphs.append(WordParagraph(open_text))
        return paragraphs

    def _mark_is_hidden(self, node: Element) -> bool:
        """Whether the mark of a paragraph (w:p) is hidden, by itself or by its style, so that the next one joins it."""
        mark = child_of(properties_of(node, "pPr"), f"{W}rPr")
        always = child_of(mark, f"{W}specVanish")
        return self.context.styles.look(mark, node, self.table).hidden or (always is not None and says_on(always))

    def _tell_of_paragraph(self, properties: Element | None, text: str) -> None:
        """Tells what makes a paragraph with these properties look other than its text."""
        frame, turned = (self.context.styles.of_paragraph(properties, name) for name in ("framePr", "bidi"))
        if frame is not None:
            self.note(Trouble.FRAME, text)
        if turned is not None and says_on(turned):
            self.note(Trouble.RIGHT_TO_LEFT, text)

    def _mark_is_gone(self, properties: Element | None) -> bool:
        """Whether tracked changes take away the mark of the paragraph with these properties."""
        mark = child_of(properties, f"{W}rPr")
        tracked = [child for child in mark if child.tag in TRACKED] if mark is not None else []
        if tracked:
            self.note(Trouble.REVISED)
        return any(child.tag in GONE[self.revisions] for child in tracked)

    def text(self, node: Element) -> str:
        """The text of a paragraph or of anything in it."""
        self.paragraph = node
        self.table = next(node.iterancestors(f"{W}tbl"), None)
        self.out = []
        self.blanks = 0
        self.read_below(node, PLAIN)
        for begun in self.fields:
            # a field that goes on in the next paragraph: what it has shown stands in this one
            if not begun.separated:
                break
            self.out += begun.result
            begun.shown |= bool(begun.result)
            begun.result, begun.blanks = [], 0
        return "".join(self.out)

    def unwrapped(self, node: Element) -> Iterator[Element]:
        """A node's children, with those that only wrap (content controls, tracked changes) opened."""
        for child in node:
            tag = child.tag
            if tag == f"{W}sdt":
                self.compare_with_store(child)
                self.contents.add(LIST_CONTROL if _is_list(child) else BLOCK_CONTROL)
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    yield from self.unwrapped(content)
            elif tag in (f"{W}customXml", f"{W}smartTag"):
                yield from self.unwrapped(child)
            elif tag == ALTERNATE:
                for branch in self.branch(child):
                    yield from self.unwrapped(branch)
            elif tag in TRACKED:
                self.note(Trouble.REVISED)
                if tag not in GONE[self.revisions]:
                    yield from self.unwrapped(child)
            elif isinstance(tag, str):
                yield child

    def stray(self, part: Element) -> None:
        """Tells of an element that stands where only rows, cells or paragraphs are expected."""
        if part.tag in (f"{W}altChunk", f"{W}subDoc"):
            self.note(Trouble.CHUNK)
        elif part.tag not in known.SILENT:
            self.note(Trouble.ELEMENT, f"{part.tag.rpartition('}')[2]} {plain_text(part)}".strip())

    def is_gone(self, properties: Element | None, ins: str = "ins", deleted: str = "del") -> bool:
        """Whether tracked changes take away the row or cell with these properties."""
        if properties is None:
            return False
        marks = {name: properties.find(f"{W}{name}") is not None for name in (ins, deleted)}
        if any(marks.values()):
            self.note(Trouble.REVISED)
        return marks[deleted] if self.revisions is Revisions.ACCEPT else marks[ins]


def _is_list(control: Element) -> bool:
    """Whether a content control (w:sdt) is one to choose in."""
    properties = control.find(f"{W}sdtPr")
    return any(child_of(properties, f"{W}{kind}") is not None for kind in ("dropDownList", "comboBox"))
