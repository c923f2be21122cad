"""A repository of an older `init`, which copied the program into it, is put onto the installed one; nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfgen.cli import main
from perfgen.project import shipped
from perfgen.repository import adoption, contents
from scripts import copied_versions
from tests.conftest import REPOSITORY
from tests.helpers import versions

OLD = "34f3155"
"""A commit whose `init` copied the program."""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A repository as the older `init` made it, committed."""
    if subprocess.run(["git", "cat-file", "-e", OLD], cwd=REPOSITORY, capture_output=True).returncode:
        pytest.skip("没有完整的 git 历史")
    top = tmp_path_factory.mktemp("old")
    archive = subprocess.run(["git", "archive", OLD], cwd=REPOSITORY, capture_output=True, check=True)
    (top / "source").mkdir()
    subprocess.run(["tar", "-x", "-C", top / "source"], input=archive.stdout, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "perfgen", "init", str(top / "仓库")], cwd=top / "source", capture_output=True,
        text=True, env={**os.environ, "PYTHONPATH": str(top / "source")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    versions.git(top / "仓库", "add", "-A")
    versions.git(top / "仓库", "commit", "-qm", "建")
    return top / "仓库"


@pytest.fixture
def bureau(made, tmp_path) -> Path:
    """That repository, for one test to change."""
    shutil.copytree(made, tmp_path / "本 单位", symlinks=True)
    return tmp_path / "本 单位"


def kept(root: Path) -> dict[str, bytes]:
    """What belongs to the bureau: data, its forms, and the commits."""
    files = [*root.glob("data/**/*.yaml"), *root.glob("schema/department*"), *root.glob("templates/department*/*")]
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, check=True).stdout
    return {str(path): path.read_bytes() for path in files} | {"HEAD": head}


def test_what_is_unchanged_goes_and_what_is_the_bureaus_stays(capsys, bureau):
    before = kept(bureau)
    assert main(["-C", str(bureau), "adopt"]) == 0
    assert kept(bureau) == before and len(before) > 5
    assert not list(bureau.rglob("*.py")) and not (bureau / "perfgen").exists() and not (bureau / "set-aside").exists()
    for path, content in contents.program_part().items():
        assert (bureau / path).read_bytes() == content, path
    assert list(bureau.glob("vendor/perfgen-*.whl")) and (bureau / contents.PIN).exists()
    assert not list(bureau.glob("templates/shared/*")) and not (bureau / "docs/architecture.md").exists()
    assert main(["-C", str(bureau), "build", "--only", "docx,index"]) == 0
    assert (bureau / "build/official/2025/示例市档案馆.docx").exists()


def test_what_the_bureau_changed_is_set_aside_with_its_difference(capsys, bureau):
    changed = {
        "perfgen/values.py": "# 我们加的\n", ".gitlab-ci.yml": "# 我们的 CI\n",
        "templates/shared/page.css": "/* 大 */\n", "Makefile": "\nours:\n\techo 1\n", "docs/template.md": "记一笔\n",
    }  # fmt: skip
    for path, added in changed.items():
        (bureau / path).write_text((bureau / path).read_text("utf-8") + added, "utf-8")
    (bureau / "perfgen/own.py").write_text("x = 1\n")
    (bureau / "docs/我们的.md").write_text("自己的\n", "utf-8")
    (bureau / "README.md").write_text("自己的\n", "utf-8")
    assert main(["-C", str(bureau), "adopt"]) == 0
    said = capsys.readouterr().out
    for path, added in changed.items():
        aside = bureau / "set-aside" / path
        assert aside.read_text("utf-8").endswith(added) and path in said
        difference = aside.with_name(f"{aside.name}.diff").read_text("utf-8")
        body = difference.splitlines()[2:]
        marks = [line[1:] for line in body if line.startswith(("+", "-"))]
        assert [mark for mark in marks if mark] == [line for line in added.splitlines() if line]
    assert (bureau / "set-aside/perfgen/own.py").read_text() == "x = 1\n"
    assert not (bureau / "perfgen").exists() and not (bureau / "templates/shared/page.css").exists()
    assert (bureau / "Makefile").read_bytes() == contents.program_part()["Makefile"]
    assert (bureau / "docs/我们的.md").read_text("utf-8") == (bureau / "README.md").read_text("utf-8") == "自己的\n"
    assert main(["-C", str(bureau), "adopt"]) == 2  # what was set aside is not lost by a second run


def test_a_second_time_there_is_nothing_to_do(capsys, bureau):
    assert main(["-C", str(bureau), "adopt"]) == 0
    before = {path: path.read_bytes() for path in bureau.rglob("*") if path.is_file()}
    assert main(["-C", str(bureau), "adopt"]) == 0
    assert {path: path.read_bytes() for path in bureau.rglob("*") if path.is_file()} == before
    assert "程序文件 0 个" in capsys.readouterr().out


def test_windows_line_ends_are_no_change(bureau):
    for path in ("perfgen/values.py", "Makefile"):
        (bureau / path).write_bytes((bureau / path).read_bytes().replace(b"\n", b"\r\n"))
    assert adoption.find(bureau, contents.program_part()).changed == ()


def test_a_dry_run_changes_nothing(capsys, bureau):
    before = {path: path.read_bytes() for path in bureau.rglob("*") if path.is_file()}
    assert main(["-C", str(bureau), "adopt", "--dry-run"]) == 0
    assert {path: path.read_bytes() for path in bureau.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("place", ["perfgen/values.py", "Makefile", "docs"])
def test_a_link_is_not_followed(capsys, bureau, tmp_path, place):
    outside = tmp_path / "外面"
    outside.mkdir()
    (outside / "form.md").write_text("mine")
    shutil.rmtree(bureau / place) if (bureau / place).is_dir() else (bureau / place).unlink()
    (bureau / place).symlink_to(outside if place == "docs" else outside / "form.md")
    code = main(["-C", str(bureau), "adopt"])
    assert code == 3 and place in capsys.readouterr().err
    assert (outside / "form.md").read_text() == "mine"


def test_perfgens_own_repository_is_left_alone(capsys):
    assert main(["-C", str(REPOSITORY), "adopt"]) == 2
    assert "perfgen 自己的仓库" in capsys.readouterr().err


def test_the_versions_are_those_of_the_history():
    known = adoption.known_versions()
    assert len(known) > 400 and sum(map(len, known.values())) > 2000
    if subprocess.run(["git", "cat-file", "-e", OLD], cwd=REPOSITORY, capture_output=True).returncode == 0:
        written = copied_versions.TARGET.read_text("utf-8")
        missing = set(copied_versions.lines().splitlines()) - set(written.splitlines())
        assert not missing, "run: python scripts/copied_versions.py"
    assert not adoption.is_known("Makefile", shipped.STARTER.joinpath("Makefile").read_bytes())
