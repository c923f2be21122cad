"""What the forges run: their files are valid, what they call is a make target, and the target does it."""

from __future__ import annotations

import http.server
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from perfgen import cli
from perfgen.review.formats import markdown
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.versions import CASES

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
GITLAB = REPOSITORY / ".gitlab-ci.yml"
COMMENT = REPOSITORY / "scripts/comment.py"


def published_schema(name: str) -> dict[str, Any]:
    """A forge's own schema, as check-jsonschema brings it along."""
    schemas = pytest.importorskip("check_jsonschema.builtin_schemas")
    return json.loads((Path(schemas.__file__).parent / f"vendor/{name}.json").read_text("utf-8"))


def load(path: Path) -> dict:
    """The forges read YAML 1.1 their own way; `on` is a word to them."""
    text = re.sub(r"(?m)^on:", '"on":', path.read_text("utf-8"))
    return yaml.safe_load(text)


def problems(content: dict, schema: dict) -> list[str]:
    kind = jsonschema.validators.validator_for(schema)
    return [error.message for error in kind(schema).iter_errors(content)]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_workflows_are_as_github_says(path):
    schema = published_schema("github-workflows")
    content = load(path)
    assert problems(content, schema) == []
    broken = {**content, "jobs": {"x": {"runs-on": "ubuntu-latest", "steps": [{"ran": "x"}]}}}
    assert problems(broken, schema) != []


def test_the_pipeline_is_as_gitlab_says():
    schema = published_schema("gitlab-ci")
    assert problems(load(GITLAB), schema) == []
    assert problems({"x": {"script": 5}}, schema) != []


def steps(path: Path) -> list[dict]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def commands() -> list[str]:
    """Every line that a forge runs."""
    found = [line for path in WORKFLOWS for step in steps(path) for line in step.get("run", "").splitlines()]
    jobs = [job for job in load(GITLAB).values() if isinstance(job, dict) and "script" in job]
    return found + [line for job in jobs for line in job["script"]]


def test_what_a_forge_runs_is_a_make_target():
    targets = set(re.findall(r"(?m)^([a-z][a-z ]*):", (REPOSITORY / "Makefile").read_text("utf-8")))
    known = {name for names in targets for name in names.split()}
    called = set()
    for line in commands():
        if line.startswith("make "):
            (name,) = [w for w in shlex.split(line.split(">")[0].split("||")[0])[1:] if "=" not in w and w[0] != "-"]
            called.add(name)
        else:
            assert line.startswith(("cat build/review/comment.md", "exit "))
    assert called == {"all", "check", "diff", "review", "comment", "doctor"} and called <= known


def test_only_the_platforms_own_actions():
    used = [step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)


def test_a_strangers_code_never_sees_a_secret():
    """What runs a request's code can only read; what can write runs nothing of the request."""
    build, comment = (load(REPOSITORY / f".github/workflows/{name}.yml") for name in ("build", "comment"))
    text = (REPOSITORY / ".github/workflows/build.yml").read_text("utf-8")
    assert build["permissions"] == {"contents": "read"} and all(
        "permissions" not in job for job in build["jobs"].values()
    )
    assert "secrets" not in text and "github.token" not in text and "pull_request_target" not in text
    assert set(build["on"]) == {"push", "pull_request"}
    assert set(comment["on"]) == {"workflow_run"}
    checkouts = [step for path in WORKFLOWS for step in steps(path) if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False and "ref" not in step["with"] for step in checkouts)
    runs = [step["run"] for step in steps(REPOSITORY / ".github/workflows/comment.yml") if "run" in step]
    assert runs == ["make comment"]
    for path in WORKFLOWS:
        for step in steps(path):
            assert "${{" not in step.get("run", ""), "an expression in a script is an injection"
    (rule,) = load(GITLAB)["comment"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]


def test_they_say_that_artifacts_hold_contacts():
    for path in (REPOSITORY / ".github/workflows/build.yml", GITLAB):
        assert "附件里有联系人，只供办公使用" in path.read_text("utf-8")


@pytest.fixture
def repository_with_change(tmp_path: Path) -> Path:
    """A bureau's repository with a changed target on a branch, and the tools already installed."""
    root = tmp_path / "仓库"
    for name in ("schema", "templates", "scripts"):
        shutil.copytree(REPOSITORY / name, root / name)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, root / name)
    (root / "requirements").mkdir()
    (root / "requirements/run.txt").write_text("")
    (root / ".gitignore").write_text("/.venv/\n/build/\n")
    (root / "data/2025").mkdir(parents=True)
    (root / versions.FILE).write_bytes(CASES.joinpath("weaker-and-stricter/old.yaml").read_bytes())
    versions.git(root, "init", "-q", "-b", "main")
    versions.commit(root)
    (root / versions.FILE).write_bytes(CASES.joinpath("weaker-and-stricter/new.yaml").read_bytes())
    versions.git(root, "switch", "-qc", "支")
    versions.commit(root)
    (root / ".venv/bin").mkdir(parents=True)
    program = root / ".venv/bin/perfgen"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{REPOSITORY}" exec "{sys.executable}" -m perfgen "$@"\n')
    program.chmod(0o755)
    (root / ".venv/run.ok").touch()
    return root


