"""The names of a site that can be searched, how they are spelt, and which page each leads to, as a script for pages.

A script that assigns one array, because a page that is opened from a disk may load nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from perfgen.report import site_lists, spelling
from perfgen.report.listing import Listing
from perfgen.report.shared_measures import SharedMeasure, shared_measures

UNIT, SUBJECT, FORM, MEASURE = range(4)
"""What a name is of."""
GLOBAL = "perfgenNames"
"""The array that the script assigns."""
_DIGITS = 8


class Found(NamedTuple):
    """A name and where it leads."""

    kind: int
    name: str
    note: str
    """What tells it from others of the same name: the unit of a subject, the latest year of a form."""
    page: str
    """Below the public root."""


def search_names(listing: Listing) -> tuple[Found, ...]:
    """All names, each once: of units, subjects, forms and shared rows."""
    return listing.once(_names)


def _names(listing: Listing) -> tuple[Found, ...]:
    found = [*_units(listing), *_subjects(listing), *_forms(listing), *_measures(shared_measures(listing))]
    return tuple(dict.fromkeys(found))


def _units(listing: Listing) -> Iterator[Found]:
    """Each unit under the names that it published under."""
    for unit, of_years in site_lists.by_unit(listing).items():
        yield Found(UNIT, unit, "", _page_of(of_years[0][1]))


def _page_of(unit: site_lists.UnitEntries) -> str:
    """The page about a unit; of one whose name is no file's, its latest report."""
    return unit.page or unit.entries[0].page


def _subjects(listing: Listing) -> Iterator[Found]:
    """Each subject with its latest report."""
    seen = set()
    for unit, of_years in site_lists.by_unit(listing).items():
        for _, of_year in of_years:
            for entry in of_year.others:
                if (unit, entry.subject) not in seen:
                    seen.add((unit, entry.subject))
                    yield Found(SUBJECT, entry.subject, unit, entry.page)


def _forms(listing: Listing) -> Iterator[Found]:
    """Each form with the list of its latest year."""
    seen = set()
    for year in site_lists.years(listing):
        for title, _ in year.forms:
            if title not in seen:
                seen.add(title)
                yield Found(FORM, title, f"{year.year}", year.pages[0].path)


def _measures(measures: tuple[SharedMeasure, ...]) -> Iterator[Found]:
    yield from (Found(MEASURE, measure.name, "", measure.page) for measure in measures)


def path(listing: Listing) -> str:
    """Where the script lies below the public root: its name changes with the names and with how they are spelt."""
    return listing.once(_path)


def _path(listing: Listing) -> str:
    made_of = json.dumps([spelling.version(), *search_names(listing)], ensure_ascii=False)
    digest = hashlib.sha256(made_of.encode("utf-8", "surrogatepass")).hexdigest()
    return f"assets/search-data.{digest[:_DIGITS]}.js"


def script(listing: Listing) -> str:
    """The script: of each name its kind, itself, its note, its page, and its syllables."""
    rows = [[*one, _spelt(one.name)] for one in search_names(listing)]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f"window.{GLOBAL}=[\n{lines}\n];\n"


def _spelt(name: str) -> str:
    """The syllables of a name, the readings of one with strokes between them."""
    return " ".join("/".join(readings) for readings in spelling.syllables(name))


def rows_of(script_text: str) -> list[list[object]]:
    """The rows of a script. Raises ValueError for a text that is none."""
    body = script_text.removeprefix(f"window.{GLOBAL}=").removesuffix(";\n")
    rows = json.loads(body)
    if not isinstance(rows, list) or script_text != f"window.{GLOBAL}={body};\n":
        raise ValueError("no search data")
    return rows
