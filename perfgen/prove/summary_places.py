"""Reads a page about many reports back: each text with the summary it is of, each bar with its number, each link."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from perfgen.findings import Finding, Place
from perfgen.prove.proof import ProofError
from perfgen.report.datum import AT, SOURCE, texts
from perfgen.report.listing import Listing
from perfgen.report.summary import Summary

PUBLIC = "public/"
FILE = "data-file"
"""The attribute of a link to a file that says what the page calls it."""
ADDED = "data-added"
"""The attribute of a number that is the sum of several, with what it is the sum of."""
_LISTS = {"ul", "ol", "table"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class PrintedPlace:
    """A text that says where it is from, with the heads of its row and column where it stands in a table."""

    source: str
    at: str
    text: str = ""
    row_head: str = ""
    column_head: str = ""


@dataclass
class Bar:
    """A bar of a table: how long it is, and the number beside it."""

    length: str
    place: PrintedPlace | None


@dataclass
class _Row:
    head: str = ""
    cell: int = -1
    places: list[PrintedPlace] = field(default_factory=list)
    bar: str | None = None


class SummaryPage(HTMLParser):
    """What a page says of many reports."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[PrintedPlace] = []
        self.links: list[str] = []
        """Where `a`, `link` and `script` lead, in their order."""
        self.lists: list[list[str]] = [[]]
        """The links of each list and table; first those that stand in none."""
        self.files: dict[str, str] = {}
        """By what the page calls a file, where the link to it leads."""
        self.bars: list[list[Bar]] = []
        """The bars of each table."""
        self.added: list[tuple[str, str]] = []
        """Numbers that are sums, each after what it is the sum of."""
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._lists: list[list[str]] = []
        self._heads: list[str] = []
        self._row = _Row()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        found = dict(attrs)
        link = found.get("href") or found.get("src")
        if link:
            self.links.append(link)
            (self._lists[-1] if self._lists else self.lists[0]).append(link)
            if named := found.get(FILE):
                self.files[named] = link
        if tag in _LISTS:
            self.lists.append([])
            self._lists.append(self.lists[-1])
        if tag == "table":
            self._heads = []
            self.bars.append([])
        elif tag == "tr":
            self._row = _Row()
        elif tag in ("td", "th"):
            self._row.cell += 1
        elif tag == "rect" and found.get("class") == "bar-part":
            self._row.bar = found.get("width") or "0"
        if tag not in _VOID:
            self._open.append((tag, found, []))

    def handle_data(self, data: str) -> None:
        """Adds text to all open elements."""
        for _, _, text in self._open:
            text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Closes an element. Raises ValueError for one that is not the last one opened."""
        if tag in _VOID:
            return
        opened, attributes, parts = self._open.pop()
        if opened != tag:
            raise ValueError(f"<{opened}> is closed by </{tag}>")
        text = "".join(parts)
        if tag in _LISTS:
            self._lists.pop()
        if tag == "th":
            if attributes.get("scope") == "row":
                self._row.head = text
            else:
                self._heads.append(text)
        elif tag == "tr":
            self._end_row()
        if AT in attributes:
            self._place(attributes, text)
        if ADDED in attributes:
            self.added.append((attributes[ADDED] or "", text))

    def _place(self, attributes: dict[str, str | None], text: str) -> None:
        place = PrintedPlace(attributes.get(SOURCE) or "", attributes[AT] or "", text)
        self.places.append(place)
        if any(tag == "td" for tag, _, _ in self._open):
            place.column_head = self._heads[self._row.cell] if self._row.cell < len(self._heads) else ""
            self._row.places.append(place)

    def _end_row(self) -> None:
        for place in self._row.places:
            place.row_head = self._row.head
        if self._row.bar is not None:
            self.bars[-1].append(Bar(self._row.bar, next(iter(self._row.places), None)))


def read(content: bytes, listing: Listing, template: str) -> SummaryPage:
    """A page that is read to its end. Raises ProofError for tags that do not come in pairs."""
    page = SummaryPage()
    try:
        page.feed(content.decode())
        page.close()
    except (ValueError, IndexError) as error:
        raise disproof(listing, template, "标签", "成对", str(error)) from error
    return page


def disproof(listing: Listing, template: str, place: str, wanted: str, actual: str) -> ProofError:
    """The error for a place of a page that is not as it should be."""
    message = f"{listing.path}：{place}应该是“{wanted[:80]}”，成品里是“{actual[:80]}”。"
    hint = "这份成品没有写出。请检查模板；模板没有问题，就是 perfgen 的错误，请报告。"
    return ProofError([Finding(Place(f"{listing.templates}/{template}"), "proof", message, hint)])


def compare_texts(
    page: SummaryPage, listing: Listing, template: str, heads: Callable[[Summary, PrintedPlace], Iterable[str]]
) -> int:
    """Compares each text of a page with the summary it is of, and gives their number.

    `heads` says what the row of a table must be called, for a text in it. Raises ProofError for the first that differs.
    """
    known: dict[str, tuple[Summary, dict[str, str]]] = {}
    for place in page.places:
        stem = _stem(page, listing, place.source)
        if stem not in known:
            if stem not in _stems(listing):
                raise disproof(listing, template, "文件", "公开的", stem)
            summary = listing.summary(stem)
            known[stem] = summary, texts(summary)
        summary, said = known[stem]
        wanted = said.get(place.at)
        if wanted is None or wanted != place.text:
            raise disproof(listing, template, f"“{stem}”的 {place.at} ", wanted or "（没有）", place.text)
        if place.column_head or place.row_head:
            _compare_heads(place, summary, heads(summary, place), listing, template)
    return len(page.places)


def _compare_heads(
    place: PrintedPlace, summary: Summary, heads: Iterable[str], listing: Listing, template: str
) -> None:
    """Holds a text in a table to the year and the names that it stands under."""
    member = place.at.partition(":")[2]
    year = member if member.isdigit() else summary.year
    headed = f"{place.row_head} {place.column_head}"
    for wanted in [f"{year}年"] if _has_year(headed) else []:
        if wanted not in headed:
            raise disproof(listing, template, f"“{place.text}”的年度", wanted, headed)
    for wanted in heads:
        if wanted not in headed:
            raise disproof(listing, template, f"“{place.text}”的名称", wanted, headed)


def _has_year(text: str) -> bool:
    return any(text[at : at + 4].isdigit() and text[at + 4 : at + 5] == "年" for at in range(len(text)))


def _stem(page: SummaryPage, listing: Listing, source: str) -> str:
    """The file that a text is of: what it says, or where the link leads that the page calls so."""
    link = page.files.get(source)
    return source if link is None else target(listing, link).removeprefix(PUBLIC).removesuffix("/index.html")


def _stems(listing: Listing) -> frozenset[str]:
    return listing.once(_stems_of)


def _stems_of(listing: Listing) -> frozenset[str]:
    return frozenset(entry.stem for entry in listing.entries)


def target(listing: Listing, link: str) -> str:
    """The path under build/ that a link of the page leads to; empty for one that leads out of the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    path = unquote(parts.path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(listing.path), path)) if path else listing.path


