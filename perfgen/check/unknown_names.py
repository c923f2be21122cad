"""What to do about a name that a group does not have: it was meant otherwise, or belongs to a group around."""

from __future__ import annotations

import re
from collections.abc import Mapping

from perfgen.check import joined_members
from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.nearest import guess, nearest
from perfgen.source.reader import Document

_COMMA_IN_VALUE = "是前一项值里的内容，就把英文逗号改成中文的，或者给整个值加上英文双引号。"


def hint(here: ValuePath, known: Mapping[str, object], document: Document, fields: Field | None) -> str:
    """The hint about the last name of a path; `known` are the names that the group has, `fields` those of the form."""
    name = str(here[-1])
    if joined_members.begins(name, known):
        return joined_members.HINT
    if document.stands_alone(here):
        return _alone(name, here, known, document)
    if around := _group_around(name, here, document, fields):
        return f"“{name}”和“{around}”同一级：左边和它对齐，下面的各行一起移。"
    return nearest(name, known)


def _alone(name: str, here: ValuePath, known: Mapping[str, object], document: Document) -> str:
    """The hint about a name without a value in brackets: the rest of a text or number, or a member without colon."""
    sign = re.match(r"\s*([^\s=＝]+)\s*([=＝])", name)
    if sign and sign[1] in known:
        return f"{sign[2]} 改成英文冒号，后面加一个空格。"
    if re.fullmatch(r"[\d.]+", name):
        is_first = document.text[: document.key_spans[here].start].rstrip().endswith("{")
        return "前面少了名称：写成“名称: 值”。" if is_first else "数里不能有逗号：去掉它。"
    return guess(name, known) + _COMMA_IN_VALUE


def _group_around(name: str, here: ValuePath, document: Document, fields: Field | None) -> str:
    """The group around that stands beside where a name belongs, and lacks it; empty where there is none."""
    for length in range(len(here) - 2, -1, -1):
        around, beside = here[:length], here[length]
        field = fields.at(around) if fields else None
        if field and name in field.members and isinstance(beside, str) and (*around, name) not in document.keys:
            return beside
    return ""
