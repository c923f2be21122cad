"""Made-up summaries, and the site that they make up: for tests of what is about many reports, without a data file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from perfgen import render
from perfgen.project.snapshot import Project
from perfgen.render import SITE_TEMPLATES
from perfgen.report.listing import Entry, Listing
from perfgen.report.site import Site
from perfgen.report.summary import AmountSummary, ChangeSummary, MeasureSummary, Summary

PAGES = ("index", "year_lists", "unit_years", "measures", "search_data")
"""The formats about all reports that are made of summaries."""


def amount(label: str, value: str, unit: str = "万元", **past: str) -> AmountSummary:
    """A large sum; `past` by `y2024`."""
    return AmountSummary(label, label, value, unit, "", _past(past), ())


def row(
    name: str, value: str, outcome: str = "", reached: str = "", groups: Iterable[str] = ("年度指标",), **past: str
) -> MeasureSummary:
    """A row with a target value; `past` by `y2024`."""
    return MeasureSummary(
        name, name, tuple(groups), value, "", "", "", _past(past), outcome, reached, highlight=False
    )  # fmt: skip


def _past(past: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((year[1:], text) for year, text in sorted(past.items(), reverse=True))


def change(kind: str, label: str, sentence: str, reason: str = "") -> ChangeSummary:
    """A change against the year before."""
    return ChangeSummary(kind, label, sentence, reason, is_promise=True)


def report(
    unit: str,
    year: str = "2025",
    form: str = "目标表",
    subject: str = "",
    *,
    published: str = "",
    amounts: Iterable[AmountSummary] = (),
    measures: Iterable[MeasureSummary] = (),
    changes: Iterable[ChangeSummary] = (),
) -> Summary:
    """The summary of a report of a unit; its file lies where nobody else's does."""
    stem = f"{year}/{form}/{unit.replace('/', '_')}" + (f"/{subject.replace('/', '_')}" if subject else "")
    return Summary(
        form, form, year, unit, subject, stem, unit, f"{unit}{year}年{form}", f"{year}-01-20",
        published or f"{year}-02-10", has_pdf=False, amounts=tuple(amounts), measures=tuple(measures),
        changes=tuple(changes),
    )  # fmt: skip


def entry(summary: Summary) -> Entry:
    """The entry of a published report in the listing."""
    return Entry(summary.year, summary.unit, summary.title, summary.stem, summary.published, summary.subject)


def site(project: Project, *summaries: Summary, settings: Site | None = None) -> Listing:
    """The published reports of a site."""
    entries = tuple(sorted(map(entry, summaries)))
    known = {one.stem: one for one in sorted(summaries, key=lambda one: one.stem)}
    return Listing(project, SITE_TEMPLATES, settings or Site({}), entries, known)


def made(listing: Listing, *formats: str) -> dict[str, str]:
    """By path below the public root, what formats make of a site, each proven."""
    found = {}
    for renderer in map(render.find, formats or PAGES):
        same = replace(listing, known={})
        for path in renderer.outputs(same):
            page = replace(same, path=path)
            content = renderer.render(page)
            renderer.prove(content, page)
            found[path.removeprefix("public/")] = content.decode()
    return found


def write(listing: Listing, root: Path) -> Path:
    """Lays the pages of a site, with their style sheets and scripts, below a folder, and gives it."""
    for path, text in made(listing, "assets", *PAGES).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    for one in listing.entries:
        (root / one.stem).mkdir(parents=True, exist_ok=True)
        (root / one.stem / "index.html").write_text(f'<meta charset="utf-8"><title>{one.stem}</title>', "utf-8")
    return root


def rendered(listing: Listing, name: str, path: str) -> tuple[bytes, Listing]:
    """A page of a format, and the listing that it is of: to change it and prove it."""
    page = replace(listing, path=f"public/{path}")
    return render.find(name).render(page), page
