"""What a Word template must not hold, because nothing could prove that it is printed right."""

from __future__ import annotations

import re
import zipfile
from typing import TypeAlias

from lxml import etree

from perfgen.table.tags import has_tag
from perfgen.table.word_fields import LASTING, WordField, fields_of
from perfgen.table.word_xml import Element, W, parse_xml, run_text

Refusal: TypeAlias = tuple[str, str]
"""A sentence about what is wrong, and what to do."""

_REVISION = re.compile(r"ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change")
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_EDGES = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")


def refused(package: zipfile.ZipFile, body: Element) -> Refusal | None:
    """The first thing that a template must not hold; None where it holds none.

    Raises KeyError or XMLSyntaxError for a part that cannot be read.
    """
    in_body = (_revisions, _tags_in_boxes, _tags_in_fields, _tags_twice)
    return _tags_at_the_edges(package) or next(filter(None, (find(body) for find in in_body)), None)


def _tags_at_the_edges(package: zipfile.ZipFile) -> Refusal | None:
    """Tags in headers, footers and notes: nothing proves them, and the PDF has its own."""
    for name in filter(_EDGES.fullmatch, package.namelist()):
        text = "".join(run_text(paragraph) for paragraph in parse_xml(package.read(name)).iter(f"{W}p"))
        if re.search(r"\{\{|\{%", text):
            return f"页眉、页脚和脚注里不能有标记：{text.strip()}", ""
    return None


def _revisions(body: Element) -> Refusal | None:
    """Tracked changes (17.13.5): what is to be printed is not decided, and they bear a name."""
    names = (etree.QName(element).localname for element in body.iter(f"{W}*"))
    if any(_REVISION.fullmatch(name) for name in names):
        sentence = "里面有还没接受或拒绝的修订，不知道该印哪一种。"
        return sentence, "在 Word 里“审阅”一栏，接受或拒绝全部修订，保存再试。"
    return None


def _tags_in_boxes(body: Element) -> Refusal | None:
    """Tags in text boxes: they stand in no cell, so that nothing proves them, and the PDF has no boxes."""
    for box in body.iter(f"{W}txbxContent"):
        if has_tag(text := run_text(box)):
            return f"文本框里不能有标记：{text.strip()}", "把它移到单元格里，或者表格上下的段落里。"
    return None


def _tags_in_fields(body: Element) -> Refusal | None:
    """Tags in fields: an instruction is not shown, and most results are computed again, which takes the value away."""
    for found in fields_of(body):
        if tagged := _tagged(found):
            return f"域（{found.kind}）里不能有标记：{tagged}", "在 Word 里选中它，按 Ctrl+Shift+F9，域就成了普通文字。"
    return None


def _tagged(found: WordField) -> str:
    """The text of a field in which a tag would not last; empty where there is none."""
    texts = ["".join(found.instruction), "" if found.kind in LASTING else "".join(found.result)]
    return next((text.strip() for text in texts if has_tag(text)), "")


def _tags_twice(body: Element) -> Refusal | None:
    """Tags in contents that stand for one another (Part 3, 7.5): each program shows one of them only."""
    for choices in body.iter(_ALTERNATE):
        if has_tag(text := run_text(choices)):
            sentence = f"几种内容只显示一种的地方（AlternateContent）不能有标记：{text.strip()}"
            return sentence, "删掉它，重新输入这几个字。"
    return None
