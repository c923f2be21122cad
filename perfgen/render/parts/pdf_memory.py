"""Lets WeasyPrint remember what Pango said about a text: the same words stand in many cells, and in both editions.

WeasyPrint asks Pango anew for each line of each cell, three times for a piece that stays whole. The answer depends on
the text, the width and the style alone. It is remembered for a process, by functions that stand in front of
WeasyPrint's own, and only for versions that this was tried with; with any other version nothing is changed, and a PDF
takes longer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeAlias, TypeVar

_T = TypeVar("_T")

Style: TypeAlias = Any
Layout: TypeAlias = Any
FontConfiguration: TypeAlias = Any
"""WeasyPrint has no types."""

TRIED: Final = ("70.0",)
"""The versions of WeasyPrint whose functions take and give what is said here."""
KEPT: Final = 50_000
"""How many answers are remembered; a form has some thousands."""
READ: Final = (
    "direction", "font_family", "font_feature_settings", "font_kerning", "font_language_override", "font_size",
    "font_stretch", "font_style", "font_variant_alternates", "font_variant_caps", "font_variant_east_asian",
    "font_variant_ligatures", "font_variant_numeric", "font_variant_position", "font_variation_settings",
    "font_weight", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphens", "lang",
    "letter_spacing", "line_height", "overflow_wrap", "tab_size", "text_decoration_line", "white_space", "word_break",
    "word_spacing",
)  # fmt: skip
"""All that WeasyPrint reads of a style where it sets a text (`text/line_break`, `text/fonts`)."""
_SHAPE, _STRUT, _FACE = "perfgen_shape", "perfgen_strut", "perfgen_face"
"""The names by which a style keeps what was learned about it."""

_SHAPES: dict[str, int] = {}
_LINES: dict[Hashable, tuple[Any, ...]] = {}


def remember(fonts: FontConfiguration) -> bool:
    """Puts these functions in front of WeasyPrint's, once a process; answers are remembered for these fonts only.

    Gives whether it did: not for a version that nobody tried.
    """
    import weasyprint
    from weasyprint.layout import inline, preferred
    from weasyprint.text import line_break

    if weasyprint.__version__ not in TRIED:
        return False
    split = _lines(line_break.split_first_line, line_break.Layout, fonts)
    can_break = functools.lru_cache(maxsize=KEPT)(line_break.can_break_text)
    inline.split_first_line = preferred.split_first_line = split
    inline.can_break_text = preferred.can_break_text = can_break
    inline.strut = _of_style(inline.strut, _STRUT, fonts)
    line_break.get_font_description = _of_style(line_break.get_font_description, _FACE, fonts)
    return True


def shape_of(style: Style) -> int:
    """A number that styles share whose texts are set alike; a style keeps it."""
    shape: int | None = style.__dict__.get(_SHAPE)
    if shape is None:
        said = repr([style[name] for name in READ])
        shape = style.__dict__[_SHAPE] = _SHAPES.setdefault(said, len(_SHAPES))
    return shape


def _of_style(ask: Callable[[Style], _T], name: str, fonts: FontConfiguration) -> Callable[[Style], _T]:
    """A function of a style whose answer the style keeps."""

    def remembered(style: Style) -> _T:
        if style.font_config is not fonts:
            return ask(style)
        if name not in style.__dict__:
            style.__dict__[name] = ask(style)
        answer: _T = style.__dict__[name]
        return answer

    return remembered


def _lines(split: Callable[..., tuple[Any, ...]], layout: type, fonts: FontConfiguration) -> Callable[..., object]:
    """WeasyPrint's `split_first_line` with a memory."""

    def remembered(  # noqa: PLR0917  # as it is called
        text: str,
        style: Style,
        context: object,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> tuple[Any, ...]:
        asked = (text, style, context, max_width, justification_spacing, is_line_start, minimum)
        if style.font_config is not fonts:
            return split(*asked)
        key = (text, shape_of(style), max_width, justification_spacing, is_line_start, minimum)
        found = _LINES.get(key)
        if found is None:
            if len(_LINES) >= KEPT:
                _LINES.clear()
            found = _LINES[key] = split(*asked)
        return (_copy(found[0], layout), *found[1:])

    return remembered


def _copy(found: Layout, layout: type) -> Layout:
    """Another layout of the same text: the page that gets it changes it when it draws it."""
    copy: Layout = object.__new__(layout)
    copy.__dict__.update(found.__dict__)
    return copy
