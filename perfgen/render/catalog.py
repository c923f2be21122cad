"""Writes the catalogue of everything that is public as JSON-LD, in the words of DCAT 3, for data portals.

Addresses are whole where the settings say where the site is, otherwise relative to the catalogue.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from perfgen.render.parts import open_tables
from perfgen.render.parts.made_files import require_same
from perfgen.report import linked_data
from perfgen.report.listing import Entry, Listing
from perfgen.report.site_words import SiteWords

PATH = "public/catalog.jsonld"
TARGETS = {"site": PATH}
ORDER = 20
AFTER = ("data_csv", "data_json", "year_tables")
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "title": {"@id": "dct:title", "@language": "zh-CN"},
    "name": "foaf:name",
    "homepage": {"@id": "foaf:homepage", "@type": "@id"},
    "license": {"@id": "dct:license", "@type": "@id"},
    "creator": "dct:creator",
    "publisher": "dct:publisher",
    "issued": {"@id": "dct:issued", "@type": "xsd:date"},
    "temporal": "dct:temporal",
    "startDate": {"@id": "dcat:startDate", "@type": "xsd:date"},
    "endDate": {"@id": "dcat:endDate", "@type": "xsd:date"},
    "dataset": "dcat:dataset",
    "landingPage": {"@id": "dcat:landingPage", "@type": "@id"},
    "distribution": "dcat:distribution",
    "downloadURL": {"@id": "dcat:downloadURL", "@type": "@id"},
    "mediaType": {"@id": "dcat:mediaType", "@type": "@id"},
    "byteSize": {"@id": "dcat:byteSize", "@type": "xsd:nonNegativeInteger"},
}
"""The short names of the catalogue; no processor has to fetch a context."""
_MEDIA = "https://www.iana.org/assignments/media-types/"


def outputs(listing: Listing) -> dict[str, str]:
    """The one file, with what it lists; none where nothing is public."""
    files = [path for entry in listing.entries for path, _ in _files(listing, entry)]
    made = [(path, listing.made[path]) for path in (*files, *(path for _, path in _tables(listing)))]
    return {PATH: repr((listing.entries, made))} if listing.entries else {}


def render(report: Listing) -> bytes:
    """The catalogue as UTF-8 JSON."""
    words = SiteWords(report.site)
    base = {"@base": words.home} if words.home else {}
    content = {
        "@context": base | _CONTEXT,
        "@type": "dcat:Catalog",
        "@id": "catalog.jsonld",
        "title": words.name,
        "publisher": _agent(words.publisher),
        **({"homepage": words.home} if words.home else {}),
        **_license(words),
        "dataset": [*_years(report), *(_dataset(report, entry) for entry in report.entries)],
    }
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def prove(content: bytes, report: Listing) -> int:
    """Compares what is listed with the published reports and what was written; gives the number of files.

    Raises ProofError for one that differs, is missing, or should not be there.
    """
    listed = json.loads(content)["dataset"]
    pages = [entry.page for entry in report.entries]
    there = [unquote(one["landingPage"]) for one in listed if "landingPage" in one]
    files = {unquote(each["downloadURL"]): each["byteSize"] for one in listed for each in one["distribution"]}
    tables = [path for _, path in _tables(report)]
    wanted = [*tables, *(path for entry in report.entries for path, _ in _files(report, entry))]
    made = {path.removeprefix("public/"): report.made[path].size for path in wanted}
    require_same(report, [("列出的网页", pages, there), ("列出的文件", sorted(made), sorted(files))])
    return require_same(report, ((path, size, files[path]) for path, size in made.items()))


def _years(listing: Listing) -> list[dict[str, Any]]:
    """The tables of each year, as one dataset for each."""
    years: dict[str, list[str]] = {}
    for year, path in _tables(listing):
        years.setdefault(year, []).append(path)
    return [
        {
            "@type": "dcat:Dataset",
            "@id": _address(f"data/{year}"),
            "title": f"{year}年全部公开文件的数据",
            **_period(year),
            "distribution": [_distribution(listing, path, "text/csv") for path in paths],
        }
        for year, paths in years.items()
    ]


def _dataset(listing: Listing, entry: Entry) -> dict[str, Any]:
    page = _address(entry.page)
    return {
        "@type": "dcat:Dataset",
        "@id": page,
        "landingPage": page,
        "title": f"{entry.unit}{entry.year}年{entry.form} {entry.subject}".strip(),
        "creator": _agent(entry.unit),
        "issued": entry.published,
        **_period(entry.year),
        "distribution": [_distribution(listing, *file) for file in _files(listing, entry)],
    }


def _distribution(listing: Listing, path: str, media: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "downloadURL": _address(path.removeprefix("public/")),
        "mediaType": _MEDIA + media,
        "byteSize": listing.made[path].size,
    }


def _files(listing: Listing, entry: Entry) -> list[tuple[str, str]]:
    """The data of a report that were written, with their media types."""
    name = entry.stem.rpartition("/")[2]
    listed = [(f"public/{entry.stem}/data.json", "application/json"), (f"public/{entry.stem}/{name}.csv", "text/csv")]
    return [(path, media) for path, media in listed if path in listing.made]


def _tables(listing: Listing) -> list[tuple[str, str]]:
    """The tables of years that were written, each with its year."""
    years = dict.fromkeys(entry.stem.partition("/")[0] for entry in listing.entries)
    paths = [(year, open_tables.path_of(table, year)) for year in years for table in open_tables.TITLES]
    return [(year, path) for year, path in paths if path in listing.made]


def _address(path: str) -> str:
    """A path as an IRI: letters of all scripts stay, what has a meaning in an address does not."""
    return "".join(sign if ord(sign) > 0xA0 else quote(sign) for sign in path)


def _agent(name: str) -> dict[str, str]:
    return {"@type": "foaf:Agent", "name": name}


def _license(words: SiteWords) -> dict[str, Any]:
    return {"license": words.license["path"]} if words.license.get("path") else {}


def _period(year: str) -> dict[str, Any]:
    """The days that a year has; none where it is no plain year."""
    if not linked_data.is_year(year):
        return {}
    return {"temporal": {"@type": "dct:PeriodOfTime", "startDate": f"{year}-01-01", "endDate": f"{year}-12-31"}}
