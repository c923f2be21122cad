"""Accepts or rejects every tracked change of a document part: how a redline is read back."""

from __future__ import annotations

from typing import Any

from perfgen.review.redline.fragments import FragmentKind
from perfgen.table.template import W


def resolve(root: Any, *, accept: bool) -> None:
    """Changes a document's tree in place to what it is with all changes accepted, or rejected."""
    gone: FragmentKind = "del" if accept else "ins"
    come: FragmentKind = "ins" if accept else "del"
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}{gone}") is not None:
            row.getparent().remove(row)
    for element in list(root.iter(f"{W}{gone}")):
        if element.getparent().tag not in (f"{W}rPr", f"{W}trPr"):
            element.getparent().remove(element)
    for element in list(root.iter(f"{W}{come}")):
        if element.getparent().tag not in (f"{W}rPr", f"{W}trPr"):
            for child in list(element):
                element.addprevious(child)
        element.getparent().remove(element)
    for text in root.iter(f"{W}delText"):
        text.tag = f"{W}t"
    for paragraph in list(root.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
            _join(paragraph)


def _join(paragraph: Any) -> None:
    """A paragraph without its mark goes before the content of the next one."""
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        return
    properties = following.find(f"{W}pPr")
    at = following.index(properties) + 1 if properties is not None else 0
    for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
        following.insert(at, child)
    paragraph.getparent().remove(paragraph)
