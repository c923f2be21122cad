"""提交: the file that a window shows is committed alone, by the user's own git; a refusal leaves nothing half done."""

from __future__ import annotations

import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from perfgen.system import git_as_user
from tests.helpers import tiny
from tests.helpers.people import with_ssh_key
from tests.helpers.serving import CLERK, Served, committed, serving
from tests.helpers.waiting import until

FILE, OTHER = "data/2025/东园.yaml", "data/2025/西园.yaml"
MESSAGE = "东园 2025 年：改了备注\n\n# 不是注释的一行\n- 备注：改了"


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def state(root: Path) -> tuple[str, str, str, str]:
    """The commit, what is staged, the state of all files, and what git is in the middle of."""
    locks = sorted(path.name for path in (root / ".git").rglob("*.lock"))
    return (
        git(root, "rev-parse", "HEAD"),
        git(root, "ls-files", "--stage"),
        git(root, "status", "--porcelain"),
        str(locks),
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    root = committed(tiny.make(tmp_path_factory.mktemp("commit") / "上面" / "项目 [一]"))
    with serving(root) as served:
        yield root, served


@pytest.fixture
def repo(shared):
    """A project whose file was changed in the window, and nothing else; as it was afterwards."""
    root, served = shared
    before = git(root, "rev-parse", "HEAD").strip()
    text = f"改过 {secrets.token_hex(8)}"
    # the one before put its file back; who has not noticed yet is refused once
    assert served.put(FILE, ["备注"], text).status == 200 or served.put(FILE, ["备注"], text).status == 200
    yield root, served
    for hook in (root / ".git/hooks").iterdir():
        hook.unlink()
    git(root, "config", "user.name", CLERK.name)
    git(root, "config", "commit.gpgSign", "false")
    git(root, "checkout", "-q", "-f", "-B", "main", before)
    git(root, "clean", "-qfd", "data")


def ask(served: Served, source: str = FILE) -> dict:
    return served.get(f"api/commit?file={quote(source)}").json()


def send(served: Served, source: str = FILE, message: str = MESSAGE):
    for _ in range(3):  # what a test did to the files may be noticed in between
        version = served.view(source)["version"]
        answer = served.post("api/commit", {"file": source, "version": version, "message": message})
        if answer.status != 409:
            return answer
    return answer


def hook(root: Path, name: str, text: str) -> None:
    (root / ".git/hooks").mkdir(exist_ok=True)
    (root / ".git/hooks" / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    (root / ".git/hooks" / name).chmod(0o755)


def test_the_file_alone_is_committed_with_the_message_as_it_is(repo):
    root, served = repo
    (root / OTHER).write_text((root / OTHER).read_text("utf-8") + "\n", "utf-8")
    (root / "schema/staged.txt").write_text("staged", "utf-8")
    git(root, "add", "schema/staged.txt")
    assert ask(served) == {"hindrance": "", "branch": "main", "changed": True, "staged": 1}
    before = git(root, "rev-parse", "HEAD").strip()
    answer = send(served)
    assert answer.status == 200, answer.text
    assert "已经提交" in answer.json()["done"]
    assert git(root, "rev-parse", "HEAD~1").strip() == before
    assert git(root, "-c", "core.quotePath=false", "show", "--name-only", "--format=", "HEAD").strip() == FILE
    assert git(root, "log", "-1", "--format=%B%n%an").strip() == f"{MESSAGE}\n\n{CLERK.name}"
    status = git(root, "-c", "core.quotePath=false", "status", "--porcelain").splitlines()
    assert status == [f' M "{OTHER}"' if " " in OTHER else f" M {OTHER}", "A  schema/staged.txt"]
    assert not ask(served)["changed"]
    assert send(served).json()["trouble"] == "没有要提交的：文件和上一次提交的一样。"


def test_the_message_that_is_proposed_says_what_changed_in_words(repo):
    root, served = repo
    answer = served.get(f"api/commit/message?file={quote(FILE)}").json()
    lines = answer["message"].splitlines()
    assert lines[0].startswith("东园 2025 年：")
    assert any(line.startswith("- 备注：") and "改过" in line for line in lines)
    assert answer["version"] == served.view(FILE)["version"]
    new = "data/2026/东园.yaml"
    (root / new).parent.mkdir(exist_ok=True)
    (root / new).write_text((root / FILE).read_text("utf-8").replace("2025", "2026"), "utf-8")
    assert "2026" in served.get(f"api/commit/message?file={quote(new)}").json()["message"]


def test_a_new_file_is_committed_alone_too(repo):
    root, served = repo
    new = "data/2025/南园 [新].yaml"
    (root / new).write_text((root / FILE).read_text("utf-8").replace("东园", "南园"), "utf-8")
    assert ask(served, new)["changed"]
    assert send(served, new).status == 200
    assert git(root, "show", "--name-only", "--format=", "-z", "HEAD").strip("\0\n") == new
    assert ask(served)["changed"]


@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
@pytest.mark.parametrize("is_new", [False, True])
def test_a_hooks_refusal_is_handed_on_and_nothing_is_half_done(repo, name, is_new):
    root, served = repo
    source = "data/2025/北园.yaml" if is_new else FILE
    if is_new:
        (root / source).write_text((root / FILE).read_text("utf-8").replace("东园", "北园"), "utf-8")
    (root / "schema/staged.txt").write_text("staged", "utf-8")
    git(root, "add", "schema/staged.txt")
    hook(root, name, "echo '先填完再提交'; printf '\\033[31m红的\\033[0m\\n' >&2; exit 3")
    before, content = state(root), (root / source).read_bytes()
    answer = send(served, source)
    assert answer.status == 400
    assert "先填完再提交\n红的" in answer.json()["said"]
    assert "不同意" in answer.json()["trouble"]
    assert state(root) == before
    assert (root / source).read_bytes() == content


def test_the_users_hooks_see_their_own_surroundings(repo, tmp_path):
    root, served = repo
    hook(
        root, "pre-commit", f"env > {tmp_path}/env; cat > {tmp_path}/given; (cat < /dev/tty) 2>> {tmp_path}/tty; exit 0"
    )
    assert send(served).status == 200
    variables = dict(line.split("=", 1) for line in (tmp_path / "env").read_text("utf-8").splitlines() if "=" in line)
    assert variables["GIT_TERMINAL_PROMPT"] == "0"
    assert "GIT_GRAFT_FILE" not in variables
    assert variables.get("LC_ALL") != "C"
    assert (tmp_path / "given").read_text("utf-8") == ""
    assert (tmp_path / "tty").read_text("utf-8")


def test_a_program_that_a_hook_leaves_behind_is_not_waited_for(repo, tmp_path):
    root, served = repo
    hook(root, "post-commit", f"(while [ ! -f {tmp_path}/go ]; do sleep 0.1; done) &")
    assert send(served).status == 200
    (tmp_path / "go").touch()


def test_a_hook_that_waits_for_ever_is_ended_and_said(tmp_path):
    root = committed(tiny.make(tmp_path / "waits"))
    hook(root, "pre-commit", "sleep 600")
    with serving(root, first="from perfgen.system import git_as_user\ngit_as_user.SECONDS = 1") as served:
        assert served.put(FILE, ["备注"], "等着").status == 200
        before = state(root)
        answer = send(served)
        assert answer.status == 400
        assert "停掉了，什么都没有提交" in answer.json()["trouble"]
        assert state(root) == before
        (root / ".git/hooks/pre-commit").unlink()
        assert send(served).status == 200


def test_the_desk_works_on_while_a_hook_runs(repo, tmp_path):
    root, served = repo
    hook(root, "pre-commit", f"touch {tmp_path}/runs; while [ ! -f {tmp_path}/go ]; do sleep 0.1; done")
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(send, served)
        until((tmp_path / "runs").exists)
        assert served.put(OTHER, ["备注"], "同时改").status == 200
        assert not sent.done()
        (tmp_path / "go").touch()
        assert sent.result().status == 200


def test_it_is_signed_where_the_user_signs(repo, tmp_path):
    root, served = repo
    signer = with_ssh_key(CLERK.name, CLERK.address, tmp_path)
    for setting in (*signer.settings, "commit.gpgSign=true"):
        git(root, "config", *setting.split("=", 1))
    assert send(served).status == 200
    assert "gpgsig" in git(root, "cat-file", "commit", "HEAD")
    git(root, "config", "user.signingKey", str(tmp_path / "gone.pub"))
    assert served.put(FILE, ["备注"], "再改").status == 200
    before = state(root)
    answer = send(served)
    assert answer.status == 400
    assert answer.json()["said"]
    assert state(root) == before


def test_nothing_is_pushed(repo, tmp_path):
    root, served = repo
    git(tmp_path, "init", "-q", "--bare", "origin.git")
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(root, "config", "push.default", "current")
    assert send(served).status == 200
    assert git(tmp_path / "origin.git", "for-each-ref") == ""
    git(root, "remote", "remove", "origin")


def test_what_was_changed_meanwhile_is_not_committed(repo):
    root, served = repo
    old = served.view(FILE)["version"]
    assert served.put(FILE, ["备注"], "又改").status == 200
    before = state(root)
    answer = served.post("api/commit", {"file": FILE, "version": old, "message": MESSAGE})
    assert answer.status == 409
    assert state(root) == before
    assert send(served, message=" \n ").json()["trouble"].startswith("写一句")
    assert state(root) == before


def merging(root: Path) -> None:
    (root / ".git/MERGE_HEAD").write_text(git(root, "rev-parse", "HEAD"), "utf-8")


def rebasing(root: Path) -> None:
    (root / ".git/rebase-merge").mkdir()


def detached(root: Path) -> None:
    git(root, "checkout", "-q", "--detach")


def ignored(root: Path) -> None:
    git(root, "rm", "-q", "--cached", FILE)
    (root / ".gitignore").write_text("data/2025/东园.yaml\n", "utf-8")


def nameless(root: Path) -> None:
    git(root, "config", "--unset", "user.name")


def gone(root: Path) -> None:
    (root / FILE).unlink()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(merging, "正在合并"), (rebasing, "正在rebase"), (detached, "不在哪个分支上"), (ignored, ".gitignore"),
     (nameless, "git config --global user.name"), (gone, "不在了")],
)  # fmt: skip
def test_it_is_off_with_a_reason(repo, monkeypatch, trouble, words):
    root, served = repo
    if trouble is nameless:
        monkeypatch.setenv("HOME", "/nowhere")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        nameless(root)
        assert words in git_as_user.hindrance(root, FILE)
        return
    trouble(root)
    try:
        before = state(root)
        assert words in ask(served)["hindrance"]
        assert words in send(served).json()["trouble"]
        assert state(root) == before
    finally:
        (root / ".git/MERGE_HEAD").unlink(missing_ok=True)
        if (root / ".git/rebase-merge").exists():
            (root / ".git/rebase-merge").rmdir()
        (root / ".gitignore").unlink(missing_ok=True)


