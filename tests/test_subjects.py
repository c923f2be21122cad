"""More than one file for a unit: where each is made and kept, and what is said of one that lies elsewhere."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import check, loading
from perfgen.findings import Finding, Level
from perfgen.project.layout import DataFile
from tests.helpers import by_project, tiny
from tests.helpers.projects import snapshot

HARD = ["档案 数字化（一期）", "供水/排水", "it's [a] {b} $c `d` \\e", "《规划》修编；“十五五”", "a&b|c"]

PLACES = ("file-place", "location-name")


@pytest.fixture
def orchards(tmp_path: Path) -> Path:
    """A project with a form of which a unit has several files."""
    return by_project.make(tmp_path / "p")


def call(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["-C", str(root), *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def findings(root: Path, source: str) -> list[Finding]:
    return check.check_filing(loading.filing(snapshot(root), DataFile.at(source)))


def test_new_writes_the_unit_and_what_the_file_is_about(orchards, capsys):
    code, out, _ = call(capsys, orchards, "new", "2026", "东园", "--form", "project", "--subject", "买树苗")
    assert code == 0 and "新建了 data/2026/项目/东园/买树苗.yaml，2 处要填" in out
    text = (orchards / "data/2026/项目/东园/买树苗.yaml").read_text("utf-8")
    assert "果园: 东园\n" in text and "项目: 买树苗\n" in text
    assert text.startswith("# yaml-language-server: $schema=../../../../schema/project.schema.json\n")


@pytest.mark.parametrize("subject", HARD)
def test_a_project_of_any_name_has_a_place_that_check_agrees_with(orchards, capsys, subject):
    assert call(capsys, orchards, "new", "2026", "东园", "--subject", subject)[0] == 0
    (file,) = snapshot(orchards).data_files()[0]
    assert loading.filing(snapshot(orchards), file).document.top["项目"] == subject
    assert not [one for one in findings(orchards, file.source) if one.rule == "file-place"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("东园",), "写明项目：perfgen new 2026 东园 --form project --subject 项目…"),
        (("东园", "--subject", " "), "写明项目"),
        (("东园", "--subject", "一", "--subject", "二"), "只要项目，多了 二"),
        (("项目/东园", "--subject", "一"), "单位只写名称"),
        (("东园", "--subject", ".."), "“项目”不能做文件名"),
        (("东园", "--subject", "con"), "设备名"),
        (("东园", "--subject", "13812345678"), "里有像手机号的内容"),
    ],
)
def test_new_says_what_is_missing_or_cannot_be(orchards, capsys, arguments, words):
    code, _, errors = call(capsys, orchards, "new", "2026", *arguments)
    assert code == 2 and words in errors, errors
    assert not snapshot(orchards).data_files()[0]


def test_what_is_typed_by_name_goes_to_that_field(tmp_path, capsys):
    properties = {**by_project.SCHEMA["properties"], "县": {"type": "string", "x-public": True}}
    required = [*by_project.SCHEMA["required"], "县"]
    form = by_project.schema(properties=properties, required=required, **{"x-path": "{县}/{果园}-{项目}"})
    root = by_project.make(tmp_path / "p", form)
    typed = ("new", "2026", "东园", "--subject", "县=甲县", "--subject", "a=b")
    code, out, errors = call(capsys, root, *typed)
    assert code == 0 and "data/2026/甲县/东园-a=b.yaml" in out, errors


def test_a_form_without_a_subject_takes_none(tiny_project, capsys):
    code, _, errors = call(capsys, tiny_project, "new", "2026", "北园", "--subject", "买树苗")
    assert code == 2 and "不分项目" in errors
    assert call(capsys, tiny_project, "new", "2026", "子/北园")[0] == 0
    assert "果园: 北园\n" in (tiny_project / "data/2026/子/北园.yaml").read_text("utf-8")


@pytest.mark.parametrize("subject", ["买树苗", *HARD])
@pytest.mark.parametrize("path", ["东园", "项目/买树苗", "项目/东园/旧名"])
def test_the_command_in_the_hint_moves_a_file_to_its_place(orchards, path, subject):
    source = by_project.write(orchards, "东园", f'"{subject}"'.replace("\\", "\\\\"), path=path)
    (found,) = [one for one in findings(orchards, source) if one.rule in PLACES]
    assert (found.rule, found.level) == ("file-place", Level.WARNING)
    command = found.hint.split("移过去：")[1]
    assert shlex.split(command)[-2] == source
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=orchards, check=True, capture_output=True)
    subprocess.run(["bash", "-c", command], cwd=orchards, check=True)
    (file,) = snapshot(orchards).data_files()[0]
    assert not [one for one in findings(orchards, file.source) if one.rule in PLACES]


def test_two_files_about_the_same_are_said(orchards):
    by_project.write(orchards, "东园", "买树苗")
    source = by_project.write(orchards, "东园", "买树苗", path="东园")
    (found,) = [one for one in findings(orchards, source) if one.rule in PLACES]
    assert "那里已经有一个文件" in found.message and "git mv" not in found.hint


def test_the_field_that_differs_from_the_path_is_pointed_at(orchards):
    source = by_project.write(orchards, "东园", "买树苗", path="项目/东圆/买树苗")
    (found,) = [one for one in findings(orchards, source) if one.rule == "file-place"]
    assert found.path == ("果园",) and found.place.line == 3
    assert by_project.write(orchards, "东园", "买树苗") and not findings(orchards, "data/2025/项目/东园/买树苗.yaml")


def test_a_name_that_cannot_be_in_a_path_is_said_and_a_hole_is_said_once(orchards):
    source = by_project.write(orchards, "东园", '".."', path="项目/东园/甲")
    assert [one.rule for one in findings(orchards, source)] == ["file-place"]
    source = by_project.write(orchards, "东园", "", path="项目/东园/乙")
    assert "file-place" not in [one.rule for one in findings(orchards, source)]


def test_a_form_without_a_pattern_may_lie_anywhere_below_the_year(tiny_project):
    text = tiny.UNIT.format(name="东园")
    (tiny_project / "data/2025/子").mkdir()
    (tiny_project / "data/2025/子/别的.yaml").write_text(text, "utf-8")
    assert not [one for one in findings(tiny_project, "data/2025/子/别的.yaml") if one.rule in PLACES]
