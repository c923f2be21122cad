"""With what a job needs and nothing else, the same comes of it as with the whole project: bytes, findings, all."""

from __future__ import annotations

import random
import shutil
import sys
import types
from pathlib import Path

import pytest

from perfgen import render
from perfgen.build import batch, check_batch, check_part, shares
from perfgen.build.made_from import Sources
from perfgen.build.manifest import Manifest
from perfgen.build.needs import Needs
from perfgen.check.standing import HELD, Judgement, Standing, Verdict, Verdicts
from perfgen.project import invocation
from perfgen.project.layout import DataFile, by_path
from perfgen.project.parcel import Parcel
from perfgen.project.snapshot import Project
from perfgen.report import site
from tests.conftest import REPOSITORY
from tests.helpers import by_project, city, cycle, garden, more_forms, parcels, perturbed, scored_cycle, tiny, years
from tests.helpers.parcels import Compared, same
from tests.helpers.perturbed import OWN, PERTURBED, PLAN, REVIEW, world
from tests.helpers.words import docx_of

BRIEF = """\
from perfgen.prove.proof import disproof

SCOPE = "unit"
TARGETS = {"official": "official/{year}/{unit}-all.txt", "public": "public/{year}/{unit}-all.txt"}
NEEDS = ()
READS = ("**",)
PACKAGES = ()
STYLES = ()


def render(unit):
    project, folder = unit.project, "templates/units"
    lines = [str(project.files(folder)), *(project.read(path).decode() for path in project.files(folder))]
    for report in unit.reports:
        is_printed = project.holds(report.form.template("form.docx"))
        cells = report.table.cells() if is_printed else ()
        lines.append(f"{report.form.name} {report.file} " + "|".join(cell.text for cell in cells))
    return "\\n".join([f"{unit.year} {unit.unit} {unit.edition}", *lines]).encode()


def prove(content, unit):
    return 1
"""


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of a unit's year beside the quick ones."""
    module = types.ModuleType("brief")
    exec(BRIEF, module.__dict__)
    quick = {name: render.find(name) for name in parcels.QUICK}
    found = quick | {"brief": render.Renderer("brief", module)}
    monkeypatch.setattr(render, "names", lambda: sorted(found))
    monkeypatch.setattr(render, "find", found.__getitem__)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """Holds the world as it is, when the first test has compared it."""
    return []


def compared_with(before: list[Compared], root: Path, tmp: Path) -> Compared:
    if not before:
        before.append(same(world(tmp)))
    return same(root, like=before[0])


FAILED_BEFORE = {
    "last year has another form", "last year has another form that is broken", "the year before has another form",
    "last year has a form that refers", "units that owe other forms", "a file lies elsewhere, and there is one",
    "renamed, and no YAML", "renamed, and of no form", "a form that is broken beside",
    "a schema that uses a part of one that cannot be alone", "a page that includes one in a folder",
    "a page that includes what is no page", "an asset in a folder", "an asset that is hidden",
    "a twin that a form refers to",
}  # fmt: skip
"""What came out otherwise when this test was written; of the others, `make test` tries some."""
TRIED = FAILED_BEFORE | set(list(PERTURBED)[::12])


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in TRIED else [pytest.mark.nightly]) for name in PERTURBED]
)
def test_the_same_comes_of_it(name, before, tmp_path, tmp_path_factory):
    root = world(tmp_path)
    PERTURBED[name](root)
    compared = compared_with(before, root, tmp_path_factory.mktemp("world"))
    assert len(compared.jobs) > 30 or compared.stayed


def test_what_failed_before_is_tried():
    assert PERTURBED.keys() >= FAILED_BEFORE


def scored(root: Path) -> Path:
    return scored_cycle.targets(root, pages=True)


def with_garden(root: Path) -> Path:
    garden.filled(garden.make(root))
    return root


def with_projects(root: Path) -> Path:
    by_project.make(root)
    for year in (2024, 2025):
        for unit in ("东园", "西园"):
            by_project.write(root, unit, "买树", year)
    return root


def with_years(root: Path) -> Path:
    years.make(root)
    cycle.write(root, "templates/ledger/form.docx", "").write_bytes(docx_of([["户", "{{ 户 }}"]]))
    for year in (2024, 2025):
        cycle.write(root, f"data/{year}/甲.yaml", f"form: ledger\n年: {year}\n户: 甲\n到: 2026\n话: [好]\n行: []\n")
    return root


