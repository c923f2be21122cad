"""The states of all files: kept by content between visits, computed anew only where something changed."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from perfgen.build import check_batch
from perfgen.project import data_names
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review import since
from perfgen.serving.listing import listing
from perfgen.serving.states import kept
from perfgen.serving.states.assessor import Assessor
from perfgen.status import collect
from perfgen.system import day
from tests.helpers import tiny
from tests.helpers.projects import REPOSITORY

EAST, WEST = "data/2025/东园.yaml", "data/2025/西园.yaml"


def finished(assessor: Assessor) -> dict[str, dict]:
    """All that a visit tells until it has nothing left to do, the last word on each file."""
    told: dict[str, dict] = {}
    for _ in range(1000):
        report = assessor.work(0.2)
        told |= report.states
        assert report.left <= report.total
        if report.is_done:
            return told
    raise AssertionError("it does not end")


@pytest.fixture
def checked(monkeypatch) -> list[str]:
    """The files that are checked from now on, one after the other."""
    found: list[str] = []
    real = check_batch.check_each

    def noting(project, files, beside=()):
        found.extend(file.source for file in files)
        return real(project, files, beside)

    monkeypatch.setattr(check_batch, "check_each", noting)
    return found


@pytest.fixture
def samples(tmp_path) -> Path:
    """The repository's forms, with the files of one unit."""
    root = tmp_path / "项目"
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    for path in [*sorted(REPOSITORY.glob("data/2*/**/*示例市档案馆*")), REPOSITORY / "data/site.yaml"]:
        target = root / path.relative_to(REPOSITORY)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(path, target) if path.is_dir() else shutil.copyfile(path, target)
    return root


def test_what_one_visit_found_the_next_one_need_not_look_at(tiny_project, checked):
    first = finished(Assessor(tiny_project))
    assert sorted(checked) == [EAST, WEST]
    checked.clear()
    second = Assessor(tiny_project)
    assert not second.waiting
    assert finished(second) == first
    assert checked == []
    assert first[EAST]["stage"] == "已公开"


def test_only_the_changed_file_is_looked_at_again(tiny_project, checked):
    assessor = Assessor(tiny_project)
    finished(assessor)
    checked.clear()
    tiny.write_unit(tiny_project, "东园", "form: fruit\n年: 2025\n果园:\n")
    assessor.change(frozenset([EAST]))
    report = assessor.work(5)
    assert checked == [EAST]
    assert list(report.states) == [EAST]
    assert report.states[EAST]["stage"] == "没填完"
    assert report.states[EAST]["holes"] == 1


def test_a_change_between_two_visits_is_seen(tiny_project, checked):
    finished(Assessor(tiny_project))
    checked.clear()
    tiny.write_unit(tiny_project, "西园", "form: fruit\n年: 二\n")
    told = finished(Assessor(tiny_project))
    assert checked == [WEST]
    assert told[WEST]["errors"] > 0


def test_files_that_look_at_a_changed_one_are_looked_at_again(samples, checked):
    assessor = Assessor(samples)
    finished(assessor)
    before = next(file for file in assessor.files if file.source == "data/2024/示例市档案馆.yaml")
    lookers = {source for source, state in assessor.states.items() if before.source in state.needs}
    assert lookers > {"data/2025/示例市档案馆.yaml"}
    assert len(lookers) < len(assessor.files) - 1
    checked.clear()
    path = samples / before
    path.write_bytes(path.read_bytes() + b"# \xe5\xa4\x9a\xe4\xb8\x80\xe8\xa1\x8c\n")
    assessor.change(frozenset([before.source]))
    finished(assessor)
    assert set(checked) == {before.source, *lookers}


def test_a_new_file_that_others_look_for_is_found(samples, checked):
    before, later = "data/2024/示例市档案馆.yaml", "data/2025/示例市档案馆.yaml"
    content = (samples / before).read_bytes()
    (samples / before).unlink()
    assessor = Assessor(samples)
    finished(assessor)
    assert before not in assessor.states[later].needs
    checked.clear()
    (samples / before).write_bytes(content)
    assessor.change(frozenset([before]))
    finished(assessor)
    assert {before, later} <= set(checked)
    assert before in assessor.states[later].needs


def test_a_file_that_goes_is_told(tiny_project):
    assessor = Assessor(tiny_project)
    finished(assessor)
    (tiny_project / WEST).unlink()
    assessor.change(frozenset([WEST]))
    assert assessor.work(5).gone == [WEST]
    finished(assessor)
    assert WEST not in json.loads((tiny_project / kept.PATH).read_bytes())["states"]


