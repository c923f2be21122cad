"""Tracked changes as WordprocessingML: runs, paragraph marks and whole rows that came or went.

Source: ECMA-376 Part 1, 17.13.5 (revisions): `w:ins` and `w:del` around runs (17.13.5.18, .14),
in a paragraph mark's properties (.20, .15) and in a row's properties (.17, .12). A paragraph mark
that came or went joins or parts the paragraphs around it, so a cell's last mark never changes.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from lxml import etree

from perfgen.review.redline.fragments import Fragment, FragmentKind, fragments
from perfgen.review.text_diff import PARAGRAPH_END
from perfgen.table.template import W, run_text

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Marker:
    """Writes changes under one author and date, each with a number of its own."""

    def __init__(self, author: str, date: str) -> None:
        self.author = author
        self.date = date
        self.count = 0

    def mark(self, kind: FragmentKind) -> Any:
        """An empty `w:ins` or `w:del`."""
        self.count += 1
        return etree.Element(
            f"{W}{kind}", {f"{W}id": str(self.count), f"{W}author": self.author, f"{W}date": self.date}
        )

    def row(self, tr: Any, kind: FragmentKind) -> Any:
        """A copy of a row that came or went as a whole, with all that stands in it."""
        made = copy.deepcopy(tr)
        properties = made.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            before = [n for n, child in enumerate(made) if child.tag in (f"{W}tblPrEx",)]
            made.insert(before[-1] + 1 if before else 0, properties)
        properties.append(self.mark(kind))
        for paragraph in list(made.iter(f"{W}p")):
            self.whole(paragraph, kind)
        return made

    def whole(self, paragraph: Any, kind: FragmentKind) -> None:
        """Marks all runs of a paragraph, in place."""
        for run in paragraph.findall(f"{W}r"):
            around = self.mark(kind)
            run.addprevious(around)
            around.append(run)
            if kind == "del":
                for text in run.findall(f"{W}t"):
                    text.tag = f"{W}delText"

    def paragraphs(self, old: list[Any], new: list[Any]) -> list[Any]:
        """The paragraphs of a cell (or of the text outside the table) with what changed in them."""
        before, after = (_marked_text(paragraphs) for paragraphs in (old, new))
        pieces = fragments(before, after)
        return list(self._written(pieces, _Source(old), _Source(new)))

    def _written(self, pieces: list[Fragment], old: _Source, new: _Source) -> Iterator[Any]:
        """Paragraphs out of fragments; `PARAGRAPH_END` in a fragment ends one, with a mark of its kind."""
        here: list[Any] = []
        for piece in pieces:
            for number, part in enumerate(piece.text.split(PARAGRAPH_END)):
                if number:
                    source = old if piece.kind == "del" else new
                    yield self._paragraph(here, source.properties(), piece.kind)
                    here = []
                    old.end(piece.kind != "ins")
                    new.end(piece.kind != "del")
                if part:
                    source = old if piece.kind == "del" else new
                    here.append(self._runs(part, piece.kind, source.run()))
        yield self._paragraph(here, new.properties(), "same")

    def _runs(self, text: str, kind: FragmentKind, properties: Any) -> Any:
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
        around = self.mark(kind)
        around.append(run)
        return around

    def _paragraph(self, content: list[Any], properties: Any, kind: FragmentKind) -> Any:
        made = etree.Element(f"{W}p")
        own = copy.deepcopy(properties) if properties is not None else None
        if kind != "same":
            own = own if own is not None else etree.Element(f"{W}pPr")
            of_mark = own.find(f"{W}rPr")
            if of_mark is None:
                # w:rPr comes after all of a paragraph's own properties but these (17.3.1.26)
                of_mark = etree.Element(f"{W}rPr")
                later = next((c for c in own if c.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
                own.append(of_mark) if later is None else later.addprevious(of_mark)
            of_mark.insert(0, self.mark(kind))
        if own is not None:
            made.append(own)
        made.extend(content)
        return made


def _marked_text(paragraphs: list[Any]) -> str:
    return PARAGRAPH_END.join(run_text(paragraph) for paragraph in paragraphs)


class _Source:
    """Goes through the paragraphs of one version, for the properties of what is written."""

    def __init__(self, paragraphs: list[Any]) -> None:
        self.rest = list(paragraphs)

    def end(self, passed: bool) -> None:
        """The next paragraph, where this version's own has ended."""
        if passed and len(self.rest) > 1:
            self.rest.pop(0)

    def properties(self) -> Any:
        return self.rest[0].find(f"{W}pPr") if self.rest else None

    def run(self) -> Any:
        """The properties of the paragraph's runs: its first run that says anything, else its first."""
        runs = self.rest[0].findall(f".//{W}r") if self.rest else []
        chosen = next((run for run in runs if run_text(run).strip()), runs[0] if runs else None)
        return chosen.find(f"{W}rPr") if chosen is not None else None
