"""A year of three forms made of files alone, through every command: nothing is typed twice, nobody writes a program."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest

from perfgen import cli
from tests.helpers import scored_cycle as cycle
from tests.helpers.cycle import change
from tests.helpers.outputs import of_site

SCORE = "data/2025/自评/东园/嫁接.yaml"
TARGET = "data/2025/目标/东园/嫁接.yaml"


@dataclass
class Said:
    code: int
    out: str


@pytest.fixture
def run(capsys, tmp_path):
    def command(*arguments, root=tmp_path / "p"):
        code = cli.main(["-C", str(root), *map(str, arguments)])
        told = capsys.readouterr()
        return Said(code, told.out + told.err)

    return command


@pytest.fixture
def targets(tmp_path):
    return cycle.targets(tmp_path / "p", pages=True)


@pytest.fixture
def root(targets, run):
    """The whole year, filled in."""
    assert run("next", "data/2025/目标").code == 0
    for project, spent in zip(cycle.TARGETS, ("96.5", "78"), strict=True):
        cycle.fill(targets / f"data/2025/自评/东园/{project}.yaml", spent)
    return targets


def git(root, *arguments):
    who = ["-c", "user.name=甲", "-c", "user.email=a@fruit.example"]
    command = ["git", "-C", str(root), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def committed(root, message):
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def cells(path):
    (table,) = docx.Document(str(path)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def built(root, form="data/2025"):
    """The bytes of all outputs, by path."""
    folder = root / "build"
    kept = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: content for path, content in kept.items() if path.startswith(("official/", "public/"))}


def test_nothing_is_typed_twice(root, run):
    assert run("check", "--all").code == 0
    typed = (root / SCORE).read_text("utf-8")
    target = (root / TARGET).read_text("utf-8")
    assert "把嫁接做好" in target and "把嫁接做好" not in typed
    for promise in ("≥100棵", "≥90%", "20～30吨", "2025年9月底前", "≤500元", "权重", "预算"):
        assert promise in target and promise not in typed
    assert "总预算" not in (root / "data/2025/东园.yaml").read_text("utf-8")


@pytest.mark.pdf
def test_every_form_is_built_with_what_it_takes_from_the_others(root, run):
    said = run("build", "--date", "2025-03-01")
    assert said.code == 0, said.out
    rows = cells(root / "build/official/2025/自评/东园/嫁接.docx")
    assert (
        ["目标", *["把嫁接做好"] * 7] in rows and ["预算", *["120"] * 7] in rows and ["执行率", *["80.42%"] * 7] in rows
    )
    by_name = {row[2]: row[3:] for row in rows}
    assert by_name["种树"] == ["≥100棵", "90棵", "30", "27", "天气不好"]
    assert by_name["每亩费用"][:4] == ["≤500元", "550元", "20", "18"]
    assert ["总分", *["93"] * 7] in rows and ["等次", *["优"] * 7] in rows
    own = cells(root / "build/official/2025/东园.docx")
    assert ["总预算", "200"] in own and ["嫁接", "120"] in own and ["灌溉", "80"] in own
    page = (root / "build/public/2025/自评/东园/嫁接/index.html").read_text("utf-8")
    assert "把嫁接做好" in page and "甲某" not in page and "乙某" not in page


def test_what_the_unit_says_of_its_projects_is_held_against_their_files(root, run):
    change(root, "data/2025/东园.yaml", ("项目数: 2", "项目数: 3"))
    said = run("check")
    assert said.code == 1
    assert "data/2025/东园.yaml:4:6: 错误 写的是 3 个项目，目标表有 2 份。 [O1]" in said.out


def test_what_is_missing_is_said_at_its_row(root, run):
    change(root, SCORE, ("完成值: 90棵, ", ""))
    said = run("check", SCORE)
    assert said.code == 1
    assert f"{SCORE}:16:" in said.out and "完成值" in said.out


def test_a_target_that_is_not_there_is_said_once_at_the_key(root, run):
    (root / TARGET).unlink()
    change(root, "data/2025/东园.yaml", ("项目数: 2", "项目数: 1"))
    said = run("check", SCORE)
    assert said.code == 1
    assert said.out.count("[reference-missing]") == 1
    assert f"{SCORE}:8:5: 错误" in said.out


def test_a_rule_about_both_forms(root, run):
    change(root, SCORE, ("执行: 96.5", "执行: 121"))
    assert "执行 121，超过了预算 120。 [S1]" in run("check", SCORE).out
    said = run("explain", "S1", SCORE)
    assert said.code == 0 and TARGET in said.out
    assert TARGET in run("explain", "目标表", SCORE).out


@pytest.mark.pdf
def test_a_change_of_a_target_makes_exactly_what_depends_on_it_stale(root, run):
    """The target, its review, and the orchard's own form: not the other target and review."""
    only = ("--date", "2025-03-01")
    assert run("build", *only).code == 0
    before = built(root)
    change(root, TARGET, ("预算: 120", "预算: 110"), ("≥100棵", "≥90棵"))
    said = run("build", *only)
    assert said.code == 0
    after = built(root)
    other = {path for path in after if after[path] != before.get(path)} - of_site(root)
    changed = {re.sub(r"^\w+/", "", path).rsplit("/", 1)[0] for path in other}
    about = {"2025/目标/东园", "2025/自评/东园", "2025", "2025/目标/东园/嫁接", "2025/自评/东园/嫁接", "2025/东园"}
    assert changed == about
    assert not [line for line in said.out.splitlines() if "灌溉" in line and "没有变化" not in line]


