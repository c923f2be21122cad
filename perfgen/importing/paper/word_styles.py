"""How a run is shown, through its styles: what changes how its text is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from perfgen.importing.paper import known
from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_package import Element, W, child_of
from perfgen.table.hidden_text import crammed, has_color_of_ground, is_cut_off
from perfgen.table.word_styles import RunProperties, StyleSheet, by_name
from perfgen.table.word_xml import says_on

_CAPITALS = frozenset({"caps", "smallCaps"})
_CONDITIONAL = _CAPITALS | {"vanish", "strike", "dstrike", "vertAlign", "position", "rtl"}

_SIGNS = "02"
"""The character set of fonts that show signs (17.8.3.2)."""


@dataclass(frozen=True)
class RunLook:
    """How a run is shown, as far as it changes what is read."""

    hidden: bool = False
    struck: bool = False
    capitals: bool = False
    raised: str = ""
    """`superscript`, `subscript`, or nothing."""
    position: str = "0"
    sign_font: str = ""
    faint: bool = False
    clipped: bool = False
    right_to_left: bool = False
    unknown: tuple[str, ...] = ()
    """Properties that are in no list."""


def sign_fonts(fonts: Element | None) -> frozenset[str]:
    """The fonts of a file's list that show signs for letters, in small letters."""
    listed = fonts.iter(f"{W}font") if fonts is not None else ()
    charsets = {font.get(f"{W}name", "").casefold(): child_of(font, f"{W}charset") for font in listed}
    return frozenset(
        name
        for name, charset in charsets.items()
        if charset is not None and charset.get(f"{W}val", "").zfill(2) == _SIGNS
    )


class Styles:
    """The styles of a package."""

    def __init__(self, part: Element | None, fonts: Element | None) -> None:
        self._sheet = StyleSheet(part)
        self._sign_fonts = sign_fonts(fonts)
        self._conditions: dict[str, frozenset[str]] = {}
        self._looks: dict[RunProperties, RunLook] = {}
        """The looks that were found before."""

    def look(self, properties: Element | None, paragraph: Element | None, table: Element | None) -> RunLook:
        """How a run with these properties (w:rPr) is shown, in a paragraph (w:p) of a table (w:tbl)."""
        found = self._sheet.run(properties, paragraph, table)
        look = self._looks.get(found)
        if look is None:
            look = self._looks[found] = self._resolve(found)
        if not look.faint and has_color_of_ground(found, paragraph, self._sheet):
            return replace(look, faint=True)
        if is_cut_off(found, paragraph, self._sheet):
            return replace(look, clipped=True)
        return look

    def _resolve(self, found: RunProperties) -> RunLook:
        """How a run with such properties is shown, whatever is behind it."""
        fonts = _Fonts(found, self._sign_fonts)
        some = self._conditional(found.table_style).difference(found.direct)
        return RunLook(
            hidden=found.toggle("vanish"),
            struck=found.toggle("strike") or found.flag("dstrike"),
            capitals=found.toggle("caps") or found.toggle("smallCaps") or not some.isdisjoint(_CAPITALS),
            raised=found.value("vertAlign").replace("baseline", ""),
            position=found.value("position").removesuffix("pt") or "0",
            sign_font=fonts.sign_font(),
            faint=crammed(found) is not None,
            right_to_left=found.flag("rtl"),
            unknown=(*_unknown(found, fonts), *sorted(some.difference(_CAPITALS))),
        )

    def is_numbered(self, properties: Element | None) -> bool:
        """Whether Word numbers a paragraph with these properties (w:pPr); number 0 means none (17.9.18)."""
        number = child_of(properties, f"{W}numPr/{W}numId")
        if number is None and child_of(properties, f"{W}numPr") is not None:
            return True
        for style in self._sheet.chain(self._sheet.named(child_of(properties, f"{W}pStyle"), "paragraph")):
            if number is None:
                number = child_of(style, f"{W}pPr/{W}numPr/{W}numId")
        return number is not None and number.get(f"{W}val") != "0"

    def of_paragraph(self, properties: Element | None, name: str) -> Element | None:
        """A property of a paragraph with these properties (w:pPr), or of its style; None where neither has it."""
        own = child_of(properties, f"{W}{name}")
        styles = self._sheet.chain(self._sheet.named(child_of(properties, f"{W}pStyle"), "paragraph"))
        found = (child_of(style, f"{W}pPr/{W}{name}") for style in styles)
        return own if own is not None else next((element for element in found if element is not None), None)

    def _conditional(self, table_style: str) -> frozenset[str]:
        """The properties that change a text and that a table's style gives to some of its cells (17.7.6)."""
        if table_style not in self._conditions:
            styles = self._sheet.chain(table_style)
            parts = [
                part for style in styles for part in style.iter(f"{W}tblStylePr")
                if part.get(f"{W}type") != "wholeTable"
            ]  # fmt: skip
            given = {name: element for part in parts for name, element in by_name(part.find(f"{W}rPr")).items()}
            on = (name for name, element in given.items() if name in _CONDITIONAL and says_on(element))
            self._conditions[table_style] = frozenset(on)
        return self._conditions[table_style]