def compare_bars(page: SummaryPage, listing: Listing, template: str) -> int:
    """Compares the lengths of all bars with the numbers beside them, and gives their number.

    The longest of a table is 100. Raises ProofError for the first that differs.
    """
    for bars in page.bars:
        sizes = [_size(bar) for bar in bars]
        most = max(sizes, default=Decimal(0))
        for bar, size in zip(bars, sizes, strict=True):
            length = max(size, Decimal(0)) / most * 100 if most > 0 else Decimal(0)
            if abs(Decimal(bar.length) - length) > Decimal("0.005"):
                raise disproof(listing, template, "长条", str(length), bar.length)
    return sum(map(len, page.bars))


def _size(bar: Bar) -> Decimal:
    try:
        return Decimal(bar.place.text.replace(",", "")) if bar.place else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def lead_to_public_pages(page: SummaryPage, listing: Listing, template: str, pages: Collection[str]) -> set[str]:
    """Holds the links of a page to what is public, and gives where they lead, as paths under build/.

    `pages` are those that this build makes beside the pages of files. Raises ProofError for another one, and for a list
    that leads to the page of a file twice.
    """
    found = {path for link in page.links if (path := target(listing, link))}
    for path in sorted(found):
        is_known = _is_of_file(listing, path) or path.removeprefix(PUBLIC) in pages
        if not path.startswith(PUBLIC) or (path.endswith(".html") and not is_known):
            raise disproof(listing, template, "链接", "公开的网页", path)
    for links in page.lists[1:]:
        _once_each(links, listing, template)
    return found


def _is_of_file(listing: Listing, path: str) -> bool:
    return path.startswith(PUBLIC) and path.rpartition("/")[0].removeprefix(PUBLIC) in _stems(listing)


def _once_each(links: Iterable[str], listing: Listing, template: str) -> None:
    """Holds a list to leading to each report once. Raises ProofError for a second link."""
    seen = set()
    for path in (target(listing, link) for link in links):
        if path in seen and _is_of_file(listing, path):
            raise disproof(listing, template, "链接", "一处", f"{path} 又有一处")
        seen.add(path)
