"""Git itself merges data files: rows are joined where that can be proven, else all is as git leaves it."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from perfgen.system import text_merge
from tests.conftest import REPOSITORY
from tests.helpers import forges, versions
from tests.helpers.forges import make

pytestmark = pytest.mark.long

FILE = "data/2025/示例市档案馆.yaml"
OLD = "        - {三级指标: 档案安全责任事故, 指标值: =0起, 依据: 行业标准, 分类: 绩效基本型}\n"
FIRST = "        - {三级指标: 甲, 指标值: ≥1次, 依据: 行业标准, 分类: 绩效基本型}\n"
SECOND = "        # 乙的说明\n        - {三级指标: 乙, 指标值: ≥2次,  依据: 行业标准, 分类: 绩效基本型}  # 边上\n"
WAYS = ("merge", "rebase", "cherry-pick")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one file, and git set as `make gitconfig` does it."""
    root = forges.repository(tmp_path_factory.mktemp("x") / "仓库 甲")
    shutil.copy(REPOSITORY / ".gitattributes", root)
    versions.git(root, "switch", "-q", "main")
    shutil.copy(REPOSITORY / FILE, root / FILE)
    versions.commit(root, "开始")
    assert make(root, "gitconfig").returncode == 0
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "仓库 甲", symlinks=True)


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Git as a person runs it; it may fail."""
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
             for what, value in (("NAME", "示例"), ("EMAIL", "x@example.cn"))}  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, **names, "HOME": "/nowhere", "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, encoding="utf-8", env=environment)


def branches(root: Path, ours: str, theirs: str, file: str = FILE) -> None:
    """Two branches, each with a version of a file."""
    start = versions.git(root, "rev-parse", "main")
    for name, text in (("甲的", ours), ("乙的", theirs)):
        versions.git(root, "switch", "-qc", name, start)
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(text.encode())
        versions.commit(root, f"{name}修改")


def joined(root: Path, way: str, here: str, other: str) -> subprocess.CompletedProcess[str]:
    """Brings a branch into another one, in one of git's ways; for a rebase, the branch that is put on is `other`."""
    if way == "rebase":
        versions.git(root, "switch", "-q", other)
        return git(root, "rebase", here)
    versions.git(root, "switch", "-q", here)
    return git(root, way, *(["--no-edit"] if way == "merge" else []), other)


def text(root: Path, file: str = FILE) -> str:
    return (root / file).read_bytes().decode()


def base() -> str:
    return (REPOSITORY / FILE).read_text("utf-8")


def with_rows(*rows: str) -> str:
    assert base().count(OLD) == 1
    return base().replace(OLD, OLD + "".join(rows))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("turned", [False, True])
def test_two_added_neighbours_do_not_conflict(root, way, turned):
    branches(root, with_rows(FIRST), with_rows(SECOND))
    here, other = ("乙的", "甲的") if turned else ("甲的", "乙的")
    done = joined(root, way, here, other)
    assert done.returncode == 0, done.stdout + done.stderr
    assert text(root) == with_rows(*((SECOND, FIRST) if turned else (FIRST, SECOND)))
    assert versions.git(root, "status", "--porcelain") == ""


def test_git_shows_chinese_names(root):
    versions.edit(root, "联系电话: 0000", "联系电话: 1111", FILE)
    assert "示例市档案馆.yaml" in git(root, "status", "--short").stdout


def without_driver(root: Path, way: str, here: str, other: str) -> tuple[int, str]:
    """What git alone makes of the same; the repository is as before then."""
    copy = shutil.copytree(root, root.parent / "没有", symlinks=True)
    versions.git(copy, "config", "--remove-section", "merge.perfgen")
    done = joined(copy, way, here, other)
    shutil.copy(copy / FILE, root.parent / "left.yaml")
    shutil.rmtree(copy)
    return done.returncode, (root.parent / "left.yaml").read_bytes().decode()


