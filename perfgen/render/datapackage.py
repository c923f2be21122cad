"""Writes the Frictionless Data Package that describes the tables of all years, for programs that read open data.

The words are those of Data Package 1 and Table Schema 1, profile tabular-data-package. It has no date of its own.
"""

from __future__ import annotations

import json
import re
from typing import Any

from perfgen.render.parts import open_tables
from perfgen.render.parts.csv_cells import rows_of
from perfgen.render.parts.made_files import content_of, require_same
from perfgen.report.listing import Listing
from perfgen.report.site_words import SiteWords

PATH = "public/datapackage.json"
TARGETS = {"site": PATH}
ORDER = 10
AFTER = ("year_tables",)
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()

_TABLE = re.compile(rf"public/data/({'|'.join(open_tables.TITLES)})-(.+)\.csv")


def outputs(listing: Listing) -> dict[str, str]:
    """The one file, with the tables that it describes; none where there are no tables."""
    tables = _tables(listing)
    return {PATH: repr([(path, listing.made[path]) for path in tables])} if tables else {}


def render(report: Listing) -> bytes:
    """The description as UTF-8 JSON."""
    return (json.dumps(_package(report), ensure_ascii=False, indent=1) + "\n").encode()


def prove(content: bytes, report: Listing) -> int:
    """Compares each table that is described with the one that was written, and gives the number of columns.

    Raises ProofError for a table or a column that differs, is missing, or should not be there.
    """
    resources = json.loads(content)["resources"]
    paths = [f"public/{one['path']}" for one in resources]
    require_same(report, [("说明的表", _tables(report), paths)])
    count = 0
    for path, one in zip(paths, resources, strict=True):
        heads = rows_of(content_of(report, path))[0]
        said = [field["name"] for field in one["schema"]["fields"]]
        made = report.made[path]
        sides = [
            ("列", heads, said),
            ("大小", made.size, one["bytes"]),
            ("摘要值", f"sha256:{made.sha256}", one["hash"]),
        ]
        count += require_same(report, ((f"{path} 的{name}", wanted, there) for name, wanted, there in sides))
        count += len(heads)
    return count


def _package(listing: Listing) -> dict[str, Any]:
    words = SiteWords(listing.site)
    source = {"title": words.publisher} | ({"path": words.home} if words.home else {})
    return {
        "profile": "tabular-data-package",
        "name": words.domain or "open-data",
        "title": words.name,
        "description": "公开文件的数据，每年三张表；数字和印出来的一样，没有四舍五入。",
        **({"homepage": words.home} if words.home else {}),
        **({"licenses": [words.license]} if "path" in words.license else {}),
        "sources": [source],
        "resources": [_resource(listing, path) for path in _tables(listing)],
    }


def _resource(listing: Listing, path: str) -> dict[str, Any]:
    match = _TABLE.fullmatch(path)
    assert match is not None
    table, year = match.groups()
    made = listing.made[path]
    return {
        "profile": "tabular-data-resource",
        "name": f"{table}-{_plain(year)}",
        "path": path.removeprefix("public/"),
        "title": f"{year}年{open_tables.TITLES[table]}",
        "description": open_tables.DESCRIPTIONS[table],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": made.size,
        "hash": f"sha256:{made.sha256}",
        "schema": {"fields": _fields(listing, path, table), "missingValues": [""]},
    }


def _fields(listing: Listing, path: str, table: str) -> list[dict[str, str]]:
    """The columns that a table has, as it was written."""
    known = {column.name: column for column in open_tables.columns(table)}
    return [
        {"name": column.name, "title": column.name, "type": column.type, "description": column.description}
        for name in rows_of(content_of(listing, path))[0]
        for column in [known.get(name) or open_tables.past_column(table, name)]
    ]


def _tables(listing: Listing) -> list[str]:
    """The paths of the tables, the latest year first."""
    found = [(match[2], match[1], path) for path in listing.made if (match := _TABLE.fullmatch(path))]
    order = list(open_tables.TITLES)
    return [path for _, _, path in sorted(found, key=lambda one: (one[0], -order.index(one[1])), reverse=True)]


def _plain(year: str) -> str:
    """A year as a name of a resource may be: small letters and digits."""
    return re.sub(r"[^a-z0-9]", lambda sign: f"u{ord(sign[0]):x}", year.lower())