def make(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=120,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_make_review_writes_what_the_workflow_puts_up(repository_with_change):
    root = repository_with_change
    done = make(root, "review", "BASE=main...HEAD")
    assert done.returncode == 0, done.stderr
    text = (root / "build/review/comment.md").read_text("utf-8")
    assert text.splitlines()[:2] == [markdown.MARKER, "### 放宽 3 项（都没有理由）；趋严 3 项。"]
    assert "≤8%" in (root / "build/review/diff.html").read_text("utf-8")
    assert len(json.loads((root / "build/review/diff.json").read_text("utf-8"))["changes"]) == 6
    assert make(root, "review", "BASE=没有").returncode == 2
    versions.git(root, "switch", "-q", "main")
    assert make(root, "review").returncode == 0
    assert "没有变化。" in (root / "build/review/comment.md").read_text("utf-8")


def test_make_diff_is_no_failure_when_things_differ(repository_with_change):
    done = make(repository_with_change, "diff", "BASE=main..HEAD")
    assert done.returncode == 0 and "放宽 3 个百分点" in done.stdout
    assert make(repository_with_change, "diff", "BASE=没有").returncode == 2


def test_make_diff_annotates_the_lines(repository_with_change):
    """What is weaker without a reason stands at its line; what was dropped, at its file."""
    root = repository_with_change
    text = (root / versions.FILE).read_text("utf-8")
    (row,) = [line for line in text.splitlines(keepends=True) if "政府采购执行率" in line]
    (root / versions.FILE).write_text(text.replace(row, ""), "utf-8")
    versions.commit(root)
    done = make(root, "-s", "diff", "BASE=main...HEAD", "FORMAT=github")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) == 4
    assert lines[0].startswith(f"::warning file={versions.FILE},title=警告 R02::") and "政府采购执行率" in lines[0]
    assert re.match(f"::warning file={versions.FILE},line=58,col=[0-9]+,title=警告 R01::.*放宽 3 个百分点", lines[1])


def test_git_shows_a_word_template_as_text(repository_with_change, tmp_path):
    root = repository_with_change
    shutil.copy(REPOSITORY / ".gitattributes", root / ".gitattributes")
    versions.commit(root, "设置")
    form = root / "templates/department-target/form.docx"
    _change_word(form, "填报人", "经办人")
    assert "Binary files" in versions.git(root, "diff", "--stat", "-p")
    assert make(root, "gitconfig").returncode == 0
    shown = versions.git(root, "diff")
    assert "-| 〔2列〕填报人 |" in shown and "+| 〔2列〕经办人 |" in shown and "Binary" not in shown
    versions.commit(root)
    assert "+| 〔2列〕经办人 |" in versions.git(root, "log", "-1", "-p")


