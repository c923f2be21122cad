"""Writes the site map and robots.txt, for search engines; both need the whole address of the site.

The site map is that of sitemaps.org 0.9: of more than 50,000 pages it becomes an index with parts.
"""

from __future__ import annotations

from lxml import etree

from perfgen.render.parts.made_files import require_same
from perfgen.report.listing import Listing
from perfgen.report.site_words import SiteWords

FOLDER = "public/"
TARGETS = {"site": "public/sitemap.xml"}
ORDER = 90
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES = ("lxml",)
STYLES: tuple[str, ...] = ()

MOST = 50_000
"""So many addresses one site map may have."""
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MAP, ROBOTS = "sitemap.xml", "robots.txt"
_PREFIXES: dict[str, str] = {None: SPACE[1:-1]}  # type: ignore[dict-item]
_FRAGMENT = "/fragment.html"
"""How the paths of pieces of pages end, which are no pages."""


def outputs(listing: Listing) -> dict[str, str]:
    """The site map, its parts and robots.txt; none of them where nobody said where the site is."""
    if not SiteWords(listing.site).home:
        return {}
    parts = _parts(listing)
    wanted = {MAP: repr(parts[0] if len(parts) == 1 else len(parts)), ROBOTS: ""}
    if len(parts) > 1:
        wanted |= {_part(number): repr(part) for number, part in enumerate(parts)}
    return {FOLDER + path: state for path, state in wanted.items()}


def render(report: Listing) -> bytes:
    """The file that `path` names, as UTF-8."""
    words, name, parts = SiteWords(report.site), report.path.removeprefix(FOLDER), _parts(report)
    if name == ROBOTS:
        return f"User-agent: *\nAllow: /\nSitemap: {words.address(MAP)}\n".encode()
    if name == MAP and len(parts) > 1:
        return _xml("sitemapindex", "sitemap", [(words.address(_part(number)), "") for number in range(len(parts))])
    pages = parts[0 if name == MAP else int(name.removesuffix(".xml").rpartition("-")[2]) - 1]
    return _xml("urlset", "url", [(words.address(path), day) for path, day in pages])


def prove(content: bytes, report: Listing) -> int:
    """Compares the addresses with the pages that were written, and gives their number.

    Raises ProofError where they are not the same.
    """
    words, name = SiteWords(report.site), report.path.removeprefix(FOLDER)
    if name == ROBOTS:
        return require_same(
            report, [("站点地图的地址", words.address(MAP), content.decode().rpartition(" ")[2].strip())]
        )
    there = [element.text for element in etree.fromstring(content).iter(f"{SPACE}loc")]
    parts = _parts(report)
    numbers = [number for number in range(len(parts)) if _part(number) == name] or [0]
    wanted = [words.address(path) for path, _ in parts[numbers[0]]]
    if name == MAP and len(parts) > 1:
        wanted = [words.address(_part(number)) for number in range(len(parts))]
    return require_same(report, [("地址的数目", len(wanted), len(there)), *zip(wanted, wanted, there, strict=False)])


def _parts(listing: Listing) -> list[list[tuple[str, str]]]:
    """The paths of all pages below the public root with the day of publication, in parts that a site map can hold."""
    days = {entry.page: entry.published for entry in listing.entries}
    paths = [path.removeprefix(FOLDER) for path in listing.made if path.endswith(".html")]
    pages = [(path, days.get(path, "")) for path in sorted(paths) if not path.endswith(_FRAGMENT)]
    return [pages[at : at + MOST] for at in range(0, len(pages), MOST)] or [[]]


def _part(number: int) -> str:
    return f"sitemap-{number + 1}.xml"


def _xml(top: str, item: str, pages: list[tuple[str, str]]) -> bytes:
    root = etree.Element(SPACE + top, nsmap=_PREFIXES)
    for address, day in pages:
        one = etree.SubElement(root, SPACE + item)
        etree.SubElement(one, f"{SPACE}loc").text = address
        if day:
            etree.SubElement(one, f"{SPACE}lastmod").text = day
    etree.indent(root, " ")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"
