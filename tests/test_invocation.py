"""Commands in messages can be typed where the reader stands; make answers wrong use in Chinese."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfgen.project import invocation
from scripts import structure
from tests.conftest import REPOSITORY
from tests.helpers import tiny

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    """What a process remembers of its start is put back."""
    for name in ("_is_process", "_program", "_folder", "_make"):
        monkeypatch.setattr(invocation, name, getattr(invocation, name))


FILE = "data/2026/示例市体育局.yaml"


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("check",), "make check"),
        (("check", FILE), f"make check FILE={FILE}"),
        (("check", "--all"), "make check ALL=1"),
        (("check", "--all", FILE), f"make check FILE={FILE} ALL=1"),
        (("check", "--fix"), "make fix"),
        (("check", "--fix", FILE), f"make fix FILE={FILE}"),
        (("explain", "A08", FILE), f"make explain RULE=A08 FILE={FILE}"),
        (("rollover", FILE), f"make rollover FILE={FILE}"),
        (("new", "2026", "某 局"), "make new YEAR=2026 UNIT='某 局'"),
        (("diff", "HEAD~1"), "make diff BASE='HEAD~1'"),
        (("doctor",), "make doctor"),
        (("build", FILE), f"make all FILE={FILE}"),
        (("check", FILE, "b.yaml"), f".venv/bin/perfgen check {FILE} b.yaml"),
        (("check", "--templates"), ".venv/bin/perfgen check --templates"),
        (("build", "--date", "2025-02-10"), ".venv/bin/perfgen build --date 2025-02-10"),  # old Makefiles have no DATE
        (("init", "x"), ".venv/bin/perfgen init x"),
    ],
)
def test_after_make_a_command_is_a_target_where_there_is_one(words, typed):
    invocation.started([".venv/bin/perfgen"], {invocation.MAKE: "make"})
    assert invocation.command(*words) == typed


def test_a_program_that_is_started_by_its_path_is_told_that_path(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "orig_argv", [".venv/bin/python", "-m", "perfgen"])
    for argv, typed in (
        (".venv/bin/perfgen", ".venv/bin/perfgen check x.yaml"),
        (f"{tmp_path}/.venv/bin/perfgen", ".venv/bin/perfgen check x.yaml"),
        ("/else where/perfgen", "'/else where/perfgen' check x.yaml"),
        ("/x/perfgen/__main__.py", ".venv/bin/python -m perfgen check x.yaml"),
        ("/x/pytest", "perfgen check x.yaml"),
    ):
        invocation.started([argv], {})
        assert invocation.command("check", "x.yaml") == typed


def test_a_program_on_the_path_is_told_by_its_name(monkeypatch, tmp_path):
    (tmp_path / "perfgen").write_text("#!/bin/sh\n")
    (tmp_path / "perfgen").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    invocation.started([str(tmp_path / "perfgen")], {})
    assert invocation.command("check") == "perfgen check"


def perfgen(cwd: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **variables}
    return subprocess.run(
        [sys.executable, "-m", "perfgen", *arguments], cwd=cwd, env=environment, capture_output=True, encoding="utf-8",
        timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("place", ["", "data", "data/2025", ".."])
def test_what_a_message_names_can_be_typed_where_the_reader_stands(tiny_project, place):
    path = tiny.write_unit(tiny_project, "东园")
    path.write_text(path.read_text("utf-8").replace("斤数: 2}", "斤数: 二}"), "utf-8")
    cwd = (tiny_project / place).resolve()
    first = perfgen(cwd, *(["-C", tiny_project.name] if place == ".." else []), "check")
    assert first.returncode == 1 and first.stderr == ""
    last = first.stdout.rstrip().split("\n")[-1]
    typed = last.partition("再运行 ")[2].removesuffix("。")
    again = subprocess.run(
        typed, shell=True, cwd=cwd, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert again.returncode == 1 and "data/2025/东园.yaml" in again.stdout, typed
    assert "西园" not in again.stdout


@pytest.fixture
def by_make(tmp_path) -> Path:
    """A folder with our Makefile, and in place of perfgen a script that says what it was called with."""
    root = tmp_path / "仓 库"
    for folder in (".venv/bin", "requirements", "scripts", "data/2025"):
        (root / folder).mkdir(parents=True)
    shutil.copy(REPOSITORY / "Makefile", root)
    for name in ("requirements/run.txt", "pyproject.toml", "scripts/setup.sh", "data/2025/甲.yaml"):
        (root / name).write_text("")
    script = root / ".venv/bin/perfgen"
    script.write_text('#!/bin/sh\nprintf "%s" "$PERFGEN_MAKE"; printf " <%s>" "$@"; echo\n')
    script.chmod(0o755)
    (root / ".venv/run.ok").write_text("")
    return root


def make(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PERFGEN"))}
    return subprocess.run(
        ["make", *arguments], cwd=root, env={**environment, "LC_ALL": "C.UTF-8", **variables}, capture_output=True,
        encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        (["check"], "make <check>"),
        (["check", "FILE=a b'c$$.yaml"], "make <check> <a b'c$$.yaml>"),
        (["check", "ALL=1", "FORMAT=json"], "make <check> <--all> <--format> <json>"),
        (["check", "BASE=origin/main"], "make <check> <--changed=origin/main>"),
        (["fix", "FILE=a.yaml"], "make <check> <--fix> <a.yaml>"),
        (["explain"], "make <explain>"),
        (["explain", "RULE=A08", "FILE=a.yaml"], "make <explain> <A08> <a.yaml>"),
        (["new", "YEAR=2026", "UNIT=某 局"], "make <new> <2026> <某 局>"),
        (
            ["new", "YEAR=2026", "UNIT=某 局", "FORM=p", "SUBJECT=a b"],
            "make <new> <2026> <某 局> <--form=p> <--subject=a b>",
        ),
        (["next", "FILE=a b"], "make <next> <a b>"),
        (
            ["next", "FILE=a", "FORM=p", "PLACE=自 评/{单位}/{项目}"],
            "make <next> <a> <--form=p> <--path=自 评/{单位}/{项目}>",
        ),
        (["rules"], "make <explain> <--book> <--write>"),
        (["rollover", "FILE=data/2025"], "make <rollover> <data/2025>"),
        (["import", "FILE=表 一.docx"], "make <import> <表 一.docx>"),
        (["all", "FILE=a.yaml"], "make <build> <a.yaml>"),
        (["diff", "BASE=v1..HEAD", "FILE=a.yaml"], "make <diff> <v1..HEAD> <a.yaml>"),
        (["doctor"], "make <doctor>"),
        (["verify"], "make <build> <--verify>"),
        (["verify", "DATE=2025-02-10"], "make <build> <--verify> <--date=2025-02-10>"),
        (["verify", "FILE=某 局.pdf"], "make <verify> <某 局.pdf>"),
    ],
)
def test_a_target_hands_its_words_on_as_they_were_typed(by_make, typed, called):
    said = make(by_make, *typed, FILE="x", ALL="1", UNIT="y")  # what others put into the environment is none of ours
    assert (said.returncode, said.stdout) == (0, f"{called}\n"), said.stderr


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["fixx"], "没有 make fixx 这个目标"),
        (["检查"], "没有 make 检查 这个目标"),
        (["check", "data/2025/甲.yaml"], "make check FILE=data/2025/甲.yaml"),
        (["import", "表.docx"], "make import FILE=表.docx"),
        (["data/2025/甲.yaml"], "make check FILE=data/2025/甲.yaml"),
        (["new"], "make new YEAR=2026 UNIT=单位"),
        (["new", "YEAR=2026"], "缺少 UNIT"),
        (["check", "file=data/2025/甲.yaml"], "file= 要大写：写成 FILE=…"),
        (["explain", "rule=A08"], "rule= 要大写：写成 RULE=…"),
        (["check", "File=data/2025/甲.yaml"], "File= 要大写：写成 FILE=…"),
        (["check", "FLIE=data/2025/甲.yaml"], "不认识 FLIE=；可以写的有 PYTHON VENV JOBS BASE FORMAT FILE"),
        (["check", "文件=甲.yaml"], "不认识 文件=；"),
        (["build", "FILE=data/2025/甲.yaml"], "make all FILE=文件"),
        (["rollover"], "make rollover FILE=文件"),
        (["import"], "make import FILE=文件"),
    ],
)
def test_wrong_use_of_make_is_answered_in_chinese(by_make, typed, words):
    (by_make / "build").mkdir()
    said = make(by_make, *typed)
    assert said.returncode != 0 and words in said.stderr


def test_every_target_that_a_message_may_name_is_there(by_make):
    text = (REPOSITORY / "Makefile").read_text("utf-8")
    for name in invocation._VALUES:
        invocation.started([".venv/bin/perfgen"], {invocation.MAKE: "make"})
        target = invocation.command(name).split()[1]
        assert f"\n{target}: " in text, target
        assert f"  make {target} " in make(by_make, "help").stdout


def test_make_called_from_elsewhere_is_told_with_its_folder(by_make, monkeypatch):
    monkeypatch.chdir(by_make)
    invocation.started([".venv/bin/perfgen"], {invocation.MAKE: "make", "PWD": str(by_make.parent)})
    assert invocation.command("check") == "make -C '仓 库' check"


COMMAND = re.compile(r"perfgen (build|check|diff|doctor|explain|import|init|new|rollover|text|verify)\b")
FIXED = {
    "authoring.new_file",  # written into files, which others read elsewhere
    "authoring.rollover",
    "check.rule_book",  # a page of the documentation
    "review.formats.markdown",  # the mark of a comment, which no one types
}


def test_no_message_writes_a_command_by_itself():
    found = set()
    for name, path in structure.modules().items():
        tree = ast.parse(path.read_text("utf-8"))
        above = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in above)
        if any(isinstance(text.value, str) and COMMAND.search(text.value) for text in texts):
            found.add(name)
    assert found == FIXED


def test_usage_names_the_program_as_it_was_started(tiny_project):
    said = perfgen(tiny_project, "check", "--fixx")
    assert said.returncode == 2 and f"用法： {shlex.quote(sys.executable)} -m perfgen" in said.stderr


@pytest.mark.parametrize("arguments", ["check", "--version", "-C .. check"])
def test_in_a_folder_that_is_gone_one_sentence_says_so(tmp_path, arguments):
    typed = ["python", "-m", "perfgen", *arguments.split()]
    code = f"import os; os.chdir('去'); os.rmdir('../去'); os.execv({sys.executable!r}, {typed!r})"
    (tmp_path / "去").mkdir()
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "错误：现在所在的目录已经删除或移走了。先 cd 到别的目录，再运行。\n"


def test_a_name_that_cannot_be_typed_is_not_in_a_command(tiny_project):
    name = os.fsdecode(b"data/2025/\xff.yaml")
    try:
        (tiny_project / name).write_text("x", "utf-8")
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    assert perfgen(tiny_project, "check").stdout.rstrip().endswith("perfgen check。")
