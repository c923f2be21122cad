"""Whether letters can be seen on their ground: colors, highlights, shades (ECMA-376 Part 1, 17.3.2 and 17.18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfgen.table.word_xml import Element, W, child, properties_of

Color = tuple[int, int, int]
"""Red, green and blue, from 0 to 255 each."""
WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)
_NEAR = 32
"""Two colors that differ by less than this, in each of their parts, cannot be told apart on paper."""
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_THEME = {"background1": WHITE, "light1": WHITE, "text1": BLACK, "dark1": BLACK, "bg1": WHITE, "lt1": WHITE}
_NEWER = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_CLEAR = 80_000
"""Letters that let through this much of their ground, in thousandths of a percent, are not seen."""


def is_unseen(color: Color | None, grounds: Iterable[Color]) -> bool:
    """Whether letters of a color have nearly that of each ground on which they may stand; None is always seen."""
    return color is not None and all(
        max(abs(one - other) for one, other in zip(color, ground, strict=True)) < _NEAR for ground in grounds
    )


def letter_color(color: Element | None, fill: Element | None) -> Color | None:
    """The color of a w:color, or of the newer w14:textFill, which goes before it; None for an automatic one.

    What is filled with nothing has the color of paper.
    """
    if fill is not None and (filled := _fill_color(fill)) is not None:
        return filled
    if color is None:
        return None
    return _themed(color, "theme") or _parsed(color.get(f"{W}val", ""))


def _fill_color(fill: Element) -> Color | None:
    """The color of a fill; None for one that is not plain."""
    if fill.find(f"{_NEWER}noFill") is not None:
        return WHITE
    for kind in ("srgbClr", "schemeClr"):
        solid = fill.find(f"{_NEWER}solidFill/{_NEWER}{kind}")
        if solid is not None:
            clear = solid.find(f"{_NEWER}alpha")
            if clear is not None and _number(clear.get(f"{_NEWER}val", "")) >= _CLEAR:
                return WHITE
            value = solid.get(f"{_NEWER}val", "")
            return _parsed(value) if kind == "srgbClr" else _THEME.get(value) if len(solid) == 0 else None
    return None


def _themed(part: Element, prefix: str) -> Color | None:
    """The color of a theme's name, where it is white or black, darkened or not; None for others."""
    color = _THEME.get(part.get(f"{W}{prefix}Color" if prefix == "theme" else f"{W}{prefix}", ""))
    if color is None or part.get(f"{W}{prefix}Tint") is not None:
        return None
    shade = part.get(f"{W}{prefix}Shade")
    if shade is None:
        return color
    share = int(shade, 16) if re.fullmatch("[0-9A-Fa-f]{1,2}", shade) else 255
    return color[0] * share // 255, color[1] * share // 255, color[2] * share // 255


def ground_color(highlight: Element | None, shade: Element | None) -> Color | None:
    """The color behind letters, by their highlight, which goes first, or their shade; None for neither."""
    if highlight is not None and (named := _parsed(_HIGHLIGHTS.get(highlight.get(f"{W}val", ""), ""))):
        return named
    return shade_color(shade) if shade is not None else None


def shade_color(shade: Element) -> Color | None:
    """The color of a w:shd; None where it lets through what is behind it."""
    pattern = shade.get(f"{W}val", "clear")
    fill = _themed(shade, "themeFill") or _parsed(shade.get(f"{W}fill", ""))
    if pattern == "solid":
        return _parsed(shade.get(f"{W}color", "")) or BLACK
    share = re.fullmatch(r"pct(\d{1,2})", pattern)
    if share is None:
        return fill
    over = _parsed(shade.get(f"{W}color", "")) or BLACK
    under = fill or WHITE
    red, green, blue = (
        (one * int(share[1]) + other * (100 - int(share[1]))) // 100 for one, other in zip(over, under, strict=True)
    )
    return red, green, blue


def grounds_of(paragraph: Element, paragraph_styles: Iterable[Element], table_shades: Iterable[Element]) -> list[Color]:
    """The colors that may be behind a paragraph: its own or its styles', its cell's, its table's; else white.

    A table's style may shade some rows only (`table_shades`): white stays possible then.
    """
    certain = [child(properties_of(paragraph, "pPr"), "shd")]
    certain += [child(properties_of(style, "pPr"), "shd") for style in paragraph_styles]
    for above in paragraph.iterancestors(f"{W}tc", f"{W}tbl"):
        certain += [child(properties_of(above, name), "shd") for name in ("tcPr", "tblPr")]
    known = next((color for color in _shades(certain) if color is not None), None)
    if known is not None:
        return [known]
    return [WHITE, *(color for color in _shades(table_shades) if color is not None)]


def _shades(shades: Iterable[Element | None]) -> Iterator[Color | None]:
    return (shade_color(shade) for shade in shades if shade is not None)


def _parsed(value: str) -> Color | None:
    """A color of six hexadecimal digits; None for anything else."""
    if not re.fullmatch("[0-9A-Fa-f]{6}", value):
        return None
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 9 else 0