def test_a_changed_rule_makes_all_files_of_its_form_stale(tiny_project, checked):
    finished(Assessor(tiny_project))
    checked.clear()
    rules = tiny_project / "schema/fruit.rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "# 改了\n", "utf-8")
    finished(Assessor(tiny_project))
    assert sorted(checked) == [EAST, WEST]


def test_the_state_is_what_status_says(samples):
    told = finished(Assessor(samples))
    project = Project.on_disk(samples)
    for year in ("2024", "2025"):
        asked = collect.of_year(project, year, day.find())
        checked = check_batch.check_files(project, asked.files, 1, since.judged_on_branch(project))
        rows = [row for row in asked.status(checked.findings, checked.looked).rows if len(row.files) == 1]
        assert rows
        for row in rows:
            state = told[row.files[0].source]
            said = (state["stage"], state["unit"], state["errors"], state["warnings"], state["holes"])
            assert said == (row.stage.value, row.unit, row.errors, row.warnings, row.holes)


def test_what_the_rules_over_all_units_say_counts_for_a_file(tiny_project, checked):
    rules = "汇审:\n  Y01: {名称: 同一种果, 级别: 警告, 比较: 离群, 公式: 合计, 上限: 30, 依据: 内部}\n"
    path = tiny_project / "schema/fruit.rules.yaml"
    path.write_text(path.read_text("utf-8") + rules, "utf-8")
    many = {f"园{number}": 5 for number in range(8)} | {"大园": 5000}
    for name, size in many.items():
        text = tiny.UNIT.format(name=name).replace("3.5", str(size))
        tiny.write_unit(tiny_project, name, text)
    project = Project.on_disk(tiny_project)
    all_checked = check_batch.check_files(project, project.data_files()[0], 1)
    expected = {file.source: collect.counts(all_checked.findings, file) for file in project.data_files()[0]}
    assert any(any(counts) for counts in expected.values()), all_checked.findings
    told = finished(Assessor(tiny_project))
    assert {source: (one["errors"], one["warnings"]) for source, one in told.items()} == expected
    checked.clear()
    assert finished(Assessor(tiny_project)) == told
    assert checked == []


POISON = {
    "empty": b"",
    "cut": b'{"format": 1, "states": {"data/2025/',
    "no group": b"[1, 2]",
    "not UTF-8": b"\xff\xfe\x00",
    "deep": b"[" * 200_000,
    "another format": b'{"format": 99, "states": {}, "years": {}}',
    "no file": b'{"format": 1, "states": {"/etc/passwd": {}}, "years": {}}',
    "a list of states": b'{"format": 1, "states": [], "years": {}}',
    "a huge number": b'{"format": 1, "states": {}, "years": {"2025": {"key": "", "counts": {"x": [1e999, -1]}}}}',
}


@pytest.mark.parametrize("content", POISON.values(), ids=POISON)
def test_what_was_not_kept_by_us_is_dropped(tiny_project, checked, content):
    expected = finished(Assessor(tiny_project))
    checked.clear()
    (tiny_project / kept.PATH).write_bytes(content)
    assert finished(Assessor(tiny_project)) == expected
    assert sorted(checked) == [EAST, WEST]
    assert json.loads((tiny_project / kept.PATH).read_bytes())["states"].keys() == {EAST, WEST}


@pytest.mark.parametrize(
    ("name", "value"),
    [("holes", -1), ("errors", "0"), ("has_page", 1), ("approved", "不是日期"), ("unit", None), ("extra", 1)],
)
def test_one_wrong_value_in_what_was_kept_drops_all_of_it(tiny_project, checked, name, value):
    expected = finished(Assessor(tiny_project))
    data = json.loads((tiny_project / kept.PATH).read_bytes())
    data["states"][EAST]["row"][name] = value
    (tiny_project / kept.PATH).write_text(json.dumps(data), "utf-8")
    checked.clear()
    assert finished(Assessor(tiny_project)) == expected
    assert sorted(checked) == [EAST, WEST]


@pytest.mark.skipif(not hasattr(Path, "symlink_to"), reason="没有链接")
def test_a_link_in_the_place_of_what_is_kept_is_not_followed(tiny_project, tmp_path):
    outside = tmp_path / "outside.json"
    outside.write_text("不是这里的", "utf-8")
    (tiny_project / "build/serve").mkdir(parents=True)
    (tiny_project / kept.PATH).symlink_to(outside)
    assert finished(Assessor(tiny_project))[EAST]["stage"] == "已公开"
    assert outside.read_text("utf-8") == "不是这里的"