UNDECIDED = {
    "another value each": (OLD.replace("=0起", "=1起"), OLD.replace("=0起", "=2起"), "=1起"),
    "one took a row out that the other changed": (FIRST, OLD.replace("=0起", "=2起"), "删掉"),
    "one took out what the other changed": ("", OLD.replace("=0起", "=2起"), "清空"),
    "one renamed what the other changed": (OLD.replace("档案安全", "馆藏安全"), OLD.replace("=0起", "=2起"), "删掉"),
    "one row, two new names": (FIRST, SECOND, "换掉"),
    "one new name, two contents": (OLD + FIRST, OLD + FIRST.replace("≥1次", "≥2次"), "新加"),
    "a row twice": (OLD + FIRST + FIRST, OLD + SECOND, "分不清"),
    "a side that cannot be read": (OLD + "        - {三级指标: [}\n", OLD + SECOND, "读不出来"),
}


@pytest.mark.parametrize("case", UNDECIDED)
@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_what_cannot_be_proven_is_left_as_git_leaves_it(root, case, way):
    first, second, why = UNDECIDED[case]
    branches(root, base().replace(OLD, first), base().replace(OLD, second))
    code, left = without_driver(root, way, "甲的", "乙的")
    done = joined(root, way, "甲的", "乙的")
    assert (done.returncode, text(root)) == (code, left)
    assert code != 0 and "<<<<<<< HEAD" in left
    assert why in done.stderr and FILE in done.stderr and "Traceback" not in done.stderr


def test_what_git_merges_and_rows_cannot_prove_is_gits_and_said(root):
    """Two lines of one long text: for the data it is one value that both changed."""
    task = "  - 做好档案接收征集。"
    long = base().replace(task, "  - |-\n    第一段。\n    第二段。\n    第三段。\n    第四段。\n    第五段。\n" + task)
    (root / FILE).write_text(long, "utf-8")
    versions.commit(root)
    branches(root, long.replace("第一段", "头一段"), long.replace("第五段", "末一段"))
    code, left = without_driver(root, "merge", "甲的", "乙的")
    done = joined(root, "merge", "甲的", "乙的")
    assert (done.returncode, text(root)) == (code, left) and code == 0
    assert left == long.replace("第一段", "头一段").replace("第五段", "末一段")
    assert "没有按行的名称核对" in done.stderr and FILE in done.stderr


@pytest.mark.parametrize("style", ["diff3", "zdiff3"])
def test_the_conflict_style_of_the_user_stays(root, style):
    versions.git(root, "config", "merge.conflictStyle", style)
    branches(root, base().replace(OLD, OLD.replace("=0起", "=1起")), base().replace(OLD, ""))
    code, left = without_driver(root, "merge", "甲的", "乙的")
    assert "|||||||" in left
    assert joined(root, "merge", "甲的", "乙的").returncode == code and text(root) == left


def test_a_cherry_pick_is_left_with_both_sides(root):
    """Before git 2.44 a driver is not told what the sides are called there; all else is git's."""
    branches(root, base().replace(OLD, OLD.replace("=0起", "=1起")), base().replace(OLD, ""))
    code, left = without_driver(root, "cherry-pick", "甲的", "乙的")
    assert joined(root, "cherry-pick", "甲的", "乙的").returncode == code
    mark = re.compile("(?m)^([<>]{7}) .*$")
    assert mark.sub(r"\1", text(root)) == mark.sub(r"\1", left)


BREAKS: dict[str, Callable[[Path], None]] = {
    "the program is gone": lambda program: program.unlink(),
    "the program fails": lambda program: program.write_text("#!/bin/sh\nexit 3\n"),
    "the program cannot be started": lambda program: program.chmod(0o644),
}


@pytest.mark.parametrize("how", BREAKS)
def test_without_the_program_git_merges_by_itself(root, how):
    """One side alone must never be left as if it were the result."""
    BREAKS[how](root / ".venv/bin/perfgen")
    branches(root, with_rows(FIRST), with_rows(SECOND))
    done = joined(root, "merge", "甲的", "乙的")
    assert done.returncode == 1
    assert "<<<<<<<" in text(root) and FIRST in text(root) and SECOND in text(root)
    versions.git(root, "merge", "--abort")
    versions.git(root, "switch", "-q", "main")
    versions.git(root, "branch", "-qD", "甲的", "乙的")
    branches(root, with_rows(FIRST), base().replace("截止年: 2029", "截止年: 2030"))
    assert joined(root, "merge", "甲的", "乙的").returncode == 0 and "截止年: 2030" in text(root)


