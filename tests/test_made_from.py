"""What outputs are made from: nothing else is needed to make them, and nothing else makes them stale."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfgen.build import batch, job
from perfgen.build.circles import Circles
from perfgen.build.made_from import MadeFrom, Sources
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.system.day import Day, Origin
from tests.helpers import cycle

TODAY = Day(datetime.date(2025, 6, 1), Origin.OPTION)
QUICK = ("docx", "html", "data_json", "data_csv")


def of_cycle(root: Path) -> Path:
    """Two years of two orchards, of which the second has one project."""
    cycle.filled(root, pages=True)
    cycle.orchard(root, "西园")
    cycle.plan(root, "嫁接", orchard="西园")
    cycle.plan(root, "嫁接", year=2024)
    cycle.orchard(root, year=2024)
    return root


def sources_of(root: Path) -> tuple[Project, Sources]:
    project = Project.on_disk(root)
    return project, Sources(project, replace(site.load_site(project), day=TODAY.iso))


def made_from(root: Path, source: str) -> MadeFrom:
    project, sources = sources_of(root)
    file = DataFile.at(source)
    form = site.form_of(project, file)
    assert form is not None
    return sources.made_from(file, form)


def build(root: Path, *files: str, only: tuple[str, ...] | None = QUICK) -> batch.BuildOutcome:
    chosen = tuple(map(DataFile.at, files)) or None
    return batch.build(batch.BuildOrder(Project.on_disk(root), chosen, only, 1, day=TODAY))


def outputs(root: Path, source: str) -> dict[str, bytes]:
    """The outputs of a data file by their paths, made alone."""
    project = Project.on_disk(root)
    settings = replace(site.load_site(project), day=TODAY.iso)
    wanted = frozenset((name, edition) for name in QUICK for edition in ("official", "public"))
    result = job.build_file(project, DataFile.at(source), settings, wanted)
    assert result.exit_code == 0, result.findings
    return {made.path: made.content for made in result.made}


def stale(root: Path) -> dict[str, set[str]]:
    """By data file, why its outputs would have to be made again."""
    project = Project.on_disk(root)
    planner = batch.Planner(
        project,
        site.load_site(project),
        batch.load_manifest(root),
        QUICK,
        batch.output_tree.found(root),
        day=TODAY.iso,
    )
    plans = map(planner.unit, project.data_files()[0])
    whys = {plan.file.source: {output.why for output in plan.outputs if output.why} for plan in plans}
    return {source: why for source, why in whys.items() if why}


def only(root: Path, paths: tuple[str, ...], target: Path) -> Path:
    """A copy of a project that holds some files and nothing else."""
    for path in paths:
        if (root / path).is_file():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / path, target / path)
    return target


@pytest.fixture(scope="module")
def orchards(tmp_path_factory) -> Path:
    return of_cycle(tmp_path_factory.mktemp("cycle"))


ALL = [
    "data/2024/东园.yaml",
    "data/2024/目标/东园/嫁接.yaml",
    "data/2025/东园.yaml",
    "data/2025/西园.yaml",
    "data/2025/目标/东园/嫁接.yaml",
    "data/2025/目标/东园/灌溉.yaml",
    "data/2025/目标/西园/嫁接.yaml",
    "data/2025/自评/东园/嫁接.yaml",
    "data/2025/自评/东园/灌溉.yaml",
]


def test_the_list_below_has_every_file(orchards):
    assert sorted(file.source for file in Project.on_disk(orchards).data_files()[0]) == sorted(ALL)


@pytest.mark.parametrize("source", ALL)
def test_a_copy_with_nothing_else_gives_the_same_bytes(orchards, source, tmp_path):
    paths = made_from(orchards, source).paths
    wanted = outputs(orchards, source)
    assert len(wanted) >= 4
    assert outputs(only(orchards, paths, tmp_path / "copy"), source) == wanted


def test_the_same_of_the_samples(project, tmp_path):
    for file in Project.on_disk(project).data_files()[0]:
        paths = made_from(project, file.source).paths
        target = only(project, paths, tmp_path / file.name / file.year)
        assert outputs(target, file.source) == outputs(project, file.source), file
        others = set(paths) - {file.source}
        assert all(not DataFile.parse(path) or DataFile.at(path).name == file.name for path in others)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        # the plan's own, its review, and the orchard that sums up its plans; not the other plan, nor the other orchard
        ("data/2025/目标/东园/嫁接.yaml",
         {"data/2025/目标/东园/嫁接.yaml", "data/2025/自评/东园/嫁接.yaml", "data/2025/东园.yaml"}),
        ("data/2024/目标/东园/嫁接.yaml",
         {"data/2024/目标/东园/嫁接.yaml", "data/2024/东园.yaml", "data/2025/目标/东园/嫁接.yaml",
          "data/2025/自评/东园/嫁接.yaml"}),
        ("data/2025/自评/东园/灌溉.yaml", {"data/2025/自评/东园/灌溉.yaml"}),
        ("data/2025/西园.yaml", {"data/2025/西园.yaml", "data/2025/目标/西园/嫁接.yaml"}),
    ],
)  # fmt: skip
def test_a_change_makes_stale_what_depends_on_it_and_nothing_else(tmp_path, changed, expected):
    root = of_cycle(tmp_path)
    assert build(root).exit_code == 0 and not stale(root)
    path = root / changed
    path.write_text(path.read_text("utf-8") + "# 改了\n", "utf-8")
    found = stale(root)
    assert set(found) == expected
    assert all(changed in reason for why in found.values() for reason in why)


def test_what_is_stale_is_what_lists_the_file(orchards):
    """The planner's hashes and the list that `explain` shows say the same."""
    lists = {source: set(made_from(orchards, source).paths) for source in ALL}
    project, sources = sources_of(orchards)
    for source, paths in lists.items():
        form = site.form_of(project, DataFile.at(source))
        assert form is not None
        inputs = sources.of_file(DataFile.at(source), form, "public")
        named = {name for name in inputs if (orchards / name).is_file()}
        assert named <= paths
        assert {path for path in paths if DataFile.parse(path)} <= named


