"""A unit is in build/public from its day of publication on: the day decides which, and no byte of them."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import batch, last_build
from perfgen.build.batch import BuildOrder
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.system import day
from perfgen.system.day import Day, Origin
from tests.helpers import tiny, versions
from tests.helpers.outputs import of_file, of_site

pytestmark = pytest.mark.long

SITE = """\
站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}
公开:
  2025:
    批复日期: 2025-01-24
    公开日期: 2025-02-10
    单位:
      西园: {公开日期: 2025-02-12}
"""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at noon of a day long after, and no variable is set."""
    monkeypatch.delenv(day.VARIABLE, raising=False)
    monkeypatch.setattr(day, "_now", lambda: datetime(2026, 3, 5, 4, tzinfo=UTC).astimezone(day._ZONE))


@pytest.fixture
def orchard(tiny_project: Path) -> Path:
    """Two units that become public on different days."""
    (tiny_project / "data/site.yaml").write_text(SITE, "utf-8")
    return tiny_project


def on(text: str) -> Day:
    return Day(date.fromisoformat(text), Origin.OPTION)


def build(root: Path, text: str, **order: object) -> batch.BuildOutcome:
    return batch.build(BuildOrder(Project.on_disk(root), day=on(text), **order))


def run(root: Path, *arguments: str) -> int:
    return cli.main(["-C", str(root), *arguments])


def files(root: Path, folder: str = "") -> dict[str, bytes]:
    top = root / "build"
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for part in ("official", "public")
        for path in sorted((top / part).rglob("*"))
        if path.is_file() and path.relative_to(top).as_posix().startswith(folder)
    }


def public(root: Path) -> set[str]:
    """The units that have a folder in build/public."""
    return {path.name for path in (root / "build/public").glob("2025/*") if path.is_dir()}


def test_a_unit_is_public_from_its_day_on(orchard):
    for text, units in (
        ("2025-02-09", set()), ("2025-02-10", {"东园"}), ("2025-02-11", {"东园"}), ("2025-02-12", {"东园", "西园"}),
        ("2026-01-01", {"东园", "西园"}),
    ):  # fmt: skip
        build(orchard, text)
        assert public(orchard) == units, text
        assert {"official/2025/东园.docx", "official/2025/西园.docx"} <= files(orchard).keys()


def test_the_day_decides_no_byte(orchard, tmp_path):
    other = shutil.copytree(orchard, tmp_path / "另一处")
    build(orchard, "2025-02-12")
    build(other, "2031-07-01")
    whole = files(orchard)
    assert whole == files(other)
    shutil.rmtree(other / "build")
    build(other, "2025-02-11")
    early = files(other)
    different = {name for name in whole if whole[name] != early.get(name)}
    late = {name for name in whole if name.startswith("public/2025/西园/")}
    assert late and late < different <= late | of_site(other) | of_site(orchard)


def test_the_next_day_makes_that_unit_and_no_other(orchard):
    build(orchard, "2025-02-11")
    before = {path: path.stat().st_mtime_ns for path in (orchard / "build/public/2025").rglob("*") if path.is_file()}
    outcome = build(orchard, "2025-02-12")
    assert {plan.file.name for plan in outcome.plans if plan.stale} == {"西园"}
    assert {edition for plan in outcome.plans for _, edition in plan.stale} == {"public"}
    about_all = {orchard / "build" / path for path in of_site(orchard)}
    assert all(path.stat().st_mtime_ns == then for path, then in before.items() if path not in about_all)
    assert public(orchard) == {"东园", "西园"}


