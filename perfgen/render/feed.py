"""Writes the Atom feed (RFC 4287) of what was published and corrected last, by the dates in the data.

Identifiers never change: they are tag URIs (RFC 4151) of the site's domain, or UUIDs where it has none.
"""

from __future__ import annotations

import uuid
from urllib.parse import quote

from lxml import etree

from perfgen.display import visible
from perfgen.render.parts.made_files import require_same
from perfgen.report.linked_data import is_year, modified
from perfgen.report.listing import Listing
from perfgen.report.site_words import SiteWords
from perfgen.report.summary import Summary

PATH = "public/feed.xml"
TARGETS = {"site": PATH}
AFTER = ("summary",)
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES = ("lxml",)
STYLES: tuple[str, ...] = ()

MOST = 50
"""So many entries, the newest first."""
ATOM = "{http://www.w3.org/2005/Atom}"
_PREFIXES: dict[str, str] = {None: ATOM[1:-1]}  # type: ignore[dict-item]
_FIRST = "2026"
"""The year since which the feed is called so (RFC 4151, 2.1: a date on which the domain was the site's)."""


def outputs(listing: Listing) -> dict[str, str]:
    """The one file, with all reports that it may tell of; none where nothing is published, as a feed needs a date."""
    known = [(entry.stem, listing.state(entry.stem)) for entry in listing.entries if entry.stem in listing.summaries]
    return {PATH: repr(known)} if known else {}


def render(report: Listing) -> bytes:
    """The feed as UTF-8 XML."""
    words = SiteWords(report.site)
    newest = _newest(report)
    feed = etree.Element(f"{ATOM}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"}, _PREFIXES)
    _add(feed, "id", _identifier(words, "feed.xml", _FIRST))
    _add(feed, "title", words.name)
    _add(feed, "updated", _moment(modified(newest[0])))
    _link(feed, "self", words.address("feed.xml") or "feed.xml", "application/atom+xml")
    _link(feed, "alternate", words.address("index.html") or "index.html", "text/html")
    _author(feed, words.publisher)
    for summary in newest:
        _entry(feed, summary, words)
    etree.indent(feed, " ")
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8")) + b"\n"


def prove(content: bytes, report: Listing) -> int:
    """Compares each entry with its report, and gives the number of entries.

    Raises ProofError for one that differs, is missing, or stands elsewhere.
    """
    newest = _newest(report)
    feed = etree.fromstring(content)
    entries = feed.findall(f"{ATOM}entry")
    updated = feed.findtext(f"{ATOM}updated")
    require_same(report, [("条目数", len(newest), len(entries)), ("更新时间", _moment(modified(newest[0])), updated)])
    for summary, entry in zip(newest, entries, strict=True):
        said = {name: entry.findtext(f"{ATOM}{name}") for name in ("title", "updated", "published")}
        require_same(
            report,
            [
                ("条目的标题", _readable(summary.heading), said["title"]),
                ("条目的更新时间", _moment(modified(summary)), said["updated"]),
                ("条目的公开时间", _moment(summary.published), said["published"]),
            ],
        )
    return len(newest)


def _newest(listing: Listing) -> list[Summary]:
    """The reports that were published or corrected last, the newest first."""
    known = [listing.summary(entry.stem) for entry in listing.entries if entry.stem in listing.summaries]
    return sorted(sorted(known, key=lambda one: one.stem), key=modified, reverse=True)[:MOST]


def _entry(feed: etree._Element, summary: Summary, words: SiteWords) -> None:
    entry = etree.SubElement(feed, f"{ATOM}entry")
    path = summary.page
    _add(entry, "id", _identifier(words, summary.stem, summary.stem.partition("/")[0]))
    _add(entry, "title", summary.heading)
    _add(entry, "updated", _moment(modified(summary)))
    _add(entry, "published", _moment(summary.published))
    _link(entry, "alternate", words.address(path) or quote(path), "text/html")
    _author(entry, summary.unit)
    etree.SubElement(entry, f"{ATOM}category", {"term": _readable(summary.title)})
    _add(entry, "summary", _told(summary))


def _told(summary: Summary) -> str:
    """What is new, in sentences."""
    corrections = summary.corrections
    told = [f"{summary.approved} 批复，{summary.published} 公开。"]
    told += [f"{one.day} 更正{one.place}：{one.reason}" for one in corrections]
    return "".join(told)


def _moment(day: str) -> str:
    """The beginning of a day in China (RFC 3339)."""
    return f"{day}T00:00:00+08:00"


def _identifier(words: SiteWords, name: str, year: str) -> str:
    if not words.domain or not is_year(year):
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{words.domain or words.name}/{name}").urn
    return f"tag:{words.domain},{year}:{quote(name)}"


def _readable(text: str) -> str:
    """A text that XML can hold (XML 1.0, 2.2)."""
    return visible(text)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{ATOM}{name}").text = _readable(text)


def _link(parent: etree._Element, relation: str, address: str, media: str) -> None:
    etree.SubElement(parent, f"{ATOM}link", {"rel": relation, "type": media, "href": address})


def _author(parent: etree._Element, name: str) -> None:
    _add(etree.SubElement(parent, f"{ATOM}author"), "name", name)
