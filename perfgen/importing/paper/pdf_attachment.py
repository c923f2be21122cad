"""The data file that a PDF carries, out of a PDF of somebody nobody knows.

Before pikepdf opens it, all its streams are unpacked piece by piece and counted: a reader unpacks some of them only to
find its way (ISO 32000-1, 7.5.7 and 7.5.8). pikepdf itself unpacks one filter and no more bytes than that.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from perfgen.importing.paper.word_package import refuse
from perfgen.system.unpack import Budget, TooMuch, inflate

if TYPE_CHECKING:
    import pikepdf

MAX_DATA = 4_000_000
"""Bytes of the attached data: twice what a data file may have."""
_STREAM = re.compile(rb"(?<!end)stream[\x00\t\n\f\r ]*")
_SEPARATORS = b" \n\r\t\x00/[(<"
"""Each begins or parts the objects of a PDF (7.2.2): there are no more objects than these."""
_OBJECTS = 4
"""Objects for each element of a Word file: fonts and pages, which are not read, have many such bytes."""
_PIECE = 65_536


def _name(word: str) -> re.Pattern[bytes]:
    """Finds a name of a PDF, whatever letters of it are written by their codes (7.3.5)."""
    letters = "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word)
    return re.compile(f"/{letters}".encode())


_LZW, _LOCKED = _name("LZW"), _name("Encrypt")


def attachment(content: bytes, name: str, file: str) -> bytes:
    """The bytes of the file of a name that a PDF carries; empty where there is none. `file` is its name in messages.

    Raises DataError when the PDF is locked, is broken, or holds more than a form can.
    """
    with opened(content, file) as pdf:
        return attached_in(pdf, name)


def attached_in(pdf: pikepdf.Pdf, name: str) -> bytes:
    """The same of a PDF that is open (`opened`, which says of every error what is wrong)."""
    found = pdf.attachments.get(name)
    return _unpacked(found.get_file().obj) if found is not None else b""


@contextmanager
def opened(content: bytes, file: str) -> Iterator[pikepdf.Pdf]:
    """A PDF that is open while all that pikepdf unpacks is bounded, also of one that is opened inside.

    Raises DataError when the PDF is locked, is broken, or holds more than a form can: found here, or raised inside.
    """
    import pikepdf

    if _LOCKED.search(content):
        raise refuse(file, "import-locked", "PDF 有密码，或者加了密。", "去掉密码和限制再导入。")
    try:
        budget = Budget.of(len(content))
        _count(content, budget)
        with _limited(Budget.of(len(content)).size), pikepdf.open(io.BytesIO(content)) as pdf:
            yield pdf
    except TooMuch as error:
        raise refuse(file, "import-size", f"PDF {error}。", "请核对文件的来历。") from None
    except pikepdf.PasswordError:
        raise refuse(file, "import-locked", "PDF 有密码。", "去掉密码再导入。") from None
    except (pikepdf.PdfError, zlib.error, ValueError, TypeError, LookupError, AttributeError, RuntimeError, OSError):
        raise refuse(file, "import-broken", "PDF 坏了，读不出来。") from None


def _count(content: bytes, budget: Budget) -> None:
    """Counts what all streams of a PDF unpack to. Raises TooMuch where it is more than the budget."""
    left = _OBJECTS * budget.elements - _objects(content)
    for match in _STREAM.finditer(content):
        for piece in _pieces(memoryview(content)[match.end() :], budget):
            left -= _objects(piece)
            if left < 0:
                raise TooMuch("里面的内容太多，不像一张表")
            _refuse_filter(piece)
    _refuse_filter(content)


def _refuse_filter(content: bytes) -> None:
    """Raises TooMuch for the one filter that pikepdf cannot bound (7.4.4)."""
    if _LZW.search(content):
        raise TooMuch("用了别的压缩方法（LZW），没有读它")


def _objects(content: bytes) -> int:
    return sum(content.count(separator) for separator in _SEPARATORS)


def _pieces(packed: memoryview, budget: Budget) -> Iterator[bytes]:
    """What a stream unpacks to, as far as it does; what goes in is counted as what comes out."""
    stream = zlib.decompressobj()
    for start in range(0, len(packed), _PIECE):
        try:
            piece = stream.decompress(packed[start : start + _PIECE], budget.size + 1)
        except zlib.error:
            return
        budget.take_bytes(len(piece) + min(_PIECE, len(packed) - start), "内容")
        yield piece
        if stream.eof:
            return


@contextmanager
def _limited(size: int) -> Iterator[None]:
    """Bounds what pikepdf unpacks: one filter at a time, and so many bytes."""
    from pikepdf import settings

    before = settings.set_qpdf_limits(
        max_stream_filters=1, flate_max_memory=size, png_max_memory=size, tiff_max_memory=size,
        run_length_max_memory=size, doc_max_warnings=100,
    )  # fmt: skip
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)  # type: ignore[arg-type]  # each by its own name, as it was given


def _unpacked(stream: object) -> bytes:
    """The bytes of a stream, which is packed by zlib or not at all. Raises TooMuch for anything else."""
    import pikepdf

    if not isinstance(stream, pikepdf.Stream):
        raise ValueError("no stream")
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else []
    if any(name != pikepdf.Name.FlateDecode for name in names) or len(names) > 1 or "/DecodeParms" in stream:
        raise TooMuch("附带的文件用了别的压缩方法，没有读它")
    packed = stream.read_raw_bytes()
    if names:
        return inflate(packed, MAX_DATA)
    if len(packed) > MAX_DATA:
        raise TooMuch(f"附带的文件太大，超过 {MAX_DATA} 字节")
    return packed
