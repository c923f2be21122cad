"""WeasyPrint's own base style sheet, cut down to the rules for the elements that a form's page has.

The whole sheet gives each element five pseudo-elements (marks of lists, footnotes and notes), whose styles cost as much
as those of the elements. The rules that stay are taken from WeasyPrint's sheet as they are there, so that what a page
looks like does not depend on which of the two was used.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

StyleSheet: TypeAlias = Any
Element: TypeAlias = Any
Rule: TypeAlias = Any
Token: TypeAlias = Any
"""Neither WeasyPrint's style sheets nor its documents have types, nor have tinycss2's tokens."""

_COVERED = frozenset(
    ["html", "head", "title", "meta", "link", "style", "body", "div", "h1", "h2", "h3", "p", "span", "b", "strong",
     "em", "i", "br", "table", "caption", "colgroup", "col", "thead", "tbody", "tr", "td", "th"]
)  # fmt: skip
_OWN_ATTRIBUTES = frozenset(("hidden", "dir", "rules", "frame"))
"""Attributes that WeasyPrint's sheet has rules for."""
_NEEDS_WHOLE = re.compile(r"list-item|note|marker|element\(", re.IGNORECASE)
"""What a style says where it needs the marks of lists, footnotes or notes."""


def is_plain(root: Element, styles: Iterable[str]) -> bool:
    """Whether a page looks the same with the short sheet: it has elements that are covered, and no marks or notes.

    `styles` are the style sheets that it may use; one that is linked by another kind of name is not among them.
    """
    texts = list(styles)
    for element in root.iter():
        if element.tag not in _COVERED or not _OWN_ATTRIBUTES.isdisjoint(element.attrib):
            return False
        if element.tag == "link" and not element.attrib.get("href", "").endswith(".css"):
            return False
        texts.append(element.attrib.get("style", ""))
        if element.tag == "style":
            texts.append(element.text or "")
    return not any(map(_NEEDS_WHOLE.search, texts))


@functools.cache
def short_sheet() -> StyleSheet:
    """The rules of WeasyPrint's sheet for the covered elements, read once a process."""
    from weasyprint import CSS
    from weasyprint.html import UA, UA_COUNTER_STYLE

    return CSS(string=shortened(UA), counter_style=UA_COUNTER_STYLE.copy())


def shortened(sheet: str) -> str:
    """A style sheet with the rules of pages, and those for covered elements whatever stands around them."""
    import tinycss2

    kept = map(_kept, tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))
    return "\n".join(filter(None, kept))


def _kept(rule: Rule) -> str:
    """What stays of a rule; nothing of most."""
    if rule.type == "qualified-rule":
        selectors = [selector for selector in _selectors(rule.prelude) if _names_covered(selector)]
        content = "".join(token.serialize() for token in rule.content)
        return f"{', '.join(selectors)} {{{content}}}" if selectors else ""
    is_of_pages = rule.type == "at-rule" and rule.lower_at_keyword == "page"
    return str(rule.serialize()) if is_of_pages else ""


def _selectors(prelude: Iterable[Token]) -> list[str]:
    """The selectors of a rule; a comma inside brackets parts none."""
    parts: list[str] = [""]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append("")
        else:
            parts[-1] += token.serialize()
    return [part.strip() for part in parts]


def _names_covered(selector: str) -> bool:
    """Whether a selector is the name of a covered element, with `::before` or not."""
    return selector.removesuffix("::before") in _COVERED
