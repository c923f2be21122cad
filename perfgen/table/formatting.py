"""How a Word template is formatted, as far as the table takes it over: alignment, headings, the page."""

from __future__ import annotations

from perfgen.table.model import Align, PageSetup
from perfgen.table.word_xml import Element, W, child, is_on, run_text

_ALIGN: dict[str, Align] = {
    "center": "center", "right": "right", "end": "right", "both": "both", "distribute": "center",
}  # fmt: skip


def is_heading(cell: Element) -> bool:
    """Whether all of a cell's text is bold or in a 黑体 face, as headings of official tables are."""
    runs = [run for run in cell.iter(f"{W}r") if run_text(run).strip()]
    return bool(runs) and all(_is_heavy(child(run, "rPr")) for run in runs)


def _is_heavy(properties: Element | None) -> bool:
    """Whether a run with these properties is bold or in a 黑体 face."""
    faces = child(properties, "rFonts")
    return is_on(properties, "b") or (faces is not None and "黑" in faces.get(f"{W}eastAsia", ""))


def page_setup(section: Element | None) -> PageSetup:
    """The page's size and margins; A4 with Word's own margins where the template is silent."""
    size, margins = child(section, "pgSz"), child(section, "pgMar")

    def twips(element: Element | None, name: str, default: int) -> int:
        return abs(int(element.get(f"{W}{name}", default))) if element is not None else default

    return PageSetup(
        twips(size, "w", 11906), twips(size, "h", 16838), twips(margins, "top", 1440),
        twips(margins, "right", 1800), twips(margins, "bottom", 1440), twips(margins, "left", 1800),
    )  # fmt: skip


def alignment(paragraph: Element) -> Align:
    """How a paragraph is aligned (17.3.1.13); left where its own properties are silent."""
    justify = child(child(paragraph, "pPr"), "jc")
    return _ALIGN.get(justify.get(f"{W}val", ""), "left") if justify is not None else "left"
