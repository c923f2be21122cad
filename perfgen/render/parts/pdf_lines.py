"""Breaks texts into lines with Pango, in the styles that WeasyPrint computed, without laying a page out."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
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

_UNEVEN = re.compile("[^\u3001-\u9fff\uff01-\uff60]")
"""A sign that may be narrower beside some signs than beside others: it is neither an ideograph nor as wide as one."""

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
    usual = {
        "white_space": "pre-wrap",
        "overflow_wrap": "anywhere",
        "word_break": "normal",
        "hyphens": "manual",
        "direction": "ltr",
    }
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


@dataclass(frozen=True)
class _Part:
    """A part of a paragraph, in bytes of the text that Pango breaks."""

    begin: int
    content: bytes
    width: float
    """The width of its stand-in; 0 for a text."""

    @property
    def end(self) -> int:
        return self.begin + len(self.content)


class LineBreaker:
    """Breaks texts of one style."""

    def __init__(self, style: Style) -> None:
        from weasyprint.layout import inline
        from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, pango
        from weasyprint.text.line_break import Layout, can_break_text, line_size

        self._ffi, self._pango = ffi, pango
        self._style = style
        self._split: Callable[..., tuple[Any, ...]] = inline.split_first_line
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
        self._set(text.encode(), [])
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
        standing = self._standing(parts, mark)
        content = b"".join(part.content for part in standing)
        self._set(content, standing)
        first = self._break(room)
        filled = [part for part in standing if part.content]
        if any(part.width for part in filled) or len(filled) > 1:
            certain = self._is_certain(filled, content, first, room)
        else:
            certain = True
            if len(first) > 1 and _is_uneven(filled):
                first = list(self._one_by_one(content, room))
        starts = tuple(bisect_right(first, part.begin) - 1 for part in standing[: len(parts)])
        return Lines(len(first), starts, certain)

    def _standing(self, parts: Sequence[TextPart], mark: float) -> list[_Part]:
        """The parts as Pango gets them, and the mark behind them."""
        contents = [(_STAND_IN if whole else text).encode() for text, whole in parts]
        widths = [self.width_of(text) if whole else 0.0 for text, whole in parts]
        if mark:
            contents.append(_STAND_IN.encode())
            widths.append(mark)
        begins = accumulate(map(len, contents), initial=0)
        return [_Part(*of_part) for of_part in zip(begins, contents, widths, strict=False)]

    def _is_certain(self, parts: Sequence[_Part], content: bytes, first: Sequence[int], room: float) -> bool:
        """Whether WeasyPrint begins lines at these bytes too, where it looks at the parts one by one."""
        if any(part.width > room for part in parts) or not self._agrees(content, parts, first):
            return False
        return not _is_uneven(parts) or all(
            self._is_line(parts, line, room) for line in pairwise([*first, len(content)])
        )

    def _one_by_one(self, content: bytes, room: float) -> Iterator[int]:
        """The byte with which each line begins that WeasyPrint makes of a text alone.

        It gives Pango what is left of the text for each line: what stood before has no say in how signs are set.
        """
        begin: int | None = 0
        while begin is not None:
            yield begin
            resume, _ = self._first_line(content[begin:], room, is_begin=True)
            begin = None if resume is None else begin + resume

    def _is_line(self, parts: Sequence[_Part], line: tuple[int, int], room: float) -> bool:
        """Whether WeasyPrint, which asks Pango for one part after the other, ends a line where it ends here."""
        begin, end = line
        free = room
        for part in parts:
            if part.end <= begin:
                continue
            resume, width = self._first_of(part, begin, free)
            if part.begin >= end:
                return width > free
            free -= width
            if resume is not None or part.end > end or free < 0:
                return resume == end and free >= 0
        return True

    def _first_of(self, part: _Part, begin: int, room: float) -> tuple[int | None, float]:
        """What of a part stands on a line: where the next line begins, if inside it, and the width."""
        if part.width:
            return None, part.width
        skipped = max(0, begin - part.begin)
        resume, width = self._first_line(part.content[skipped:], room, is_begin=part.begin <= begin)
        return None if resume is None else part.begin + skipped + resume, width

    def _first_line(self, content: bytes, room: float, *, is_begin: bool) -> tuple[int | None, float]:
        """How many bytes of a text WeasyPrint puts on a line (None: all of them), and how wide they are."""
        _, _, resume, width, _, _ = self._split(content.decode(), self._style, None, room, 0, is_begin)
        return resume, width

    def _agrees(self, content: bytes, parts: Sequence[_Part], first: Sequence[int]) -> bool:
        """Whether lines would begin at the same bytes where parts are judged with less around them.

        A blank that hangs over the end of a line is not counted on.
        """
        text = content.decode()
        begins = [len(content[:begin].decode()) for begin in first]
        attributes = self._pango.pango_layout_get_log_attrs_readonly(self._layout, self._ffi.NULL)

        def is_alike(meeting: int) -> bool:
            pair = text[meeting - 1 : meeting + 1]
            if len(pair) < len("ab") or self._parts_between(pair) == bool(attributes[meeting].is_line_break):
                return True
            if attributes[meeting].is_line_break:
                return meeting not in begins
            # a place more to break at counts where nothing before it on its line can be broken
            while meeting and not attributes[meeting].is_line_break:
                meeting -= 1
            return meeting == 0 or meeting not in begins

        breaks = [attributes[begin].is_line_break and text[begin - 1] not in _BLANKS for begin in begins[1:]]
        meetings = accumulate(len(part.content.decode()) for part in parts)
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

    def _set(self, content: bytes, parts: Sequence[_Part]) -> None:
        """Gives Pango a text, and to the stand-ins for its parts their width."""
        attributes = self._ffi.gc(self._pango.pango_attr_list_new(), self._pango.pango_attr_list_unref)
        hyphens = self._pango.pango_attr_insert_hyphens_new(False)
        hyphens.start_index, hyphens.end_index = 0, len(content)
        self._pango.pango_attr_list_change(attributes, hyphens)
        for part in parts:
            if part.width:
                spacing = self._pango.pango_attr_letter_spacing_new(round((part.width - self._em) / self._unit))
                spacing.start_index, spacing.end_index = part.begin, part.end
                self._pango.pango_attr_list_change(attributes, spacing)
        self._pango.pango_layout_set_attributes(self._layout, attributes)
        self._pango.pango_layout_set_text(self._layout, content, len(content))


def _is_uneven(parts: Sequence[_Part]) -> bool:
    """Whether signs of these parts may be set narrower or wider by what stands beside them."""
    return any(_UNEVEN.search(part.content.decode()) for part in parts if not part.width)
