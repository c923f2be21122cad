"""Writes tracked changes as WordprocessingML: runs, paragraph marks and whole rows that came or went.

Source: ECMA-376 Part 1, 17.13.5 (revisions): `w:ins` and `w:del` around runs (17.13.5.18, .14),
in a paragraph mark's properties (.20, .15) and in a row's properties (.17, .12). A paragraph mark
that came or went parts or joins the paragraphs around it, so the mark of a cell's last paragraph never changes.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from lxml import etree

from perfgen.comparison.text_diff import PARAGRAPH_END
from perfgen.review.redline.fragments import Fragment, FragmentKind, fragments
from perfgen.review.xml_elements import Element
from perfgen.table.template import W, run_text

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Marker:
    """Writes changes with one author and date; each change has its own number."""

    def __init__(self, author: str, date: str) -> None:
        self.author = author
        self.date = date
        self.count = 0

    def mark(self, kind: FragmentKind) -> Element:
        """An empty `w:ins` or `w:del`."""
        self.count += 1
        return etree.Element(
            f"{W}{kind}", {f"{W}id": str(self.count), f"{W}author": self.author, f"{W}date": self.date}
        )

    def row(self, row: Element, kind: FragmentKind) -> Element:
        """A copy of a row that came or went as a whole; the row and all of its runs are marked."""
        marked = copy.deepcopy(row)
        _row_properties(marked).append(self.mark(kind))
        for paragraph in list(marked.iter(f"{W}p")):
            self.whole(paragraph, kind)
        return marked

    def whole(self, paragraph: Element, kind: FragmentKind) -> None:
        """Marks all runs of a paragraph, in place."""
        for run in paragraph.findall(f"{W}r"):
            mark = self.mark(kind)
            run.addprevious(mark)
            mark.append(run)
            if kind == "del":
                for text in run.findall(f"{W}t"):
                    text.tag = f"{W}delText"

    def paragraphs(self, old: list[Element], new: list[Element]) -> list[Element]:
        """The paragraphs of a cell (or of the text outside the table), with the changes marked."""
        pieces = fragments(_text(old), _text(new))
        return list(self._written(pieces, _Source(old), _Source(new)))

    def _written(self, pieces: list[Fragment], old: _Source, new: _Source) -> Iterator[Element]:
        """Paragraphs made of fragments; `PARAGRAPH_END` in a fragment ends one, with a mark of its kind."""
        runs: list[Element] = []
        for piece in pieces:
            source = old if piece.kind == "del" else new
            for number, text in enumerate(piece.text.split(PARAGRAPH_END)):
                if number:
                    yield self._paragraph(runs, source.properties(), piece.kind)
                    runs = []
                    if piece.kind != "ins":
                        old.advance()
                    if piece.kind != "del":
                        new.advance()
                if text:
                    runs.append(self._run(text, piece.kind, source.run_properties()))
        yield self._paragraph(runs, new.properties(), "same")

    def _run(self, text: str, kind: FragmentKind, properties: Element | None) -> Element:
        """A run with a text; within a mark where it came or went."""
        run = etree.Element(f"{W}r")
        if properties is not None:
            run.append(copy.deepcopy(properties))
        for number, line in enumerate(text.split("\n")):
            if number:
                etree.SubElement(run, f"{W}br")
            if line:
                node = etree.SubElement(run, f"{W}delText" if kind == "del" else f"{W}t", {_SPACE: "preserve"})
                node.text = line
        if kind == "same":
            return run
        mark = self.mark(kind)
        mark.append(run)
        return mark

    def _paragraph(self, runs: list[Element], properties: Element | None, kind: FragmentKind) -> Element:
        """A paragraph of runs; its paragraph mark came, went or stays."""
        paragraph = etree.Element(f"{W}p")
        if properties is not None:
            paragraph.append(copy.deepcopy(properties))
        elif kind != "same":
            etree.SubElement(paragraph, f"{W}pPr")
        if kind != "same":
            _mark_properties(paragraph[0]).insert(0, self.mark(kind))
        paragraph.extend(runs)
        return paragraph


def _row_properties(row: Element) -> Element:
    """A row's `w:trPr`, made where there is none; `w:tblPrEx` comes before it."""
    properties = row.find(f"{W}trPr")
    if properties is None:
        properties = etree.Element(f"{W}trPr")
        exceptions = [number for number, child in enumerate(row) if child.tag == f"{W}tblPrEx"]
        row.insert(exceptions[-1] + 1 if exceptions else 0, properties)
    return properties


def _mark_properties(properties: Element) -> Element:
    """The `w:rPr` in a paragraph's properties, which is about the paragraph mark; made where there is none."""
    of_mark = properties.find(f"{W}rPr")
    if of_mark is None:
        # w:rPr comes after all of a paragraph's own properties but these (17.3.1.26)
        of_mark = etree.Element(f"{W}rPr")
        later = next((child for child in properties if child.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
        if later is None:
            properties.append(of_mark)
        else:
            later.addprevious(of_mark)
    return of_mark


def _text(paragraphs: list[Element]) -> str:
    return PARAGRAPH_END.join(run_text(paragraph) for paragraph in paragraphs)


class _Source:
    """Goes through the paragraphs of one version and gives the properties for what is written."""

    def __init__(self, paragraphs: list[Element]) -> None:
        self.rest = list(paragraphs)

    def advance(self) -> None:
        """Goes to the next paragraph; the last one stays."""
        if len(self.rest) > 1:
            self.rest.pop(0)

    def properties(self) -> Element | None:
        """The properties of the paragraph."""
        return self.rest[0].find(f"{W}pPr") if self.rest else None

    def run_properties(self) -> Element | None:
        """The properties of the paragraph's runs: of its first run with text, else of its first run."""
        runs = self.rest[0].findall(f".//{W}r") if self.rest else []
        chosen = next((run for run in runs if run_text(run).strip()), runs[0] if runs else None)
        return chosen.find(f"{W}rPr") if chosen is not None else None
