"""Says where rows stand on a laid-out page, without a name for each in WeasyPrint's styles.

WeasyPrint keeps an element's `id` in its style. Rows with an `id` each share no style, and neither do their cells: a
form has hundreds of styles where it needs some dozens. So the names are taken off before the layout and put back to
the pages after it, as WeasyPrint itself would have.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from perfgen.render.parts.pdf_layout import LaidOutPage

Element: TypeAlias = Any
Box: TypeAlias = Any
"""Neither WeasyPrint's boxes nor its documents have types."""

_NEEDS_NAMES = re.compile(r"#row|\[|transform|attr\(|target-", re.IGNORECASE)
"""What a style says where it may look at the name of a row, or move what has one."""


def take_names(root: Element, sheets: Mapping[str, str]) -> dict[Element, str]:
    """Takes the `id` of each table row out of a page's tree and gives them; none where a style may need them.

    `sheets` are the texts of the style sheets that the page can ask for, by path.
    """
    own = (text for element in root.iter() for text in (element.get("style"), _text_of_style(element)) if text)
    if any(map(_NEEDS_NAMES.search, (*asked_for(root, sheets), *own))):
        return {}
    return {row: row.attrib.pop("id") for row in root.iter("tr") if row.get("id")}


def _text_of_style(element: Element) -> str | None:
    text: str | None = element.text if element.tag == "style" else None
    return text


def asked_for(root: Element, sheets: Mapping[str, str]) -> list[str]:
    """The texts of the style sheets that a page links; all where one of them, or the page itself, brings in another."""
    names = {posixpath.basename(link.get("href", "")) for link in root.iter("link")}
    linked = [text for path, text in sheets.items() if posixpath.basename(path) in names]
    own = [element.text or "" for element in root.iter("style")]
    return list(sheets.values()) if any("@import" in text.lower() for text in (*linked, *own)) else linked


def put_names(pages: Iterable[LaidOutPage], names: Mapping[Element, str]) -> None:
    """Adds the places of rows to the anchors of laid-out pages."""
    if not names:
        return
    for page in pages:
        for row in _rows(page._page_box):
            if name := names.get(row.element):
                left, top, width, height = row.hit_area()
                page.anchors.setdefault(name, (left, top, left + width, top + height))


def _rows(box: Box) -> Iterator[Box]:
    """The rows of tables below a box; not those of tables in their cells."""
    from weasyprint.formatting_structure.boxes import TableRowBox

    for child in box.children:
        if isinstance(child, TableRowBox):
            yield child
        elif hasattr(child, "children"):
            yield from _rows(child)
