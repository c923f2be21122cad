"""What the pages of the public site weigh, in bytes and requests, and what the start page weighs with many units."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from benchmarks.measuring import PERFGEN, ROOT, run
from benchmarks.result import Figure

DAY = "2026-11-26"
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
        found = [path for path in public.glob(shape) if not shape.startswith("2") or len(path.parts) > len(public.parts) + 2]
        yield kind, max(found, key=lambda path: (path.stat().st_size, path)), most


def of_samples(folder: Path) -> Iterator[Figure]:
    """The heaviest page of each kind that the samples make."""
    for name in ("schema", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for kind, page, most in heaviest(_public(folder)):
        found = weight(page)
        aim = f"≤ {most} kB" + (", ≤ 4 requests" if kind == "start page" else "") if most else ""
        yield Figure(f"{kind}, the heaviest of the samples", str(found), aim)
