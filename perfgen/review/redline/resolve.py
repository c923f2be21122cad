"""Accepts or rejects every tracked change of a document part: how a redline is read back."""

from __future__ import annotations

from perfgen.review.redline.fragments import FragmentKind
from perfgen.review.xml_elements import Element, remove
from perfgen.table.template import W


def resolve(root: Element, *, accept: bool) -> None:
    """Changes a document's tree in place to what it is with all changes accepted, or rejected."""
    gone: FragmentKind = "del" if accept else "ins"
    kept: FragmentKind = "ins" if accept else "del"
    _remove_gone(root, gone)
    _unwrap_kept(root, kept)
    for text in root.iter(f"{W}delText"):
        text.tag = f"{W}t"
    for paragraph in list(root.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
            _join(paragraph)


def _remove_gone(root: Element, gone: FragmentKind) -> None:
    """Removes the rows and runs that are not there after the decision."""
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}{gone}") is not None:
            remove(row)
    for mark in list(root.iter(f"{W}{gone}")):
        if not _is_property(mark):
            remove(mark)


def _unwrap_kept(root: Element, kept: FragmentKind) -> None:
    """Removes the marks of what stays; runs take the place of the mark around them."""
    for mark in list(root.iter(f"{W}{kept}")):
        if not _is_property(mark):
            for child in list(mark):
                mark.addprevious(child)
        remove(mark)


def _is_property(mark: Element) -> bool:
    """Whether a mark speaks of a row or a paragraph mark, and holds no runs itself."""
    parent = mark.getparent()
    return parent is not None and parent.tag in (f"{W}rPr", f"{W}trPr")


def _join(paragraph: Element) -> None:
    """Moves the content of a paragraph without its mark to the beginning of the next paragraph."""
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        return
    properties = following.find(f"{W}pPr")
    at = following.index(properties) + 1 if properties is not None else 0
    for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
        following.insert(at, child)
    remove(paragraph)
