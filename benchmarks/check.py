"""Where the time of `check` goes, check by check, and beside check-jsonschema: `python -m benchmarks.check`.

check-jsonschema reads the same files and holds them to the same schema, which is one of the things that perfgen's
check does. Both are run as whole processes, in turn; what counts is their ratio.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks import forms
from benchmarks.measuring import PERFGEN, in_turn, run, spent
from perfgen.check import checks, loading, waivers
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project

_T = TypeVar("_T")
_FORMS, _COMPARED, _ROUNDS = 200, 100, 3
_SCHEMA = "schema/department-target.schema.json"


def processes(folder: Path, sources: Sequence[str]) -> None:
    """perfgen and check-jsonschema over the same files."""
    if importlib.util.find_spec("check_jsonschema") is None:
        print("check-jsonschema is not here: not measured")
        return
    theirs = [sys.executable, "-m", "check_jsonschema", "--schemafile", _SCHEMA, *sources]
    ours, other = in_turn(
        [
            lambda: run([*PERFGEN, "check", "--format", "json", *sources], folder, codes=(0, 1)),
            lambda: run(theirs, folder, codes=(0, 1)),
        ],
        _ROUNDS,
        warm=False,
    )
    print(f"{len(sources)} files: perfgen {ours:.1f} s, check-jsonschema {other:.1f} s, ratio {ours / other:.2f}")


def stages(folder: Path, sources: Sequence[str]) -> None:
    """Where the time goes, check by check."""
    taken: Counter[str] = Counter()

    def timed(name: str, call: Callable[[], _T]) -> _T:
        begin = spent()
        found = call()
        taken[name] += spent() - begin
        return found

    project = Project.on_disk(folder)
    for source in sources:
        filing = timed("read YAML", lambda source=source: loading.filing(project, DataFile.at(source)))
        timed("compute figures", lambda filing=filing: filing.figures)
        found = []
        for module in checks.in_order():
            name = module.__name__.rpartition(".")[2]
            found += timed(f"check {name}", lambda module=module, filing=filing: list(module.check(filing)))
        timed("written reasons", lambda found=found, filing=filing: list(waivers.answer(found, filing)))
    total = sum(taken.values())
    print(f"{len(sources)} files in one process: {total:.1f} s")
    for name, seconds in taken.most_common():
        print(f"  {name:<24} {seconds:6.2f} s  {100 * seconds / total:5.1f} %")


def main() -> None:
    """Runs everything in a temporary project."""
    with tempfile.TemporaryDirectory() as name:
        sources = forms.project(Path(name), _FORMS)
        processes(Path(name), sources[-_COMPARED:])
        stages(Path(name), sources)


if __name__ == "__main__":
    main()