def test_a_new_file_that_is_meant_makes_stale(tmp_path):
    root = of_cycle(tmp_path)
    (root / "data/2025/自评/西园").mkdir(parents=True)
    cycle.plan(root, "修剪", orchard="西园", budget="1")
    build(root)
    cycle.plan(root, "授粉", orchard="东园", budget="1")
    assert set(stale(root)) == {"data/2025/目标/东园/授粉.yaml", "data/2025/东园.yaml"}
    (root / "data/2025/目标/东园/授粉.yaml").unlink()
    assert not stale(root)


def test_a_file_that_may_be_meant_makes_stale(tmp_path):
    """One that has no name yet may be any project's."""
    root = of_cycle(tmp_path)
    build(root)
    path = cycle.plan(root, "授粉", orchard="东园", budget="1")
    path.write_text(path.read_text("utf-8").replace("果园: 东园", "果园: "), "utf-8")
    assert {"data/2025/东园.yaml", "data/2025/西园.yaml"} <= set(stale(root))


def test_another_day_of_publication_makes_stale_what_shows_it(tmp_path):
    root = of_cycle(tmp_path)
    build(root)
    settings = root / "data/site.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace(
            "2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}",
            "2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10, 单位: {目标/东园/嫁接: {公开日期: 2025-09-01}}}",
        ),
        "utf-8",
    )
    found = stale(root)
    # the file itself has no public output any more
    assert set(found) == {"data/2025/东园.yaml", "data/2025/自评/东园/嫁接.yaml"}
    assert found["data/2025/东园.yaml"] == {"data/2025/目标/东园/嫁接.yaml 是不是公开 变了"}
    assert build(root).exit_code == 0
    page = (root / "build/public/2025/东园/index.html").read_text("utf-8")
    assert "灌溉" in page and "嫁接" not in page


def test_what_is_withheld_is_gone_though_its_showers_have_errors(tmp_path):
    root = of_cycle(tmp_path)
    build(root)
    page = root / "build/public/2025/自评/东园/嫁接/index.html"
    assert page.exists()
    settings = root / "data/site.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace(
            "2025-02-10}", "2025-02-10, 单位: {目标/东园/嫁接: {公开日期: 2025-09-01}}}"
        ),
        "utf-8",
    )
    review = root / "data/2025/自评/东园/嫁接.yaml"
    review.write_text(review.read_text("utf-8").replace("执行: 96.5", "执行: 99999"), "utf-8")
    assert build(root).exit_code == 1
    assert not page.exists()
    assert (root / "build/official/2025/自评/东园/嫁接.docx").exists()


def reach(edges: dict[str, list[str]], start: str) -> list[frozenset[str]]:
    met: set[str] = set()
    calls: list[str] = []

    def leads_to(one: str) -> list[str]:
        calls.append(one)
        return edges.get(one, [])

    found = []
    for circle in Circles(leads_to, met).reached_from(start):
        beyond = {other for one in circle for other in edges.get(one, [])} - circle
        assert beyond <= met
        met |= circle
        found.append(circle)
    assert len(calls) == len(set(calls)) == len(met)
    return found


def test_circles():
    assert reach({"a": ["b"], "b": ["c"], "c": ["b"]}, "a") == [frozenset("bc"), frozenset("a")]
    assert reach({"a": ["a"]}, "a") == [frozenset("a")]
    assert reach({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, "a")[0] == frozenset("d")
    long = {str(n): [str(n + 1)] for n in range(5000)}
    assert len(reach(long, "0")) == 5001
    long["5000"] = ["0"]
    assert len(reach(long, "0")) == 1


def each_digest(root: Path) -> Iterator[tuple[int, int]]:
    """How many inputs all files have together, and how many files there are."""
    project, sources = sources_of(root)
    files = project.data_files()[0]
    count = 0
    for file in files:
        form = site.form_of(project, file)
        assert form is not None
        count += len(sources.of_file(file, form, "public"))
    yield count, len(files)


def test_many_files_do_not_each_list_all(tmp_path):
    """The orchard lists its plans, each plan lists the orchard."""
    means = []
    for number in (30, 120):
        root = cycle.make(tmp_path / str(number), pages=True)
        cycle.orchard(root, total="9999999")
        for one in range(number):
            cycle.plan(root, f"项目{one}")
        means += [count / files for count, files in each_digest(root)]
    assert means[1] <= means[0] * 1.05
