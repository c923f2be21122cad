"""What outputs are made from: nothing else is needed to make them, and nothing else makes them stale."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import batch, check_batch, job, shares
from perfgen.build.made_from import MadeFrom, Sources
from perfgen.build.plan import UnitPlan
from perfgen.check import loading, unread
from perfgen.project.layout import DataFile, by_path
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.circles import Circles
from perfgen.source.reader import Document
from perfgen.system.day import Day, Origin
from tests.helpers import cycle, site_data

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


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """The data files that are taken apart, one after the other."""
    found: list[str] = []
    load = unread.load

    def loading(content: bytes, source: str) -> Document:
        found.append(source)
        return load(content, source)

    monkeypatch.setattr(unread, "load", loading)
    return found


def test_each_file_is_read_once_for_all_that_look_at_it(tmp_path, parsed):
    root = of_cycle(tmp_path)
    assert build(root).exit_code == 0
    assert sorted(parsed) == sorted(ALL)
    parsed.clear()
    project = Project.on_disk(root)
    checked = check_batch.check_files(project, project.data_files()[0], jobs=1)
    assert checked.exit_code == 0
    assert sorted(parsed) == sorted(ALL)


def test_what_no_file_refers_to_is_not_read_to_see_what_is_stale(tiny_project, parsed):
    """Without references a plan costs no more than the files' first lines."""
    build(tiny_project, only=None)
    parsed.clear()
    planner = batch.Planner(
        Project.on_disk(tiny_project),
        site.load_site(Project.on_disk(tiny_project)),
        batch.load_manifest(tiny_project),
        None,
        batch.output_tree.found(tiny_project),
        day=TODAY.iso,
    )
    plans = [planner.unit(file) for file in planner.project.data_files()[0]]
    assert not any(plan.stale for plan in plans) and plans[0].outputs
    assert parsed == []


def test_files_that_look_at_each_other_follow_each_other(tmp_path):
    root = of_cycle(tmp_path)
    project, sources = sources_of(root)
    plans = [UnitPlan(file) for of_path in by_path(project.data_files()[0]) for file in of_path]
    found = [(share.work, plan.file.source) for share in shares.of_units(plans, sources.links) for plan in share.plans]
    assert sorted(source for _, source in found) == sorted(ALL)
    works = [work for work, _ in found]
    assert works == sorted(works) and len(set(works)) == 2
    assert {source for work, source in found if work == works[-1]} in (
        {source for source in ALL if "西园" in source},
        {source for source in ALL if "东园" in source},
    )


def test_what_was_read_for_other_work_is_forgotten(tmp_path):
    project = Project.on_disk(of_cycle(tmp_path))
    east, west = DataFile.at(ALL[2]), DataFile.at(ALL[3])
    project.turn_to(1)
    filing = loading.filing(project, east)
    project.turn_to(1)
    assert loading.filing(project, east) is filing
    project.turn_to(2)
    other = loading.filing(project, west)
    assert loading.filing(project, east) is not filing
    assert loading.filing(project, west) is other


def test_several_processes_make_the_same(tmp_path):
    one, two = of_cycle(tmp_path / "1"), of_cycle(tmp_path / "2")
    build(one)
    batch.build(batch.BuildOrder(Project.on_disk(two), None, QUICK, 2, day=TODAY))

    def made(root: Path) -> dict[str, bytes]:
        paths = [path for path in (root / "build").rglob("*") if path.is_file()]
        return {str(path.relative_to(root)): path.read_bytes() for path in paths if "manifest" not in str(path)}

    assert made(one) == made(two) and len(made(one)) > 30


SHOWS_SCORES = """\
引用:
  总表: {表: orchard, 对上: [果园]}
计算:
  余额: 总表.合计 - 预算
"""
ADDS = """\
引用:
  项目表: {表: plan, 对上: [果园], 几份: 多份}
计算:
  合计: 项目表 | 求和('预算')
"""


def test_what_figures_of_others_need_counts(tmp_path):
    """A plan shows what is left of the sum of all plans: it is made from all of them."""
    root = cycle.make(tmp_path)
    (root / "schema/plan.rules.yaml").write_text(SHOWS_SCORES, "utf-8")
    (root / "schema/orchard.rules.yaml").write_text(ADDS, "utf-8")
    cycle.orchard(root)
    for name in ("嫁接", "灌溉", "授粉"):
        cycle.plan(root, name)
    cycle.orchard(root, "西园")
    cycle.plan(root, "嫁接", orchard="西园")
    plans = [f"data/2025/目标/东园/{name}.yaml" for name in ("嫁接", "灌溉", "授粉")]
    assert set(made_from(root, plans[0]).paths) >= {"data/2025/东园.yaml", *plans}
    assert {file.source for file in made_from(root, plans[0]).further} == set(plans[1:])
    build(root)
    assert not stale(root)
    path = root / plans[2]
    path.write_text(path.read_text("utf-8").replace("120", "121"), "utf-8")
    assert set(stale(root)) == {"data/2025/东园.yaml", *plans}
    assert stale(root)[plans[0]] == {"data/2025/东园.yaml 用到的别的文件 变了"}


