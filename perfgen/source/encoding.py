"""The bytes of a data file or a template as text: UTF-8, with or without a byte order mark."""

from __future__ import annotations

from perfgen.findings import DataError, Finding, FormError, Place
from perfgen.project.layout import MAX_YAML


def decode(content: bytes, file: str) -> str:
    """Bytes of a file as text.

    Raises DataError when they are not UTF-8 (a BOM is fine) or too many.
    """
    if len(content) > MAX_YAML:
        raise DataError([Finding(Place(file), "yaml-size", f"文件太大：{len(content)} 字节，最多 {MAX_YAML} 字节。")])
    if (trouble := _trouble(content, file, "yaml-encoding")) is not None:
        raise DataError([trouble])
    return content.decode("utf-8-sig")


def decode_template(content: bytes, file: str) -> str:
    """Bytes of a template or a style sheet as text. Raises FormError when they are not UTF-8 (a BOM is fine)."""
    if (trouble := _trouble(content, file, "template-encoding")) is not None:
        raise FormError([trouble])
    return content.decode("utf-8-sig")


def _trouble(content: bytes, file: str, rule: str) -> Finding | None:
    """Says where bytes stop being UTF-8, and what they look like; None where they are UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _encoding(Place(file, 1, 1), rule, "UTF-16")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "ignore")) + 1
        return _encoding(Place(file, line, column), rule, _guessed_encoding(content))
    return None


def _guessed_encoding(content: bytes) -> str:
    """The name of the encoding that bytes are in, which are not UTF-8."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "未知编码"
    return "GB18030（GBK）"


def _encoding(place: Place, rule: str, name: str) -> Finding:
    hint = "用编辑器“另存为”，编码选 UTF-8，再提交。"
    return Finding(place, rule, f"文件不是 UTF-8 编码，看起来是 {name}。", hint)
