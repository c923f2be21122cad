"""`perfgen diff` in git's own habits: ranges, files, shallow clones, merges, broken sides, rebases."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.system import git, git_history
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.projects import with_form
from tests.helpers.versions import CASES, commit, edit

pytestmark = pytest.mark.long

OLD = CASES.joinpath("weaker-and-stricter/old.yaml").read_text("utf-8")
FILE = versions.FILE


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in a repository with one commit on main; its name has a blank."""
    root = tmp_path / "仓 库"
    with_form(root)
    (root / FILE).write_text(OLD, "utf-8")
    (root / "data/2025/示例市另一局.yaml").write_text(OLD.replace("示例市某局", "示例市另一局"), "utf-8")
    versions.git(root, "init", "-q", "-b", "main")
    commit(root, "起点")
    return root


def run(capsys, root: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["-C", str(root), "diff", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def changes(capsys, root: Path, *arguments: str) -> list[dict]:
    _, out, _ = run(capsys, root, "--format", "json", *arguments)
    return json.loads(out)["changes"]


def test_nothing_changed(capsys, root):
    assert run(capsys, root) == (0, "main → 现在的文件\n没有变化。\n", "")


def test_the_work_tree_against_where_the_branch_began(capsys, root):
    versions.git(root, "switch", "-qc", "改一处")
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    edit(root, "指标值: ≤5%", "指标值: ≤6%")
    versions.git(root, "switch", "-q", "main", "--merge")
    commit(root, "别人的改动")
    versions.git(root, "switch", "-q", "改一处")
    edit(root, "指标值: ≥97%", "指标值: ≥96%")
    found = changes(capsys, root)
    assert [(c["old"], c["new"]) for c in found] == [("≥97%", "≥96%"), ("≥10个", "≥9个")]
    code, out, _ = run(capsys, root)
    assert code == 1 and "放宽 2 项（都没有理由）" in out


def test_a_new_file_counts_before_it_is_added_and_ignored_ones_do_not(capsys, root):
    (root / "data/2025/新局.yaml").write_text(OLD.replace("示例市某局", "新局"), "utf-8")
    (root / "data/2025/草稿.yaml").write_text(OLD, "utf-8")
    (root / ".gitignore").write_text("草稿.yaml\n", "utf-8")
    assert [(c["unit"], c["class"]) for c in changes(capsys, root)] == [("新局", "新增")]


def test_ranges(capsys, root):
    first = versions.git(root, "rev-parse", "HEAD")
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    second = commit(root)
    edit(root, "指标值: ≥9个", "指标值: ≥8个")
    commit(root)
    versions.git(root, "tag", "送审")
    pairs = [(c["old"], c["new"]) for c in changes(capsys, root, f"{first}..{second}")]
    assert pairs == [("≥10个", "≥9个")]
    assert changes(capsys, root, "HEAD~1..送审")[0]["old"] == "≥9个"
    assert changes(capsys, root, "HEAD~2")[0]["old"] == "≥10个"
    assert changes(capsys, root, "HEAD~2..")[0]["new"] == "≥8个"
    assert changes(capsys, root, "送审..HEAD~2")[0]["class"] == "趋严"
    versions.git(root, "switch", "-qc", "旁", first)
    edit(root, "指标值: ≤5%", "指标值: ≤6%")
    commit(root)
    assert [c["old"] for c in changes(capsys, root, "main...HEAD")] == ["≤5%"]
    assert [c["new"] for c in changes(capsys, root, "main..HEAD")] == ["≤6%", "≥10个"]


def test_files(capsys, root):
    for name in ("示例市某局", "示例市另一局"):
        edit(root, "指标值: ≥10个", "指标值: ≥9个", f"data/2025/{name}.yaml")
    assert len(changes(capsys, root)) == 2
    assert [c["unit"] for c in changes(capsys, root, str(root / FILE))] == ["示例市某局"]
    assert len(changes(capsys, root / "data", "2025")) == 2
    assert [c["unit"] for c in changes(capsys, root / "data/2025", "HEAD", "示例市另一局.yaml")] == ["示例市另一局"]
    (root / FILE).unlink()
    assert [c["class"] for c in changes(capsys, root / "data/2025", "示例市某局.yaml")] == ["取消"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["没有这个"], "没有“没有这个”这个提交"),
        (["HEAD..没有"], "没有“没有”这个提交"),
        (["data/2025/没有.yaml"], "在两个版本里都没有"),
        (["HEAD", "/etc/passwd"], "不在这个项目里"),
        (["data"], "既是文件又是版本"),
        (["--format", "xml"], "可选"),
    ],
)
def test_wrong_use_is_exit_2(capsys, root, arguments, words, monkeypatch):
    versions.git(root, "branch", "data")
    monkeypatch.chdir(root)
    code = cli.main(["diff", *arguments])
    errors = capsys.readouterr().err
    assert (code, words in errors) == (2, True), errors


def test_an_option_in_disguise_is_no_option(capsys, root):
    code, _, errors = run(capsys, root, "--output=/tmp/x..HEAD", "--", "--upload-pack=x..HEAD")
    assert code == 2 and "没有“--upload-pack=x”" in errors


