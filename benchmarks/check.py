"""A thousand files checked in one process: files a second, where the time goes, and beside check-jsonschema.

check-jsonschema reads the same files and holds them to the same schema, which is one of the things that perfgen's
check does. Both are run as whole processes, in turn; what counts is their ratio.
"""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from perfgen.check import checks, loading, waivers
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")
UNITS, YEARS, COMPARED, ROUNDS = 500, ("2024", "2025"), 200, 3


def copy_project(target: Path) -> list[str]:
    """A project of UNITS units in two years, made of the samples over and over; its data files."""
    for name in ("schema", "templates"):
        shutil.copytree(ROOT / name, target / name)
    (target / "data").mkdir()
    shutil.copy(ROOT / "data/site.yaml", target / "data/site.yaml")
    samples = sorted(path.name for path in ROOT.glob(f"data/{YEARS[1]}/*.yaml"))
    sources = []
    for year in YEARS:
        (target / "data" / year).mkdir()
        for number in range(UNITS):
            path = target / "data" / year / f"{number:03}.yaml"
            shutil.copy(ROOT / "data" / year / samples[number % len(samples)], path)
            sources.append(path.relative_to(target).as_posix())
    return sources


def in_turn(calls: list[Callable[[], None]], rounds: int = ROUNDS) -> list[float]:
    """The median seconds of each call, made in turn."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            begin = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken) for taken in times]


def run(target: Path, *command: str) -> None:
    """A whole process; its findings are of no interest here, a crash is."""
    found = subprocess.run([sys.executable, "-m", *command], check=False, cwd=target, capture_output=True, text=True)
    if found.returncode not in (0, 1) or "Traceback" in found.stderr:
        sys.exit(found.stderr)


def processes(target: Path, sources: list[str]) -> None:
    """perfgen over everything; then perfgen and check-jsonschema over the same part of it, in turn."""
    (whole,) = in_turn([lambda: run(target, "perfgen", "check", "--format", "json")], rounds=1)
    print(f"perfgen check，{len(sources)} 个文件，一个进程：{whole:.1f} 秒，每秒 {len(sources) / whole:.0f} 个")
    if importlib.util.find_spec("check_jsonschema") is None:
        print("没有 check-jsonschema，不比较；装法：.venv/bin/pip install check-jsonschema")
        return
    part = sources[-COMPARED:]
    schema = "schema/department-target.schema.json"
    ours, theirs = in_turn(
        [
            lambda: run(target, "perfgen", "check", "--format", "json", *part),
            lambda: run(target, "check_jsonschema", "--schemafile", schema, *part),
        ]
    )
    print(f"其中 {COMPARED} 个：{ours:.1f} 秒")
    print(f"check-jsonschema，同样的文件和 schema：{theirs:.1f} 秒；比 {ours / theirs:.2f}")


def stages(target: Path, sources: list[str]) -> None:
    """Where the time of a part of the files goes, check by check."""
    spent: Counter[str] = Counter()

    def timed(name: str, call: Callable[[], T]) -> T:
        begin = time.perf_counter()
        found = call()
        spent[name] += time.perf_counter() - begin
        return found

    project = Project.on_disk(target)
    for source in sources[-COMPARED:]:
        filing = timed("读取 YAML", lambda source=source: loading.filing(project, DataFile.at(source)))
        timed("算出各数", lambda filing=filing: filing.figures)
        found = []
        for module in checks.in_order():
            name = module.__name__.rpartition(".")[2]
            found += timed(f"检查 {name}", lambda module=module, filing=filing: list(module.check(filing)))
        timed("审核说明", lambda found=found, filing=filing: list(waivers.answer(found, filing)))
    total = sum(spent.values())
    print(f"{COMPARED} 个文件，在一个进程里 {total:.1f} 秒：")
    for name, seconds in spent.most_common():
        print(f"  {name:<24} {seconds:6.2f} 秒  {100 * seconds / total:5.1f} %")


def main() -> None:
    """Runs everything in a temporary project."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "project"
        sources = copy_project(target)
        processes(target, sources)
        stages(target, sources)


if __name__ == "__main__":
    main()
