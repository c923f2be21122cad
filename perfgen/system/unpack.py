"""Unpacks files of people nobody knows: what comes out of a small file is bounded, however it is packed.

A package (zip, as Word and LibreOffice write it) has one budget over all its parts. The bounds are counts of what is in
the file and no clocks, so that a file is refused everywhere or nowhere.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MAX_FILE = 50_000_000
"""Bytes of a whole file, packed."""
MAX_PARTS = 5_000
MAX_BYTES = 64_000_000
"""Bytes of all parts together, unpacked: 5,000 rows as Word writes them are about 40 million."""
MAX_ELEMENTS = 4_000_000
_SMALL_BYTES, _SMALL_ELEMENTS = 32_000_000, 1_000_000
"""What a file may hold however small it is: 60 times the largest form that is known, 7,000 plain rows."""
_TIMES = 32
"""Bytes for each byte of a larger file, as Word packs a table; its elements are at most as many as its bytes."""
_PIECE = 1_000_000
_FILTERS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""All that a package may be packed with (ECMA-376 Part 2, annex C); others have no bound while they unpack."""
_ENTRY = b"PK\x01\x02"
"""Begins the entry of a part in the list of an archive (APPNOTE.TXT, 4.3.12)."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, KeyError)
"""What a package raises that is none, or is damaged."""


class TooMuch(Exception):
    """A file holds more than a form can; says so in a sentence."""


@dataclass
class Budget:
    """What may still come out of a file."""

    size: int
    """Bytes, unpacked."""
    elements: int
    marks: int
    """Elements and their attributes."""

    @classmethod
    def of(cls, size: int) -> Budget:
        """The budget of a file of so many bytes."""
        elements = min(MAX_ELEMENTS, max(_SMALL_ELEMENTS, size))
        return cls(min(MAX_BYTES, max(_SMALL_BYTES, _TIMES * size)), elements, elements * 3 // 2)

    def take_bytes(self, count: int, part: str) -> None:
        """Counts bytes of a part, which the sentence names. Raises TooMuch where there are more than are left."""
        self.size -= count
        if self.size < 0:
            raise TooMuch(f"里面的{part}太大，解开以后不像一张表")

    def take_elements(self, content: bytes, name: str) -> None:
        """Counts the elements of a part and their attributes, before it is parsed.

        Raises TooMuch where there are more than are left.
        """
        begun = content.count(b"<")
        self.elements -= begun
        self.marks -= begun + content.count(b"=")
        if self.elements < 0 or self.marks < 0:
            raise TooMuch(f"里面的 {name} 内容太多，不像一张表")


@dataclass(frozen=True)
class Package:
    """An open package, and what may still come out of it."""

    archive: zipfile.ZipFile
    budget: Budget

    @property
    def names(self) -> list[str]:
        """The names of its parts, as the archive lists them."""
        return self.archive.namelist()

    @property
    def is_locked(self) -> bool:
        """Whether a part has a password."""
        return any(part.flag_bits & 1 for part in self.archive.infolist())

    def read(self, name: str) -> bytes:
        """A part, unpacked. Raises TooMuch, and one of BROKEN for what is damaged."""
        part = self.archive.getinfo(name)
        if part.compress_type not in _FILTERS:
            raise TooMuch(f"里面的 {name} 用了别的压缩方法，没有读它")
        with self.archive.open(part) as stream:
            return b"".join(self._pieces(stream, name))

    def read_xml(self, name: str) -> bytes:
        """A part that is to be parsed, its elements counted. Raises as `read` does."""
        content = self.read(name)
        self.budget.take_elements(content, name)
        return content

    def _pieces(self, stream: IO[bytes], name: str) -> Iterator[bytes]:
        while piece := stream.read(_PIECE):
            self.budget.take_bytes(len(piece), f" {name} ")
            yield piece


def open_package(content: bytes) -> Package:
    """A package whose parts can be read. Raises TooMuch, and one of BROKEN for what is none."""
    if len(content) > MAX_FILE:
        raise TooMuch(f"文件太大：{len(content)} 字节，最多 {MAX_FILE} 字节")
    parts = content.count(_ENTRY)
    if parts > MAX_PARTS:
        raise TooMuch(f"这个文件里有 {parts} 个部分，不像一张表")
    return Package(zipfile.ZipFile(io.BytesIO(content)), Budget.of(len(content)))


def inflate(content: bytes, most: int) -> bytes:
    """What zlib has packed, unpacked piece by piece. Raises TooMuch for more than so many bytes, zlib.error."""
    stream = zlib.decompressobj()
    out = stream.decompress(content, most + 1)
    if len(out) > most:
        raise TooMuch(f"附带的文件太大，解开以后超过 {most} 字节")
    return out
