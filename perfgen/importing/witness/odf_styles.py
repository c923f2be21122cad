"""How text is shown in an OpenDocument file, through its styles (OpenDocument 1.3, sections 16 and 20).

OpenDocument has no toggles: a style says what it is, the nearest one that says it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from perfgen.importing.paper import known

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
STYLE = f"{{{_OASIS}style:1.0}}"
TEXT = f"{{{_OASIS}text:1.0}}"
TABLE = f"{{{_OASIS}table:1.0}}"
_FO = f"{{{_OASIS}xsl-fo-compatible:1.0}}"
_LONGEST_CHAIN = 50
_PRIVATE = re.compile("[\uf020-\uf0ff]")

Look = Mapping[str, str]
"""The properties of text that count, by their names."""


class OdfStyles:
    """The styles of a file, from its content and its styles part."""

    def __init__(self, *parts: etree._Element) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, Look] = {}
        for part in parts:
            for style in part.iter(f"{STYLE}style"):
                self._styles.setdefault((style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")), style)
            for style in part.iter(f"{STYLE}default-style"):
                self._defaults.setdefault(style.get(f"{STYLE}family", ""), _properties(style))

    def look(self, family: str, name: str, around: Look) -> Look:
        """How text in a style is shown, within text that is shown like `around`."""
        chain = [_properties(style) for style in self._chain(family, name)]
        return {**around, **{key: value for properties in reversed(chain) for key, value in properties.items()}}

    @property
    def default(self) -> Look:
        """How text without any style is shown."""
        return self._defaults.get("paragraph", {})

    def _chain(self, family: str, name: str) -> Iterator[etree._Element]:
        """A style and those it goes back to, the nearest first."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.get(f"{STYLE}parent-style-name", "")


def _properties(style: etree._Element) -> Look:
    """What a style says of text itself."""
    properties = style.find(f"{STYLE}text-properties")
    return {str(name): str(value) for name, value in properties.attrib.items()} if properties is not None else {}


def shown(text: str, look: Look) -> str:
    """A text as it is seen: nothing where it is hidden or struck out; digits and letters as they are set."""
    if look.get(f"{TEXT}display", "true") == "none":
        return ""
    if look.get(f"{STYLE}text-line-through-style", "none") != "none" or look.get(
        f"{STYLE}text-line-through-type", "none"
    ) not in ("none", ""):
        return ""
    if look.get(f"{_FO}text-transform") == "uppercase" or look.get(f"{_FO}font-variant") == "small-caps":
        text = text.upper()
    font = (look.get(f"{STYLE}font-name") or look.get(f"{_FO}font-family", "")).strip("'").rstrip("0123456789")
    # inside fields and controls LibreOffice loses the font of a sign, and leaves its code (17.3.3.30)
    font = font if known.is_sign_font(font) or not _PRIVATE.search(text) else "Symbol"
    if known.is_sign_font(font):
        text = "".join(known.sign_of(font, letter) or letter for letter in text)
    return _raised(text, look.get(f"{STYLE}text-position", ""))


def _raised(text: str, position: str) -> str:
    """A text that stands higher or lower, as characters that do; only smaller letters are such."""
    place, _, size = position.partition(" ")
    if not place or size == "100%" or place == "0%":
        return text
    return text.translate(known.SUBSCRIPT if place == "sub" or place.startswith("-") else known.SUPERSCRIPT)
