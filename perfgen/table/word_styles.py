"""The properties of a run as its styles give them (ECMA-376 Part 1, sections 17.7.2 and 17.7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from perfgen.table.word_xml import Element, W, attributes_of, child, properties_of, says_on

Properties = Mapping[str, Element]
"""Properties by their names, without the namespace where it is Word's own."""

_LONGEST_CHAIN = 50
_MOST_SHADES = 500


@dataclass(frozen=True, eq=False)
class RunProperties:
    """A run's own properties, those of its styles, and those of the whole document."""

    direct: Properties
    levels: Sequence[Properties]
    """Those of its character, paragraph and table style, with what each inherits."""
    document: Properties
    paragraph_style: str
    table_style: str

    @property
    def above(self) -> tuple[Properties, ...]:
        """The run's own properties and those of its styles, the nearest first."""
        return (self.direct, *self.levels)

    def toggle(self, name: str) -> bool:
        """Whether a property is on that turns over with each level of styles that has it (17.7.3)."""
        if name in self.direct:
            return says_on(self.direct[name])
        if name in self.document and says_on(self.document[name]):
            return True
        return sum(says_on(level[name]) for level in self.levels if name in level) % 2 == 1

    def flag(self, name: str) -> bool:
        """Whether a property is on at the nearest level that has it."""
        element = self.nearest(name)
        return element is not None and says_on(element)

    def value(self, name: str) -> str:
        """A property's value, of the nearest level that has it; empty where none has."""
        element = self.nearest(name)
        return element.get(f"{W}val", "") if element is not None else ""

    def nearest(self, name: str) -> Element | None:
        """A property of the nearest level that has it; None where none has."""
        return next((level[name] for level in (*self.above, self.document) if name in level), None)


class StyleSheet:
    """The styles of one document."""

    def __init__(self, part: Element | None) -> None:
        """Takes the root of the styles part, None where the document has none."""
        styles = part.iter(f"{W}style") if part is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in styles}
        self._defaults = {
            style.get(f"{W}type", ""): name for name, style in self._styles.items()
            if style.get(f"{W}default", "0") in ("1", "true", "on")
        }  # fmt: skip
        self._document = by_name(child(child(child(part, "docDefaults"), "rPrDefault"), "rPr"))
        self._levels: dict[str, Properties] = {}
        self._shades: dict[str, list[Element]] = {}
        self._spacings: dict[str, Mapping[str, str]] = {}
        self._runs: dict[tuple[object, ...], RunProperties] = {}
        """What was resolved before, by styles and properties."""

    def run(self, properties: Element | None, paragraph: Element | None, table: Element | None) -> RunProperties:
        """The properties of a run with a `w:rPr`, in a paragraph (`w:p`) of a table (`w:tbl`)."""
        styles = (
            self.named(child(properties, "rStyle"), "character"),
            self.named(child(properties_of(paragraph, "pPr"), "pStyle"), "paragraph"),
            self.named(child(properties_of(table, "tblPr"), "tblStyle"), "table"),
        )
        key = (*styles, *_written(properties))
        if key not in self._runs:
            levels = [self._level(name) for name in styles]
            self._runs[key] = RunProperties(by_name(properties), levels, self._document, styles[1], styles[2])
        return self._runs[key]

    def named(self, element: Element | None, kind: str) -> str:
        """The style that a property names, or the document's usual one of the kind."""
        return element.get(f"{W}val", "") if element is not None else self._defaults.get(kind, "")

    def chain(self, name: str) -> Iterator[Element]:
        """A style and those it is based on, the nearest first; a circle ends."""
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            base = child(style, "basedOn")
            name = base.get(f"{W}val", "") if base is not None else ""

    def shades(self, name: str) -> list[Element]:
        """The shades (`w:shd`) that a table's style has anywhere, those that say the same once."""
        if name not in self._shades:
            every = (shade for style in self.chain(name) for shade in style.iter(f"{W}shd"))
            distinct = {tuple(shade.attrib.items()): shade for shade in islice(every, _MOST_SHADES)}
            self._shades[name] = list(distinct.values())
        return self._shades[name]

    def spacing(self, name: str) -> Mapping[str, str]:
        """The attributes of a paragraph style's `w:spacing`, each of the nearest of its styles that has it."""
        if name not in self._spacings:
            levels = [child(properties_of(style, "pPr"), "spacing") for style in self.chain(name)]
            self._spacings[name] = {
                key: value for level in reversed(levels) for key, value in attributes_of(level).items()
            }
        return self._spacings[name]

    def _level(self, name: str) -> Properties:
        """A style's properties of runs, with those it inherits."""
        if name not in self._levels:
            gathered: dict[str, Element] = {}
            for style in self.chain(name):
                gathered = {**by_name(child(style, "rPr")), **_of_whole_table(style), **gathered}
            self._levels[name] = gathered
        return self._levels[name]


def _of_whole_table(style: Element) -> dict[str, Element]:
    """The properties of runs that a table's style has for all its cells as a condition (17.18.89)."""
    parts = (part for part in style.iterchildren(f"{W}tblStylePr") if part.get(f"{W}type") == "wholeTable")
    return by_name(child(next(parts, None), "rPr"))


def by_name(parent: Element | None) -> dict[str, Element]:
    """The properties below a `w:rPr`."""
    children = parent if parent is not None else ()
    return {str(child.tag).removeprefix(W): child for child in children if isinstance(child.tag, str)}


def _written(properties: Element | None) -> Iterator[object]:
    """All that is written below a `w:rPr`, so that runs that say the same are one."""
    for part in properties.iterdescendants() if properties is not None else ():
        yield part.tag
        yield tuple(part.attrib.items())
