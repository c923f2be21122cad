"""Breaks texts into lines with Pango, in the styles that WeasyPrint computed, without laying a page out."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

Style: TypeAlias = Any
"""The computed style of a WeasyPrint box: it has no types."""
Pointer: TypeAlias = Any
"""What lives on the C side; cffi has no types for it."""

_STAND_IN = "一"
"""The character that a piece which stands on one line is replaced by: a line breaks beside it as beside any ideograph.
WeasyPrint treats an inline block so."""
_WORD_CHAR = 2
"""PANGO_WRAP_WORD_CHAR: a word that is longer than a line is broken anywhere (overflow-wrap: anywhere)."""
_KEPT = 20_000
"""How many broken texts are remembered; a form has some hundreds."""

_JOINED = re.compile("[‒–—―⸺⸻…‥⋯]+")
"""Signs of which fonts make one: how many of a row stand on a line depends on where the line begins."""

_BLANKS = " \u3000"

TextPart = tuple[str, bool]
"""A part of a paragraph, and whether it stands on one line."""
_SHAPES = (
    "font_family", "font_size", "font_style", "font_weight", "font_stretch", "font_kerning", "font_feature_settings",
    "font_variant_ligatures", "font_variant_east_asian", "font_variant_numeric", "font_language_override",
    "lang", "letter_spacing", "word_spacing", "white_space", "overflow_wrap", "word_break", "hyphens", "direction",
)  # fmt: skip


def shape_of(style: Style) -> str:
    """What two styles have in common whose texts break into the same lines."""
    return str([style[name] for name in _SHAPES])


def can_break(style: Style) -> bool:
    """Whether texts of this style can be broken here: others have more rules than Pango's own."""
    usual = {"white_space": "pre-wrap", "overflow_wrap": "anywhere", "word_break": "normal", "direction": "ltr"}
    spaced = style["letter_spacing"] != "normal" or style["word_spacing"] != 0
    return not spaced and all(style[name] == value for name, value in usual.items())


@dataclass(frozen=True)
class Lines:
    """A paragraph in lines."""

    count: int
    starts: tuple[int, ...]
    """The lines (from 0) on which its parts begin."""
    certain: bool
    """Whether WeasyPrint makes the same lines of it: of a paragraph in parts, it looks at the parts one by one."""


class LineBreaker:
    """Breaks texts of one style."""

    def __init__(self, style: Style) -> None:
        from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, pango
        from weasyprint.text.line_break import Layout, can_break_text, line_size

        self._ffi, self._pango = ffi, pango
        self._to_units: Callable[[float], int] = lambda pixels: int(max(0.0, pixels) * TO_UNITS)
        self._width: Callable[[Pointer], float] = lambda line: float(line_size(line, style)[0])
        self._parts_between: Callable[[str], bool] = functools.lru_cache(maxsize=_KEPT)(
            lambda pair: bool(can_break_text(pair, style["lang"]))
        )
        # the object holds what Pango's layout needs
        self._holder = Layout(style)
        self._layout = self._holder.layout
        pango.pango_layout_set_wrap(self._layout, _WORD_CHAR)
        self._known: dict[tuple[tuple[TextPart, ...], float, float], Lines] = {}
        self._em = self.width_of(_STAND_IN)
        self._unit = FROM_UNITS

    def width_of(self, text: str) -> float:
        """The width of a text on one line, in CSS pixels."""
        self._set(text, [])
        self._pango.pango_layout_set_width(self._layout, -1)
        return self._width(self._pango.pango_layout_get_line_readonly(self._layout, 0))

    def lines(self, parts: Sequence[TextPart], room: float, mark: float = 0.0) -> Lines:
        """The lines of a paragraph in parts, with a mark of that width behind them."""
        key = (tuple(parts), room, mark)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[key] = self._lines(parts, room, mark)
        return found

    def _lines(self, parts: Sequence[TextPart], room: float, mark: float) -> Lines:
        widths = [self.width_of(text) if whole else 0.0 for text, whole in parts]
        texts = [_STAND_IN if whole else text for text, whole in parts]
        if mark:
            texts.append(_STAND_IN)
        text = "".join(texts)
        begins = list(accumulate((len(text.encode()) for text in texts), initial=0))
        wide = [(begin, width) for begin, width in zip(begins, [*widths, mark], strict=False) if width]
        self._set(text, wide)
        first_bytes = self._break(room)
        first = [len(text.encode()[:begin].decode()) for begin in first_bytes]
        if sum(map(bool, texts)) <= 1 and not wide:
            certain = not any(_JOINED.fullmatch(text[begin - 1 : begin + 1]) for begin in first[1:])
        else:
            meetings = set(accumulate(map(len, texts)))
            certain = max(widths) <= room and self._agrees(text, meetings, first)
        starts = tuple(bisect_right(first_bytes, begin) - 1 for begin in begins[: len(parts)])
        return Lines(len(first_bytes), starts, certain)

    def _agrees(self, text: str, meetings: Collection[int], first: Sequence[int]) -> bool:
        """Whether lines would begin at the same characters where parts are judged with less around them.

        `meetings` says where parts meet. A blank that hangs over the end of a line is not counted on.
        """
        attributes = self._pango.pango_layout_get_log_attrs_readonly(self._layout, self._ffi.NULL)

        def is_alike(meeting: int) -> bool:
            pair = text[meeting - 1 : meeting + 1]
            if len(pair) < len("ab") or self._parts_between(pair) == bool(attributes[meeting].is_line_break):
                return True
            if attributes[meeting].is_line_break:
                return meeting not in first
            # a place more to break at counts where nothing before it on its line can be broken
            while meeting and not attributes[meeting].is_line_break:
                meeting -= 1
            return meeting == 0 or meeting not in first

        breaks = [attributes[begin].is_line_break and text[begin - 1] not in _BLANKS for begin in first[1:]]
        return all(breaks) and all(map(is_alike, meetings))

    def _break(self, room: float) -> list[int]:
        """The byte with which each line of the text begins that Pango has."""
        self._pango.pango_layout_set_width(self._layout, self._to_units(room))
        found = []
        line = self._pango.pango_layout_get_line_readonly(self._layout, 0)
        while line != self._ffi.NULL:
            found.append(line.start_index)
            line = self._pango.pango_layout_get_line_readonly(self._layout, len(found))
        return found

    def _set(self, text: str, widths: Sequence[tuple[int, float]]) -> None:
        """Gives Pango a text, and to its stand-ins (each by its byte) their width in CSS pixels."""
        content = text.encode()
        attributes = self._ffi.gc(self._pango.pango_attr_list_new(), self._pango.pango_attr_list_unref)
        hyphens = self._pango.pango_attr_insert_hyphens_new(False)
        hyphens.start_index, hyphens.end_index = 0, len(content)
        self._pango.pango_attr_list_change(attributes, hyphens)
        for begin, width in widths:
            spacing = self._pango.pango_attr_letter_spacing_new(round((width - self._em) / self._unit))
            spacing.start_index, spacing.end_index = begin, begin + len(_STAND_IN.encode())
            self._pango.pango_attr_list_change(attributes, spacing)
        self._pango.pango_layout_set_attributes(self._layout, attributes)
        self._pango.pango_layout_set_text(self._layout, content, len(content))
