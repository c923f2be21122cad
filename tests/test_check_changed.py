"""What `perfgen check` judges and what it shows first: named files, changed files, files of a request."""

from __future__ import annotations

import itertools
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.review import since
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.versions import commit, git

RULES = tiny.RULES + (
    "审核:\n  W1: {名称: 斤数, 级别: 警告, 对象: 水果, 公式: 斤数 < 3, 说法: '“{{ 名称 }}”太重。', 依据: 试}\n"
)
EAST, WEST, NEW = (f"data/2025/{name}.yaml" for name in ("东园", "西园", "新园"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two units, each with a warning, in a repository with one commit on main, and a branch that is checked out."""
    root = tiny.make(tmp_path / "仓 库")
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    git(root, "init", "-q", "-b", "main")
    commit(root, "起点")
    git(root, "checkout", "-q", "-b", "work")
    return root


def spoil(root: Path, file: str) -> None:
    """An error in a file."""
    path = root / file
    path.write_text(path.read_text("utf-8").replace("斤数: 2}", "斤数: 二}"), "utf-8")


def touch(root: Path, file: str) -> None:
    """A change that does no harm."""
    path = root / file
    path.write_text(path.read_text("utf-8").replace("备注: 内部", "备注: 里面"), "utf-8")


def run(capsys, root: Path, *arguments: str) -> tuple[int, str]:
    code = cli.main(["-C", str(root), "check", *arguments])
    said = capsys.readouterr()
    return code, said.out or said.err


def found(capsys, root: Path, *arguments: str) -> tuple[int, list[tuple[str, str]]]:
    code, text = run(capsys, root, *arguments, "--format", "json")
    return code, [(finding["file"], finding["level"]) for finding in json.loads(text)]


def in_full(text: str) -> set[str]:
    """The files whose findings are shown with what to do."""
    lines = text.split("\n")
    return {line.split(":")[0] for line, below in itertools.pairwise(lines)
            if line.startswith("data/") and below.startswith("    ")}  # fmt: skip


def edited(root: Path) -> None:
    touch(root, EAST)


def staged(root: Path) -> None:
    touch(root, EAST)
    git(root, "add", "-A")


def committed(root: Path) -> None:
    touch(root, EAST)
    commit(root)


def staged_and_put_back_on_the_disk(root: Path) -> None:
    good = (root / EAST).read_bytes()
    touch(root, EAST)
    git(root, "add", "-A")
    (root / EAST).write_bytes(good)


def detached(root: Path) -> None:
    committed(root)
    git(root, "checkout", "-q", "--detach")


@pytest.mark.parametrize("change", [edited, staged, committed, detached])
def test_what_differs_from_where_the_branch_parted_comes_first_in_full(capsys, root, change):
    change(root)
    code, text = run(capsys, root)
    assert code == 0
    assert in_full(text) == {EAST}
    assert f"没有改过的文件里，还没有答复的警告：{WEST} 1 个。" in text


def test_what_is_on_the_disk_counts(root):
    staged_and_put_back_on_the_disk(root)
    assert since.changed_on_branch(root) == frozenset()


def test_a_new_a_renamed_and_a_deleted_file(capsys, root):
    tiny.write_unit(root, "新园")
    (root / WEST).rename(root / "data/2025/北园.yaml")
    (root / EAST).unlink()
    assert since.changed_on_branch(root) == {NEW, "data/2025/北园.yaml"}
    assert in_full(run(capsys, root)[1]) == {NEW, "data/2025/北园.yaml"}


def test_an_error_of_an_unchanged_file_is_one_line_and_counts(capsys, root):
    spoil(root, WEST)
    git(root, "checkout", "-q", "main")
    commit(root)
    touch(root, EAST)
    code, text = run(capsys, root)
    assert code == 1
    assert in_full(text) == {EAST}
    assert [line for line in text.split("\n") if line.startswith(f"{WEST}:") and "错误" in line]
    assert text.rstrip().split("\n")[-1].startswith(f"先看 {WEST}:")


def test_without_git_or_a_base_all_files_are_treated_alike(capsys, root, tmp_path):
    plain = tiny.make(tmp_path / "plain")
    (plain / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    assert in_full(run(capsys, plain)[1]) == {EAST, WEST}
    git(plain, "init", "-q")
    assert in_full(run(capsys, plain)[1]) == {EAST, WEST}, "no commit"
    for branch in ("one", "two"):
        git(root, "branch", "-q", branch)
    git(root, "branch", "-q", "-D", "main")
    assert since.changed_on_branch(root) is None
    assert in_full(run(capsys, root)[1]) == {EAST, WEST}, "no main branch"


def test_a_shallow_clone_whose_history_does_not_reach_the_base(capsys, root, tmp_path):
    committed(root)
    for branch in ("work", "main"):
        git(root, "checkout", "-q", branch)
        git(root, "commit", "-q", "--allow-empty", "-m", branch)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", root.as_uri(), str(shallow))
    git(shallow, "checkout", "-q", "--detach", "origin/work")
    assert in_full(run(capsys, shallow)[1]) == {EAST, WEST}
    code, text = run(capsys, shallow, "--changed", "origin/main")
    assert code == 2 and "git fetch --unshallow" in text


def test_all_shows_everything_in_reading_order(capsys, root):
    touch(root, WEST)
    code, text = run(capsys, root, "--all")
    assert code == 0 and in_full(text) == {EAST, WEST}
    assert text.index(EAST) < text.index(WEST)


@pytest.mark.parametrize("name", ["json", "github", "gitlab", "sarif"])
def test_formats_for_programs_hold_the_whole_set_that_is_judged(capsys, root, name):
    touch(root, EAST)
    for arguments, files in (([], {EAST, WEST}), ([EAST], {EAST}), (["--changed", "main"], {EAST})):
        text = run(capsys, root, *arguments, "--format", name)[1]
        shown = {file for file in (EAST, WEST) if file in text or Path(file).stem in text}
        if name == "sarif":
            (judged,) = json.loads(text)["runs"]
            assert len(judged["results"]) == len(files)
        else:
            assert shown == files


def test_changed_judges_all_errors_and_the_rest_of_changed_files(capsys, root):
    touch(root, EAST)
    assert found(capsys, root, "--changed", "main") == (0, [(EAST, "警告")])
    spoil(root, WEST)
    code, judged = found(capsys, root, "--changed", "main")
    assert code == 1 and judged[0] == (WEST, "错误"), "errors first"
    assert (EAST, "警告") in judged[1:]
    git(root, "add", "-A")
    commit(root)
    touch(root, EAST)
    assert found(capsys, root, "--changed", "HEAD") == (1, [(WEST, "错误")])
    code, text = run(capsys, root, "--changed", "HEAD")
    assert code == 1 and "警告" not in text


def test_changed_takes_where_both_parted(capsys, root):
    """What main got in the meantime is no change of the branch."""
    touch(root, EAST)
    commit(root)
    git(root, "checkout", "-q", "main")
    touch(root, WEST)
    commit(root)
    git(root, "checkout", "-q", "work")
    assert found(capsys, root, "--changed", "main") == (0, [(EAST, "警告")])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--changed", "nowhere"], "没有“nowhere”这个提交"),
        (["--changed", "main..HEAD"], "写一个"),
        (["--changed", "main", EAST], "只用一个"),
    ],
)
def test_wrong_use_is_said(capsys, root, arguments, words):
    code, text = run(capsys, root, *arguments)
    assert code == 2 and words in text


def test_changed_needs_a_repository(capsys, tmp_path):
    code, text = run(capsys, tiny.make(tmp_path / "plain"), "--changed", "main")
    assert code == 2 and "不是 git 仓库" in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("data/2025/体育局.yaml", "data/2025/市体育局.yaml"),
        ("data/2025/市体育局", "data/2025/市体育局.yaml"),
        ("data/2052/市体育局.yaml", "data/2025/市体育局.yaml"),
        ("data/2024/市体育局.yml", "data/2024/市体育局.yaml"),
        ("市体育局.yaml", "data/2025/市体育局.yaml"),
        ("data/2025/市文化局.yaml", ""),
        ("data/2031", ""),
    ],
)
def test_a_file_that_is_not_there_is_said_with_the_nearest_name(capsys, tmp_path, typed, meant):
    root = tiny.make(tmp_path / "tiny", ("市体育局", "档案馆"))
    (root / "data/2024").mkdir()
    (root / "data/2024/市体育局.yaml").write_text("x", "utf-8")
    code, text = run(capsys, root, typed)
    end = f"；是不是 {meant}？" if meant else "。"
    assert (code, text) == (2, f"错误：没有 {typed} 这个文件{end}\n")


def test_what_is_there_and_no_data_is_called_so(capsys, tmp_path):
    root = tiny.make(tmp_path / "tiny")
    (root / "data/2031").mkdir()
    (root / "data/2031.yaml").write_text("甲: 1", "utf-8")
    assert run(capsys, root, "data/2031.yaml") == (2, "错误：data/2031.yaml 不是 data/<年度>/ 里的数据文件。\n")
    assert run(capsys, root, "data/site.yaml")[0] == 0  # the settings are judged with every file
    assert run(capsys, root, "data/2031") == (2, "错误：data/2031 里没有数据文件。\n")


def test_what_is_shown_and_the_exit_code_speak_of_the_same_files(capsys, root):
    spoil(root, WEST)
    assert found(capsys, root, EAST) == (0, [(EAST, "警告")])
    code, text = run(capsys, root, EAST)
    assert code == 0 and WEST not in text
    assert found(capsys, root, WEST)[0] == found(capsys, root)[0] == 1


def test_findings_reach_a_file_and_a_reader_that_stops(root):
    spoil(root, WEST)
    command = [sys.executable, "-m", "perfgen", "-C", str(root), "check", "--all"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    whole = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (whole.returncode, whole.stderr) == (1, "") and "错误" in whole.stdout
    piped = subprocess.run(
        f"{shlex.quote(sys.executable)} -m perfgen -C '{root}' check | head -n 1", shell=True, env=environment,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert piped.stdout.count("\n") == 1 and piped.stderr == ""


def test_a_broken_form_is_a_finding_in_every_format(capsys, root):
    (root / "schema/fruit.rules.yaml").write_text("计算: [\n", "utf-8")
    for name in ("text", "json", "github", "gitlab", "sarif"):
        code, text = run(capsys, root, "--format", name)
        assert code == 2 and "fruit.rules.yaml" in text


def test_75_units_without_anything_to_do_are_a_screenful(capsys, tmp_path):
    root = tiny.make(tmp_path / "many", tuple(f"第{number}园" for number in range(75)))
    (root / "schema/fruit.rules.yaml").write_text(RULES.replace("警告", "提示"), "utf-8")
    for is_known in (False, True):
        if is_known:
            git(root, "init", "-q", "-b", "main")
            commit(root)
        code, text = run(capsys, root)
        assert code == 0 and 1 <= len(text.splitlines()) <= 24
        assert "检查了 75 个文件，没有要改的。" in text
    assert len(run(capsys, root, "--all")[1].splitlines()) > 200


def test_the_samples_of_the_repository_are_a_screenful(capsys):
    """Before, they were 708 lines."""
    changed = since.changed_on_branch(REPOSITORY)
    code, text = run(capsys, REPOSITORY)
    assert code == 0
    if changed == frozenset():
        assert len(text.splitlines()) <= 24
    assert len(text.splitlines()) < len(run(capsys, REPOSITORY, "--all")[1].splitlines()) / 5


def test_a_folder_is_named_as_a_folder_in_commands(capsys, tmp_path):
    root = tiny.make(tmp_path / "many", tuple(f"第{number}园" for number in range(9)))
    (root / "schema/fruit.rules.yaml").write_text(RULES.replace("警告", "提示"), "utf-8")
    text = run(capsys, root, "data/2025")[1]
    assert "perfgen check --all data/2025 看全部。" in text and "第0园" not in text


def test_changed_tells_all_errors_in_full_before_the_warnings(capsys, root):
    spoil(root, WEST)
    commit(root)
    touch(root, EAST)
    text = run(capsys, root, "--changed", "HEAD")[1]
    assert in_full(text) == {EAST, WEST}
    assert text.index(f"{WEST}:7") < text.index(f"{EAST}:6")


def test_a_forge_that_shows_ten_shows_what_somebody_works_on_first(capsys, root):
    """Errors before warnings, those of changed files before others; what cannot be decided comes last."""
    for unit in (EAST, WEST):
        spoil(root, unit)
    commit(root)
    touch(root, WEST)
    lines = run(capsys, root, "--changed", "HEAD", "--format", "github")[1].splitlines()
    ranks = [("::error", "::warning", "::notice").index(line.split(" ")[0]) for line in lines]
    assert ranks == sorted(ranks) and ranks.count(0) >= 2
    errors = [WEST in line for line in lines if line.startswith("::error")]
    assert errors == sorted(errors, reverse=True) and errors[0] and not errors[-1]
