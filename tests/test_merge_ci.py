"""CI checks what a request makes when it is merged, with the target branch's program."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.helpers import forges, versions
from tests.helpers.forges import make

pytestmark = pytest.mark.long

FILE = "data/2025/示例市档案馆.yaml"
LAST = "  - {项目名称: 馆库与数字档案系统运行维护"
INCOME = "财政拨款: {当年: 548.46"
ROW = "        - {三级指标: 档案安全责任事故, 指标值: =0起, 依据: 行业标准, 分类: 绩效基本型}\n"


def project(name: str) -> str:
    return f"  - {{项目名称: {name}, 类别: 运转类项目支出, 总预算: 100, 本年度预算: 100, 用途: 办公}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose file is without errors."""
    root = forges.repository(tmp_path / "仓库 甲")
    shutil.copy(REPOSITORY / ".gitattributes", root)
    versions.git(root, "switch", "-q", "main")
    (root / versions.FILE).unlink()
    shutil.copy(REPOSITORY / FILE, root / FILE)
    versions.commit(root, "开始")
    return root


def branch(root: Path, name: str, *steps: tuple[str, str], start: str = "main") -> str:
    """A request's branch with changes of the file; gives its commit."""
    versions.git(root, "switch", "-qc", name, start)
    for old, new in steps:
        versions.edit(root, old, new, FILE)
    commit = versions.commit(root, name)
    versions.git(root, "switch", "-q", "main")
    return commit


def merge(root: Path, head: str, **given: str) -> subprocess.CompletedProcess[str]:
    return make(root, "-s", "merge", f"BASE=HEAD...{head}", TARGET="main", **given)


def test_two_green_branches_are_not_green_together(root):
    """Each adds a project of 100 and as much income; the income is the same change, and stands once."""
    heads = [
        branch(root, name, (INCOME, "财政拨款: {当年: 648.46"), (LAST, project(f"{name}的新项目") + LAST))
        for name in ("甲", "乙")
    ]
    for head in heads:
        done = merge(root, head)
        assert done.returncode == 0, done.stdout + done.stderr
        assert versions.git(root, "status", "--porcelain") == ""
    versions.git(root, "merge", "-q", "--ff-only", "甲")
    done = merge(root, heads[1])
    assert done.returncode == 2 and "差 100 万元" in done.stdout and "A05" in done.stdout


def test_neighbours_are_joined_there_by_the_target_branchs_program(root):
    (root / ".gitattributes").unlink()  # an older repository, whose attributes name no driver
    versions.commit(root)
    heads = [branch(root, name, (ROW, ROW + ROW.replace("档案安全", name))) for name in ("甲", "乙")]
    versions.git(root, "merge", "-q", "--ff-only", "甲")
    done = merge(root, heads[1])
    assert done.returncode == 0, done.stdout + done.stderr
    text = (root / "build/merge" / FILE).read_text("utf-8")
    assert ROW + ROW.replace("档案安全", "甲") + ROW.replace("档案安全", "乙") in text


def test_a_conflict_is_said_with_both_versions(root):
    heads = [branch(root, f"支{value}", (ROW, ROW.replace("=0起", f"={value}起"))) for value in (1, 2)]
    versions.git(root, "merge", "-q", "--ff-only", "支1")
    done = merge(root, heads[1])
    assert done.returncode == 2
    assert f"和目标分支合并不了，两边改了同一处：{FILE}" in done.stdout and "git pull origin main" in done.stdout
    assert "是“=1起”" in done.stdout and "是“=2起”" in done.stdout and "Traceback" not in done.stderr


def evil(root: Path) -> None:
    """What a request would like to be run."""
    mark = "open('ran', 'w').write('x'); raise SystemExit(0)\n"
    for place in ("perfgen/__init__.py", "perfgen/__main__.py", "sitecustomize.py", "yaml.py", "scripts/merge.py"):
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_text(mark)
    (root / "Makefile").write_text("merge check all:\n\ttouch ran\n")
    (root / ".gitattributes").write_text("/data/**/*.yaml merge=evil filter=evil\n")
    (root / ".githooks").mkdir()
    (root / ".githooks/post-merge").write_text("#!/bin/sh\ntouch ran\n")


def test_nothing_of_the_request_is_run(root):
    versions.git(root, "switch", "-qc", "坏")
    evil(root)
    versions.edit(root, INCOME, "财政拨款: {当年: 648.46", FILE)
    head = versions.commit(root)
    versions.git(root, "switch", "-q", "main")
    done = merge(root, head)
    assert done.returncode == 2 and "差 100 万元" in done.stdout, done.stdout + done.stderr
    assert list(root.rglob("ran")) == [] and "merge=perfgen" in (root / ".gitattributes").read_text()


def test_the_requests_own_forms_are_used(root):
    """A rule that comes with data that fits it."""
    versions.git(root, "switch", "-qc", "规则")
    rules = "schema/department-target.rules.yaml"
    versions.edit(
        root, "    公式: 收入构成.合计.当年 == 支出构成.合计.当年\n", "    公式: 收入构成.合计.当年 > 0\n", rules
    )
    versions.edit(root, INCOME, "财政拨款: {当年: 648.46", FILE)
    head = versions.commit(root)
    versions.git(root, "switch", "-q", "main")
    assert merge(root, head).returncode == 0


def test_it_can_be_done_again_and_leaves_no_mark(root):
    head = branch(root, "甲", ("截止年: 2029", "截止年: 2030"))
    before = versions.git(root, "for-each-ref"), versions.git(root, "rev-parse", "HEAD")
    for _ in range(2):
        assert merge(root, head).returncode == 0
    assert (versions.git(root, "for-each-ref"), versions.git(root, "rev-parse", "HEAD")) == before
    shutil.rmtree(root / "build")
    assert merge(root, head).returncode == 0


@pytest.mark.parametrize("commits", ["没有...HEAD", "HEAD...没有", "HEAD...--upload-pack=x"])
def test_what_is_no_commit_is_said(root, commits):
    done = make(root, "-s", "merge", f"BASE={commits}")
    assert done.returncode == 2 and "没有合并成" in done.stderr and "Traceback" not in done.stderr


def test_a_history_without_a_common_past_is_said(root):
    head = versions.git(root, "commit-tree", "HEAD^{tree}", "-m", "别的")
    done = merge(root, head)
    assert done.returncode == 2 and "没有合并成" in done.stderr and "Traceback" not in done.stderr
