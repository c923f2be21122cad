"""The text of a cell of an OpenDocument file, as LibreOffice shows it (OpenDocument 1.3, sections 5 to 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from perfgen.importing.witness.odf_styles import TABLE, TEXT, Look, OdfStyles, shown

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
_MORE = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
TICKED, UNTICKED = "☑", "☐"
_MOST_BLANKS = 1000
_PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
_UNSEEN = {
    f"{TEXT}note", f"{TEXT}ruby-text", f"{TEXT}tracked-changes", f"{TEXT}bookmark-start", f"{TEXT}bookmark-end",
    f"{_OFFICE}annotation", f"{_OFFICE}annotation-end", f"{TEXT}soft-page-break", f"{_OFFICE}forms",
    f"{TEXT}number", f"{TEXT}sequence-decls", f"{_FIELD}param",
}  # fmt: skip
"""What shows nothing in the line; numbers of lists are no part of the text, as in our own reading."""

_CLOSED = _UNSEEN | {f"{TABLE}covered-table-cell"}


class Changes:
    """The tracked changes of a file, and how they are treated: LibreOffice's file holds both sides."""

    def __init__(self, body: etree._Element, rejected: bool) -> None:
        self._rejected = rejected
        self._deleted: dict[str, etree._Element] = {}
        self._inserted: set[str] = set()
        for region in body.iter(f"{TEXT}changed-region"):
            name = region.get(f"{TEXT}id") or region.get("{http://www.w3.org/XML/1998/namespace}id") or ""
            deletion = region.find(f"{TEXT}deletion")
            if deletion is not None:
                self._deleted[name] = deletion
            elif region.find(f"{TEXT}insertion") is not None:
                self._inserted.add(name)

    def is_left_out(self, name: str) -> bool:
        """Whether the text of a change is not read: an insertion that is rejected."""
        return self._rejected and name in self._inserted

    def put_back(self, name: str) -> etree._Element | None:
        """The text that a change has taken away, where it is rejected."""
        return self._deleted.get(name) if self._rejected else None


class OdfReader:
    """Reads cells with one treatment of tracked changes."""

    def __init__(self, styles: OdfStyles, changes: Changes) -> None:
        self._styles = styles
        self._changes = changes
        self._out: list[str] = []
        self._left_out: set[str] = set()
        self._readers: Mapping[str, Callable[[etree._Element, Look], None]] = {
            f"{TEXT}span": self._span,
            f"{TEXT}change": self._change,
            f"{_FIELD}fieldmark": self._form_field,
            f"{_MORE}content-control": self._control,
        }

    def lines(self, cell: etree._Element) -> list[str]:
        """The lines of a cell, those of tables and lists in it too; a line for each paragraph at least."""
        return [line for paragraph in _paragraphs(cell) for line in self._paragraph(paragraph).split("\n")]

    def _paragraph(self, paragraph: etree._Element) -> str:
        self._out = []
        look = self._styles.look("paragraph", paragraph.get(f"{TEXT}style-name", ""), self._styles.default)
        self._below(paragraph, look)
        return "".join(self._out)

    def _below(self, node: etree._Element, look: Look) -> None:
        self._put(node.text or "", look)
        for child in node:
            if isinstance(child.tag, str):
                self._read(child, look)
            self._put(child.tail or "", look)

    def _put(self, text: str, look: Look) -> None:
        if text and not self._left_out:
            self._out.append(shown(text, look))

    def _read(self, part: etree._Element, look: Look) -> None:
        tag = part.tag
        if tag in self._readers:
            self._readers[tag](part, look)
        elif tag in (f"{TEXT}change-start", f"{TEXT}change-end"):
            self._change_mark(part)
        elif tag == f"{TEXT}s":
            count = part.get(f"{TEXT}c", "1")
            self._put(" " * min(int(count) if count.isdecimal() and len(count) < 9 else 1, _MOST_BLANKS), look)
        elif tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            self._put("\t" if tag == f"{TEXT}tab" else "\n", look)
        elif tag not in _UNSEEN and not tag.startswith(_DRAW):
            self._below(part, look)

    def _span(self, part: etree._Element, look: Look) -> None:
        self._below(part, self._styles.look("text", part.get(f"{TEXT}style-name", ""), look))

    def _change(self, part: etree._Element, look: Look) -> None:
        taken_away = self._changes.put_back(part.get(f"{TEXT}change-id", ""))
        for number, paragraph in enumerate(_paragraphs(taken_away) if taken_away is not None else ()):
            self._put("\n" if number else "", look)
            self._below(paragraph, look)

    def _change_mark(self, part: etree._Element) -> None:
        """Where the text of a change begins or ends."""
        name = part.get(f"{TEXT}change-id", "")
        if part.tag == f"{TEXT}change-end":
            self._left_out.discard(name)
        elif self._changes.is_left_out(name):
            self._left_out.add(name)

    def _form_field(self, part: etree._Element, look: Look) -> None:
        """A form field without text of its own: a box to tick, a list to choose from."""
        kind = part.get(f"{_FIELD}type", "").rpartition(".")[2]
        values = [(param.get(f"{_FIELD}name", ""), param.get(f"{_FIELD}value", "")) for param in part]
        if kind == "FORMCHECKBOX":
            self._put(TICKED if ("Checkbox_Checked", "true") in values else UNTICKED, look)
        elif kind == "FORMDROPDOWN":
            entries = [value for name, value in values if name == "Dropdown_ListEntry"]
            chosen = dict(values).get("Dropdown_Selected", "0")
            self._put(entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else "", look)
        self._below(part, look)

    def _control(self, part: etree._Element, look: Look) -> None:
        """A content control: a prompt is no text, a box is its state."""
        if part.get(f"{_MORE}showing-place-holder") == "true":
            return
        if part.get(f"{_MORE}checkbox") == "true":
            self._put(TICKED if part.get(f"{_MORE}checked") == "true" else UNTICKED, look)
        else:
            self._below(part, look)


def _paragraphs(node: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs below an element, in their order; those in shapes and notes are not among them."""
    for child in node:
        if child.tag in _PARAGRAPHS:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _CLOSED and not child.tag.startswith(_DRAW):
            yield from _paragraphs(child)
