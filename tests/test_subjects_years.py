"""Earlier and later years of files of which a unit has several: units that were renamed, rollover, files elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import loading
from perfgen.project.layout import DataFile
from tests.helpers import by_project
from tests.helpers.projects import snapshot

PATTERNS = ("项目/{果园}/{项目}", "项目/{果园}-{项目}", "{项目}/{果园}")


def make(root: Path, pattern: str = PATTERNS[0]) -> Path:
    return by_project.make(root / "p", by_project.schema(**{"x-path": pattern}))


def place(pattern: str, unit: str, subject: str) -> str:
    return pattern.replace("{果园}", unit).replace("{项目}", subject)


def put(root: Path, pattern: str, unit: str, subject: str, year: int = 2025) -> str:
    return by_project.write(root, unit, subject, year, path=place(pattern, unit, subject))


def units(root: Path, text: str) -> None:
    (root / "data/units.yaml").write_text(f"单位:\n{text}", "utf-8")


def before(root: Path, source: str) -> list[str]:
    return [file.path for file in loading.earlier_files(snapshot(root), DataFile.at(source), 1)]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("former", ["旧园", "{名称: 旧园, 到: 2025}"])
def test_a_renamed_unit_keeps_the_past_of_each_project(tmp_path, pattern, former):
    root = make(tmp_path, pattern)
    units(root, f"  新园: {{曾用名: [{former}]}}\n")
    for subject in ("买树苗", "修路"):
        put(root, pattern, "旧园", subject)
    new = [put(root, pattern, "新园", subject, 2026) for subject in ("买树苗", "修路")]
    assert [before(root, source) for source in new] == [
        [place(pattern, "旧园", subject)] for subject in ("买树苗", "修路")
    ]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_rollover_writes_the_name_that_the_unit_has_then_and_names_form_and_project(tmp_path, capsys, pattern):
    root = make(tmp_path, pattern)
    units(root, "  新园: {曾用名: [{名称: 旧园, 到: 2025}]}\n")
    old = put(root, pattern, "旧园", "买树苗")
    assert cli.main(["-C", str(root), "rollover", old]) == 0
    target = f"data/2026/{place(pattern, '新园', '买树苗')}.yaml"
    assert f"《果园项目表》新园 买树苗 → {target}：" in capsys.readouterr().out
    assert "果园: 新园\n项目: 买树苗\n" in (root / target).read_text("utf-8")


def test_a_project_with_the_former_name_of_a_unit_is_no_unit(tmp_path, capsys):
    root = make(tmp_path)
    units(root, "  东园: {}\n  新园: {曾用名: [{名称: 旧园, 到: 2025}]}\n")
    old = put(root, PATTERNS[0], "东园", "旧园")
    assert cli.main(["-C", str(root), "rollover", old]) == 0
    assert (root / "data/2026/项目/东园/旧园.yaml").is_file(), capsys.readouterr()
    assert before(root, "data/2026/项目/东园/旧园.yaml") == ["项目/东园/旧园"]


def test_rollover_of_a_file_elsewhere_goes_to_its_place(tmp_path, capsys):
    root = make(tmp_path)
    old = by_project.write(root, "东园", "供水/排水", path="平")
    assert cli.main(["-C", str(root), "rollover", old]) == 0
    assert (root / "data/2026/项目/东园/供水_排水.yaml").is_file()
    assert "units.yaml" not in capsys.readouterr().out


def test_new_says_that_last_years_file_of_the_project_is_there(tmp_path, capsys):
    root = make(tmp_path)
    put(root, PATTERNS[0], "东园", "买树苗")
    assert cli.main(["-C", str(root), "new", "2026", "东园", "--subject", "买树苗"]) == 0
    assert "有上一年的 data/2025/项目/东园/买树苗.yaml" in capsys.readouterr().out
    assert cli.main(["-C", str(root), "new", "2026", "东园", "--subject", "修路"]) == 0
    assert "有上一年的" not in capsys.readouterr().out