def test_without_a_repository_or_without_git_it_is_off(tmp_path, monkeypatch):
    root = tiny.make(tmp_path / "plain")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "不在 git 仓库里" in git_as_user.hindrance(root, FILE)
    monkeypatch.setenv("PATH", "/nowhere")
    assert git_as_user.hindrance(root, FILE) == "没有 git；装上再试。"


def test_the_first_commit_of_a_repository_can_be_made_here(tmp_path):
    root = tiny.make(tmp_path / "first")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "甲")
    git(root, "config", "user.email", "jia@example.cn")
    with serving(root) as served:
        assert served.get(f"api/commit/message?file={quote(FILE)}").json()["message"] == f"改 {FILE}"
        answer = send(served)
    assert answer.status == 200, answer.text
    assert git(root, "-c", "core.quotePath=false", "show", "--name-only", "--format=", "HEAD").strip() == FILE


def test_only_data_files_can_be_committed(repo):
    root, served = repo
    before = state(root)
    for source in ("schema/fruit.schema.json", "../x", "data/2025/", ".git/config", "data/site.yaml", "--all"):
        assert served.get(f"api/commit?file={quote(source)}").status == 404
        assert served.get(f"api/commit/message?file={quote(source)}").status == 404
        answer = served.post("api/commit", {"file": source, "version": "", "message": "x"})
        assert answer.status == 400
    assert state(root) == before


def test_a_project_below_the_top_of_its_repository_is_committed_in_its_place(tmp_path):
    root = tiny.make(tmp_path / "top" / "下面")
    committed(root.parent)
    (root.parent / "other").write_text("staged", "utf-8")
    git(root, "add", "../other")
    with serving(root) as served:
        assert served.put(FILE, ["备注"], "在下面").status == 200
        assert ask(served) == {"hindrance": "", "branch": "main", "changed": True, "staged": 1}
        assert send(served).status == 200
    assert git(root, "show", "--name-only", "--format=", "-z", "HEAD").strip("\0\n") == f"下面/{FILE}"
    assert git(root, "status", "--porcelain").split() == ["A", "other"]
