"""Which text of a Word document is hidden: `w:vanish` of the run, or of its styles (ECMA-376 Part 1, 17.3.2.41)."""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Iterator

from perfgen.table.tags import without_hidden
from perfgen.table.word_xml import Element, W, child, is_on, parse_xml, text_parts

_VANISH = "vanish"


class HiddenText:
    """Knows the styles of one document, and by them which of its runs are not shown."""

    def __init__(self, styles: Element | None) -> None:
        """Takes the root of the styles part, None where the document has none."""
        known = styles.findall(f"{W}style") if styles is not None else []
        self.styles = {style.get(f"{W}styleId", ""): style for style in known}
        self.defaults = {
            style.get(f"{W}type", ""): style.get(f"{W}styleId", "")
            for style in known
            if style.get(f"{W}default", "0") in ("1", "true", "on")
        }
        of_all = child(child(styles, "docDefaults"), "rPrDefault")
        self.by_default = is_on(child(of_all, "rPr"), _VANISH)
        self.of_style = functools.lru_cache(maxsize=None)(self._of_style)

    def holds(self, run: Element) -> bool:
        """Whether a run is hidden: its own property decides, otherwise its styles do together (17.7.3)."""
        properties = child(run, "rPr")
        if child(properties, _VANISH) is not None:
            return is_on(properties, _VANISH)
        if self.by_default:
            return True
        # a toggle that two of the styles set is off again
        return sum(self.of_style(name) for name in self._styles_of(run, properties)) % 2 == 1

    def without(self, paragraph: Element) -> str:
        """The text of a template's paragraph without what is hidden. Raises TagError for a hidden tag that prints."""
        parts = list(text_parts(paragraph))
        hidden = [self._is_in_hidden_run(part) for text, part in parts for _ in text]
        return without_hidden("".join(text for text, _ in parts), hidden)

    def _is_in_hidden_run(self, part: Element) -> bool:
        run = next(part.iterancestors(f"{W}r"), None)
        return run is not None and self.holds(run)

    def _styles_of(self, run: Element, properties: Element | None) -> Iterator[str]:
        """The character, paragraph and table style of a run."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        table = next(run.iterancestors(f"{W}tbl"), None)
        for kind, parent, name in (
            ("character", properties, "rStyle"),
            ("paragraph", child(paragraph, "pPr"), "pStyle"),
            ("table", child(table, "tblPr"), "tblStyle"),
        ):
            named = child(parent, name)
            yield named.get(f"{W}val", "") if named is not None else self.defaults.get(kind, "")

    def _of_style(self, name: str) -> bool:
        """Whether a style hides text: the nearest of it and those it is based on that says so decides."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            properties = child(style, "rPr")
            if child(properties, _VANISH) is not None:
                return is_on(properties, _VANISH)
            base = child(style, "basedOn")
            name = base.get(f"{W}val", "") if base is not None else ""
        return False


def styles_of(package: zipfile.ZipFile) -> Element | None:
    """The root of a document's styles, found by the relation that points at them; None where there are none.

    Raises KeyError where the relation points at nothing, XMLSyntaxError for what is no XML.
    """
    links = "word/_rels/document.xml.rels"
    for link in parse_xml(package.read(links)) if links in package.namelist() else ():
        if link.get("Type", "").endswith("/relationships/styles"):
            target = link.get("Target", "")
            return parse_xml(package.read(target.lstrip("/") if target.startswith("/") else f"word/{target}"))
    return None
