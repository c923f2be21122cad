"""What a whole Word file says about its text: styles, controls, notes; and how its tracked changes are treated."""

from __future__ import annotations

from enum import StrEnum

from perfgen.importing.paper import known
from perfgen.importing.paper.word_controls import Controls
from perfgen.importing.paper.word_package import W, WordParts, plain_text
from perfgen.importing.paper.word_styles import Styles


class Revisions(StrEnum):
    """How tracked changes are treated."""

    ACCEPT = "accept"
    REJECT = "reject"


_MOST_LETTERS, _SHORT = 4_000_000, 100
"""Letters that all remarks on a file may quote; from there on each may quote so many."""


class Context:
    """What a whole package says about its text: styles, controls, how revisions are treated."""

    def __init__(self, parts: WordParts, revisions: Revisions) -> None:
        self.revisions = revisions
        self.styles = Styles(parts.styles, parts.fonts)
        self.controls = Controls(parts.body, parts.stores, parts.glossary)
        self.notes = {
            (str(note.tag), note.get(f"{W}id", "")): plain_text(note)
            for part in parts.edges.values() for note in part.iter(*known.NOTES.values())
        }  # fmt: skip
        """The texts of footnotes, endnotes and comments, by their kind and number."""
        self.told: set[tuple[str, str]] = set()
        """Those that were told where their marks stand."""
        self._letters = _MOST_LETTERS

    def quoted(self, text: str) -> str:
        """A text for a remark, in one line; only its beginning where the remarks have become longer than the file."""
        text = " ".join(text.split())
        self._letters -= len(text)
        return text if self._letters >= 0 else text[:_SHORT]