MADE_UP = {
    "scored": scored,
    "garden": with_garden,
    "projects": with_projects,
    "years": with_years,
    "more forms": lambda root: more_forms.add(tiny.make(root)),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_the_same_comes_of_other_projects(name, tmp_path):
    assert same(MADE_UP[name](tmp_path)).jobs


def samples(root: Path) -> Path:
    for folder in ("data", "schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    return root


@pytest.mark.long
def test_the_same_is_made_and_said_of_a_sample_of_each_form(tmp_path):
    compared = Compared(samples(tmp_path), formats=("html", "data_json"))
    folders = {file.path.partition("/")[0] if "/" in file.path else "": file for file in reversed(compared.files)}
    with parcels.another_machine():
        compared.built(*(file.source for file in folders.values()))
        for file in folders.values():
            part = check_part.Part((((file, True),),), invocation.state())
            compared.compare(f"check {file}", compared.needs.of([file]), part.checked)
    assert not compared.differences and len(compared.jobs) >= 10


@pytest.mark.pdf
def test_the_same_pdf_comes_of_a_sample(tmp_path, monkeypatch):
    monkeypatch.undo()
    compared = Compared(samples(tmp_path), formats=None)
    with parcels.another_machine():
        compared.built("data/2025/示例市档案馆.yaml")
    assert not compared.differences and len(compared.jobs) == 1
    ((made, _),) = compared.here_before.values()
    assert any(one.renderer == "pdf" for one in made[0].made)


LOGO = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='red'/></svg>"


@pytest.mark.pdf
def test_the_same_pdf_comes_of_a_style_with_a_picture(tmp_path, monkeypatch):
    monkeypatch.undo()
    root = tiny.make(tmp_path)
    shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    shutil.copy(root / "templates/shared/form.html", root / "templates/fruit")
    style = "<style>h1 { background: url(logo.svg) no-repeat }</style>"
    cycle.change(root, "templates/fruit/form.html", ("</head>", f"{style}</head>"))
    cycle.write(root, "templates/fruit/logo.svg", LOGO)
    assert "templates/fruit/logo.svg" in needed(root, "data/2025/东园.yaml")
    compared = Compared(root, formats=("pdf",))
    with parcels.another_machine():
        compared.built("data/2025/东园.yaml")
    assert not compared.differences and len(compared.jobs) == 1
    ((made, _),) = compared.here_before.values()
    assert [one.renderer for one in made[0].made] == ["pdf", "pdf"]


@pytest.mark.nightly
def test_the_same_is_made_of_all_samples(tmp_path):
    same(samples(tmp_path))


@pytest.mark.nightly
def test_the_same_comes_of_a_city(tmp_path):
    city.city(tmp_path, [(), (), ()])
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, dirs_exist_ok=True)
    assert same(tmp_path).jobs


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(40))
def test_the_same_comes_of_several_at_once(seed, before, tmp_path, tmp_path_factory):
    several_at_once(seed, before, tmp_path, tmp_path_factory)


@pytest.mark.parametrize("seed", range(100, 103))
def test_the_same_comes_of_some_at_once(seed, before, tmp_path, tmp_path_factory):
    several_at_once(seed, before, tmp_path, tmp_path_factory)


def several_at_once(seed, before, tmp_path, tmp_path_factory) -> None:
    """Some that do not need what others took away."""
    chosen = random.Random(seed).sample(list(PERTURBED), 4)
    root = world(tmp_path)
    for name in chosen:
        try:
            PERTURBED[name](root)
        except (AssertionError, OSError, ValueError, KeyError):
            continue
    compared_with(before, root, tmp_path_factory.mktemp("world"))


def needed(root: Path, *sources: str) -> set[str]:
    """The paths of what a job about files needs, but for what comes with the program."""
    project = Project.on_disk(root)
    needs = Needs(project, Sources(project, site.load_site(project)))
    return {path for path in needs.of(map(DataFile.at, sources)) if project.digest(path) and ":" not in path}


def data(paths: set[str]) -> set[str]:
    return {path for path in paths if DataFile.parse(path)}


def test_nothing_of_another_unit_or_form_travels(tmp_path):
    root = world(tmp_path)
    paths = needed(root, "data/2025/果/东园.yaml")
    assert data(paths) == {f"data/{year}/果/东园.yaml" for year in (2023, 2024, 2025)}
    assert {path for path in paths if path.startswith("schema/")} == {
        "schema/fruit.schema.json", "schema/fruit.rules.yaml", "schema/words.rules.yaml"
    }  # fmt: skip
    assert {path.split("/")[1] for path in paths if path.startswith("templates/")} == {"fruit", "shared"}
    plans = {"data/2025/目标/东园/嫁接.yaml", "data/2024/目标/东园/嫁接.yaml"}
    # the orchard's own form counts for the plan's rules, and not for the review
    assert data(needed(root, REVIEW)) == {REVIEW, *plans}
    assert data(needed(root, PLAN)) == {*plans, OWN}
    assert not {path for path in needed(root, PLAN) if "fruit" in path or "project" in path}


def test_only_what_finds_nothing_takes_along_what_it_looked_among(tmp_path):
    root = world(tmp_path)
    cycle.change(root, REVIEW, ("项目: 嫁接", "项目: 稼接"))
    among = {path for path in data(needed(root, REVIEW)) if "/目标/" in path}
    assert among == {str(file) for file in Project.on_disk(root).data_files()[0] if file.path.startswith("目标")}
    assert not {path for path in data(needed(root, REVIEW)) if "/果/" in path or "/项目/" in path}
    watering = {f"data/2025/{kind}/东园/灌溉.yaml" for kind in ("自评", "目标")}
    # of the year before there is no plan of that project, and one other
    assert data(needed(root, "data/2025/自评/东园/灌溉.yaml")) == {*watering, "data/2024/目标/东园/嫁接.yaml"}


