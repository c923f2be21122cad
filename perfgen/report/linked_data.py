"""Describes a published file as a schema.org Dataset with the words of DCAT 3, for search engines and data portals.

Addresses are whole where the settings say where the site is; otherwise they are relative to the file's own folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from perfgen.report.site_words import SiteWords

if TYPE_CHECKING:
    from perfgen.report.summary import Summary

ELEMENT = "data-described"
"""The attribute of the element of a page that holds the description."""
CONTEXT = ["https://schema.org/", {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def dataset(summary: Summary, words: SiteWords) -> dict[str, Any]:
    """The description as JSON-LD: what it is, whose, of when, what it measures, and where its data lie."""
    page = words.address(summary.page)
    return _without_empty(
        {
            "@context": CONTEXT,
            "@type": ["Dataset", "dcat:Dataset"],
            "@id": page,
            "url": page,
            "name": summary.heading,
            "description": _description(summary),
            "inLanguage": "zh-CN",
            "keywords": [summary.title, summary.unit, f"{summary.year}年"],
            "isAccessibleForFree": True,
            "license": words.license.get("path", ""),
            "creator": _body(summary.unit),
            "publisher": _body(words.publisher),
            "datePublished": summary.published,
            "dateModified": modified(summary),
            "temporalCoverage": f"{summary.year}-01-01/{summary.year}-12-31" if is_year(summary.year) else "",
            "includedInDataCatalog": {"@type": "DataCatalog", "name": words.name} | _only(url=words.home),
            "distribution": [_distribution(summary, words, *one) for one in files(summary)],
            "variableMeasured": [_variable(*one) for one in variables(summary)],
        }
    )


def files(summary: Summary) -> list[tuple[str, str, str]]:
    """The data files and documents beside a page: name, what it is, media type."""
    name = summary.name
    data = [("data.json", "JSON", "application/json"), (f"{name}.csv", "CSV", "text/csv")]
    pdf = [(f"{name}.pdf", "PDF", "application/pdf")] if summary.has_pdf else []
    return [*data, (f"{name}.docx", "Word", WORD), *pdf]


def variables(summary: Summary) -> list[tuple[str, str, str]]:
    """What a file measures: the large sums of money, then the rows with a target value; each name, value, path."""
    sums = [(amount.label, f"{amount.value}{amount.unit}", amount.path) for amount in summary.amounts]
    return [*sums, *((row.name, row.value, row.path) for row in summary.measures if row.value)]


def modified(summary: Summary) -> str:
    """The day of the last correction, else that of publication, as an ISO date."""
    days = [one.day for one in summary.corrections]
    return max([summary.published, *days])


def is_year(year: str) -> bool:
    """Whether a year is one of the calendar, as dates have it."""
    return len(year) == 4 and year.isascii() and year.isdigit()


def _description(summary: Summary) -> str:
    said = f"{summary.heading}，{summary.approved} 批复，{summary.published} 公开"
    counted = [f"{len(summary.measures)} 项有要求值的内容"] if summary.measures else []
    return "，".join([said, *(f"{one.label} {one.value} {one.unit}" for one in summary.amounts), *counted]) + "。"


def _body(name: str) -> dict[str, str]:
    return {"@type": "GovernmentOrganization", "name": name}


def _distribution(summary: Summary, words: SiteWords, name: str, label: str, media: str) -> dict[str, Any]:
    whole = words.address(f"{summary.stem}/{name}")
    return {
        "@type": ["DataDownload", "dcat:Distribution"],
        "name": label,
        "encodingFormat": media,
        "contentUrl": whole or quote(name),
    }


def _variable(name: str, value: str, _: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "name": name, "value": value}


def _only(**named: str) -> dict[str, str]:
    return {name: value for name, value in named.items() if value}


def _without_empty(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if value not in ("", [], {})}
