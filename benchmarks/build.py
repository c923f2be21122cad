"""Where the time goes: stages of a build, and ratios against docxtpl alone and git status, in one run.

Machines are noisy, so what counts is the ratio of two things measured in turn on the same machine.
"""

from __future__ import annotations

import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docxtpl
from jinja2 import Environment

from perfgen import render
from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.system.executor import Inline
from perfgen.table.tags import FILTERS
from perfgen.table.view import members

ROOT = Path(__file__).resolve().parents[1]
FORMS = 24
ROUNDS = 5


def copy_project(target: Path) -> list[str]:
    """A project of FORMS units, made of the samples over and over."""
    for name in ("schema", "templates"):
        shutil.copytree(ROOT / name, target / name)
    (target / "data/2025").mkdir(parents=True)
    shutil.copy(ROOT / "data/site.yaml", target / "data/site.yaml")
    samples = sorted(ROOT.glob("data/2025/*.yaml"))
    sources = []
    for number in range(FORMS):
        path = target / f"data/2025/{number:02}.yaml"
        shutil.copy(samples[number % len(samples)], path)
        sources.append(path.relative_to(target).as_posix())
    return sources


def in_turn(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float, float]:
    """Median seconds of two calls made in turn, and the median of their ratios."""
    times: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        pair = []
        for call in (one, other):
            begin = time.perf_counter()
            call()
            pair.append(time.perf_counter() - begin)
        times.append((pair[0], pair[1]))
    ratio = statistics.median(a / b for a, b in times)
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times), ratio


def stages(target: Path) -> None:
    """A full build in one process, by stage."""
    begin = time.perf_counter()
    outcome = batch.build(BuildOrder(Project.on_disk(target), jobs=1), Inline())
    total = time.perf_counter() - begin
    print(f"{FORMS} 个单位全部生成（一个进程）：{total:.1f} 秒，{outcome.made} 份，核对 {outcome.cells} 处")
    spent = sorted(outcome.seconds.items(), key=lambda item: -item[1])
    for stage, seconds in [*spent, ("计划、写文件等", total - sum(outcome.seconds.values()))]:
        print(f"  {stage:<12} {seconds:7.2f} 秒  {100 * seconds / total:5.1f} %")


def against_docxtpl(target: Path, sources: list[str]) -> None:
    """Word files of FORMS units, read, checked, rendered and proven, against docxtpl's rendering alone."""
    template = (target / "templates/department-target/form.docx").read_bytes()
    files = [DataFile.at(source) for source in sources]
    project = Project.on_disk(target)
    reports: list[Report] = [job.reports(project, file, site.Site({}))[1][Edition.OFFICIAL] for file in files]
    contexts = [dict(members(report.view)) for report in reports]

    class WithoutMerges(docxtpl.DocxTemplate):
        """docxtpl as it is, but for a tag it does not know."""

        def patch_xml(self, src_xml: str) -> str:
            import re

            return re.sub(r"{%\s*merge\s+\w+\s*%}", "", super().patch_xml(src_xml))

    def alone() -> None:
        environment = Environment(autoescape=True)
        environment.filters.update(FILTERS)
        for context in contexts:
            document = WithoutMerges(io.BytesIO(template))
            document.render(context, environment, autoescape=True)
            document.save(io.BytesIO())

    word = render.find("docx")

    def rendering() -> None:
        for report in reports:
            word.render(report)

    def whole() -> None:
        fresh = Project.on_disk(target)
        for file in files:
            job.build_file(fresh, file, site.Site({}), frozenset({("docx", "official")}))

    for name, call in (("渲染", rendering), ("读取、检查、计算、渲染、核对", whole)):
        ours, theirs, ratio = in_turn(call, alone)
        print(f"Word {FORMS} 份，{name}：{ours:.2f} 秒；只用 docxtpl：{theirs:.2f} 秒；比 {ratio:.2f}")


def nothing_to_do(target: Path) -> None:
    """A build that finds nothing to do, as a whole process, against `git status`."""

    def run(*command: str) -> None:
        subprocess.run(command, cwd=target, check=True, capture_output=True)

    run("git", "init", "-q")
    run("git", "add", "-A")
    ours, theirs, ratio = in_turn(
        lambda: run(sys.executable, "-m", "perfgen", "-C", str(target), "build"),
        lambda: run("git", "status", "--short"),
    )
    start, _, _ = in_turn(lambda: run(sys.executable, "-c", ""), lambda: None)
    print(
        f"没有变化时：{1000 * ours:.0f} 毫秒；git status：{1000 * theirs:.0f} 毫秒；比 {ratio:.1f}"
        f"（其中启动 Python {1000 * start:.0f} 毫秒）"
    )


def main() -> None:
    """Runs everything in a temporary project."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "project"
        sources = copy_project(target)
        stages(target)
        against_docxtpl(target, sources)
        nothing_to_do(target)


if __name__ == "__main__":
    main()