def test_explain_lists_what_outputs_are_made_from(orchards, capsys):
    assert cli.main(["-C", str(orchards), "explain", "data/2025/自评/东园/嫁接.yaml"]) == 0
    out = capsys.readouterr().out
    assert "目标表：data/2025/目标/东园/嫁接.yaml\n" in out and "上年目标：data/2024/目标/东园/嫁接.yaml\n" in out
    assert "schema/plan.schema.json" in out and "templates/review/page.html" in out and "西园" not in out


def test_of_many_files_it_is_said_that_one_has_changed(tmp_path):
    root = cycle.make(tmp_path, pages=True)
    cycle.orchard(root, total="9999999")
    for one in range(25):
        cycle.plan(root, f"项目{one}")
    build(root, "data/2025/东园.yaml")
    assert "data/2025/东园.yaml" not in stale(root)
    path = root / "data/2025/目标/东园/项目7.yaml"
    path.write_text(path.read_text("utf-8").replace("120", "121"), "utf-8")
    assert stale(root)["data/2025/东园.yaml"] == {"项目表 的 25 个文件 变了"}
    page = root / "build/public/2025/东园/index.html"
    assert "项目7" in page.read_text("utf-8")
    settings = root / "data/site.yaml"
    own = "2025-02-10, 单位: {目标/东园/项目7: {公开日期: 2025-09-01}}}"
    settings.write_text(settings.read_text("utf-8").replace("2025-02-10}", own), "utf-8")
    orchard = root / "data/2025/东园.yaml"
    orchard.write_text(orchard.read_text("utf-8").replace("总预算", "总预"), "utf-8")
    assert build(root, "data/2025/东园.yaml").exit_code == 1 and not page.exists()


def includes(root: Path, name: str, text: str) -> Path:
    """A page of the plans that takes in another file of its templates."""
    cycle.write(root, f"templates/plan/{name}", text)
    cycle.change(root, "templates/plan/page.html", ("</main>", f"{{% include '{name}' %}}</main>"))
    return root


@pytest.mark.parametrize("name", ["sign.svg", "parts/deep/more.html"])
def test_whatever_a_page_takes_in_makes_it_stale(tmp_path, name):
    root = includes(of_cycle(tmp_path), name, "<p>甲</p>")
    assert build(root).exit_code == 0 and not stale(root)
    cycle.write(root, f"templates/plan/{name}", "<p>乙</p>")
    found = stale(root)
    assert found.keys() == {source for source in ALL if "/目标/" in source}
    assert all(f"templates/plan/{name}" in reason for why in found.values() for reason in why)
    assert build(root).exit_code == 0
    assert "<p>乙</p>" in (root / "build/public/2025/目标/东园/嫁接/index.html").read_text("utf-8")


def test_what_programs_leave_among_the_templates_makes_nothing_stale(tmp_path):
    root = of_cycle(tmp_path)
    build(root)
    for name in ("templates/plan/.page.html.swp", "templates/plan/~$form.docx", "templates/shared/assets/.site.css"):
        cycle.write(root, name, "甲")
    assert not stale(root)
    assert build(root).exit_code == 0


@pytest.mark.parametrize("name", ["fruits/fruit.css"])
def test_an_asset_that_cannot_be_is_said_though_nothing_else_changed(tmp_path, name):
    root = of_cycle(tmp_path)
    build(root)
    cycle.write(root, f"templates/shared/assets/{name}", "p { color: red }\n")
    assert stale(root)
    (finding, *_) = build(root).findings
    assert finding.place.file == f"templates/shared/assets/{name}"


def test_a_list_that_owes_forms_keeps_the_names_of_the_year_before(tmp_path):
    """Whether a form that a unit owes is there does not say who it was."""
    root = of_cycle(tmp_path)
    (root / "data/2024/东园.yaml").rename(root / "data/2024/旧园.yaml")
    cycle.write(root, "data/units.yaml", "单位:\n  东园: {曾用名: [旧园], 应报: [gone]}\n")
    assert "data/2024/旧园.yaml" in made_from(root, "data/2025/东园.yaml").paths


def test_a_build_of_one_format_takes_no_other_away(tmp_path):
    """What a review shows of the form that its target form takes from is an input of no format in particular."""
    unit, subject = "示例市档案馆", "馆库与数字档案系统运行维护"
    places = (unit, f"项目目标/{unit}/{subject}", f"项目自评/{unit}/{subject}")
    root = site_data.samples(tmp_path / "p", *(f"data/2025/{place}.yaml" for place in places))
    site_data.build(root, only=("data_json", "data_csv"))
    before = site_data.public_files(root)
    outcome = site_data.build(root, only=("data_csv",))
    assert outcome.removed == 0 and before == site_data.public_files(root)
    assert len([path for path in before if path.endswith("data.json")]) == len(places)