def test_a_project_below_the_top_of_the_repository(template, tmp_path):
    top = tmp_path / "上面"
    shutil.copytree(template, top / "里 面", symlinks=True, ignore=shutil.ignore_patterns(".git"))
    versions.git(tmp_path, "init", "-q", "-b", "main", str(top))
    versions.commit(top)
    assert make(top / "里 面", "gitconfig").returncode == 0
    branches(top, with_rows(FIRST), with_rows(SECOND), f"里 面/{FILE}")
    assert joined(top, "merge", "甲的", "乙的").returncode == 0
    assert text(top, f"里 面/{FILE}") == with_rows(FIRST, SECOND)


def test_a_file_that_both_made(root):
    new = "data/2025/示例市新局.yaml"
    branches(root, with_rows(FIRST), with_rows(FIRST), new)
    versions.edit(root, "填报人: 示例", "填报人: 示例乙", new)
    versions.commit(root)
    done = joined(root, "merge", "甲的", "乙的")
    assert done.returncode == 1 and "填报人" in done.stderr and "<<<<<<<" in text(root, new)


def test_another_file_below_data_is_merged_too(root):
    site = "data/site.yaml"
    (root / site).write_text("网站: {名称: 甲}\n", "utf-8")
    versions.commit(root)
    branches(root, "网站: {名称: 甲, 域名: a.example}\n", "网站: {名称: 甲}\n发布日期: 2025-02-20\n", site)
    assert joined(root, "merge", "甲的", "乙的").returncode == 0
    assert text(root, site) == "网站: {名称: 甲, 域名: a.example}\n发布日期: 2025-02-20\n"


@pytest.mark.parametrize("seed", range(6))
def test_a_merge_by_lines_is_gits_own_byte_for_byte(tmp_path, seed):
    """Random lines that are much alike, where another method would put a conflict elsewhere."""
    chance = random.Random(seed)
    old = [f"- {{a: {chance.choice('甲乙丙')}}}\n" for _ in range(30)]
    texts = ["".join(old), *("".join(_changed(old, chance)) for _ in range(2))]
    versions.git(tmp_path, "init", "-q", "-b", "main")
    versions.git(tmp_path, "config", "merge.conflictStyle", ("merge", "diff3", "zdiff3")[seed % 3])
    for branch, text in zip(("main", "支", "另"), texts, strict=True):
        if branch != "main":
            versions.git(tmp_path, "switch", "-qc", branch, "main")
        (tmp_path / "x").write_bytes(text.replace("\n", "\r\n" if seed == 5 else "\n").encode())
        versions.commit(tmp_path, branch)
    contents = [subprocess.run(["git", "show", f"{branch}:x"], cwd=tmp_path, capture_output=True).stdout
                for branch in ("main", "另", "支")]  # fmt: skip
    done = git(tmp_path, "merge", "--no-edit", "支")
    labels = text_merge.Labels(versions.git(tmp_path, "rev-parse", "--short", "main"), "HEAD", "支")
    found = text_merge.merged(tmp_path, contents, labels, 7)
    assert (found.content, found.is_clean) == ((tmp_path / "x").read_bytes(), done.returncode == 0)


def _changed(lines: list[str], chance: random.Random) -> list[str]:
    new = list(lines)
    for _ in range(6):
        at = chance.randrange(len(new))
        new[at : at + chance.randrange(2)] = [f"- {{a: {chance.choice('甲乙丙丁')}}}\n"] * chance.randrange(3)
    return new


def test_an_older_git_merges_too(tmp_path, monkeypatch):
    """Before 2.38 there is no `git merge-tree --write-tree`; then `git merge-file` is asked."""
    run = text_merge.run

    def older(root: Path, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        done = run(root, *arguments, given=given)
        return subprocess.CompletedProcess([], 129, b"") if arguments[0] == "merge-tree" else done

    monkeypatch.setattr(text_merge, "run", older)
    labels = text_merge.Labels("b", "HEAD", "支")
    found = text_merge.merged(tmp_path, [b"1\n", b"2\n", b"3\n"], labels, 9)
    assert found == text_merge.TextMerge(b"<<<<<<<<< HEAD\n2\n=========\n3\n>>>>>>>>> \xe6\x94\xaf\n", False)
    assert text_merge.merged(tmp_path, [b"1\n", b"2\n", b"1\n"], labels, 7) == text_merge.TextMerge(b"2\n", True)
