"""Versions and years where a unit has several files of a form: which belong together, and what they are called."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from perfgen import cli
from tests.conftest import REPOSITORY
from tests.helpers import by_project
from tests.helpers.versions import commit, git

LONG = {"use": "买五百棵苹果树苗，种在东坡，请人浇水到秋天", "amount": "3.5"}
OTHER = {"use": "修通往西坡的水泥路两公里，路边种树", "amount": "120"}


@pytest.fixture
def orchards(tmp_path: Path) -> Path:
    """A project in git, with two projects of each of two units."""
    root = by_project.make(tmp_path / "p")
    for unit in ("东园", "西园"):
        by_project.write(root, unit, "买树苗", **LONG)
        by_project.write(root, unit, "修路", **OTHER)
    git(root, "init", "-q", "-b", "main")
    commit(root, "first")
    return root


def diff(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert cli.main(["-C", str(root), "diff", *arguments, "--format", "json"]) in (0, 1)
    said = json.loads(capsys.readouterr().out)
    jsonschema.validate(said, json.loads((REPOSITORY / "docs/diff.schema.json").read_text("utf-8")))
    return said


def text_of(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    cli.main(["-C", str(root), "diff", *arguments])
    return capsys.readouterr().out


def files(said: dict) -> list[tuple[str | None, str | None]]:
    below = len("data/2025/")
    return [tuple(f and f[below:-5] for f in (unit["old_file"], unit["new_file"])) for unit in said["units"]]


def test_a_change_says_which_project_it_is_about(orchards, capsys):
    by_project.write(orchards, "东园", "买树苗", **{**LONG, "amount": "4"})
    said = diff(orchards, capsys, "HEAD")
    (unit,) = said["units"]
    assert (unit["unit"], unit["subject"]) == ("东园", "买树苗")
    assert {change["subject"] for change in said["changes"]} == {"买树苗"}
    assert "■ 东园 买树苗 2025 年（" in text_of(orchards, capsys, "HEAD")


def test_the_same_change_of_two_projects_has_two_fingerprints(orchards, capsys):
    for subject in ("买树苗", "修路"):
        by_project.write(orchards, "东园", subject, use="同一句话", amount="1")
    commit(orchards)
    for subject in ("买树苗", "修路"):
        by_project.write(orchards, "东园", subject, use="同一句话", amount="2")
    said = diff(orchards, capsys, "HEAD")
    prints = [change["fingerprint"] for change in said["changes"]]
    assert len(prints) == 2 == len(set(prints))


def test_files_that_moved_are_paired_by_what_they_are_about(orchards, capsys):
    for number, (unit, subject) in enumerate((u, s) for u in ("东园", "西园") for s in ("买树苗", "修路")):
        source = orchards / f"data/2025/项目/{unit}/{subject}.yaml"
        text = source.read_text("utf-8").replace("金额: 3.5", "金额: 120.5").replace("金额: 120\n", "金额: 3\n")
        source.unlink()
        (orchards / f"data/2025/{9 - number}.yaml").write_text(text, "utf-8")
    moved = dict(files(diff(orchards, capsys, "HEAD")))
    assert moved == {"项目/东园/买树苗": "9", "项目/东园/修路": "8", "项目/西园/买树苗": "7", "项目/西园/修路": "6"}


def test_a_renamed_project_is_one_change(orchards, capsys):
    (orchards / "data/2025/项目/东园/买树苗.yaml").unlink()
    by_project.write(orchards, "东园", "买苹果树苗", **LONG)
    said = diff(orchards, capsys, "HEAD")
    assert files(said) == [("项目/东园/买树苗", "项目/东园/买苹果树苗")]
    assert [change["label"] for change in said["changes"]] == ["项目名称"]
    assert "“项目名称”原来是“买树苗”。" in text_of(orchards, capsys, "HEAD")


def test_a_project_whose_name_and_amount_changed_is_one_where_the_names_are_alike(orchards, capsys):
    (orchards / "data/2025/项目/东园/买树苗.yaml").unlink()
    by_project.write(orchards, "东园", "买苹果树苗", path="平", **{**LONG, "amount": "4"})
    assert files(diff(orchards, capsys, "HEAD")) == [("项目/东园/买树苗", "平")]


def test_two_different_projects_of_a_unit_are_not_one(orchards, capsys):
    (orchards / "data/2025/项目/东园/买树苗.yaml").unlink()
    by_project.write(orchards, "东园", "打井", use="打三口机井，配水泵", amount="60")
    assert sorted(files(diff(orchards, capsys, "HEAD")), key=str) == [
        ("项目/东园/买树苗", None), (None, "项目/东园/打井"),
    ]  # fmt: skip


def test_the_project_of_another_unit_is_not_taken(orchards, capsys):
    (orchards / "data/2025/项目/西园/修路.yaml").unlink()
    by_project.write(orchards, "东园", "修西路", **OTHER)
    assert sorted(files(diff(orchards, capsys, "HEAD")), key=str) == [
        ("项目/西园/修路", None), (None, "项目/东园/修西路"),
    ]  # fmt: skip


def test_what_files_say_goes_before_likeness(orchards, capsys):
    """A new file that comes first in order and is very like a moved one does not take its partner."""
    (orchards / "data/2025/项目/东园/买树苗.yaml").unlink()
    by_project.write(orchards, "东园", "A 买树苗", path="0", **LONG)
    by_project.write(orchards, "东园", "买树苗", path="1", **{**LONG, "amount": "4"})
    assert ("项目/东园/买树苗", "1") in files(diff(orchards, capsys, "HEAD"))


def test_a_renamed_unit_keeps_its_projects(orchards, capsys):
    for subject, said in (("买树苗", LONG), ("修路", OTHER)):
        (orchards / f"data/2025/项目/东园/{subject}.yaml").unlink()
        by_project.write(orchards, "新东园", subject, **said)
    pairs = dict(files(diff(orchards, capsys, "HEAD")))
    assert pairs == {f"项目/东园/{one}": f"项目/新东园/{one}" for one in ("买树苗", "修路")}


def test_where_the_files_of_a_form_lie_is_a_change_of_the_settings(orchards, capsys):
    schema = orchards / "schema/project.schema.json"
    schema.write_text(schema.read_text("utf-8").replace("项目/{果园}/{项目}", "{果园}-{项目}"), "utf-8")
    text = text_of(orchards, capsys, "HEAD")
    assert "[改变] 文件放在哪里（x-path） 整张表：由“项目/{果园}/{项目}”" in text, text


def test_sums_count_files_where_a_unit_has_several(orchards, capsys):
    fields = {**by_project.SCHEMA["properties"], "总额": {"title": "总额", "type": "number", "x-unit": "万元"}}
    schema = json.dumps(by_project.schema(properties=fields), ensure_ascii=False)
    (orchards / "schema/project.schema.json").write_text(schema, "utf-8")
    (orchards / "schema/project.rules.yaml").write_text("计算:\n  总额: 金额 * 1\n", "utf-8")
    by_project.write(orchards, "东园", "买树苗", **{**LONG, "amount": "4"})
    text = text_of(orchards, capsys, "HEAD")
    assert "改动的 1 个文件，总额：3.5 → 4 万元" in text and "全部 4 个文件" in text, text


@pytest.fixture
def two_years(orchards: Path) -> Path:
    """The same projects a year later, one at another place, one under another name, one new."""
    by_project.write(orchards, "东园", "买树苗", year=2026, path="平", **LONG)
    by_project.write(orchards, "东园", "修东路", year=2026, **OTHER)
    by_project.write(orchards, "西园", "买树苗", year=2026, **{**LONG, "amount": "5"})
    by_project.write(orchards, "西园", "打井", year=2026, use="打三口机井，配水泵", amount="60")
    return orchards


def test_two_years_are_paired_by_what_the_files_are_about(two_years, capsys):
    said = files(diff(two_years, capsys, "--years", "2025..2026"))
    assert ("项目/东园/修路", "项目/东园/修东路") in said
    assert ("项目/西园/修路", None) in said and (None, "项目/西园/打井") in said
    assert ("项目/西园/买树苗", "项目/西园/买树苗") in said
    assert ("项目/东园/买树苗", None) not in said, "it is paired with the one at another place, and nothing changed"
    text = text_of(two_years, capsys, "--years", "2025..2026")
    assert "“项目名称”2025 年是“修路”，是不是一项请核对。" in text
    assert "1 项没有 2026 年的文件：西园 修路。1 项 2025 年没有文件：西园 打井。" in text
