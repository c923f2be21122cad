"""The bytes of a data file as text: UTF-8, with or without a byte order mark."""

from __future__ import annotations

from perfgen.findings import DataError, Finding, Place
from perfgen.project.layout import MAX_YAML


def decode(content: bytes, file: str) -> str:
    """Bytes of a file as text.

    Raises DataError when they are not UTF-8 (a BOM is fine) or too many.
    """
    if len(content) > MAX_YAML:
        raise DataError([Finding(Place(file), "yaml-size", f"文件太大：{len(content)} 字节，最多 {MAX_YAML} 字节。")])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError([_encoding(file, 1, 1, "UTF-16")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "ignore")) + 1
        raise DataError([_encoding(file, line, column, _guessed_encoding(content))]) from None


def _guessed_encoding(content: bytes) -> str:
    """The name of the encoding that bytes are in, which are not UTF-8."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "未知编码"
    return "GB18030（GBK）"


def _encoding(file: str, line: int, column: int, name: str) -> Finding:
    return Finding(
        Place(file, line, column), "yaml-encoding", f"文件不是 UTF-8 编码，看起来是 {name}。",
        "用编辑器“另存为”，编码选 UTF-8，再提交。",
    )  # fmt: skip
