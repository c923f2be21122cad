"""`perfgen diff` answers alike whatever a user has set in git, and never overlooks data that git keeps elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.system import git, git_history
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.projects import with_form
from tests.helpers.versions import CASES, FILE, commit, edit

pytestmark = pytest.mark.long

OLD = CASES.joinpath("weaker-and-stricter/old.yaml").read_text("utf-8")
SCREAM = '[diff]\n external = echo 乱\n[diff "y"]\n textconv = echo 乱\n command = echo 乱\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project below the top of a repository: a commit by 李明, one file changed and one new in the work tree."""
    top = tmp_path_factory.mktemp("made") / "仓 库"
    root = top / "预算"
    with_form(root)
    (root / FILE).write_text(OLD, "utf-8")
    versions.git(top, "init", "-q", "-b", "main")
    commit(top, "起点")
    edit(root, "指标值: ≥10个", "指标值: ≥9个")
    commit(top, "放宽")
    edit(root, "指标值: ≤5%", "指标值: ≤6%")
    (root / "data/2025/新局.yaml").write_text(OLD.replace("示例市某局", "新局"), "utf-8")
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A copy of it, with its repository."""
    shutil.copytree(made.parent, tmp_path / made.parent.name)
    return tmp_path / made.parent.name / made.name


@pytest.fixture(scope="module")
def usual() -> list[list[object]]:
    """What the first test was answered before it set anything: nothing in it tells one copy from another."""
    return []


@pytest.fixture
def wanted(usual, capsys, root: Path) -> list[object]:
    """What is answered with the settings of whoever runs the tests."""
    if not usual:
        usual.append(answers(capsys, root))
    return usual[0]


def answers(capsys, root: Path) -> list[object]:
    """All that a comparison takes from git, in plain words."""
    said: list[object] = []
    for arguments in (["HEAD~1..HEAD"], []):
        said.append(cli.main(["-C", str(root), "diff", *arguments, "--format", "json"]))
        said.append(tuple(capsys.readouterr()))
    said += [
        git_history.last_commit(root, "HEAD", FILE),
        git.main_branch(root),
        git.head(root),
        git.is_repository(root),
    ]
    return said


SETTINGS = {
    "signatures": "[log]\n showSignature = true\n",
    "GBK": "[i18n]\n logOutputEncoding = GBK\n commitEncoding = GBK\n",
    "diffs by another program": SCREAM + "[core]\n attributesFile = {home}/attributes\n",
    "attributes of all repositories": "[core]\n attributesFile = {home}/encoding\n",
    "files ignored everywhere": "[core]\n excludesFile = {home}/ignore\n",
    "colours": "[color]\n ui = always\n diff = always\n[color \"diff\"]\n meta = red\n",
    "mailmap": "[log]\n mailmap = true\n[mailmap]\n file = {home}/mailmap\n",
    "paths": "[core]\n quotePath = true\n[diff]\n noprefix = true\n mnemonicPrefix = true\n relative = false\n",
    "renames": "[diff]\n renames = copies\n renameLimit = 1\n[status]\n renames = copies\n",
    "an order of files that is not there": "[diff]\n orderFile = /nowhere/order\n",
    "log": "[log]\n follow = true\n date = relative\n decorate = full\n[format]\n pretty = oneline\n",
    "words": "[diff]\n wordRegex = .\n algorithm = patience\n submodule = log\n[core]\n abbrev = 4\n",
    "line ends": "[core]\n autocrlf = true\n safecrlf = true\n",
    "a monitor that sees no change": "[core]\n fsmonitor = {home}/monitor\n untrackedCache = true\n",
    "pager and aliases": "[core]\n pager = false\n[pager]\n diff = false\n[alias]\n rev-list = log\n ls-tree = log\n",
}  # fmt: skip


def test_the_command_answers_at_all(capsys, root):
    said = answers(capsys, root)
    assert said[0] == said[2] == 1 and '"≥9个"' in said[1][0] and "新局" in said[3][0]
    assert said[4].author == "示例"


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_the_user_changes_nothing(setting, *, wanted, capsys, root, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / "attributes").write_text("*.yaml diff=y filter=none\n")
    (home / "encoding").write_text("*.yaml working-tree-encoding=UTF-16 ident\n")
    (home / "ignore").write_text("*.yaml\ndata/\n")
    (home / "mailmap").write_text("别人 <y@example.cn> 示例 <x@example.cn>\n", "utf-8")
    (home / "monitor").write_text("#!/bin/sh\nprintf '1\\0'\n")
    (home / "monitor").chmod(0o755)
    (home / ".gitconfig").write_text(SETTINGS[setting].replace("{home}", str(home)), "utf-8")
    monkeypatch.setenv("HOME", str(home))
    assert answers(capsys, root) == wanted
    # the same settings once more by variables, which come after all files
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, (name, value) in enumerate((("log.showSignature", "true"), ("i18n.logOutputEncoding", "GBK"))):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    assert answers(capsys, root) == wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_DIR", "/nowhere/.git"), ("GIT_WORK_TREE", "/tmp"), ("GIT_INDEX_FILE", "/nowhere/index"),
        ("GIT_OBJECT_DIRECTORY", "/nowhere"), ("GIT_COMMON_DIR", "/nowhere"), ("GIT_EXTERNAL_DIFF", "echo 乱"),
        ("GIT_DIFF_OPTS", "--unified=0"), ("GIT_PREFIX", "别处/"), ("GIT_NAMESPACE", "别处"),
        ("GIT_ICASE_PATHSPECS", "1"), ("GIT_GLOB_PATHSPECS", "1"), ("GIT_TRACE", "1"), ("GIT_CONFIG", "/nowhere"),
        ("GIT_SHALLOW_FILE", "/nowhere"), ("GIT_ATTR_SOURCE", "HEAD"), ("GIT_PAGER", "false"),
        ("GIT_REPLACE_REF_BASE", "refs/heads"), ("GIT_DEFAULT_HASH", "sha256"), ("GIT_AUTHOR_NAME", "别人"),
    ],
)  # fmt: skip
def test_a_variable_changes_nothing(name, value, *, wanted, capsys, root, monkeypatch):
    monkeypatch.setenv(name, value)
    assert answers(capsys, root) == wanted


def test_a_hook_of_another_repository_changes_nothing(wanted, capsys, root, tmp_path, monkeypatch):
    versions.git(tmp_path, "init", "-q", "别处")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "别处/.git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "别处/.git/index"))
    assert answers(capsys, root) == wanted


def test_a_broken_setting_is_not_called_no_repository(capsys, root, tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    broken.write_text("[core\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(broken))
    assert cli.main(["-C", str(root), "diff"]) == 3
    said = capsys.readouterr().err
    assert "bad config line 1" in said and "不是 git 仓库" not in said


def test_a_replaced_commit_or_blob_is_read_as_it_was(capsys, root, tmp_path):
    wanted = answers(capsys, root)
    other = tmp_path / "other.yaml"
    other.write_text(OLD.replace("≥10个", "≥1个"), "utf-8")
    blob = versions.git(root, "hash-object", "-w", str(other))
    versions.git(root, "replace", f"HEAD:./{FILE}", blob)
    versions.git(root, "replace", "HEAD", "HEAD~1")
    assert answers(capsys, root) == wanted


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_was_told_not_to_look_at_is_compared(flag, capsys, root):
    wanted = answers(capsys, root)
    versions.git(root, "update-index", flag, FILE)
    assert answers(capsys, root) == wanted


def test_a_file_left_out_of_a_sparse_checkout_is_not_cancelled(capsys, root):
    versions.git(root, "update-index", "--skip-worktree", FILE)
    (root / FILE).unlink()
    assert cli.main(["-C", str(root), "diff", "HEAD"]) == 1
    assert "新增了 1 个文件" in (said := capsys.readouterr().out) and "取消了" not in said


def test_an_author_written_in_gbk_is_read(root):
    versions.git(root, "-c", "i18n.commitEncoding=GBK", "commit", "-q", "-a", "-m", "x", "--author=李明 <l@example.cn>")
    raw = subprocess.run(["git", "cat-file", "commit", "HEAD"], cwd=root, capture_output=True).stdout
    assert b"encoding GBK" in raw
    # versions.git types UTF-8; what a terminal in GBK sends is made by hand
    raw = raw.replace("李明".encode(), "李明".encode("gbk"))
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=root, input=raw, capture_output=True
    ).stdout.decode().strip()  # fmt: skip
    assert git_history.last_commit(root, made, FILE).author == "李明"


def other_repository(place: Path) -> None:
    versions.git(place, "init", "-q", "-b", "main")
    commit(place, "数据")


def run(capsys, root: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["-C", str(root), "diff", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("folder", ["data", "data/2025"])
def test_data_in_a_submodule_is_never_without_change(folder, capsys, root, tmp_path):
    source = tmp_path / "数据"
    shutil.copytree(root / folder, source)
    other_repository(source)
    versions.git(root, "rm", "-rqf", folder)
    shutil.rmtree(root / folder, ignore_errors=True)
    allow = ("-c", "protocol.file.allow=always")
    versions.git(root, *allow, "submodule", "add", "-q", str(source), folder)
    said = f"的 {folder} 是另一个 git 仓库（子模块），里面的数据没有比较。先用 git diff --submodule=diff 看。"
    for arguments in (["HEAD"], []):  # staged only
        code, out, errors = run(capsys, root, *arguments)
        assert (code, out) == (2, "") and f"“现在的文件”{said}" in errors
    commit(root, "子模块")
    edit(root, "≥9个", "≥1个")
    code, out, errors = run(capsys, root)  # changed in it
    assert (code, out) == (2, "") and said in errors
    commit(root / folder, "放宽")
    commit(root, "往前")
    for arguments in (["HEAD~1..HEAD"], ["HEAD~1"], [], ["HEAD", "data/2025"]):
        code, out, errors = run(capsys, root, *arguments)
        assert (code, out) == (2, "") and said in errors
    clone = tmp_path / "克隆"  # where nobody has fetched the submodule
    versions.git(tmp_path, "clone", "-q", str(root.parent), str(clone))
    assert run(capsys, clone / "预算")[0] == 2


def test_data_in_a_repository_that_nobody_added_is_never_without_change(capsys, root):
    versions.git(root, "rm", "-rq", "--cached", "data")
    versions.git(root, "commit", "-q", "-m", "没有数据")
    other_repository(root / "data/2025")
    code, out, errors = run(capsys, root, "HEAD")
    assert (code, out) == (2, "") and "data/2025 是另一个 git 仓库" in errors


@pytest.mark.parametrize("folder", ["data", "data/2025"])
def test_data_behind_a_link_is_never_without_change(folder, capsys, root, tmp_path):
    shutil.move(root / folder, tmp_path / "别处")
    (root / folder).symlink_to(tmp_path / "别处")
    code, out, errors = run(capsys, root, "HEAD")
    assert (code, out) == (2, "") and f"的 {folder} 是链接" in errors
    commit(root, "链接")
    assert run(capsys, root, "HEAD~1..HEAD")[0] == 2


def test_a_form_in_a_submodule_is_a_change_of_the_form(capsys, root, tmp_path):
    source = tmp_path / "表"
    shutil.copytree(root / "schema", source)
    other_repository(source)
    versions.git(root, "rm", "-rqf", "schema")
    versions.git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(source), "schema")
    commit(root, "子模块")
    assert "也有变化" not in run(capsys, root, "HEAD")[1]
    (root / "schema/说明.txt").write_text("x")
    commit(root / "schema", "改")
    assert "表、规则或模板也有变化，不在这里比较，请另外看：schema。" in run(capsys, root, "HEAD")[1]


def test_git_is_asked_with_plumbing_only():
    """What `git log`, `diff`, `status`, `show` and `branch` print is the user's to set."""
    text = "".join(path.read_text("utf-8") for path in sorted((REPOSITORY / "perfgen/system").glob("git*.py")))
    for command in ("log", "diff", "status", "show", "branch", "blame", "shortlog"):
        assert f'root, "{command}"' not in text
    assert 'root, "rev-list"' in text
