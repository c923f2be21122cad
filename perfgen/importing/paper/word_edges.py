"""Reads what stands at the edges of a Word file: headers and footers, notes and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfgen.importing.paper import known
from perfgen.importing.paper.word_package import W, WordParts
from perfgen.importing.paper.word_text import Reader

_PAGE_NUMBER = re.compile(r"[\d\s/·|.,，—–\-第共页]*(?:(?:Page|of)[\d\s]*)*", re.I)
"""What a margin says of the page alone."""


def edge_texts(parts: WordParts, reader: Reader) -> Iterator[str]:
    """The texts of headers and footers but for page numbers, and of notes that were not told where they are called."""
    for part in parts.edges.values():
        is_margin = part.tag in (f"{W}hdr", f"{W}ftr")
        for paragraph in part.iter(f"{W}p"):
            notes = paragraph.iterancestors(*known.NOTES.values())
            text = reader.text(paragraph).strip()
            is_told = any((str(note.tag), note.get(f"{W}id", "")) in reader.context.told for note in notes)
            if text and not is_told and not (is_margin and _PAGE_NUMBER.fullmatch(text)):
                yield text
