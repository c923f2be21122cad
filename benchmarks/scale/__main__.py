"""Measures repositories of growing size and prints the tables that docs/scale.md is made of.

python -m benchmarks.scale                 two small ones, some minutes
python -m benchmarks.scale --departments 75,475,1900   as many as named; the last one takes an hour and 12 GB of memory
python -m benchmarks.scale --git 75,475,4762           only git and the comparison of one file
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TextIO, TypeVar

from benchmarks.scale import commands, figure, history, repository
from benchmarks.scale.figure import Figure
from benchmarks.scale.taken import taken

_T = TypeVar("_T")
_SHORT = (15, 75)
_MOST_CHECKED = 500
"""Of more departments, one file is not checked: it takes as long as a check of all."""
_YEARS = (2021, 2022, 2023, 2024, 2025)


def of_git(departments: int, folder: Path) -> Iterator[Figure]:
    """What git takes of a repository of so many departments."""
    repository.lay(folder, departments)
    target, *_ = _sources(departments, "项目目标")
    yield from history.first_commit(folder)
    yield from history.commands(folder, target)
    yield from history.clones(folder)


def of_perfgen(departments: int, folder: Path) -> Iterator[Figure]:
    """What perfgen takes of it."""
    review, *_ = _sources(departments, "项目自评")
    if departments <= _MOST_CHECKED:
        yield from commands.check(folder, review)
    yield from commands.planned(folder)
    yield from commands.builds(folder, review)


def of_a_document(folder: Path) -> Iterator[str]:
    """The lines of the tables of what a document takes and leaves, on average over a department."""
    repository.lay(folder, 1)
    found = json.loads(taken([sys.executable, "-m", "benchmarks.scale.outputs", str(folder)], folder).said)
    count = found["files"]["documents"]
    yield f"A document, on average over {count:.0f}: {sum(found['seconds'].values()) / count * 1000:.0f} ms"
    for stage, seconds in sorted(found["seconds"].items(), key=lambda pair: -pair[1]):
        yield f"| {stage} | {seconds / count * 1000:.1f} ms | |"
    for name, size in sorted(found["bytes"].items(), key=lambda pair: -pair[1]):
        yield f"| {name} | {found['files'].get(name, 0):.0f} files | {figure.in_bytes(size / count)} |"


def _sources(departments: int, kind: str) -> list[str]:
    """The documents of a kind of the department in the middle."""
    documents = repository.of_department(departments // 2, repository.LAST_YEAR)
    return [source for source, _ in documents if f"/{kind}/" in source]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--departments", type=_numbers, default=_SHORT)
    parser.add_argument("--git", type=_numbers)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.git is None:
            _print(_in(Path(name) / "one", of_a_document))
            _print(figure.table({len(_YEARS): _in(Path(name) / "years", _of_years)}))
        columns = {}
        for departments in options.git or options.departments:
            folder = Path(name) / f"{departments}" / "project"
            found = list(_in(folder, partial(of_git, departments)))
            if options.git is None:
                found += of_perfgen(departments, folder)
            columns[departments * repository.DOCUMENTS] = found
            _print([f"… {departments:,} departments"], sys.stderr)
        _print(figure.table(columns))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _in(folder: Path, measure: Callable[[Path], Iterator[_T]]) -> Iterator[_T]:
    """What is measured in a folder that is made for it."""
    folder.mkdir(parents=True)
    return measure(folder)


def _print(lines: Iterable[str], where: TextIO | None = None) -> None:
    print("\n".join(lines), file=where, flush=True)


def _of_years(folder: Path) -> Iterator[Figure]:
    """Several years of a city, each document committed twice."""
    yield from history.of_years(folder, _SHORT[0], _YEARS)


if __name__ == "__main__":
    main()
