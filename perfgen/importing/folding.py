"""The same text written differently: what counts as the same, and what an import puts right."""

from __future__ import annotations

import re
import unicodedata

from perfgen.display import chinese_number
from perfgen.notation import narrow
from perfgen.source import characters

_BLANKS = re.compile(r"[\u00a0\u2002-\u200a\u202f\u205f]")
_LITTER = re.compile(r"\[bookmark[:_][^\]\n]{0,60}\]")
"""Some programs write this where Word has a bookmark; published forms have it as text."""
_DASH = re.compile(r"[-—–―－─/／\s]*\Z")
CHINESE_NUMBERS = {chinese_number(number): number for number in range(1, 100)}


def folded(text: str) -> str:
    """A text without what differs from one typist to another: no blanks, one width.

    What `cleaned` puts right makes no difference.
    """
    return re.sub(r"\s+", "", narrow(characters.put_right(unicodedata.normalize("NFKC", text))))


def squeezed(text: str) -> str:
    """A text without white space; the cells of two forms are compared by it."""
    return re.sub(r"\s+", "", text)


def is_dash(text: str) -> bool:
    """Whether a cell holds nothing, or a stroke that says so."""
    return bool(_DASH.match(text))


def cleaned(text: str) -> str:
    """A text as it may be kept: no blanks at its ends or of odd width, nothing invisible, no look-alikes.

    The full-width blank stays inside a text: `合　计` is set that way on purpose. What is not text stays
    too, for the check to say where it is.
    """
    text = characters.put_right(_BLANKS.sub(" ", _LITTER.sub("", text)))
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def shortened(text: str, length: int = 24) -> str:
    """The beginning of a text, on one line, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"
