"""Measures everything, prints the table, and writes it and the picture into docs/.

python -m benchmarks             a few minutes: few forms
python -m benchmarks --full      an hour or more: 100, 1,000 and 10,000 forms
python -m benchmarks --no-write  prints only
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from benchmarks import figures, forms, pages, picture, ratios, stages, table
from benchmarks.measuring import ROOT
from benchmarks.result import Outcome

PAGE, PICTURE = ROOT / "docs/speed.md", ROOT / "docs/speed.svg"
_PLACE = re.compile("(?<=<!-- table -->\n).*(?=<!-- end of table -->)", re.DOTALL)


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    sizes: tuple[tuple[int, int], ...]
    """Forms of a project, and on every how many of them Word and PDF are measured."""
    forms: int
    """How many forms the ratios are measured on."""
    unchanged: int
    rounds: int


SHORT = Extent(((20, 5), (100, 25)), 4, 20, 1)
FULL = Extent(((100, 1), (1_000, 10), (10_000, 100)), 24, 1_000, 3)


def measure(extent: Extent, folder: Path, tell: Callable[[str], None]) -> Outcome:
    """Measures everything in projects below a folder."""
    outcome = Outcome()
    numbers = count()

    def new() -> Path:
        place = folder / str(next(numbers))
        place.mkdir()
        return place

    tell("ratios of formats")
    project = new()
    sources = forms.project(project, extent.forms)
    outcome.ratios += ratios.of_formats(project, sources, extent.rounds)
    tell("ratios of whole builds")
    outcome.ratios += ratios.of_builds(project, sources, extent.rounds)
    outcome.ratios += ratios.of_one_change(project, sources, extent.rounds)
    outcome.ratios.append(ratios.of_samples(new(), extent.rounds))
    tell("pages of the public site")
    outcome.ratios += pages.of_making(project, sources, extent.rounds)
    outcome.figures += pages.of_samples(new())
    outcome.figures += pages.of_many(new())
    tell("nothing to do, and starts")
    outcome.ratios.append(ratios.of_nothing(new(), extent.unchanged, extent.rounds))
    outcome.figures += figures.starts(project, sources[0])
    outcome.figures += filter(None, [figures.memory(project, sources, 3 * extent.rounds)])
    for size, every in extent.sizes:
        tell(f"stages of {size:,} forms")
        place = new()
        outcome.sizes.append(stages.measure(place, size, every))
        outcome.figures += figures.check(place, size)
    return outcome


def _written(outcome: Outcome, extent: Extent) -> Iterator[str]:
    kind = "`make bench FULL=1`" if extent.unchanged == FULL.unchanged else "`make bench`, the short run"
    yield f"Measured by {kind}; seconds are processor time, user and system, children too."
    yield ""
    yield from table.lines(outcome)


def _sizes(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (part.split(":") for part in text.split(","))
    return tuple((int(size), int(every)) for size, every in pairs)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--forms", type=int, help="how many forms the ratios are measured on")
    parser.add_argument("--sizes", type=_sizes, help="FORMS:EVERY,…: sizes of projects; Word and PDF of every so many")
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    extent = FULL if options.full else SHORT
    extent = replace(extent, forms=options.forms or extent.forms, sizes=options.sizes or extent.sizes)
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(extent, Path(folder), lambda text: print(f"… {text}", file=sys.stderr, flush=True))
    text = "\n".join(_written(outcome, extent)) + "\n"
    print(text)
    if not options.no_write:
        PAGE.write_text(_PLACE.sub(lambda _: text, PAGE.read_text("utf-8")), "utf-8")
        PICTURE.write_text(picture.svg(outcome), "utf-8")


if __name__ == "__main__":
    main()
