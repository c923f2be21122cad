"""An item of a list of texts that an English colon made a group: `- 办好运动会: 设22个大项`."""

from __future__ import annotations

from typing import NamedTuple

from perfgen.check.schema_errors import Broken
from perfgen.source.reader import Document

SAID = ("这一条里的冒号是英文的，后面有空格，被当成了“名称: 值”。", "冒号改成全角的“：”，或者给整条加上英文双引号。")
"""What is wrong, and what to do."""


class Meant(NamedTuple):
    """The text of an item, and where its colon stands in the file."""

    text: str
    colon: int


def meant(error: Broken, document: Document) -> Meant | None:
    """The text that an item was meant as, with a full-width colon; None for a group of more than one line."""
    path, group = error.path, error.found
    if error.keyword != "type" or "string" not in error.wanted or not path or not isinstance(path[-1], int):
        return None
    here = document.spans.get(path)
    if not isinstance(group, dict) or len(group) != 1 or here is None or here.style:
        return None
    ((name, value),) = group.items()
    key, span = document.key_spans.get((*path, name)), document.spans.get((*path, name))
    if key is None or span is None or isinstance(value, dict | list) or "\n" in document.text[key.start : span.end]:
        return None
    shown = value if isinstance(value, str) else document.text[span.start : span.end]
    return Meant(f"{name}：{shown}", document.text.index(":", key.end))
