"""The XML of a Word document (ECMA-376 Part 1, 17) as the table's reader asks for it: parts, properties, text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
"""An element of an XML part; lxml has no public name for its class."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML, as lxml puts it before a name."""

_BEGINNING = 64
"""So many children may stand before an element's properties: bookmarks, comments."""


def parse_xml(content: bytes) -> Element:
    """Parses an XML part strictly, without entities and without the network.

    Raises XMLSyntaxError for what is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root: Element = etree.fromstring(content, parser)
    return root


def child(parent: Element | None, name: str) -> Element | None:
    """The first child of a name in the namespace `W`; None where it, or the parent, is not there."""
    return parent.find(f"{W}{name}") if parent is not None else None


def properties_of(parent: Element | None, name: str) -> Element | None:
    """The properties of an element, such as its `pPr`; None where it, or the parent, is not there.

    They stand before its contents (17.3.1.26, 17.3.2.28, 17.4.59, 17.4.69, 17.4.81); only its beginning is looked
    through, so that a paragraph of a million runs is not searched for each of them.
    """
    tag = f"{W}{name}"
    children = islice(parent, _BEGINNING) if parent is not None else ()
    return next((element for element in children if element.tag == tag), None)


def attributes_of(element: Element | None) -> dict[str, str]:
    """The attributes of an element by their names; none where it is not there."""
    return {str(name): str(value) for name, value in element.attrib.items()} if element is not None else {}


def number_of(element: Element | None, default: int) -> int:
    """The number that a property holds as its `w:val`; the default where the property is not there.

    Raises KeyError for a property without `w:val`, ValueError for one that is no number.
    """
    return int(element.attrib[f"{W}val"]) if element is not None else default


def is_on(parent: Element | None, name: str) -> bool:
    """Whether a parent has an on/off property that is on."""
    element = child(parent, name)
    return element is not None and says_on(element)


def says_on(element: Element) -> bool:
    """Whether an on/off property is on (ECMA-376 Part 1, 17.17.4): present means on, unless it says not."""
    return element.get(f"{W}val", "1") not in ("0", "false", "off")


def run_text(node: Element) -> str:
    """The text of a paragraph or run, line breaks and tabs as characters."""
    return "".join(text for text, _ in text_parts(node))


def text_parts(node: Element) -> Iterator[tuple[str, Element]]:
    """The texts below a paragraph or run, with the elements that hold them; line breaks and tabs as characters.

    A text box that hangs on it has paragraphs of its own.
    """
    for part in node.iter(f"{W}t", f"{W}br", f"{W}cr", f"{W}tab", f"{W}noBreakHyphen"):
        if _is_in_box(part, node):
            continue
        if part.tag == f"{W}t":
            yield part.text or "", part
        elif part.tag == f"{W}tab":
            yield "\t" if _is_character(part) else "", part
        else:
            yield "-" if part.tag == f"{W}noBreakHyphen" else "\n", part


def _is_in_box(part: Element, node: Element) -> bool:
    """Whether a text box stands between an element and one around it."""
    between = takewhile(lambda above: above is not node, part.iterancestors())
    return any(above.tag == f"{W}txbxContent" for above in between)


def _is_character(tab: Element) -> bool:
    """Whether a `w:tab` is a character; a tab stop in the paragraph's properties has the same name and is none."""
    parent = tab.getparent()
    return parent is not None and parent.tag == f"{W}r"
