"""What was appended to a PDF after it was made: signatures, and other changes (ISO 32000-1, 7.5.6)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf

_NAMED = 5
_END = b"%%EOF"
_HEAD = 1024
"""In so many bytes at the beginning a file says that it is made for the web (annex F.3.3)."""


def remarks(content: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    """What is to be said of the signatures and of what was appended, where there is any.

    `pdf` is the same file, opened; a signature is counted, and not verified.
    """
    signatures = sum(1 for _ in _signatures(pdf))
    first = _end_of_first(content)
    if signatures:
        yield f"里面有 {signatures} 处电子签名；这里只核对数据，签名是不是有效，用 PDF 阅读器看。"
    if content[first:].strip():
        why = "（签名就是这样）" if signatures else ""
        yield f"公开以后在文件末尾追加了 {len(content) - first} 字节{why}，所以字节不同。"
        if changed := _changed_pages(content[:first], pdf):
            yield f"追加的部分换了第 {numbers(changed)} 页的内容；签名不用换页面，请自己看。"


def numbers(pages: list[int]) -> str:
    """Some numbers of pages in words, the first of them where there are many."""
    return "、".join(map(str, pages[:_NAMED])) + (" 等" if len(pages) > _NAMED else "")


def _end_of_first(content: bytes) -> int:
    """Where the file ended before anything was appended; one that is made for the web has an end at its beginning too.

    Source: ISO 32000-1, annex F. All of a file without an end is its beginning.
    """
    first = content.find(_END)
    if b"/Linearized" in content[:_HEAD]:
        first = content.find(_END, first + 1)
    return first + len(_END) if first >= 0 else len(content)


def _signatures(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """The dictionaries of signatures (12.8.1)."""
    import pikepdf

    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and "/ByteRange" in thing and "/Contents" in thing:
            yield thing


def _changed_pages(before: bytes, pdf: pikepdf.Pdf) -> list[int]:
    """The pages, from 1, whose content is not as it was; none where what was before cannot be read."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(before)) as first:
            old = [_content(page) for page in first.pages]
    except pikepdf.PdfError:
        return []
    new = [_content(page) for page in pdf.pages]
    changed = [number for number, pair in enumerate(zip(old, new, strict=False), 1) if pair[0] != pair[1]]
    return [*changed, *range(min(len(old), len(new)) + 1, max(len(old), len(new)) + 1)]


def _content(page: pikepdf.Page) -> bytes:
    """The content of a page, packed as it is."""
    import pikepdf

    content = page.obj.get("/Contents")
    streams = list(content) if isinstance(content, pikepdf.Array) else [content]
    return b"\n".join(one.read_raw_bytes() for one in streams if isinstance(one, pikepdf.Stream))