def test_outside_a_repository_and_before_the_first_commit(capsys, project):
    code, _, errors = run(capsys, project)
    assert code == 2 and "不是 git 仓库" in errors
    versions.git(project, "init", "-q")
    code, _, errors = run(capsys, project)
    assert code == 2 and "还没有提交" in errors


def test_a_repository_of_somebody_else_is_no_riddle(capsys, root, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    code, _, errors = run(capsys, root)
    assert code == 2 and "safe.directory" in errors


def test_without_git_it_is_exit_3(capsys, root, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    code, _, errors = run(capsys, root)
    assert code == 3 and errors == "错误：没有 git；装上再试。\n"


def test_a_project_below_the_top_of_the_repository(capsys, tmp_path):
    root = tmp_path / "部门/项目"
    shutil.copytree(REPOSITORY / "schema", root / "schema")
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    (root / "data/2025").mkdir(parents=True)
    (root / FILE).write_text(OLD, "utf-8")
    (tmp_path / "data/2025").mkdir(parents=True)
    (tmp_path / "data/2025/外面.yaml").write_text(OLD, "utf-8")
    versions.git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    (tmp_path / "data/2025/外面.yaml").unlink()
    (found,) = changes(capsys, root)
    assert found["new_place"]["file"] == FILE
    commit(tmp_path)
    assert len(changes(capsys, root, "HEAD~1..HEAD")) == 1


def test_neither_the_work_tree_nor_the_index_is_touched(capsys, root):
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    later = 4_000_000_000
    for touched in ("data/2025/示例市另一局.yaml", "schema/department-target.schema.json"):
        os.utime(root / touched, (later, later))
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in root.rglob("*") if path.is_file()}
    run(capsys, root, "HEAD~1..HEAD")
    assert run(capsys, root)[1].splitlines()[1:] == ["没有变化。"]
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in root.rglob("*") if path.is_file()}
    assert before == after


def test_a_shallow_clone_says_what_is_missing(capsys, root, tmp_path):
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    versions.git(root, "switch", "-qc", "支", "HEAD~1")
    edit(root, "指标值: ≥97%", "指标值: ≥96%")
    commit(root)
    clone = tmp_path / "浅"
    versions.git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", root.as_uri(), str(clone))
    code, _, errors = run(capsys, clone, "origin/main...HEAD")
    assert code == 2 and "没有共同的历史" in errors and "git fetch --unshallow" in errors
    assert len(changes(capsys, clone, "origin/main..HEAD")) == 2
    code, _, errors = run(capsys, clone, "HEAD~5")
    assert code == 2 and "--unshallow" in errors


def test_a_detached_head_and_a_clone_without_a_local_main(capsys, root, tmp_path):
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    clone = tmp_path / "克隆"
    versions.git(tmp_path, "clone", "-q", str(root), str(clone))
    versions.git(clone, "checkout", "-q", "--detach", "HEAD~1")
    versions.git(clone, "branch", "-qD", "main")
    edit(clone, "指标值: ≤5%", "指标值: ≤6%")
    (found,) = changes(capsys, clone)
    assert (found["old"], found["new"]) == ("≤5%", "≤6%")


def test_an_unknown_main_branch_is_said(capsys, root):
    versions.git(root, "branch", "-m", "main", "甲")
    assert git.main_branch(root) == "甲"
    versions.git(root, "branch", "乙")
    code, _, errors = run(capsys, root)
    assert code == 2 and "找不到主分支" in errors
    assert run(capsys, root, "HEAD")[0] == 0


def test_through_a_merge(capsys, root):
    versions.git(root, "switch", "-qc", "支")
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    versions.git(root, "switch", "-q", "main")
    edit(root, "示例市另一局", "示例市新名局", "data/2025/示例市另一局.yaml")
    commit(root)
    versions.git(root, "switch", "-q", "支")
    versions.git(root, "merge", "-q", "--no-edit", "main")
    assert [c["new"] for c in changes(capsys, root)] == ["≥9个"]
    assert [c["new"] for c in changes(capsys, root, "HEAD^2..HEAD")] == ["≥9个"]


def test_in_the_middle_of_a_conflict(capsys, root):
    for branch, value in (("main", "≥8个"), ("支", "≥9个")):
        if branch != "main":
            versions.git(root, "switch", "-qc", branch, "HEAD~1")
        edit(root, "指标值: ≥10个", f"指标值: {value}")
        commit(root)
    subprocess.run(["git", "merge", "main"], cwd=root, capture_output=True)
    code, out, _ = run(capsys, root)
    assert code == 1 and "读不出来" in out and FILE in out


def test_a_broken_side_is_said_and_the_rest_goes_on(capsys, root):
    edit(root, "年度: 2025", "年度: [", "data/2025/示例市另一局.yaml")
    commit(root)
    edit(root, "年度: [", "年度: 2025", "data/2025/示例市另一局.yaml")
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    _, out, _ = run(capsys, root, "HEAD", "--format", "json")
    content = json.loads(out)
    assert len(content["changes"]) == 1
    (broken,) = [unit["broken"] for unit in content["units"] if unit["broken"]]
    assert broken[0]["file"] == "data/2025/示例市另一局.yaml"
    for name in ("text", "markdown", "html"):
        assert "读不出来" in run(capsys, root, "HEAD", "--format", name)[1]


