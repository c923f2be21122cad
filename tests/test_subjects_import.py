"""A folder of forms of which a unit has several: each goes to the place that its own content says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import check, loading
from tests.helpers import by_project
from tests.helpers.projects import snapshot
from tests.test_import import word_of

HARD = ("供水/排水", "档案 数字化（一期）", "a&b", "《规划》修编")


@pytest.fixture
def orchards(tmp_path: Path) -> Path:
    root = by_project.make(tmp_path / "p")
    (root / "forms").mkdir()
    return root


def print_form(root: Path, name: str, unit: str, subject: str, **said: str) -> None:
    """Puts a filled-in Word form into the folder of forms."""
    source = by_project.write(root, unit, f'"{subject}"', path="印", **said)
    (root / f"forms/{name}.docx").write_bytes(word_of(source, root))
    (root / source).unlink()


def run(root: Path, *arguments: str) -> int:
    return cli.main(["-C", str(root), "import", "forms", "--year", "2025", *arguments])


def found(root: Path) -> list[str]:
    return sorted(file.path for file in snapshot(root).data_files()[0])


def test_forty_forms_go_to_forty_places(orchards, capsys):
    subjects = (*HARD, *(f"项目{number}" for number in range(16)))
    for number, (unit, subject) in enumerate((u, s) for u in ("东园", "西园") for s in subjects):
        print_form(orchards, f"表 {number}", unit, subject)
    assert run(orchards) == 0
    out = capsys.readouterr().out
    assert "东园 供水/排水 ← forms/表 0.docx" in out
    expected = sorted(f"项目/{unit}/{s.replace('/', '_')}" for unit in ("东园", "西园") for s in subjects)
    assert found(orchards) == expected and len(expected) == 40
    project = snapshot(orchards)
    said = [one for file in project.data_files()[0] for one in check.check_filing(loading.filing(project, file))]
    assert not said


def test_two_forms_of_one_project_are_named_together(orchards, capsys):
    print_form(orchards, "甲", "东园", "买树苗")
    print_form(orchards, "乙", "东园", "买树苗", amount="4.5")
    print_form(orchards, "丙", "西园", "买树苗")
    assert run(orchards) == 2
    said = capsys.readouterr()
    assert "是同一个单位、同一年、同一项的表" in said.out and "4.5" in said.err
    assert found(orchards) == ["项目/东园/买树苗", "项目/西园/买树苗"]


def test_two_projects_whose_file_would_be_the_same_are_told_apart(orchards, capsys):
    print_form(orchards, "甲", "东园", "供水/排水")
    print_form(orchards, "乙", "东园", "供水_排水")
    assert run(orchards) == 2
    out = capsys.readouterr().out
    assert "的文件名一样，都是 data/2025/项目/东园/供水_排水.yaml；那是“供水" in out and "同一项" not in out


def test_a_form_that_does_not_say_its_project_is_not_written(orchards, capsys):
    print_form(orchards, "甲", "东园", "..")
    print_form(orchards, "乙", "东园", "买树苗")
    assert run(orchards) == 2
    assert "看不出放在哪里，“项目”不能做文件名" in capsys.readouterr().out
    assert found(orchards) == ["项目/东园/买树苗"]


@pytest.mark.parametrize(
    ("output", "path"),
    [
        ("data/2025", "data/2025/项目/东园/买树苗.yaml"),
        ("data/2025/项目", "data/2025/项目/东园/买树苗.yaml"),
        ("data/2025/项目/东园", "data/2025/项目/东园/买树苗.yaml"),
        ("out", "out/项目/东园/买树苗.yaml"),
        ("data/2025/别处.yaml", "data/2025/别处.yaml"),
    ],
)
def test_a_folder_that_was_typed_may_hold_a_part_of_the_place(orchards, output, path):
    print_form(orchards, "甲", "东园", "买树苗")
    assert run(orchards, "-o", output) == 0
    assert (orchards / path).is_file()


def test_a_form_of_another_project_changes_no_file(orchards, capsys):
    print_form(orchards, "甲", "东园", "修路")
    source = by_project.write(orchards, "东园", "买树苗")
    assert run(orchards, "-o", source, "--yes") == 2
    assert f"{source} 是“买树苗”的，表是“修路”的" in capsys.readouterr().out


def test_the_report_has_a_column_for_the_project(orchards):
    print_form(orchards, "甲", "东园", "买树苗")
    print_form(orchards, "乙", "东园", "修路")
    run(orchards, "--report", "报告.csv")
    text = (orchards / "报告.csv").read_bytes().decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    assert heading[:5] == ["文件", "单位", "项目", "年度", "数据文件"]
    assert sorted(row[2] for row in rows) == ["买树苗", "修路"]
