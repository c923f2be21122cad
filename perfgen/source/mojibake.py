"""Text that was written in one encoding and read in another, and what it was before.

Three mistakes are known: UTF-8 read as Windows-1252, UTF-8 read as GBK, GBK read as Windows-1252.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_HIGH = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
"""By character, the byte that Windows-1252 or ISO 8859-1 reads as it."""
_IDEOGRAPHS = "\u4e00-\u9fff"

_HIGH_RUN = re.compile(f"[{re.escape(''.join(_HIGH))}]{{3,}}")
_IDEOGRAPH_RUN = re.compile(f"[{_IDEOGRAPHS}]{{3,}}")
_MARKS_OF_LOSS = re.compile("锟斤拷|锘\ufeff|ï»¿")


class Garbled(NamedTuple):
    """A piece of a text that was read in a wrong encoding."""

    start: int
    piece: str
    meant: str
    """What it was, as far as nothing is lost; empty where all is."""
    is_sure: bool = True
    """Whether nobody can have meant it: a run of rare ideographs may be a name."""

    def in_words(self) -> tuple[str, str]:
        """What is wrong, and what to do."""
        shown = "".join(character for character in self.piece if character.isprintable())
        meant = f"，原来大概是“{self.meant}”" if self.meant else ""
        return f"“{shown}”是乱码{meant}。", "照原文重新输入；文件要用 UTF-8 编码打开和保存。"


def garbled(text: str) -> Garbled | None:
    """The first piece of a text that was read in a wrong encoding; None where there is none."""
    if lost := _MARKS_OF_LOSS.search(text):
        return Garbled(lost.start(), lost[0], "")
    for run in _HIGH_RUN.finditer(text):
        if meant := _from_high(run[0]):
            return Garbled(run.start(), run[0], meant)
    for run in _IDEOGRAPH_RUN.finditer(text):
        if meant := _from_gbk(run[0]):
            return Garbled(run.start(), run[0], meant, is_sure=False)
    return None


def _from_high(piece: str) -> str:
    """The text of bytes that were read as Windows-1252; empty where it is no Chinese."""
    content = bytes(_HIGH[character] for character in piece)
    utf8 = content.decode("utf-8", "ignore")
    if re.search(f"[{_IDEOGRAPHS}]", utf8) and 2 * len(utf8.encode()) >= len(content):
        return utf8
    if sum(character.isalpha() for character in piece) * 2 < len(piece) or len(piece) < 4:
        return ""
    return _decoded(content, "gb2312")


def _from_gbk(piece: str) -> str:
    """The text of UTF-8 bytes that were read as GBK; empty where the piece says what it is."""
    try:
        content = piece.encode("gbk")
    except UnicodeEncodeError:
        return ""
    # a mistaken run may end in the middle of a character: its last bytes went into what follows
    return _decoded(content[: len(content) - len(content) % 3], "utf-8")


def _decoded(content: bytes, encoding: str) -> str:
    """Bytes as a text of ideographs only, two at least; empty where they are none."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return ""
    return text if re.fullmatch(f"[{_IDEOGRAPHS}]{{2,}}", text) else ""