def test_a_renamed_file_is_its_unit_still(capsys, root):
    versions.git(root, "mv", FILE, "data/2025/新名.yaml")
    edit(root, "指标值: ≥10个", "指标值: ≥9个", "data/2025/新名.yaml")
    found = changes(capsys, root)
    assert [c["kind"] for c in found] == ["changed", "renamed"]
    edit(root, "部门名称: 示例市某局", "部门名称: 示例市新局", "data/2025/新名.yaml")
    found = changes(capsys, root)
    assert sorted(c["kind"] for c in found) == ["changed", "changed", "renamed"]
    assert {c["unit"] for c in found} == {"示例市新局"}


def test_links_and_other_files_are_left_alone(capsys, root, tmp_path):
    (tmp_path / "外.yaml").write_text(OLD, "utf-8")
    (root / "data/2025/链接.yaml").symlink_to(tmp_path / "外.yaml")
    (root / "data/2025/说明.txt").write_text("x")
    edit(root, "计算:\n", "计算:\n\n", "schema/department-target.rules.yaml")
    code, out, _ = run(capsys, root)
    assert code == 0
    assert out.splitlines()[1:] == [
        "没有变化。", "", "■ 规则、表、模板和设置",
        "  [意思没变] department-target.rules.yaml：改写了，读出来和原来一样（注释、换行、先后或写法）。",
        "      schema/department-target.rules.yaml",
    ]  # fmt: skip
    commit(root)
    assert run(capsys, root, "HEAD~1..HEAD")[0] == 0


def test_fingerprints_survive_a_rebase(capsys, root):
    """Main goes on in the same file, lines move, commits get other names: the changes are the same ones."""
    versions.git(root, "switch", "-qc", "支")
    edit(root, "指标值: ≥97%", "指标值: ≥96%")
    commit(root)
    edit(
        root,
        "        - {三级指标: 预算调整率, 前年: 6%, 上年: 5.5%, 指标值: ≤5%, 依据: 计划标准, 分类: 绩效基本型}\n",
        "",
    )
    edit(root, "      预算编制:\n", "")
    commit(root)
    before = changes(capsys, root, "main...HEAD")
    versions.git(root, "switch", "-q", "main")
    edit(root, "部门职能概述:\n", "部门职能概述:\n  - 新的一条职能。\n  - 再一条职能。\n")
    edit(root, "总预算: 400, 本年度预算: 400", "总预算: 410, 本年度预算: 410")
    commit(root)
    versions.git(root, "switch", "-q", "支")
    versions.git(root, "rebase", "-q", "main")
    after = changes(capsys, root, "main...HEAD")
    assert [c["fingerprint"] for c in before] == [c["fingerprint"] for c in after]
    assert len(before) == 2
    assert [c["old_place"]["line"] for c in before] != [c["old_place"]["line"] for c in after]


def test_only_what_changed_is_read(capsys, root, monkeypatch):
    for number in range(30):
        (root / f"data/2025/局{number}.yaml").write_text(OLD.replace("某局", f"{number}局"), "utf-8")
    commit(root)
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    asked: list[list[str]] = []
    real = git.blobs

    def noted(root, names):
        asked.append(list(names))
        return real(root, asked[-1])

    monkeypatch.setattr(git, "blobs", noted)
    assert len(changes(capsys, root, "HEAD~1..HEAD")) == 1
    assert len(asked[0]) == 2  # what follows is looked at to see which file a reference means


def test_each_version_is_checked_beside_its_own_earlier_years(capsys, root):
    """Last year's file changes in the same range: what was found against the old one is gone."""
    (root / "data/2024").mkdir()
    earlier = "data/2024/示例市某局.yaml"
    text = OLD.replace("年度: 2025", "年度: 2024").replace("当年: 600", "当年: 570")
    (root / earlier).write_text(text, "utf-8")
    commit(root)
    (root / earlier).write_text(text.replace("当年: 570", "当年: 580"), "utf-8")
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(root)
    _, out, _ = run(capsys, root, "HEAD~1..HEAD", FILE, "--format", "json")
    (unit,) = json.loads(out)["units"]
    gone = [finding["rule"] for finding in unit["gone"]]
    assert gone == ["A17"]


def test_the_answer_goes_into_a_file(capsys, root):
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    assert run(capsys, root, "--format", "markdown", "-o", "build/评审.md") == (1, "", "")
    assert (root / "build/评审.md").read_text("utf-8").startswith("<!-- perfgen diff -->\n### 放宽 1 项")


def test_who_changed_a_file_last(root):
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    name = commit(root)
    found = git_history.last_commit(root, "HEAD", FILE)
    assert (found.name, found.author, found.date) == (name, "示例", "2025-01-10T09:00:00+08:00")
    assert git_history.last_commit(root, "HEAD", "没有") is None