@dataclass(frozen=True)
class _Fonts:
    """The fonts of a run."""

    run: RunProperties
    sign_fonts: frozenset[str]
    """The fonts that the file says show signs, in small letters."""

    def sign_font(self) -> str:
        """The font of Latin letters, where it is one that shows signs for them."""
        return next((font for font in map(self._font, ("ascii", "hAnsi")) if self._shows_signs(font)), "")

    def has_mixed_fonts(self) -> bool:
        """Whether a sign font is set for some kinds of characters only: which are signs cannot be told."""
        latin, other, asian = (self._shows_signs(self._font(kind)) for kind in ("ascii", "hAnsi", "eastAsia"))
        return latin != other or (asian != latin and self._font("hint") == "eastAsia")

    def _shows_signs(self, font: str) -> bool:
        return known.is_sign_font(font) or font.casefold() in self.sign_fonts

    def _font(self, kind: str) -> str:
        """The font for a kind of characters; empty where the theme decides, which goes first (17.3.2.26)."""
        for level in (*self.run.above, self.run.document):
            fonts = level.get("rFonts")
            if fonts is not None and f"{W}{kind}Theme" in fonts.attrib:
                return ""
            if fonts is not None and (font := fonts.get(f"{W}{kind}")):
                return font
        return ""


def _unknown(found: RunProperties, fonts: _Fonts) -> Iterator[str]:
    """The names of the properties that are in no list, or that cannot be told."""
    if fonts.has_mixed_fonts():
        yield "rFonts"
    for name in dict.fromkeys(name for level in found.above for name in level):
        short = name.rpartition("}")[2]
        newer = name.startswith("{http://schemas.microsoft.com/office/word/20") and short in known.NEWER_PROPERTIES
        if not newer and name not in known.PLAIN_PROPERTIES and name not in known.READ_PROPERTIES:
            yield short


def shown(text: str, look: RunLook) -> tuple[str, Trouble | None]:
    """A run's text as it is seen, and what makes it doubtful."""
    doubt = Trouble.RIGHT_TO_LEFT if look.right_to_left or known.TURNED.search(text) else None
    if known.OVERLAID.search(unicodedata.normalize("NFC", text)):
        doubt = Trouble.OVERLAID
    if look.faint or look.clipped:
        doubt = Trouble.FAINT if look.faint else Trouble.CLIPPED
    if look.sign_font:
        text, doubt = _by_sign_font(text, look.sign_font, doubt)
    if look.capitals and text.upper() != text:
        text, doubt = text.upper(), Trouble.CAPITALS
    if look.raised:
        digits = text.translate(known.SUPERSCRIPT if look.raised == "superscript" else known.SUBSCRIPT)
        doubt = doubt if text.strip().isdecimal() and text.isascii() else Trouble.RAISED
        text = digits
    return text, doubt


def _by_sign_font(text: str, font: str, doubt: Trouble | None) -> tuple[str, Trouble | None]:
    """A text of a sign font: only Latin letters, and what Word puts at U+F000, are set in it (17.3.2.26)."""
    signs: list[str] = []
    for letter in text:
        sign = known.sign_of(font, letter)
        if sign != letter and doubt is not Trouble.FONT_SIGN:  # what Word shows of it was not seen
            doubt = Trouble.FONT_SHOWN if sign else Trouble.FONT_SIGN
        signs.append(sign or letter)
    return "".join(signs), doubt
