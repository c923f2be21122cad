"""The fields of a Word document (ECMA-376 Part 1, 17.16): what stands in their instructions is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from perfgen.table.word_xml import Element, W

LASTING = frozenset({"HYPERLINK", "FORMTEXT"})
"""Kinds of fields of which Word keeps the result as it stands; all others it may compute again."""


@dataclass
class WordField:
    """A field, and the texts in it; those of a field in its instruction are part of the instruction."""

    instruction: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)
    unshown: list[Element] = field(default_factory=list)
    """The elements with text that stand in the instruction."""
    separated: bool = False

    @property
    def kind(self) -> str:
        """The word that says what it is, in capitals; empty where there is none."""
        return next(iter("".join(self.instruction).split()), "").upper()


def fields_of(body: Element) -> Iterator[WordField]:
    """The fields of a document as they end, then those that do not end."""
    yield from map(_simple, body.iter(f"{W}fldSimple"))
    begun: list[WordField] = []
    for part in body.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = part.get(f"{W}fldCharType")
        if part.tag != f"{W}fldChar":
            _put(begun, part)
        elif kind == "begin":
            begun.append(WordField())
        elif begun and kind == "separate":
            begun[-1].separated = True
        elif begun:
            yield begun.pop()
    yield from begun


def unshown_texts(body: Element) -> list[Element]:
    """The texts (`w:t`) of a document that stand in the instruction of a field, each once."""
    return list(dict.fromkeys(part for found in fields_of(body) for part in found.unshown if part.tag == f"{W}t"))


def _simple(part: Element) -> WordField:
    """A field whose instruction is an attribute."""
    return WordField([part.get(f"{W}instr", "")], [text.text or "" for text in part.iter(f"{W}t")], separated=True)


def _put(begun: list[WordField], part: Element) -> None:
    """Adds a text to each of the fields around it."""
    for around in begun:
        if around.separated:
            around.result.append(part.text or "")
        else:
            around.instruction.append(part.text or "")
            around.unshown.append(part)
