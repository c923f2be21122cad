"""Lets WeasyPrint take faces as they lie in memory, and cut each down once for the same characters.

WeasyPrint copies the whole file of each face for each PDF, dozens of megabytes of which it reads four bytes. A subset
is made anew where one character more or less is used: the official edition's would tell readers of the public one which
characters its private values have. As in `pdf_memory`, functions stand in front of WeasyPrint's own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Font: TypeAlias = Any
Face: TypeAlias = Any
"""WeasyPrint has no types."""
Read: TypeAlias = Callable[..., object]
Subset: TypeAlias = Callable[[Font, Mapping[int, str], bool], None]

KEPT: Final = 24
"""How many faces that were cut down are remembered; one has some hundreds of kilobytes."""


def remember_faces() -> None:
    """Puts these functions in front of WeasyPrint's, once a process."""
    from weasyprint.pdf import fonts

    fonts.get_hb_object_data = uncopied(fonts.get_hb_object_data)
    fonts.Font.subset = remembered_subset(fonts.Font.subset)


def uncopied(read: Read) -> Read:
    """WeasyPrint's `get_hb_object_data`, which gives the file of a face as a buffer and copies nothing."""
    from weasyprint.text.ffi import ffi, harfbuzz

    @functools.wraps(read)
    def ask(face: Face, *of_a_glyph: object) -> object:
        if of_a_glyph:
            return read(face, *of_a_glyph)
        blob, length = harfbuzz.hb_face_reference_blob(face), ffi.new("unsigned int *")
        data = harfbuzz.hb_blob_get_data(blob, length)
        if data == ffi.NULL:
            harfbuzz.hb_blob_destroy(blob)
            return None
        # the buffer keeps the data alive, and the data the blob
        return ffi.buffer(ffi.gc(data, lambda _: harfbuzz.hb_blob_destroy(blob)), length[0])

    return ask


def remembered_subset(subset: Subset) -> Subset:
    """WeasyPrint's `Font.subset` with a memory: its bytes depend on the face and on the set of glyphs."""
    made: dict[tuple[object, ...], bytes] = {}

    @functools.wraps(subset)
    def remembered(font: Font, to_unicode: Mapping[int, str], hinting: bool) -> None:
        # a face is known by its place in memory, where it stays as long as it is remembered
        asked = (font.hb_face, font.index, frozenset(to_unicode), bool(font.missing), hinting)
        if asked not in made:
            whole = font.file_content
            subset(font, to_unicode, hinting)
            font.file_content = bytes(font.file_content)
            if len(font.file_content) == len(whole):
                return  # it could not be cut down, which WeasyPrint says each time
            if len(made) >= KEPT:
                made.pop(next(iter(made)))
            made[asked] = font.file_content
        font.file_content = made[asked]

    return remembered