def _change_word(path: Path, old: str, new: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert old.encode() in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_looks_alone_show_in_the_digest(tmp_path, capsys):
    form = tmp_path / "form.docx"
    shutil.copy(REPOSITORY / "templates/department-target/form.docx", form)
    assert cli.main(["text", str(form)]) == 0
    before, original = capsys.readouterr().out, form.read_bytes()
    _change_word(form, 'w:jc w:val="center"', 'w:jc w:val="right"')
    cli.main(["text", str(form)])
    after = capsys.readouterr().out
    assert before.splitlines()[:-1] == after.splitlines()[:-1] and before != after
    form.write_bytes(original)
    cli.main(["text", str(form)])
    assert capsys.readouterr().out == before


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_word_file_is_said(tmp_path, capsys, content):
    (tmp_path / "x.docx").write_bytes(content)
    assert cli.main(["text", str(tmp_path / "x.docx")]) == 2
    assert "不是 Word 文件" in capsys.readouterr().err
    assert cli.main(["text", str(tmp_path / "没有.docx")]) == 2


def test_a_reader_that_leaves_is_no_error(repository_with_change):
    command = ".venv/bin/perfgen diff main --format html | true"
    done = subprocess.run(["sh", "-c", command], cwd=repository_with_change, capture_output=True, text=True)
    assert done.stderr == ""


class _Forge(http.server.BaseHTTPRequestHandler):
    """A forge with one request; remembers what it was asked."""

    comments: list[dict]
    asked: list[tuple[str, str, Any]]

    def _answer(self, content: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def do_GET(self) -> None:
        self.asked.append(("GET", self.path, None))
        if "/pulls?" in self.path:
            assert "head=%E9%99%8C%E7%94%9F%3A%E6%94%AF%2F%26x" in self.path
            self._answer([{"number": 7, "head": {"sha": "abc"}}, {"number": 8, "head": {"sha": "old"}}])
        elif "/7/" in self.path:
            page = int(self.path.rpartition("page=")[2])
            self._answer(self.comments[100 * (page - 1) : 100 * page])
        else:
            self.send_error(404)

    def _write(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.command, self.path, body["body"]))
        assert "secret" in (self.headers.get("Authorization", "") + self.headers.get("PRIVATE-TOKEN", ""))
        self._answer({})

    do_POST = do_PATCH = do_PUT = _write

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def forge():
    kind = type("Forge", (_Forge,), {"comments": [], "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kind.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield kind
    server.shutdown()
    server.server_close()
    thread.join()


def comment(root: Path, forge, kind: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = {
        "github": {
            "GITHUB_API_URL": forge.address, "GITHUB_REPOSITORY": "市/目标",
            "HEAD_OWNER": "陌生", "HEAD_BRANCH": "支/&x", "HEAD_SHA": "abc",
        },
        "gitlab": {"CI_API_V4_URL": forge.address, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7"},
    }[kind]  # fmt: skip
    kept = {"PATH": os.environ["PATH"], "COMMENT_TOKEN": "secret", "COMMENT_LINK": "https://forge.example/run/1"}
    command = ["make", "comment", f"PYTHON={sys.executable}"]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, encoding="utf-8", env={**kept, **given, **more}, timeout=60
    )


@pytest.mark.parametrize(("kind", "change"), [("github", "PATCH"), ("gitlab", "PUT")])
def test_one_comment_is_kept_up_to_date(repository_with_change, forge, kind, change):
    root = repository_with_change
    assert make(root, "review", "BASE=main...HEAD").returncode == 0
    done = comment(root, forge, kind)
    assert (done.returncode, done.stdout) == (0, "评论已发表。\n"), done.stderr
    method, path, body = forge.asked[-1]
    assert method == "POST" and body.startswith(markdown.MARKER) and "https://forge.example/run/1" in body
    assert path.endswith({"github": "/issues/7/comments", "gitlab": "/projects/5/merge_requests/7/notes"}[kind])
    bot = {"user": {"login": "github-actions[bot]"}, "id": 3, "body": body}
    forge.comments += [{"id": n, "user": {"login": "某人"}, "body": "好"} for n in range(100, 230)]
    if kind == "github":
        bot["url"] = f"{forge.address}/repos/x/issues/comments/3"
        forge.comments.append({"id": 2, "user": {"login": "某人"}, "body": body, "url": "x"})
    forge.comments.append(bot)
    done = comment(root, forge, kind)
    assert (done.returncode, done.stdout) == (0, "评论已更新。\n"), done.stderr
    assert forge.asked[-1][0] == change and forge.asked[-1][1].endswith("/3")


def test_nothing_is_said_to_another_request(repository_with_change, forge):
    """A new commit came, or the text is not ours: no comment."""
    root = repository_with_change
    make(root, "review", "BASE=main...HEAD")
    done = comment(root, forge, "github", HEAD_SHA="gone")
    assert done.returncode == 0 and "没有发表" in done.stdout
    assert [method for method, _, _ in forge.asked] == ["GET"]
    (root / "build/review/comment.md").write_text("[点这里](https://evil.example)")
    done = comment(root, forge, "github")
    assert done.returncode == 2 and len(forge.asked) == 1 and "没有发表" in done.stderr


def test_an_unreachable_forge_is_said_without_a_traceback(repository_with_change):
    root = repository_with_change
    make(root, "review", "BASE=main...HEAD")
    nowhere = type("Forge", (), {"address": "http://127.0.0.1:9"})
    done = comment(root, nowhere, "gitlab")
    assert done.returncode == 2 and "评论没有发表" in done.stderr and "Traceback" not in done.stderr


def test_the_hooks_are_as_pre_commit_wants_them():
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["entry"] for hook in hooks] == ["perfgen check", "perfgen check --fix"]
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert re.match(hook["files"], "data/2025/示例市某局.yaml") and not re.match(hook["files"], "data/site.yaml")


def test_a_new_repository_has_it_all(tmp_path, capsys):
    assert cli.main(["init", str(tmp_path / "新")]) == 0
    there = (
        ".github/workflows/comment.yml", "scripts/comment.py", ".gitlab-ci.yml", ".gitattributes", "docs/diff.md",
        "templates/review/diff.html",
    )  # fmt: skip
    assert [name for name in there if not (tmp_path / "新" / name).exists()] == []
