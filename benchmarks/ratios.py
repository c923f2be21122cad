"""perfgen beside other programs that do a part of the same; both sides in one run, in turn."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import forms, peers
from benchmarks.measuring import PERFGEN, ROOT, in_turn, run
from benchmarks.result import Ratio
from perfgen import render
from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition, Report

_OFFICE = "LibreOffice converting the Word files in one call"


def reports_of(folder: Path, sources: Sequence[str], edition: Edition = Edition.OFFICIAL) -> list[Report]:
    """An edition of some data files."""
    project = Project.on_disk(folder)
    settings = site.load_site(project)
    return [job.reports(project, DataFile.at(source), settings)[1][edition] for source in sources]


def of_formats(folder: Path, sources: Sequence[str], rounds: int) -> Iterator[Ratio]:
    """Word and PDF of some forms in this process, beside programs that make the same."""
    reports, work = reports_of(folder, sources), folder / "peers"
    work.mkdir()
    word, pdf = render.find("docx"), render.find("pdf")
    words = []
    for number, report in enumerate(reports):
        words.append(work / f"{number}.docx")
        words[-1].write_bytes(word.render(report))
    ours, theirs = in_turn([lambda: list(map(word.render, reports)), peers.word_alone(reports)], rounds)
    yield Ratio(f"Word, {len(reports)} forms, rendered", ours, "docxtpl alone", theirs)
    rivals: list[tuple[str, peers.Run | None, float | None]] = [
        (_OFFICE, peers.libreoffice(words, work), 2.6),
        ("Typst, tagged PDF/A-3a and PDF/UA-1 of the same table", peers.typst(reports, work), 16),
        ("Chromium printing our HTML, a process each", peers.chromium(reports, pdf.render, work), None),
    ]
    there = [rival for _, rival, _ in rivals if rival]
    mine, *taken = in_turn([lambda: [pdf.prove(pdf.render(one), one) for one in reports], *there], rounds)
    for name, rival, aim in rivals:
        yield Ratio(f"PDF, {len(reports)} forms, rendered and proven", mine, name, taken.pop(0) if rival else None, aim)


def of_builds(folder: Path, sources: Sequence[str], rounds: int) -> Iterator[Ratio]:
    """Everything of some forms, as a whole process, with one and two workers, beside LibreOffice."""
    for jobs in (1, 2):
        what = f"all outputs, {len(sources)} forms, start included, {jobs} worker{'s' * (jobs > 1)}"
        yield _beside_office(what, folder, ["-j", str(jobs)], rounds, 4.0 if jobs == 2 else None)


def of_samples(folder: Path, rounds: int) -> Ratio:
    """`make all` of the samples that come with perfgen."""
    for name in ("schema", "templates", "data"):
        shutil.copytree(ROOT / name, folder / name)
    count = len(list(folder.glob("data/2*/**/*.yaml")))
    return _beside_office(f"`make all` of the {count} samples", folder, [], rounds, 6.0)


def _beside_office(what: str, folder: Path, options: list[str], rounds: int, aim: float | None) -> Ratio:
    """A whole build beside LibreOffice converting the official Word files that it made."""

    def build() -> None:
        shutil.rmtree(folder / "build", ignore_errors=True)
        run([*PERFGEN, "-C", str(folder), "build", *options], folder)

    build()
    office = peers.libreoffice(sorted((folder / "build/official").rglob("*.docx")), folder)
    return _pair(what, build, _OFFICE, office, rounds, aim)


def of_one_change(folder: Path, sources: Sequence[str], rounds: int) -> Iterator[Ratio]:
    """One changed file in a project that is built, as a whole process: the last year of a unit, and one before it.

    What a year says is printed in the next one too, so that a change of the earlier year makes two years' outputs.
    """
    for source, what in ((sources[1], "the last year"), (sources[0], "with a next year, whose outputs are made too")):

        def change(source: str = source) -> None:
            with (folder / source).open("a", encoding="utf-8") as file:
                file.write("# 又改了一次\n")
            run([*PERFGEN, "-C", str(folder), "build"], folder)

        office = peers.libreoffice(sorted((folder / "build/official").rglob(f"{Path(source).stem}.docx"))[:1], folder)
        name = f"one changed file, {what}; all outputs, start included"
        yield _pair(name, change, "LibreOffice for one file", office, rounds, 2)


def of_nothing(folder: Path, count: int, rounds: int) -> Ratio:
    """Nothing to do, beside `git status`; without PDFs, which would only take long to make."""
    forms.project(folder, count)
    for style in folder.glob("templates/*/print.css"):
        style.unlink()
    command = [*PERFGEN, "-C", str(folder), "build"]
    run(command, folder)
    for arguments in (["init", "-q"], ["add", "-A", "data", "schema", "templates"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / ".gitignore").write_text("build/\n", "utf-8")
    what = f"nothing to do, {count} forms, start included"
    return _pair(what, lambda: run(command, folder), "`git status`", lambda: run(["git", "status"], folder), rounds, 20)


def _pair(what: str, ours: peers.Run, beside: str, theirs: peers.Run | None, rounds: int, aim: float | None) -> Ratio:  # noqa: PLR0917
    taken = in_turn([ours, theirs] if theirs else [ours], rounds, warm=False)
    return Ratio(what, taken[0], beside, taken[1] if theirs else None, aim)
