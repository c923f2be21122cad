"""Reads a page that is XML as well as HTML with the parser for XML, which is much faster.

It does so only where both would give the same tree: elements that are covered, each where HTML lets it stand, all of
them closed. Any other page is left to WeasyPrint's parser of HTML (whatwg.org, HTML, 13.2.6).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_INLINE = frozenset({"span", "b", "strong", "em", "i", "br"})
_BLOCKS = frozenset({"div", "p", "h1", "h2", "h3", "table"})
_NONE: frozenset[str] = frozenset()
_CHILDREN = {
    "html": frozenset({"head", "body"}),
    "head": frozenset({"title", "meta", "link", "style"}),
    "table": frozenset({"caption", "colgroup", "thead", "tbody"}),
    "colgroup": frozenset({"col"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
    **dict.fromkeys(("body", "div"), _BLOCKS),
    **dict.fromkeys(("td", "th"), _BLOCKS | _INLINE),
    **dict.fromkeys(("p", "h1", "h2", "h3", "caption", "span", "b", "strong", "em", "i"), _INLINE),
    **dict.fromkeys(("title", "meta", "link", "style", "br", "col"), _NONE),
}
"""By element, what may stand in it, so that HTML moves nothing and closes nothing by itself."""
_WITHOUT_TEXT = frozenset({"html", "head", "table", "colgroup", "thead", "tbody", "tr"})
_MEANS_ANOTHER = re.compile(
    r"<[!?](?!DOCTYPE html>)"  # comments, entities, CDATA, instructions
    r"|<(?!(?:meta|link|br|col)\b)\w+[^<>]*/>"  # closed in XML, open in HTML
    r"|&(?!(?:amp|lt|gt|quot|#34|#39);)"
    r"|<style[^>]*>[^<]*&"
)
"""What means one thing in XML and another in HTML."""


def tree_of(page: str) -> ET.Element | None:
    """The tree of a page; None where only the parser of HTML can tell."""
    if _MEANS_ANOTHER.search(page):
        return None
    try:
        root = ET.fromstring(page)  # noqa: S314 - a page with entities of its own does not come here
    except ET.ParseError:
        return None
    is_whole = [child.tag for child in root] == ["head", "body"]
    return root if root.tag == "html" and is_whole and all(map(_stands_well, root.iter())) else None


def _stands_well(element: ET.Element) -> bool:
    """Whether HTML would leave what is in an element where it is."""
    allowed = _CHILDREN.get(element.tag)
    if allowed is None or not allowed.issuperset(child.tag for child in element):
        return False
    if element.tag in _WITHOUT_TEXT:
        texts = [element.text, *(child.tail for child in element)]
        return not any(text and text.strip() for text in texts)
    return True
