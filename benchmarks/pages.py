"""What the pages of the public site weigh in bytes and requests, with many units too, and what making them takes."""

from __future__ import annotations

import gzip
import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from benchmarks.measuring import PERFGEN, ROOT, in_turn, run
from benchmarks.ratios import reports_of
from benchmarks.result import Figure, Ratio
from perfgen import render
from perfgen.project.snapshot import Project
from perfgen.report.listing import Entry, Listing
from perfgen.report.report import Edition
from perfgen.report.site import Site
from perfgen.report.summary import AmountSummary, MeasureSummary, Summary

DAY = "2026-11-26"
"""After all that the samples publish."""
_EARLIER = ROOT / "tests/data/pages-of-before"
_PLACES = ("东城", "西城", "南湖", "北山", "河口", "新桥", "高新", "临港", "古田", "青山")
_KINDS_OF_UNITS = ("局", "中心", "学校", "医院", "管理处", "委员会", "图书馆")
_ASSETS = re.compile(r'<(?:link rel="stylesheet" href|script (?:defer )?src)="([^"]+)"')
_KINDS = {
    "start page": ("index.html", 100),
    "page of a unit": ("units/*/index.html", 150),
    "page of a form": ("2*/**/index.html", 150),
    "page of an indicator": ("measures/*/index.html", None),
    "official table": ("2*/**/table.html", None),
}
"""By kind of page, where it lies, and how many kilobytes it may weigh."""
_DEAR = ("pdf", "docx", "workbook")


@dataclass(frozen=True)
class Weight:
    """A page with all that a browser fetches to show it."""

    plain: int
    """Bytes of the page, its style sheets and its scripts."""
    packed: int
    """The same as a server sends it that packs with gzip."""
    requests: int

    def __str__(self) -> str:
        """For the table."""
        return f"{self.plain / 1000:.1f} kB ({self.packed / 1000:.1f} packed), {self.requests} requests"


def weight(page: Path) -> Weight:
    """What a page weighs; it fetches nothing but what its head names. Raises FileNotFoundError for a dead address."""
    names = sorted(set(_ASSETS.findall(page.read_text("utf-8"))))
    contents = [page.read_bytes(), *((page.parent / unquote(name)).read_bytes() for name in names)]
    packed = sum(len(gzip.compress(content, 9)) for content in contents)
    return Weight(sum(map(len, contents)), packed, len(contents))


def heaviest(public: Path) -> Iterator[tuple[str, Path, int | None]]:
    """By kind, the page whose file is the largest, and how many kilobytes it may weigh."""
    for kind, (shape, most) in _KINDS.items():
        found = [path for path in public.glob(shape) if not _is_list(path.relative_to(public))]
        yield kind, max(found, key=lambda path: (path.stat().st_size, path)), most


def _is_list(path: Path) -> bool:
    """Whether it is a list of a year, which lies where the pages of forms do."""
    return len(path.parts) == 2 and path.parts[0].startswith("2")


