"""What a Word template must not hold, because nothing could prove that it is printed right."""

from __future__ import annotations

import re
import zipfile
from typing import TypeAlias

from lxml import etree

from perfgen.table.tags import has_tag
from perfgen.table.word_xml import Element, W, parse_xml, run_text

Refusal: TypeAlias = tuple[str, str]
"""A sentence about what is wrong, and what to do."""

_REVISION = re.compile(r"ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change")
_EDGES = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")


def refused(package: zipfile.ZipFile, body: Element) -> Refusal | None:
    """The first thing that a template must not hold; None where it holds none.

    Raises KeyError or XMLSyntaxError for a part that cannot be read.
    """
    return _tags_at_the_edges(package) or _revisions(body) or _tags_in_boxes(body)


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