def test_where_nothing_can_be_kept_the_states_are_told_all_the_same(tiny_project):
    (tiny_project / "build").write_text("", "utf-8")
    assert finished(Assessor(tiny_project))[EAST]["stage"] == "已公开"


def test_a_broken_form_is_told_and_mended(tiny_project):
    rules = tiny_project / "schema/fruit.rules.yaml"
    good = rules.read_text("utf-8")
    rules.write_text("计算: [", "utf-8")
    assessor = Assessor(tiny_project)
    report = assessor.work(5)
    assert "fruit.rules.yaml" in " ".join(report.troubles)
    rules.write_text(good, "utf-8")
    assessor.change(frozenset(["schema/fruit.rules.yaml"]))
    assert finished(assessor)[EAST]["stage"] == "已公开"
    assert assessor.work(1).troubles == []


def test_settings_that_are_wrong_do_not_keep_the_states_away(tiny_project):
    (tiny_project / "data/site.yaml").write_text("公开: [", "utf-8")
    assessor = Assessor(tiny_project)
    assert finished(assessor)[EAST]["stage"] == "可以批复"
    assert "site.yaml" in " ".join(assessor.work(1).troubles)


def test_what_a_unit_of_the_list_has_not_handed_in_is_named(tiny_project):
    units = "单位:\n  东园: {分组: 河东}\n  西园: {}\n  北园: {分组: 河东, 应报: [fruit], 截止: 2025-03-01}\n"
    (tiny_project / "data/units.yaml").write_text(units, "utf-8")
    assessor = Assessor(tiny_project)
    told = finished(assessor)
    assert told[EAST]["group"] == "河东"
    (lacking,) = assessor._missing("2025")
    assert (lacking["unit"], lacking["form"], lacking["group"]) == ("北园", "fruit", "河东")


def listed(root: Path) -> float:
    """Seconds that the list of all files takes at first."""
    best = 1e9
    for _ in range(2):
        project = Project.on_disk(root)
        begin = time.process_time()
        assert len(project.once(listing)["files"]) == len(project.data_files()[0])
        best = min(best, time.process_time() - begin)
    return best


def test_two_thousand_files_are_listed_in_a_time_that_grows_with_their_number(tmp_path):
    few, many = (tiny.make(tmp_path / str(count), tuple(f"园{n}" for n in range(count))) for count in (200, 2000))
    assert listed(many) < 25 * listed(few)


def test_a_form_that_cannot_be_read_does_not_keep_the_list_away(tiny_project):
    (tiny_project / "schema/fruit.schema.json").write_text("{", "utf-8")
    found = Project.on_disk(tiny_project).once(listing)
    assert [one["file"] for one in found["files"]] == [EAST, WEST]
    assert found["troubles"]
    assert found["forms"] == []


def test_the_unit_of_a_file_is_the_one_its_path_names(samples):
    found = Project.on_disk(samples).once(listing)["files"]
    of_project = next(one for one in found if one["form"] == "project-target")
    assert of_project["unit"] == "示例市档案馆"
    assert DataFile.at(of_project["file"]).name == of_project["name"]


def test_the_name_of_a_data_file_is_judged_once_for_many_snapshots(tiny_project, monkeypatch):
    project = Project.on_disk(tiny_project)
    project.data_files()
    judged = []
    real = data_names._misplaced
    monkeypatch.setattr(data_names, "_misplaced", lambda tree, path: judged.append(path) or real(tree, path))
    tiny.write_unit(tiny_project, "南园")
    files, findings = project.with_changes([EAST, "data/2025/南园.yaml"]).data_files()
    assert sorted(judged) == [EAST, "data/2025/南园.yaml"]
    assert [file.name for file in files] == ["东园", "南园", "西园"]
    assert findings == []


def test_a_data_file_that_became_a_link_to_elsewhere_is_none_any_more(tiny_project, tmp_path):
    project = Project.on_disk(tiny_project)
    assert len(project.data_files()[0]) == 2
    outside = tmp_path / "外面.yaml"
    outside.write_text("form: fruit\n", "utf-8")
    (tiny_project / EAST).unlink()
    (tiny_project / EAST).symlink_to(outside)
    files, findings = project.with_changes([EAST]).data_files()
    assert [file.source for file in files] == [WEST]
    assert [finding.rule for finding in findings] == ["file-outside"]
