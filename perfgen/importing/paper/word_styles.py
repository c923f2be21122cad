"""The properties of a run, through its styles (ECMA-376 Part 1, sections 17.7.2 and 17.7.3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from perfgen.importing.paper import known
from perfgen.importing.paper.known import Trouble
from perfgen.importing.paper.word_colors import Color, ground_color, grounds_of, is_unseen, letter_color
from perfgen.importing.paper.word_fields import is_on
from perfgen.importing.paper.word_package import Element, W, child_of

Properties = Mapping[str, Element]
"""Properties by their names, without the namespace where it is Word's own."""
_LONGEST_CHAIN = 50
_TINY = 4
"""Half points: letters of this size and below are not seen on paper."""
_USUAL_SIZE = 20
_NARROW = 20
"""Percent: letters that are made as narrow as this are strokes."""
_CLOSE = 4
"""Twips for each half point of size: digits that are moved together by this stand on one another."""
_CAPITALS = frozenset({"caps", "smallCaps"})
_CONDITIONAL = _CAPITALS | {"vanish", "strike", "dstrike", "vertAlign", "position", "rtl"}
_TEXT_FILL = "{http://schemas.microsoft.com/office/word/2010/wordml}textFill"


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
    color: Color | None = field(default=None, compare=False)
    ground: Color | None = field(default=None, compare=False)
    """The color behind the letters, where the run has one of its own."""
    right_to_left: bool = False
    unknown: tuple[str, ...] = ()
    """Properties that are in no list."""