def test_what_is_broken_takes_along_no_data_of_others_and_no_templates(tmp_path):
    root = world(tmp_path)
    cycle.write(root, "data/2025/果/东园.yaml", "form: friut\n")
    paths = needed(root, "data/2025/果/东园.yaml")
    assert data(paths) == {f"data/{year}/果/东园.yaml" for year in (2023, 2024, 2025)}
    assert not {path for path in paths if path.startswith("templates/")}
    assert set(Project.on_disk(root).files("schema")) <= paths


APPROVALS = {
    "type": "object", "title": "审核", "x-role": "approvals", "x-printed": False,
    "additionalProperties": {
        "type": "object", "additionalProperties": False,
        "properties": {name: {"type": "string"} for name in ("人", "日", "意见", "原值", "位置", "规则")},
    },
}  # fmt: skip
RECORD = "审核:\n  abcdef0123456789: {人: 王某, 日: 2025-01-01, 意见: 同意}\n"
REVIEWERS = "审核人:\n  王某: {邮箱: wang@example.com}\n单位:\n  东园: {审核人: [王某], 应报: [plan]}\n"


@pytest.mark.parametrize("standing", [Standing.SIGNED, Standing.CLAIMED, Standing.REFUSED, None])
def test_the_same_comes_of_approvals(standing, tmp_path):
    root = world(tmp_path)
    perturbed.schema(root, "orchard", lambda it: it["properties"].update(审核=APPROVALS))
    for source in (OWN, "data/2024/东园.yaml"):
        cycle.write(root, source, perturbed.text_of(root, source) + RECORD)
    cycle.write(root, "data/units.yaml", REVIEWERS)
    verdicts = standing and Verdicts(Verdict(Standing.UNDECIDED), {"abcdef0123456789": Verdict(standing, "为什么")})
    whole = Judgement(HELD, dict.fromkeys((OWN, "data/2024/东园.yaml", PLAN), verdicts)) if verdicts else None
    with parcels.another_machine():
        compared = Compared(root, judgement=whole).checked()
    assert not compared.differences
    groups = (((DataFile.at(OWN), True),),)
    about = check_batch._about(whole, groups)
    if about and whole and verdicts:
        assert about.by_file == {OWN: verdicts} and about.otherwise == whole.otherwise
        trimmed, _ = check_part.Part(groups, invocation.state(), about).checked(Project.on_disk(root))
        said, _ = check_part.Part(groups, invocation.state(), whole).checked(Project.on_disk(root))
        assert trimmed == said and said.looked[0].records + said.looked[0].uncounted == 1


def many(root: Path, count: int) -> Path:
    """So many orchards with plans and reviews of two years."""
    cycle.make(root)
    for number in range(count):
        name = f"园{number}"
        cycle.orchard(root, name)
        for project in ("嫁接", "灌溉"):
            cycle.plan(root, project, name)
            cycle.plan(root, project, name, year=2024)
            cycle.review(root, project, name)
    return root


def calls_of_planning(root: Path) -> int:
    """How many functions are called to plan a build, and a check, of jobs that are done elsewhere."""
    project = Project.on_disk(root)
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(called)
    try:
        settings = site.load_site(project)
        planner = batch.Planner(project, settings, Manifest(), parcels.QUICK, {}, day=parcels.DAY)
        plans = [planner.unit(file) for of_path in by_path(project.data_files()[0]) for file in of_path]
        work = shares.Work(project, Needs(project, planner.sources), parcels.DAY)
        work.needs.of(plan.file for plan in plans)
        project.release(plan.file for plan in plans)
        for share in shares.of_units(plans, planner.sources.links):
            carried = Parcel(project, work.needs.of(plan.file for plan in share.plans))
            assert carried.is_whole and carried.files
        needs = Needs(project, Sources(project, settings))
        for of_path in by_path(project.data_files()[0]):
            project.turn_to(tuple(of_path))
            assert needs.of(of_path)
    finally:
        sys.setprofile(None)
    return count


def test_planning_grows_as_the_files_do(tmp_path):
    calls_of_planning(many(tmp_path / "warm", 1))
    few, more = calls_of_planning(many(tmp_path / "few", 8)), calls_of_planning(many(tmp_path / "more", 32))
    assert more < few * 4.4


def test_what_was_read_to_plan_is_released(tmp_path):
    sizes = []
    for count in (4, 16):
        project = Project.on_disk(many(tmp_path / str(count), count))
        needs = Needs(project, Sources(project, site.load_site(project)))
        for of_path in by_path(project.data_files()[0]):
            project.turn_to(tuple(of_path))
            assert len(needs.of(of_path)) > 2
        sizes.append(len(project._made))
    assert sizes[0] == sizes[1]