def test_a_date_moved_to_the_future_takes_the_unit_out_again(orchard):
    build(orchard, "2025-03-01")
    assert public(orchard) == {"东园", "西园"}
    site = orchard / "data/site.yaml"
    site.write_text(SITE.replace("2025-02-12", "2025-03-02"), "utf-8")
    outcome = build(orchard, "2025-03-01")
    assert public(orchard) == {"东园"} and outcome.removed > 0
    assert not any("西园" in name for name in files(orchard, "public/"))
    piece = json.loads((orchard / "build/manifest/2025/西园.json").read_text("utf-8"))
    assert piece["entry"] is None and not any("public/" in path for path in piece["outputs"])
    build(orchard, "2025-03-02")
    assert public(orchard) == {"东园", "西园"}


def test_a_build_of_one_file_and_of_one_format_wait_too(orchard):
    west = DataFile.at("data/2025/西园.yaml")
    build(orchard, "2025-02-11", files=(west,), only=("docx",))
    assert public(orchard) == set()
    build(orchard, "2025-02-12", files=(west,))
    assert public(orchard) == {"西园"}
    build(orchard, "2025-02-11", files=(west,), only=("docx",))
    assert public(orchard) == set()


def test_a_unit_that_cannot_be_read_is_taken_out_all_the_same(orchard):
    build(orchard, "2025-02-12")
    tiny.write_unit(orchard, "西园", "乱: [")
    build(orchard, "2025-02-11")
    assert public(orchard) == {"东园"}


def test_a_changed_unit_that_waits_is_made_for_the_office_only(orchard):
    build(orchard, "2025-02-11")
    path = orchard / "data/2025/西园.yaml"
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    outcome = build(orchard, "2025-02-11")
    assert outcome.made == of_file(orchard, "data/2025/西园.yaml") and public(orchard) == {"东园"}


@pytest.mark.usefixtures("pdf_stands_in")
def test_the_page_of_all_units_lists_who_is_public(project):
    name, page = "示例市档案馆", project / "build/public/index.html"
    build(project, "2025-02-11")
    assert name not in page.read_text("utf-8") and public(project) == set()
    assert [path.name for path in (project / "build/official").rglob("*.docx")] == [f"{name}.docx"]
    build(project, "2025-02-12")
    assert name in page.read_text("utf-8")
    assert {path.name for path in (project / f"build/public/2025/{name}").iterdir()} >= {"index.html", "data.json"}
    build(project, "2025-02-11")
    assert name not in page.read_text("utf-8") and public(project) == set()
    assert not (project / "build/public/2025").exists()


# nothing to do


def test_the_day_is_noted_and_part_of_nothing_to_do(orchard):
    build(orchard, "2025-02-10")

    def noted() -> str:
        return json.loads((orchard / "build/manifest.json").read_text("utf-8"))["day"]

    def up_to_date(text: str) -> bool:
        return last_build.up_to_date(Project.on_disk(orchard), on(text)) is not None

    assert noted() == "2025-02-10"
    assert not up_to_date("2025-02-09") and not up_to_date("2025-02-12") and noted() == "2025-02-10"
    assert up_to_date("2025-02-10")
    assert up_to_date("2025-02-11"), "another day that makes the same units public"
    assert noted() == "2025-02-11"
    build(orchard, "2025-02-12")
    assert noted() == "2025-02-12" and not up_to_date("2025-02-11")


def test_a_build_of_one_file_says_nothing_of_the_day_of_the_others(orchard):
    build(orchard, "2025-02-10")
    build(orchard, "2025-02-12", files=(DataFile.at("data/2025/东园.yaml"),))
    assert last_build.up_to_date(Project.on_disk(orchard), on("2025-02-12")) is None
    build(orchard, "2025-02-12")
    assert public(orchard) == {"东园", "西园"}


def test_a_manifest_that_notes_no_day_is_not_believed_of_the_day(orchard):
    build(orchard, "2025-02-12")
    index = orchard / "build/manifest.json"
    content = json.loads(index.read_text("utf-8"))
    del content["day"]
    index.write_text(json.dumps(content), "utf-8")
    assert last_build.up_to_date(Project.on_disk(orchard), on("2025-02-12")) is None
    assert build(orchard, "2025-02-12").made == 0, "what was made is known all the same"


