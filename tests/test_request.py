"""The comment on a request is made by the target branch's own program, forms and rules; the request is data."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfgen.review.formats import markdown
from tests.helpers import forges, versions
from tests.helpers.forges import make
from tests.helpers.versions import CASES, FILE

pytestmark = pytest.mark.long

FORM = "department-target"


@pytest.fixture
def forge() -> Iterator[type[forges.Forge]]:
    with forges.running() as kind:
        yield kind


class Upstream:
    """A repository on a forge, its check-out in a job, and a fork of it."""

    def __init__(self, folder: Path, forge: type[forges.Forge]) -> None:
        self.root, self.fork, self.origin = folder / "仓库", folder / "叉", folder / "origin.git"
        self.forge = forge
        forges.repository(self.root)
        versions.git(self.root, "switch", "-q", "main")
        (self.root / ".git/info/exclude").write_text("__pycache__/\n", "utf-8")  # as .gitignore has it
        versions.git(self.root, "branch", "-qD", "支")
        versions.git(folder, "clone", "-q", "--bare", str(self.root), str(self.origin))
        versions.git(self.root, "remote", "add", "origin", str(self.origin))
        versions.git(folder, "clone", "-q", str(self.origin), str(self.fork))
        self.output = folder / "output"

    def push(self, target: str = "main") -> str:
        """Puts the fork's work up as request 7; gives its commit."""
        head = versions.commit(self.fork)
        versions.git(self.fork, "push", "-qf", "origin", "HEAD:refs/pull/7/head")
        self.forge.requests = [{"number": 7, "head": {"sha": head}, "base": {"ref": target}}]
        return head

    def step(self, target: str, head: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A step of the workflow, with the variables that it has there."""
        given = {
            "GITHUB_API_URL": self.forge.address, "GITHUB_REPOSITORY": "市/目标", "MAIN_BRANCH": "main",
            "GITHUB_SERVER_URL": "https://forge.example", "GITHUB_OUTPUT": str(self.output),
            "HEAD_OWNER": "陌生", "HEAD_BRANCH": "支/&x", "HEAD_SHA": head, "COMMENT_TOKEN": "secret",
        }  # fmt: skip
        return make(self.root, target, f"PYTHON={shlex.quote(sys.executable)}", **given, **more)

    def told(self) -> dict[str, str]:
        """What the step told the next ones."""
        lines = self.output.read_text("utf-8").splitlines() if self.output.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def compared(self) -> str:
        """The comment for the fork's work, made as the workflow makes it."""
        done = self.step("request", self.push())
        assert done.returncode == 0, done.stderr
        done = make(self.root, "compare", f"BASE={self.told()['range']}")
        assert done.returncode == 0, done.stderr
        return (self.root / "build/review/comment.md").read_text("utf-8")


@pytest.fixture
def upstream(tmp_path: Path, forge: type[forges.Forge]) -> Upstream:
    return Upstream(tmp_path, forge)


def weaken(root: Path) -> None:
    (root / FILE).write_bytes(CASES.joinpath("weaker-and-stricter/new.yaml").read_bytes())


def test_the_data_of_a_fork_is_compared(upstream):
    weaken(upstream.fork)
    text = upstream.compared()
    assert text.splitlines()[:2] == [markdown.MARKER, "### 放宽 3 项（都没有理由）；趋严 3 项。"]
    assert "没有用它们" not in text
    assert upstream.told()["number"] == "7"


def evil_program(root: Path) -> None:
    (root / "perfgen").mkdir()
    for name in ("__init__.py", "__main__.py"):
        (root / "perfgen" / name).write_text(
            "open('/tmp/perfgen-ran', 'w')\nprint('没有变化。')\nraise SystemExit(0)\n"
        )


def evil_make(root: Path) -> None:
    (root / "Makefile").write_text(
        "compare request comment:\n\techo '<!-- perfgen diff -->没有变化。' > build/review/x\n"
    )


def evil_scripts(root: Path) -> None:
    for name in ("comment.py", "request.py", "forge.py", "setup.sh"):
        (root / "scripts" / name).write_text("raise SystemExit('ran')\n")


def rules_that_see_nothing(root: Path) -> None:
    (root / f"schema/{FORM}.rules.yaml").write_text("计算: {}\n", "utf-8")


def a_schema_that_hides(root: Path) -> None:
    """No field is a target or names a row any more."""
    path = root / f"schema/{FORM}.schema.json"
    schema = path.read_text("utf-8").replace("x-measure", "x-note").replace("x-identity", "x-note")
    path.write_text(schema, "utf-8")


def a_broken_schema(root: Path) -> None:
    (root / f"schema/{FORM}.schema.json").write_text("{", "utf-8")


def no_forms_at_all(root: Path) -> None:
    shutil.rmtree(root / "schema")
    shutil.rmtree(root / "templates")


def templates_that_print_otherwise(root: Path) -> None:
    (root / f"templates/{FORM}/page.html").write_text("{{ '没有变化' }}", "utf-8")
    (root / "templates/review/diff.html").write_text("没有变化", "utf-8")


PROGRAM = ["Makefile", "perfgen/\\_\\_init\\_\\_.py", "perfgen/\\_\\_main\\_\\_.py"]
SCRIPTS = [f"scripts/{name}" for name in ("comment.py", "forge.py", "request.py", "setup.sh")]
FORMS = [f"schema/{FORM}.rules.yaml", f"schema/{FORM}.schema.json"]
PAGES = [f"templates/{FORM}/page.html", "templates/review/diff.html"]
ATTACKS = {
    "the program": ([evil_program, evil_make, evil_scripts], [*PROGRAM, *SCRIPTS]),
    "the forms": ([rules_that_see_nothing, a_schema_that_hides, templates_that_print_otherwise], [*FORMS, *PAGES]),
    "forms that cannot be read": ([a_broken_schema], FORMS[1:]),
    "no forms": ([no_forms_at_all], FORMS),
}


@pytest.mark.parametrize("kind", ATTACKS)
def test_what_a_fork_changes_beside_the_data_is_listed_and_not_run(upstream, kind):
    attacks, paths = ATTACKS[kind]
    weaken(upstream.fork)
    for attack in attacks:
        attack(upstream.fork)
    text = upstream.compared()
    assert text.splitlines()[1] == "### 放宽 3 项（都没有理由）；趋严 3 项。"
    (sentence,) = [line for line in text.splitlines() if "比较时没有用它们" in line]
    assert "要合进去的那个分支的" in sentence and "它们的影响没有看，请另外看：" in sentence
    assert all(path in sentence for path in paths), sentence
    assert versions.git(upstream.root, "status", "--porcelain") == "", "the fork's files never lay in the work tree"
    assert not Path("/tmp/perfgen-ran").exists()


def test_a_change_of_the_rules_alone_is_no_change_of_nothing(upstream):
    rules_that_see_nothing(upstream.fork)
    text = upstream.compared()
    assert text.splitlines()[1] == "### 数据没有变化。"
    assert f"请另外看：schema/{FORM}.rules.yaml。" in text


def test_the_comment_says_in_words_what_a_fork_changed_of_the_rules(upstream):
    """Its rules are read and never applied: the comment says what they are, not what they do."""
    versions.edit(upstream.fork, "执行率下限: 90", "执行率下限: 80", "schema/measures.rules.yaml")
    schema = upstream.fork / f"schema/{FORM}.schema.json"
    content = json.loads(schema.read_text("utf-8"))
    content["properties"]["填报人"]["x-public"] = True
    schema.write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")
    text = upstream.compared()
    assert text.splitlines()[1].startswith("### 公开范围变了：公开 填报人：由不公开改为公开")
    assert "参数 执行率下限：由 90 改为 80；用它的规则：D10。" in text
    assert "比较时没有用它们" in text and "各检查一遍" not in text


def test_many_files_with_long_names_leave_room(upstream):
    weaken(upstream.fork)
    folder = upstream.fork / "templates" / ("[&" * 60)
    folder.mkdir()
    for number in range(60):
        (folder / f"{'&' * 100}{number}.css").write_text("x")
    text = upstream.compared()
    assert len(text) <= markdown.LIMIT and ("等 60 个文件" in text or "……" in text)
    assert "它们的影响没有看" in text and "| 放宽 |" in text.replace("⚠ ", "")


def test_the_program_of_the_target_branch_is_checked_out(upstream):
    """A request for another branch is compared with that one, by what that one has."""
    versions.git(upstream.fork, "switch", "-qc", "旧")
    (upstream.fork / "标记.txt").write_text("旧")
    versions.commit(upstream.fork)
    versions.git(upstream.fork, "push", "-q", "origin", "旧")
    weaken(upstream.fork)
    head = upstream.push("旧")
    assert upstream.step("request", head).returncode == 0
    assert (upstream.root / "标记.txt").exists()
    base, _, compared = upstream.told()["range"].partition("...")
    assert (base, compared) == (versions.git(upstream.origin, "rev-parse", "旧"), head)


def test_of_two_requests_of_one_commit_the_one_for_the_main_branch_is_looked_at(upstream):
    weaken(upstream.fork)
    head = upstream.push()
    ours = upstream.forge.requests[0]
    upstream.forge.requests = [{"number": 3, "head": {"sha": head}, "base": {"ref": "别的"}}, ours]
    assert upstream.step("request", head).returncode == 0
    assert upstream.told()["number"] == "7"


def test_a_request_that_went_on_is_not_compared(upstream):
    weaken(upstream.fork)
    upstream.push()
    done = upstream.step("request", "f" * 40)
    assert done.returncode == 0 and "不比较" in done.stdout and upstream.told() == {}


@pytest.mark.parametrize("request_of", [{"base": {"ref": "没有这个分支"}}, {"number": "7; echo x"}])
def test_what_cannot_be_fetched_is_said(upstream, request_of):
    head = upstream.push()
    upstream.forge.requests = [{**upstream.forge.requests[0], **request_of}]
    done = upstream.step("request", head)
    assert done.returncode == 2 and "合并请求没有取来" in done.stderr and "Traceback" not in done.stderr
    assert "range" not in upstream.told()


def test_the_token_is_written_nowhere(upstream):
    weaken(upstream.fork)
    done = upstream.step("request", upstream.push())
    settings = (upstream.root / ".git/config").read_text("utf-8")
    assert "secret" not in done.stdout + done.stderr + settings + upstream.output.read_text("utf-8")
    assert "c2VjcmV0" not in settings and "extraheader" not in settings.lower()


def posted(upstream: Upstream, head: str) -> str:
    done = upstream.step("comment", head, REQUEST="7", COMMENT_LINK="https://forge.example/run/1")
    assert done.returncode == 0, done.stderr
    return str(upstream.forge.asked[-1][2])


def test_the_comment_says_who_made_it(upstream):
    weaken(upstream.fork)
    upstream.compared()
    said = posted(upstream, upstream.forge.requests[0]["head"]["sha"])
    assert "### 放宽 3 项" in said and "由目标分支自己的程序、表和规则比较两个提交里的数据" in said
    assert "附件：正式的表、比较的页面（是这次修改自己的程序做的" in said


def a_repository_in_the_data(root: Path) -> None:
    (root / "data/2025/子").mkdir()
    versions.git(root / "data/2025/子", "init", "-q")
    versions.commit(root / "data/2025/子")


def a_link_for_the_data(root: Path) -> None:
    shutil.rmtree(root / "data")
    (root / "data").symlink_to("/etc")


@pytest.mark.parametrize("attack", [a_repository_in_the_data, a_link_for_the_data], ids=lambda attack: attack.__name__)
def test_a_comparison_that_fails_takes_the_older_comment_away(upstream, attack):
    """“没有变化” of an earlier commit must not stand over one that nobody could read."""
    weaken(upstream.fork)
    attack(upstream.fork)
    head = upstream.push()
    assert upstream.step("request", head).returncode == 0
    (upstream.root / "build/review").mkdir(parents=True)
    (upstream.root / "build/review/comment.md").write_text(f"{markdown.MARKER}\n### 没有变化。\n", "utf-8")
    assert make(upstream.root, "compare", f"BASE={upstream.told()['range']}").returncode == 2
    said = posted(upstream, head)
    assert said.startswith(f"{markdown.MARKER}\n### 没有比较成\n") and "### 没有变化" not in said


def test_only_what_the_work_tree_has_otherwise_is_called_unused(upstream, capsys):
    """On one's own machine the new forms are in use: then nothing is said of them but that they changed."""
    from perfgen import cli

    weaken(upstream.fork)
    path = upstream.fork / f"schema/{FORM}.rules.yaml"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    head = versions.commit(upstream.fork)
    assert cli.main(["-C", str(upstream.fork), "diff", f"HEAD~1..{head}", "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["unused"] == [] and said["others"] == [f"schema/{FORM}.rules.yaml"]
    versions.git(upstream.fork, "checkout", "-q", "HEAD~1")
    assert cli.main(["-C", str(upstream.fork), "diff", f"HEAD..{head}", "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["unused"] == said["others"] == [f"schema/{FORM}.rules.yaml"]
    assert sum("规则" in line for line in said["headline"]) == 1
