"""XML elements in, XML elements out: their type, and steps in the tree that always have an outcome."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
"""An element of an XML part. lxml gives the class no public name; its type stubs use this one."""


def required(parent: Element, path: str) -> Element:
    """The first element at a path below another.

    Raises ValueError where there is none.
    """
    element = parent.find(path)
    if element is None:
        raise ValueError(f"{parent.tag} has no {path}")
    return element


def remove(element: Element) -> None:
    """Takes an element out of its parent; a root has none and stays."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
