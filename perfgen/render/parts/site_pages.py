"""What the pages about all units have in common: how they are filled, which of them there are, how they are proven."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from perfgen.prove import summary_places
from perfgen.prove.summary_places import PrintedPlace, SummaryPage
from perfgen.render import ANY
from perfgen.render.parts import asset_files
from perfgen.render.parts.html_templates import fill
from perfgen.report import site_lists, tags
from perfgen.report.listing import Listing
from perfgen.report.shared_measures import INDEX, shared_measures
from perfgen.report.summary import Summary

START = "index.html"
"""The start page, below the public root."""
READS = (ANY, asset_files.READS)
PACKAGES = ("Jinja2", "MarkupSafe")


def filled(listing: Listing, template: str, context: Mapping[str, object]) -> bytes:
    """A page as UTF-8, with the settings and the published reports. Raises FormError when the template is broken."""
    seen = {"site": listing.site, "entries": listing.entries, "tags": tags.column(listing.site), **context}
    return fill(listing.project, listing.templates, template, seen, home=listing.home).encode()


def pages(listing: Listing) -> frozenset[str]:
    """The pages about several reports, below the public root."""
    return listing.once(_pages)


def _pages(listing: Listing) -> frozenset[str]:
    years = site_lists.years(listing)
    of_years = {page.path for year in years for page in year.pages}
    of_units = {unit.page for year in years for unit in year.units if unit.page}
    of_measures = {page.path for one in shared_measures(listing) for page in one.pages}
    return frozenset({START, INDEX} | of_years | of_units | of_measures)


def _no_heads(_: Summary, __: PrintedPlace) -> Iterable[str]:
    return ()


def proven(
    content: bytes,
    listing: Listing,
    template: str,
    heads: Callable[[Summary, PrintedPlace], Iterable[str]] = _no_heads,
) -> tuple[SummaryPage, set[str], int]:
    """A page read back, where its links lead, and how many places were compared: texts, bars and links.

    Raises ProofError for a text that its summary does not have there, for a bar of another length, for a link to what
    is not public.
    """
    page = summary_places.read(content, listing, template)
    compared = summary_places.compare_texts(page, listing, template, heads)
    compared += summary_places.compare_bars(page, listing, template)
    found = summary_places.lead_to_public_pages(page, listing, template, pages(listing))
    return page, found, compared + len(found)
