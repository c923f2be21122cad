"""Tells the words that people write in place of an amount where there is none."""

from __future__ import annotations

from perfgen.values import parse

_NOTHING = frozenset({"没有", "暂无", "没有填", "未填", "空"})


def is_nothing(text: str) -> bool:
    """Whether a text, where an amount belongs, says that there is none."""
    plain = text.strip()
    return bool(plain) and (parse(plain).is_blank or plain.rstrip("。") in _NOTHING)