def of_samples(folder: Path) -> Iterator[Figure]:
    """The heaviest page of each kind that the samples make."""
    for name in ("schema", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    formats = ",".join(name for name in render.names() if name not in _DEAR)
    run([*PERFGEN, "-C", str(folder), "build", "--date", DAY, "--only", formats], folder)
    for kind, page, most in heaviest(folder / "build/public"):
        found = weight(page)
        aim = f"≤ {most} kB" + (", ≤ 4 requests" if kind == "start page" else "") if most else ""
        yield Figure(f"{kind}, the heaviest of the samples", str(found), aim)


def of_many(folder: Path, count: int = 2_000) -> Iterator[Figure]:
    """The start page and the names for its search, of so many made-up units with two reports each."""
    for name in ("schema", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    listing = Listing(Project.on_disk(folder), render.SITE_TEMPLATES, Site({}), *_made_up(count))
    public = folder / "build/public"
    for name in ("assets", "search_data", "index"):
        _write(listing, render.find(name), folder / "build")
    what = f"start page, {count:,} made-up units"
    yield Figure(what, str(weight(public / "index.html")), "≤ 100 kB, ≤ 4 requests")
    (names,) = public.glob("assets/search-data.*.js")
    packed = len(gzip.compress(names.read_bytes(), 9))
    sizes = f"{names.stat().st_size / 1000:.0f} kB ({packed / 1000:.0f} packed), fetched when somebody searches"
    yield Figure(f"names to search, {count:,} made-up units", sizes)


def _write(listing: Listing, renderer: render.Renderer, top: Path) -> None:
    """All files of a format about the site, each proven."""
    for path in renderer.outputs(listing):
        page = replace(listing, path=path)
        content = renderer.render(page)
        renderer.prove(content, page)
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(content)


def _made_up(count: int) -> tuple[tuple[Entry, ...], dict[str, Summary]]:
    """The published reports of so many units in two years, and their summaries."""
    dice, summaries = random.Random(count), []  # not for secrets
    for number in range(count):
        unit = f"示例市{_PLACES[number % len(_PLACES)]}第{number // len(_PLACES) + 1}{_KINDS_OF_UNITS[number % 7]}"
        for year in ("2024", "2025"):
            summaries.append(_summary(unit, year, f"{dice.randint(1_000, 9_000_000) / 100:.2f}"))
    known = {summary.stem: summary for summary in sorted(summaries, key=lambda one: one.stem)}
    entries = (Entry(one.year, one.unit, one.title, one.stem, one.published, one.subject) for one in known.values())
    return tuple(sorted(entries)), known


def _summary(unit: str, year: str, value: str) -> Summary:
    money = AmountSummary("收入合计", "收入合计", value, "万元", "", ((str(int(year) - 1), value),), ())
    rows = tuple(
        MeasureSummary(name, name, ("年度指标",), "≥95%", "不低于", "95", "%", (), "", "", highlight=False)
        for name in (f"{unit}第{number}项任务完成率" for number in range(20))
    )
    stem = f"{year}/{unit}"
    return Summary(
        "form", "目标表", year, unit, "", stem, unit, f"{unit}{year}年目标表", f"{year}-01-20", f"{year}-02-10",
        has_pdf=False, amounts=(money,), measures=rows,
    )  # fmt: skip


def of_making(folder: Path, sources: Sequence[str], rounds: int) -> Iterator[Ratio]:
    """The pages of some data files, beside the page that the template of before makes of them with the engine of now.

    Before there was one page for a file, with the official table in it; now the table is a page of its own, and there
    is a fragment. The engine of before cannot be here; it took about twice as long to prove its page.
    Each round has reports that nobody has asked for anything yet.
    """
    earlier = folder / "earlier"
    shutil.copytree(folder, earlier, ignore=shutil.ignore_patterns("earlier", "build", "peers"))
    for path in (_EARLIER / "shared").iterdir():
        shutil.copy(path, earlier / "templates/shared" / path.name)
    shutil.copy(_EARLIER / "form-page.html", earlier / "templates/department-target/page.html")
    page = _making(folder, sources, ("html",), rounds)
    all_three = _making(folder, sources, ("html", "table_page", "fragment"), rounds)
    one, three, theirs = in_turn([page, all_three, _making(earlier, sources, ("html",), rounds)], rounds)
    beside = "the template of before, table in the page"
    yield Ratio(f"page, {len(sources)} forms, rendered and proven", one, beside, theirs, 0.5)
    yield Ratio(f"page, official table and fragment, {len(sources)} forms", three, beside, theirs)


def _making(folder: Path, sources: Sequence[str], formats: Sequence[str], rounds: int) -> Callable[[], None]:
    """Renders and proves formats of reports; each call takes reports that were made beforehand."""
    fresh = iter([reports_of(folder, sources, Edition.PUBLIC) for _ in range(rounds + 1)])

    def make() -> None:
        for report in next(fresh):
            for renderer in map(render.find, formats):
                renderer.prove(renderer.render(report), report)

    return make
