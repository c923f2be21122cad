"""The public site hangs together: every address in it leads to something in it, and nothing leads out by accident."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from perfgen.report import site as settings
from tests.helpers.browsing import nu_checker
from tests.helpers.projects import REPOSITORY, snapshot
from tests.helpers.whole_site import Site

ADDRESSES = {"href", "src", "srcset", "poster", "data", "action", "formaction", "cite", "ping", "data-names"}
HERE = "http://here.invalid/a/"
"""Where the site stands, for joining addresses: below a path, so that one from the root leads out."""
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Read(HTMLParser):
    """The addresses in a page, and the places in it that an address may name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.places: list[str] = []
        self.feed(text)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ADDRESSES and value is not None:
                self.addresses.append(value)
            if name == "id":
                self.places.append(value or "")


@pytest.fixture(scope="module")
def read(whole_site: Site) -> dict[str, Read]:
    """All pages by their path below the public root."""
    return {
        page.relative_to(whole_site.public).as_posix(): Read(page.read_text("utf-8")) for page in whole_site.pages()
    }


@pytest.fixture(scope="module")
def own_address() -> str:
    """Where the settings say that the site stands."""
    address = settings.load_site(snapshot(REPOSITORY)).address("index.html")
    assert address.startswith("https://")
    return address.removesuffix("index.html")


def led_to(page: str, address: str) -> tuple[str, str]:
    """The path below the public root that an address on a page leads to, with the place; one that leads out fails."""
    found = urlsplit(urljoin(HERE + quote(page), address))
    assert f"{found.scheme}://{found.netloc}{found.path}".startswith(HERE), f"{page} leads out: {address}"
    return unquote(found.path.removeprefix("/a/")), unquote(found.fragment)


def test_every_address_on_every_page_leads_to_a_file_and_a_place_in_it(whole_site, read):
    count, dead = 0, []
    for page, content in read.items():
        for address in content.addresses:
            if re.match(r"(https?:)?//|data:", address):
                continue
            path, place = led_to(page, address)
            count += 1
            is_placed = not place or path not in read or place in read[path].places
            if not (whole_site.public / path).is_file() or not is_placed:
                dead.append((page, address))
    assert dead == [] and count > 1000


def test_no_place_has_the_name_of_another_on_its_page(read):
    twice = {page: len(content.places) - len(set(content.places)) for page, content in read.items()}
    assert not any(twice.values()), [page for page, number in twice.items() if number]


def test_an_address_outside_is_one_of_the_settings(read):
    """No page leads a reader, or a browser without being asked, to a place that the bureau did not name."""
    texts = (REPOSITORY / "data/site.yaml").read_text("utf-8")
    outside = {address for content in read.values() for address in content.addresses if re.match(r"\w+:|//", address)}
    named = {address for address in outside if address.startswith(tuple(re.findall(r"https?://[^\s\"']+", texts)))}
    assert {address[:20] for address in outside - named} <= {"data:image/svg+xml,%3"[:20]}


def test_every_published_page_is_reached_by_links_from_the_start(whole_site, read):
    """A fragment is for another site, and is no page of this one."""
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        for address in read[page].addresses:
            if re.match(r"\w+:|//", address):
                continue
            path, _ = led_to(page, address)
            if path in read and path not in reached:
                reached.add(path)
                waiting.append(path)
    assert {page for page in read if posixpath.basename(page) != "fragment.html"} - reached == set()


def test_sitemap_and_feed_name_what_is_there_and_the_sitemap_all_of_it(whole_site, read, own_address):
    pages = set()
    for location in ElementTree.parse(whole_site.public / "sitemap.xml").iter(f"{SITEMAP}loc"):
        assert location.text is not None and location.text.startswith(own_address)
        pages.add(unquote(location.text.removeprefix(own_address)))
    assert pages <= {posixpath.relpath(path, whole_site.public) for path in map(str, whole_site.public.rglob("*"))}
    assert {f"{stem}/index.html" for stem in whole_site.summaries} <= pages
    entries = list(ElementTree.parse(whole_site.public / "feed.xml").iter(f"{ATOM}entry"))
    for entry in entries:
        for link in entry.iter(f"{ATOM}link"):
            path = unquote(link.get("href", "").removeprefix(own_address))
            assert (whole_site.public / path).is_file(), link.get("href")
    assert len(entries) > 5


def test_machine_readable_lists_name_what_is_there(whole_site):
    """The package of tables and the checksums: every file, with its size."""
    described = json.loads((whole_site.public / "datapackage.json").read_text("utf-8"))
    for resource in described["resources"]:
        assert (whole_site.public / resource["path"]).is_file()
    listed = json.loads((whole_site.public / "checksums.json").read_text("utf-8"))["files"]
    files = {path.relative_to(whole_site.public).as_posix(): path for path in _files(whole_site.public)}
    assert set(listed) == set(files) - {"checksums.json"}
    for path, one in listed.items():
        content = files[path].read_bytes()
        assert (one["size"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest()), path


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.browser
def test_the_nu_checker_finds_no_error_on_any_page(whole_site):
    """A fragment is no whole document; it is part of one here."""
    whole = [page for page in whole_site.pages() if page.name != "fragment.html"]
    assert nu_checker(*whole) == (0, "")
