"""Takes out of a picture all that is no picture: camera, place, author, editor, thumbnails.

Sources: JPEG, ISO/IEC 10918-1, B.1.1.3; PNG (W3C), 5 and 11; GIF89a, 23 to 26; EMF, [MS-EMF] 2.2.9.
"""

from __future__ import annotations

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT",
}  # fmt: skip
_JPEG = b"\xff\xd8"
_START_OF_SCAN, _COMMENT = 0xDA, 0xFE
_APP_KEPT = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
"""Of the application segments, those that say how the picture is decoded, with what they begin with."""
_GIF = (b"GIF87a", b"GIF89a")
_EMF = b"\x01\x00\x00\x00"
_EMF_MARK = b" EMF"
_WMF = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")
_DESCRIPTION = 60
"""Where the header of an EMF says how long its description is, and where it stands."""


def bare_picture(content: bytes) -> bytes | None:
    """The same picture without what tells of persons and machines; None where its format is not known.

    The formats are PNG, JPEG, GIF, BMP, EMF and WMF. A picture that breaks off ends where it does.
    """
    if content.startswith(_PNG):
        return _bare_png(content)
    if content.startswith(_JPEG):
        return _bare_jpeg(content)
    if content.startswith(_GIF):
        return _bare_gif(content)
    if content.startswith(_EMF) and content[40:44] == _EMF_MARK:
        return _bare_emf(content)
    return content if content.startswith((b"BM", *_WMF)) else None


def _bare_png(content: bytes) -> bytes:
    """The chunks that are needed to show a PNG, to its end."""
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if name in _PNG_KEPT:
            kept.append(content[at:end])
        at = end
        if name == b"IEND":
            break
    return b"".join(kept)


def _bare_jpeg(content: bytes) -> bytes:
    """The segments that are needed to show a JPEG, to the end of the first picture."""
    kept, at = [_JPEG], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : end]
        is_application = 0xE0 <= marker <= 0xEF
        begin = _APP_KEPT.get(marker)
        if marker == _START_OF_SCAN:
            last = content.find(b"\xff\xd9", end)
            return b"".join([*kept, content[at : last + 2 if last >= 0 else len(content)]])
        if marker != _COMMENT and not is_application:
            kept.append(content[at:end])
        elif begin and body.startswith(begin):
            kept.append(_without_thumbnail(body) if marker == 0xE0 else content[at:end])
        at = end
    return b"".join(kept)


def _without_thumbnail(body: bytes) -> bytes:
    """A JFIF segment whose thumbnail has no size."""
    begin = body[:12].ljust(12, b"\0") + b"\0\0"
    return b"\xff\xe0" + (len(begin) + 2).to_bytes(2, "big") + begin


def _bare_gif(content: bytes) -> bytes:
    """The blocks of a GIF without comments, plain texts and what programs add, but for the count of its repeats."""
    at = 13 + _colors(content, 10)
    kept = [content[:at]]
    while at < len(content) and content[at] in (0x21, 0x2C):
        is_picture = content[at] == 0x2C
        end = _end_of_blocks(content, at + 10 + _colors(content, at + 9) + 1 if is_picture else at + 2)
        block = content[at:end]
        if is_picture or block[1:2] == b"\xf9" or block[3:14] == b"NETSCAPE2.0":
            kept.append(block)
        at = end
    return b"".join([*kept, b";"])


def _colors(content: bytes, at: int) -> int:
    """How many bytes the table of colors takes that the flags at a place announce."""
    flags = content[at] if at < len(content) else 0
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_blocks(content: bytes, at: int) -> int:
    """Where a row of sub-blocks ends, each with its length before it, the last of no length."""
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1


def _bare_emf(content: bytes) -> bytes:
    """An EMF whose description, the program and the title, is blank."""
    length, start = struct.unpack_from("<II", content.ljust(68, b"\0"), _DESCRIPTION)
    end = min(start + 2 * length, len(content))
    blank = content[:start] + b"\0" * max(end - start, 0) + content[end:] if start else content
    return blank[:_DESCRIPTION] + b"\0" * 8 + blank[_DESCRIPTION + 8 :]