def test_a_comparison_of_two_versions(root, run):
    git(root, "init", "-q", "-b", "main")
    committed(root, "甲")
    change(root, TARGET, ("≥100棵", "≥80棵"))
    change(root, SCORE, ("完成值: 92%", "完成值: 91%"))
    said = run("diff", "HEAD")
    assert said.code == 1
    assert "放宽" in said.out and "种树" in said.out
    outcome = next(line for line in said.out.splitlines() if "91%" in line)
    assert "放宽" not in outcome
    redline = root / "build/redline"
    run("diff", "HEAD", "--redline", redline)
    assert len(list(redline.rglob("*.docx"))) >= 2


def test_a_weakened_target_is_approved(root, run):
    change(root, SCORE, ("完成值: 90棵", "完成值: 100棵"))
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "甲")
    git(root, "config", "user.email", "a@fruit.example")
    committed(root, "甲")
    git(root, "switch", "-qc", "改")
    change(root, TARGET, ("≥100棵", "≥80棵"))
    committed(root, "改")
    said = run("approve", TARGET)
    assert said.code == 0, said.out
    assert "种树" in (root / TARGET).read_text("utf-8").rpartition("审核记录")[2]


def test_the_year_after(root, run):
    said = run("rollover", "data/2025")
    assert said.code == 0
    assert (
        said.out.count("2 个文件没有续写：《项目自评表》不逐年续写（x-rollover: false），从《项目目标表》的文件做") == 1
    )
    assert (root / "data/2026/目标/东园/嫁接.yaml").is_file() and (root / "data/2026/东园.yaml").is_file()
    assert not (root / "data/2026/自评").exists()
    change(root, "data/2026/目标/东园/嫁接.yaml", ("≥100棵", "≥120棵"), ("2025年9月底前", "2026年9月底前"))
    said = run("diff", "--years", "2025..2026")
    assert "种树" in said.out
    assert run("next", "data/2026/目标").code == 0
    assert (root / "data/2026/自评/东园/灌溉.yaml").is_file()


def test_what_was_printed_comes_back(root, run, tmp_path):
    assert run("build", "--date", "2025-03-01", "--only", "docx").code == 0
    paper = tmp_path / "嫁接.docx"
    paper.write_bytes((root / "build/official/2025/自评/东园/嫁接.docx").read_bytes())
    kept = (root / SCORE).read_text("utf-8")
    (root / SCORE).unlink()
    said = run("import", paper, "--form", "score", "--year", "2025")
    assert (root / SCORE).is_file() and said.code == 0 and "待核 0 格" in said.out, said.out
    text = "".join(line for line in (root / SCORE).read_text("utf-8").splitlines(keepends=True) if "#" not in line)
    for word in ("90棵", "乙某", "王园长", "天气不好"):
        assert word in text and word in kept
    for taken in ("≥100棵", "把嫁接做好", "总分"):
        assert taken not in text
    (root / SCORE).unlink()
    (root / TARGET).unlink()
    said = run("import", paper, "--form", "score", "--year", "2025")
    assert said.code == 1 and said.out.count("要看别的文件才算得出来，没有核对") == 1
    assert "再印出来是" not in said.out


def test_who_has_handed_in_what(root, run):
    said = run("status", "2025", "--date", "2025-03-01")
    assert said.code == 0
    assert "项目自评表" in said.out and "项目目标表" in said.out and "共 2 份" in said.out


def test_a_new_target_is_empty_and_a_form_is_added(targets, run):
    assert run("new", "2025", "西园", "--form", "target", "--subject", "除草").code == 0
    text = (targets / "data/2025/目标/西园/除草.yaml").read_text("utf-8")
    assert "项目: 除草" in text and "满分" not in text
    assert run("form", "add", "department-target").code == 0
    assert (targets / "schema/department-target.schema.json").is_file()
    assert run("check", TARGET).code == 0


def test_a_repository_that_init_lays_out_takes_the_forms(tmp_path, run):
    assert run("init", tmp_path / "p", root=tmp_path).code == 0
    cycle.forms(tmp_path / "p")
    cycle.target(tmp_path / "p", "嫁接")
    assert run("next", TARGET).code == 0
    settings = json.loads((tmp_path / "p/.vscode/settings.json").read_text("utf-8"))
    assert settings


def test_the_forms_are_files_alone():
    source = Path(cycle.__file__).read_text("utf-8")
    assert "perfgen" not in source.replace("perfgen next", "")
