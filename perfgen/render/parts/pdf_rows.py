"""Says where rows stand on a laid-out page, without a name for each in WeasyPrint's styles.

WeasyPrint keeps an element's `id` in its style. Rows with an `id` each share no style, and neither do their cells: a
form has hundreds of styles where it needs some dozens. So the names are taken off before the layout and put back to
the pages after it, as WeasyPrint itself would have.
"""

from __future__ import annotations

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


def take_names(root: Element, styles: Iterable[str]) -> dict[Element, str]:
    """Takes the `id` of each table row out of a page's tree and gives them; none where a style may need them.

    `styles` are the texts of the style sheets that the page may use.
    """
    own = (text for element in root.iter() for text in (element.get("style"), _text_of_style(element)) if text)
    if any(map(_NEEDS_NAMES.search, (*styles, *own))):
        return {}
    return {row: row.attrib.pop("id") for row in root.iter("tr") if row.get("id")}


def _text_of_style(element: Element) -> str | None:
    text: str | None = element.text if element.tag == "style" else None
    return text


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
