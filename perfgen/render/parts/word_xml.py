"""Elements of an XML part of a Word file: taken out, unwrapped, written."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
"""An element of an XML part; lxml has no public name for its class."""


def parent_of(element: Element) -> Element:
    """The parent of an element. Raises ValueError for one without."""
    parent = element.getparent()
    if parent is None:
        raise ValueError(f"{element.tag} has no parent")
    return parent


def detach(element: Element) -> None:
    """Takes an element out of its parent. Raises ValueError for one without a parent."""
    parent_of(element).remove(element)


def unwrap(element: Element) -> None:
    """Puts the children of an element in its place. Raises ValueError for one without a parent."""
    parent = parent_of(element)
    place = parent.index(element)
    parent[place : place + 1] = list(element)


def serialized(root: Element) -> bytes:
    """An XML part as bytes."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
