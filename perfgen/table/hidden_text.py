"""Which text of a Word document nobody sees: hidden, in the color of its ground, too small, too close.

The clauses are those of ECMA-376 Part 1: `w:vanish` 17.3.2.41, `w:color` 17.3.2.6, `w:sz` 17.3.2.38, `w:w` 17.3.2.43,
`w:spacing` 17.3.2.35, the height of lines 17.3.1.33 and of rows 17.4.80, styles 17.7.
"""

from __future__ import annotations

import functools
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from perfgen.table.tags import without_hidden
from perfgen.table.word_colors import Color, ground_color, grounds_of, is_unseen, letter_color
from perfgen.table.word_styles import RunProperties, StyleSheet
from perfgen.table.word_xml import Element, W, attributes_of, child, parse_xml, properties_of, text_parts

_TINY = 4
"""Half points: letters of this size and below are not seen on paper."""
_USUAL_SIZE = 20
_NARROW = 20
"""Percent: letters that are made as narrow as this are strokes."""
_CLOSE = 4
"""Twips for each half point of size: digits that are moved together by this stand on one another."""
_TWIPS_IN_HALF_POINT = 10
_SIZES = 1000
"""How many sizes of letters are remembered; a document has a dozen."""
_TEXT_FILL = "{http://schemas.microsoft.com/office/word/2010/wordml}textFill"


class Unseen(Enum):
    """Why a text is not seen: what is wrong, and what to do in Word."""

    HIDDEN = "设成了隐藏文字，印不出来；选中它，在“字体”里去掉“隐藏”"
    COLOR = "和底色是一个颜色，看不见；选中它，在“字体”里把字体颜色改成“自动”，或者改底纹"
    SIZE = "字号太小，看不见；选中它，把字号改大"
    NARROW = "字压得太窄，看不见；选中它，在“字体”的“高级”里把缩放改成 100%"
    CUT = "所在的行高、行距固定得太小，字被切掉，看不见；把“固定值”改成“最小值”"
    CLOSE = "字距太紧，字都叠在一起，看不清；选中它，在“字体”的“高级”里把间距改成“标准”"


class HiddenText:
    """Knows the styles of one document, and by them which of its runs are not seen."""

    def __init__(self, styles: Element | None) -> None:
        """Takes the root of the styles part, None where the document has none."""
        self.styles = StyleSheet(styles)
        self._letters: dict[RunProperties, Letters] = {}
        """What was found out about the letters of runs, by their properties, which the style sheet gives once."""

    def holds(self, run: Element) -> bool:
        """Whether nobody sees the text of a run."""
        return self.cause(run) is not None

    def cause(self, run: Element) -> Unseen | None:
        """Why nobody sees the text of a run; None where it is seen."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        found = self.styles.run(properties_of(run, "rPr"), paragraph, next(run.iterancestors(f"{W}tbl"), None))
        letters = self._letters.get(found)
        if letters is None:
            letters = self._letters[found] = letters_of(found)
        if letters.hidden:
            return Unseen.HIDDEN
        if letters.colored and has_color_of_ground(found, paragraph, self.styles):
            return Unseen.COLOR
        return letters.crammed or (Unseen.CUT if is_cut_off(found, paragraph, self.styles) else None)

    def without(self, paragraph: Element) -> str:
        """The text of a template's paragraph without what is not seen. Raises TagError for such a tag that prints."""
        parts = list(text_parts(paragraph))
        causes = [cause for text, part in parts for cause in [self._cause_around(part)] * len(text)]
        return without_hidden("".join(text for text, _ in parts), causes)

    def _cause_around(self, part: Element) -> str:
        """Why the text of a part of a run is not seen, as a sentence; empty where it is seen."""
        run = next(part.iterancestors(f"{W}r"), None)
        cause = self.cause(run) if run is not None else None
        return f"{cause.value}（也看看它的样式）。" if cause is not None else ""


@dataclass(frozen=True)
class Letters:
    """What a run's properties say of its letters, wherever the run stands."""

    hidden: bool
    colored: bool
    """Whether they have a color of their own, which that of the ground may hide."""
    crammed: Unseen | None