# what a user types and reads


def test_the_day_of_a_build_is_that_of_its_commit(orchard, capsys, monkeypatch):
    versions.git(orchard, "init", "-q")
    versions.git(orchard, "add", "-A")
    versions.git(orchard, "commit", "-q", "-m", "起点", date="2025-02-11T09:00:00+08:00")
    assert run(orchard, "build") == 0
    assert public(orchard) == {"东园"}
    said = capsys.readouterr().out
    assert "1 个还没到公开日期，不在 build/public 里：2025-02-12 公开 2025 年的西园。" in said
    assert "现在按 2025-02-11（HEAD 的提交日期）算" in said
    assert said.count("perfgen build --date 2025-02-12") == 1 and "git 的提交" not in said
    assert run(orchard, "build", "--date", "2025-02-12") == 0
    assert public(orchard) == {"东园", "西园"} and "还没到公开日期" not in capsys.readouterr().out
    monkeypatch.setenv(day.VARIABLE, "1739030400")  # 2025-02-09, 00:00 in UTC+8
    assert run(orchard, "build") == 0
    assert public(orchard) == set()
    said = capsys.readouterr().out
    assert "2 个还没到公开日期" in said and "（环境变量 SOURCE_DATE_EPOCH 的）" in said


def test_without_a_commit_a_build_takes_today_and_says_so(orchard, capsys):
    assert run(orchard, "build") == 0
    assert "读不到 git 的提交，公开日期按今天（2026-03-05）算。" in capsys.readouterr().out
    assert public(orchard) == {"东园", "西园"}
    assert run(orchard, "build") == 0
    assert capsys.readouterr().out == "没有变化，什么都不用做。\n"


def test_without_dates_no_day_is_spoken_of(orchard, capsys):
    (orchard / "data/site.yaml").write_text(SITE.partition("公开:")[0], "utf-8")
    assert run(orchard, "build") == 0
    said = capsys.readouterr().out
    assert "没有做网页" in said and "今天" not in said and "git 的提交" not in said


@pytest.mark.parametrize("wrong", ["1.5", "昨天", "-5"])
def test_a_wrong_source_date_epoch_stops_before_anything_is_made(orchard, capsys, monkeypatch, wrong):
    monkeypatch.setenv(day.VARIABLE, wrong)
    assert run(orchard, "build") == 2
    said = capsys.readouterr().err
    assert day.VARIABLE in said and "Traceback" not in said
    assert not (orchard / "build").exists()
    assert run(orchard, "build", "--date", "2025-02-12") == 0, "who gives a date has answered"
    assert public(orchard) == {"东园", "西园"}


def test_a_wrong_date_is_said_with_an_example(orchard, capsys):
    assert run(orchard, "build", "--date", "2025-2-10") == 2
    assert "--date" in (said := capsys.readouterr().err) and "例如 2025-02-10" in said


def test_a_look_ahead_says_that_it_must_not_leave_the_house(orchard, capsys):
    (orchard / "data/site.yaml").write_text(SITE.replace("2025-02-12", "2026-04-01"), "utf-8")
    assert run(orchard, "build", "--date", "2026-04-01") == 0
    said = capsys.readouterr().out
    assert "build/public 里现在有 1 个还没到公开日期的：2026-04-01 公开 2025 年的西园。只给自己看，不要放到网上" in said
    assert run(orchard, "build") == 0
    assert public(orchard) == {"东园"}


@pytest.mark.pdf
def test_the_variable_decides_no_byte_of_any_format(project, monkeypatch):
    """Libraries for fonts read it too."""
    made = []
    for seconds in ("1740000000", "1893456000"):
        monkeypatch.setenv(day.VARIABLE, seconds)
        assert run(project, "build", "-j1") == 0
        made.append(files(project))
        shutil.rmtree(project / "build")
    assert made[0] == made[1] and len(made[0]) > 8
    assert os.environ[day.VARIABLE]