def _by_name(parent: Element | None) -> dict[str, Element]:
    """The properties below a w:rPr."""
    children = parent if parent is not None else ()
    return {str(child.tag).removeprefix(W): child for child in children if isinstance(child.tag, str)}


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
        self._sign_fonts = sign_fonts(fonts)
        styles = part.iter(f"{W}style") if part is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in styles}
        self._defaults = {
            style.get(f"{W}type", ""): name for name, style in self._styles.items()
            if style.get(f"{W}default", "0") in ("1", "true", "on")
        }  # fmt: skip
        self._document = _by_name(child_of(part, f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._levels: dict[str, Properties] = {}
        self._looks: dict[tuple[object, ...], RunLook] = {}
        """The looks that were resolved before, by styles and properties."""

    def look(self, properties: Element | None, paragraph: Element | None, table: Element | None) -> RunLook:
        """How a run with these properties (w:rPr) is shown, in a paragraph (w:p) of a table (w:tbl)."""
        paragraph_style = self._named(child_of(paragraph, f"{W}pPr/{W}pStyle"), "paragraph")
        table_style = self._named(child_of(table, f"{W}tblPr/{W}tblStyle"), "table")
        own = properties if properties is not None else ()
        key = (paragraph_style, table_style, *((part.tag, *part.attrib.items()) for part in own))
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = self._resolve(_by_name(properties), paragraph_style, table_style)
        if paragraph is not None and look.color is not None and not look.faint:
            styles = self._chain(paragraph_style), self._chain(table_style)
            grounds = [look.ground] if look.ground is not None else grounds_of(paragraph, *styles)
            return replace(look, faint=is_unseen(look.color, grounds))
        return look

    def _resolve(self, direct: Properties, paragraph_style: str, table_style: str) -> RunLook:
        """How a run with properties of its own is shown in such styles; on white paper."""
        style = direct.get("rStyle")
        named = style.get(f"{W}val", "") if style is not None else self._defaults.get("character", "")
        levels = [self._level(name) for name in (named, paragraph_style, table_style)]
        look = _Resolved(direct, levels, self._document, self._sign_fonts)
        some = self._conditional(table_style).difference(direct)
        return RunLook(
            hidden=look.toggle("vanish"),
            struck=look.toggle("strike") or look.flag("dstrike"),
            capitals=look.toggle("caps") or look.toggle("smallCaps") or not some.isdisjoint(_CAPITALS),
            raised=look.value("vertAlign").replace("baseline", ""),
            position=look.value("position").removesuffix("pt") or "0",
            sign_font=look.sign_font(),
            faint=look.is_crammed(),
            color=look.color(),
            ground=ground_color(look.nearest("highlight"), look.nearest("shd")),
            right_to_left=look.flag("rtl"),
            unknown=(*look.unknown(), *sorted(some.difference(_CAPITALS))),
        )

    def is_numbered(self, properties: Element | None) -> bool:
        """Whether Word numbers a paragraph with these properties (w:pPr); number 0 means none (17.9.18)."""
        number = child_of(properties, f"{W}numPr/{W}numId")
        if number is None and child_of(properties, f"{W}numPr") is not None:
            return True
        for style in self._chain(self._named(child_of(properties, f"{W}pStyle"), "paragraph")):
            if number is None:
                number = child_of(style, f"{W}pPr/{W}numPr/{W}numId")
        return number is not None and number.get(f"{W}val") != "0"

    def of_paragraph(self, properties: Element | None, name: str) -> Element | None:
        """A property of a paragraph with these properties (w:pPr), or of its style; None where neither has it."""
        own = child_of(properties, f"{W}{name}")
        styles = self._chain(self._named(child_of(properties, f"{W}pStyle"), "paragraph"))
        found = (child_of(style, f"{W}pPr/{W}{name}") for style in styles)
        return own if own is not None else next((element for element in found if element is not None), None)

    def _conditional(self, table_style: str) -> frozenset[str]:
        """The properties that change a text and that a table's style gives to some of its cells (17.7.6)."""
        parts = [part for style in self._chain(table_style) for part in style.iter(f"{W}tblStylePr")]
        given = {name: part for parent in parts for name, part in _by_name(parent.find(f"{W}rPr")).items()}
        return frozenset(name for name, part in given.items() if name in _CONDITIONAL and is_on(part))

    def _named(self, element: Element | None, kind: str) -> str:
        return element.get(f"{W}val", "") if element is not None else self._defaults.get(kind, "")

    def _chain(self, name: str) -> Iterator[Element]:
        """A style and those it is based on, the nearest first."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            base = child_of(style, f"{W}basedOn")
            name = base.get(f"{W}val", "") if base is not None else ""

    def _level(self, name: str) -> Properties:
        """A style's properties of runs, with those it inherits."""
        if name not in self._levels:
            gathered: dict[str, Element] = {}
            for style in self._chain(name):
                gathered = {**_by_name(style.find(f"{W}rPr")), **gathered}
            self._levels[name] = gathered
        return self._levels[name]


@dataclass(frozen=True)
class _Resolved:
    """A run's own properties, those of its styles, and those of the whole document."""

    direct: Properties
    levels: list[Properties]
    document: Properties
    sign_fonts: frozenset[str]
    """The fonts that the file says show signs, in small letters."""

    def toggle(self, name: str) -> bool:
        """A property that turns over with each level of styles that has it (17.7.3)."""
        if name in self.direct:
            return is_on(self.direct[name])
        if name in self.document and is_on(self.document[name]):
            return True
        return sum(is_on(level[name]) for level in self.levels if name in level) % 2 == 1

    def flag(self, name: str) -> bool:
        """A property that is on or off, of the nearest level that has it."""
        element = self.nearest(name)
        return element is not None and is_on(element)

    def value(self, name: str) -> str:
        """A property's value, of the nearest level that has it; empty where none has."""
        element = self.nearest(name)
        return element.get(f"{W}val", "") if element is not None else ""

    def nearest(self, name: str) -> Element | None:
        return next((level[name] for level in (self.direct, *self.levels, self.document) if name in level), None)

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
        for level in (self.direct, *self.levels, self.document):
            fonts = level.get("rFonts")
            if fonts is not None and f"{W}{kind}Theme" in fonts.attrib:
                return ""
            if fonts is not None and (font := fonts.get(f"{W}{kind}")):
                return font
        return ""

    def color(self) -> Color | None:
        """The color of the letters; None for an automatic one, which is seen on any ground."""
        return letter_color(self.nearest("color"), self.nearest(_TEXT_FILL))

    def is_crammed(self) -> bool:
        """Whether letters are too small, too narrow, or too close to one another to be seen."""
        size = _half_points(self.value("sz")) or _USUAL_SIZE
        width, spacing = self.value("w").removesuffix("%"), self.value("spacing")
        is_narrow = width.isdecimal() and 0 < int(width) <= _NARROW
        is_close = re.fullmatch(r"-\d{1,6}", spacing) is not None and -int(spacing) >= _CLOSE * size
        return size <= _TINY or is_narrow or is_close

    def unknown(self) -> Iterator[str]:
        """The names of the properties that are in no list, or that cannot be told."""
        if self.has_mixed_fonts():
            yield "rFonts"
        for name in dict.fromkeys(name for level in (self.direct, *self.levels) for name in level):
            short = name.rpartition("}")[2]
            newer = name.startswith("{http://schemas.microsoft.com/office/word/20") and short in known.NEWER_PROPERTIES
            if not newer and name not in known.PLAIN_PROPERTIES and name not in known.READ_PROPERTIES:
                yield short


def _half_points(size: str) -> int:
    """A size in half points, from a number of them or of points ("10.5pt"); 0 for anything else."""
    points = re.fullmatch(r"(\d{1,4}(?:\.\d{1,3})?)(pt)?", size)
    return round(float(points[1]) * (2 if points[2] else 1)) if points else 0


def shown(text: str, look: RunLook) -> tuple[str, Trouble | None]:
    """A run's text as it is seen, and what makes it doubtful."""
    doubt = Trouble.RIGHT_TO_LEFT if look.right_to_left or known.TURNED.search(text) else None
    if known.OVERLAID.search(unicodedata.normalize("NFC", text)):
        doubt = Trouble.OVERLAID
    if look.faint:
        doubt = Trouble.FAINT
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
    """A text of a sign font: only Latin letters, and what Word puts at U+F000, are set in it."""
    signs: list[str] = []
    for letter in text:
        code = ord(letter)
        sign = known.symbol(font, code) if 32 < code < 256 or 0xF020 <= code < 0xF100 else letter
        if not sign:
            doubt = Trouble.FONT_SIGN
        signs.append(sign or letter)
    return "".join(signs), doubt