def letters_of(properties: RunProperties) -> Letters:
    """What a run's properties say of its letters."""
    return Letters(properties.toggle("vanish"), color_of(properties) is not None, crammed(properties))


def crammed(properties: RunProperties) -> Unseen | None:
    """Why letters cannot be seen that are too small, too narrow, or too close; None where they can."""
    size = _half_points(properties.value("sz"), _USUAL_SIZE)
    if size <= _TINY:
        return Unseen.SIZE
    width, spacing = properties.value("w").removesuffix("%"), properties.value("spacing")
    if width.isdecimal() and 0 < int(width) <= _NARROW:
        return Unseen.NARROW
    return Unseen.CLOSE if _twips(spacing) <= -_CLOSE * size else None


def color_of(properties: RunProperties) -> Color | None:
    """The color of a run's letters; None for an automatic one, which is seen on any ground."""
    return letter_color(properties.nearest("color"), properties.nearest(_TEXT_FILL))


def has_color_of_ground(properties: RunProperties, paragraph: Element | None, styles: StyleSheet) -> bool:
    """Whether a run's letters have the color of what may be behind them."""
    color = color_of(properties)
    if color is None or paragraph is None:
        return False
    own = ground_color(properties.nearest("highlight"), properties.nearest("shd"))
    if own is not None:
        return is_unseen(color, [own])
    shades = styles.shades(properties.table_style)
    return is_unseen(color, grounds_of(paragraph, styles.chain(properties.paragraph_style), shades))


def is_cut_off(properties: RunProperties, paragraph: Element | None, styles: StyleSheet) -> bool:
    """Whether a run's line or table row has a fixed height of less than half its letters."""
    if paragraph is None:
        return False
    size = _half_points(properties.value("sz"), _USUAL_SIZE)
    row = child(properties_of(next(paragraph.iterancestors(f"{W}tr"), None), "trPr"), "trHeight")
    heights = [_fixed(_spacing(paragraph, properties.paragraph_style, styles), "line", "lineRule")]
    if row is not None:
        heights.append(_fixed(attributes_of(row), "val", "hRule"))
    return any(height is not None and height < size * _TWIPS_IN_HALF_POINT / 2 for height in heights)


def _spacing(paragraph: Element, style: str, styles: StyleSheet) -> dict[str, str]:
    """The attributes of a paragraph's `w:spacing`, each of the nearest of its styles that has it."""
    own = child(properties_of(paragraph, "pPr"), "spacing")
    return {**styles.spacing(style), **attributes_of(own)}


def _fixed(attributes: Mapping[str, str], height: str, rule: str) -> int | None:
    """A height in twips where it is a fixed one; None for all others."""
    if attributes.get(f"{W}{rule}") != "exact":
        return None
    return _twips(attributes.get(f"{W}{height}", "")) or None


@functools.lru_cache(maxsize=_SIZES)
def _half_points(size: str, default: int) -> int:
    """A size in half points, from a number of them or of points ("10.5pt"); the default for anything else."""
    points = re.fullmatch(r"(\d{1,4}(?:\.\d{1,3})?)(pt)?", size)
    return (round(float(points[1]) * (2 if points[2] else 1)) if points else 0) or default


def _twips(length: str) -> int:
    """A length in twips, from a number of them or of points ("-5pt"); 0 for anything else."""
    points = re.fullmatch(r"(-?\d{1,6}(?:\.\d{1,3})?)(pt)?", length)
    return round(float(points[1]) * (20 if points[2] else 1)) if points else 0


def styles_of(package: zipfile.ZipFile) -> Element | None:
    """The root of a document's styles, found by the relation that points at them; None where there are none.

    Raises KeyError where the relation points at nothing, XMLSyntaxError for what is no XML.
    """
    links = "word/_rels/document.xml.rels"
    for link in parse_xml(package.read(links)) if links in package.namelist() else ():
        if link.get("Type", "").endswith("/relationships/styles"):
            target = link.get("Target", "")
            return parse_xml(package.read(target.lstrip("/") if target.startswith("/") else f"word/{target}"))
    return None
