"""Makes the bytes of each object of a PDF once: pydyf makes and compresses them twice.

pydyf asks each object for its bytes to write them, and once more for the hash that identifies the file. WeasyPrint lets
a finisher work on the objects before they are written (`Document.write_pdf`); then nothing changes them any more.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable
from typing import Any, TypeAlias, cast

PdfObject: TypeAlias = Any
PdfFile: TypeAlias = Any
"""pydyf has no types."""


def keep_bytes(_document: object, file: PdfFile) -> None:
    """Lets each object of a PDF that is about to be written keep its bytes; a finisher as WeasyPrint calls it."""
    file.objects = _Keeping(file.objects)


class _Keeping(list[PdfObject]):
    """The objects of a PDF; those that are added while it is written keep their bytes too."""

    def __init__(self, objects: list[PdfObject]) -> None:
        super().__init__(objects)
        for one in self:
            _keep(one)

    def append(self, one: PdfObject) -> None:
        _keep(one)
        super().append(one)


def _keep(one: PdfObject) -> None:
    one.__class__ = _keeping(cast("Hashable", type(one)))


@functools.cache
def _keeping(kind: Hashable) -> type:
    """The same class of objects, with bytes that are made when they are first asked for."""
    base: Any = kind
    kept = functools.cached_property(base.data.fget)
    kept.__set_name__(base, "data")
    return type(base.__name__, (base,), {"data": kept})
