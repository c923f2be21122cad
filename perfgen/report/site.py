"""The site's settings: its names, and when each year's documents were approved and published.

Without both dates a unit's year has no public output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfgen.check.checks.schema import check_against
from perfgen.findings import DataError
from perfgen.form.forms import SCHEMA_SUFFIX, SITE, load_schema
from perfgen.project import DATA, SCHEMA_FOLDER
from perfgen.source import reader
from perfgen.source.reader import Document

FILE = Path(DATA) / "site.yaml"
DATES = "公开"
EXCEPTIONS = "单位"
APPROVED, PUBLISHED = "批复日期", "公开日期"


@dataclass(frozen=True)
class Publication:
    """When a unit's year was approved and published, as ISO dates."""

    approved: str
    published: str


@dataclass(frozen=True)
class Site:
    """The settings of a site; an absent file means no settings and nothing public."""

    settings: Mapping[str, Any]

    def publication(self, year: str, unit: str) -> Publication | None:
        """The dates of a unit's year: its own where given, else the year's; None without both."""
        of_year = self.settings.get(DATES, {}).get(year, {})
        own = of_year.get(EXCEPTIONS, {}).get(unit, {})
        approved, published = (own.get(name) or of_year.get(name) for name in (APPROVED, PUBLISHED))
        return Publication(approved, published) if approved and published else None

    def publishing(self, year: str) -> Site:
        """The same settings with dates for a year, whatever was set for it."""
        dates = {year: {APPROVED: f"{year}-01-20", PUBLISHED: f"{year}-02-10"}}
        return Site({**self.settings, DATES: dates})


def load_site(root: Path) -> Site:
    """The site's settings.

    Raises DataError when the file is there and wrong.
    """
    path = root / FILE
    if not path.exists():
        return Site({})
    document: Document = reader.load_yaml(path.read_bytes(), FILE.as_posix())
    schema_path = root / SCHEMA_FOLDER / f"{SITE}{SCHEMA_SUFFIX}"
    if schema_path.exists() and (findings := list(check_against(document, load_schema(schema_path, root)))):
        raise DataError(findings)
    return Site(document.data)
