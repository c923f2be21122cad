"""What the forges run: their files are valid, what they call is a make target, and the target does it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from perfgen import cli
from perfgen.project import shipped
from perfgen.review.formats import markdown
from tests.conftest import REPOSITORY
from tests.helpers import forges, versions
from tests.helpers.forges import make

pytestmark = pytest.mark.long

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
LAID = [path for path in WORKFLOWS if path.name != "tests.yml"]
"""Those that a bureau's repository gets too."""
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
    found = [line for path in LAID for step in steps(path) for line in step.get("run", "").splitlines()]
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
            assert line.startswith(
                ("cat build/review/comment.md", "exit ", "git fetch -q origin ", "git checkout -q --detach ")
            )
    wanted = {"all", "check", "diff", "review", "request", "compare", "merge", "comment", "doctor"}
    assert called == wanted and called <= known
    laid = re.findall(r"(?m)^([a-z][a-z ]*):", (shipped.STARTER / "Makefile").read_text("utf-8"))
    assert called <= {name for names in laid for name in names.split()}
    assert {f".github/workflows/{path.name}" for path in LAID} == set(shipped.paths(".github"))


def test_this_repositorys_own_tests_get_no_secret_and_may_only_read():
    (own,) = set(WORKFLOWS) - set(LAID)
    text, content = own.read_text("utf-8"), load(own)
    assert content["permissions"] == {"contents": "read"} and set(content["on"]) == {"push", "pull_request"}
    assert not any("permissions" in job for job in content["jobs"].values())
    assert "secrets" not in text and "github.token" not in text
    assert content["jobs"]["linux"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]


ACTIONS = {
    "actions/cache/restore": ("5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3"),
    "actions/cache/save": ("5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3"),
    "actions/setup-python": ("a26af69be951a213d495a4c3e4e4022e16d87065", "v5.6.0"),
    "actions/checkout": ("11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2"),
    "actions/upload-artifact": ("ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2"),
    "actions/download-artifact": ("d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0"),
}


def test_only_the_platforms_own_actions_by_the_commit_of_a_version():
    """A tag can be moved to another commit; a commit cannot."""
    used = [step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step]
    assert {name.partition("@")[0] for name in used} == set(ACTIONS)
    for path in WORKFLOWS:
        for line in path.read_text("utf-8").splitlines():
            if "uses:" in line:
                name, sha, version = re.fullmatch(r" *- uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line).groups()
                assert ACTIONS[name] == (sha, version)


def test_a_strangers_code_never_sees_a_secret():
    """What runs a request's code can only read; what can write runs nothing of it and reads none of its data."""
    build, comment = (load(REPOSITORY / f".github/workflows/{name}.yml") for name in ("build", "comment"))
    text = (REPOSITORY / ".github/workflows/build.yml").read_text("utf-8")
    assert build["permissions"] == {"contents": "read"} and all(
        "permissions" not in job for job in build["jobs"].values()
    )
    assert "secrets" not in text and "github.token" not in text and "pull_request_target" not in text
    assert set(build["on"]) == {"push", "pull_request", "schedule"}
    assert set(comment["on"]) == {"workflow_run"}
    checkouts = [step for path in WORKFLOWS for step in steps(path) if "checkout" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False and "ref" not in step["with"] for step in checkouts)
    jobs = comment["jobs"]
    runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert runs == {"compare": ["make request", 'make compare BASE="$RANGE"'], "comment": ["make comment"]}
    assert comment["permissions"] == {} and jobs["compare"]["permissions"] == {
        "contents": "read", "pull-requests": "read",
    }  # fmt: skip
    assert jobs["comment"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    for job, holders in (("compare", ["make request"]), ("comment", ["make comment"])):
        with_token = [step for step in jobs[job]["steps"] if "github.token" in json.dumps(step)]
        assert [step.get("run") for step in with_token] == holders
    (download,) = [step for step in jobs["comment"]["steps"] if "download" in step.get("uses", "")]
    assert download["with"].keys() == {"name", "path"}, "of another run it would be what a stranger made"
    for path in WORKFLOWS:
        for step in steps(path):
            assert "${{" not in step.get("run", ""), "an expression in a script is an injection"
    (rule,) = load(GITLAB)["comment"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]


def test_the_nightly_run_gives_its_own_day():
    """Other runs of a commit publish the same units whenever they run."""
    workflow, pipeline = load(REPOSITORY / ".github/workflows/build.yml"), load(GITLAB)
    assert [list(entry) for entry in workflow["on"]["schedule"]] == [["cron"]]
    makes = {
        step["run"]: step["if"] for step in workflow["jobs"]["build"]["steps"] if step.get("run", "")[:8] == "make all"
    }
    assert makes == {
        "make all": "${{ !cancelled() && github.event_name != 'schedule' }}",
        "make all DATE=today": "${{ !cancelled() && github.event_name == 'schedule' }}",
    }
    dated = [rule["if"] for rule in pipeline["workflow"]["rules"] if "BUILD_DATE" in rule["variables"]]
    assert dated == ['$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH']
    assert 'make all DATE="$BUILD_DATE" || failed=1' in pipeline["build"]["script"]


def test_the_result_of_the_merge_is_checked_by_the_target_branchs_program():
    """The target branch is checked out before make reads a Makefile; the request is a commit that is only named."""
    job = load(REPOSITORY / ".github/workflows/build.yml")["jobs"]["merge"]
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs == ["git checkout -q --detach HEAD^1", 'make merge BASE="HEAD...$HEAD_SHA"']
    assert job["if"] == "${{ github.event_name == 'pull_request' }}" and "permissions" not in job
    given = job["steps"][-1]["env"]
    assert given["HEAD_SHA"] == "${{ github.event.pull_request.head.sha }}"
    pipeline = load(GITLAB)["merge"]
    fetch, checkout, merge = pipeline["script"]
    assert fetch == 'git fetch -q origin "refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"'
    assert checkout == "git checkout -q --detach FETCH_HEAD" and merge == 'make merge BASE="HEAD...$CI_COMMIT_SHA"'
    (rule,) = pipeline["rules"]
    assert "merge_request_event" in rule["if"] and "$CI_MERGE_REQUEST_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]
    assert "cache" not in pipeline and "artifacts" not in pipeline
    assert (shipped.STARTER / ".gitlab-ci.yml").read_bytes() == GITLAB.read_bytes()


KEPT = ["build/manifest", "build/manifest.json", "build/official", "build/public"]


def test_what_is_kept_between_runs_is_saved_by_the_main_branch_and_read_by_requests_only():
    """Whatever a request does to it: what is published is made from nothing."""
    build = [step for path in WORKFLOWS for step in steps(path) if "cache" in step.get("uses", "")]
    restore, save = build
    assert restore["uses"].startswith("actions/cache/restore@") and save["uses"].startswith("actions/cache/save@")
    assert restore["if"] == "${{ github.event_name == 'pull_request' }}"
    assert save["if"] == "${{ !cancelled() && github.event_name == 'push' }}"
    workflow = load(REPOSITORY / ".github/workflows/build.yml")
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert [step["with"]["path"].split() for step in build] == [KEPT, KEPT], "other paths would be another cache"
    prefix = restore["with"]["restore-keys"]
    assert all(step["with"]["key"].startswith(prefix) for step in build)
    names = [step.get("run", step.get("uses", "").partition("@")[0]) for step in workflow["jobs"]["build"]["steps"]]
    assert names.index("actions/cache/restore") < names.index("make all") < names.index("actions/cache/save")
    pipeline = load(GITLAB)
    request, night, main = pipeline["workflow"]["rules"]
    assert "merge_request_event" in request["if"] and request["variables"] == {"BUILD_CACHE": "pull"}
    assert night["variables"] == {"BUILD_CACHE": "push", "BUILD_DATE": "today"}
    assert main["if"] == "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" and main["variables"] == {"BUILD_CACHE": "push"}
    assert pipeline["build"]["cache"]["policy"] == "$BUILD_CACHE"
    assert [path.rstrip("/") for path in pipeline["build"]["cache"]["paths"]] == KEPT
    assert not any("cache" in job for name, job in pipeline.items() if name != "build" and isinstance(job, dict))


def test_they_say_that_artifacts_hold_contacts():
    for path in (REPOSITORY / ".github/workflows/build.yml", GITLAB):
        assert "附件里有联系人，只供办公使用" in path.read_text("utf-8")


@pytest.fixture
def repository_with_change(tmp_path: Path) -> Path:
    return forges.repository(tmp_path / "仓库")


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


@pytest.fixture
def forge():
    with forges.running() as kind:
        yield kind


def comment(root: Path, forge, kind: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = {
        "github": {
            "GITHUB_API_URL": forge.address, "GITHUB_REPOSITORY": "市/目标",
            "HEAD_OWNER": "陌生", "HEAD_BRANCH": "支/&x", "HEAD_SHA": "abc", "REQUEST": "7",
        },
        "gitlab": {"CI_API_V4_URL": forge.address, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7"},
    }[kind]  # fmt: skip
    kept = {"PATH": os.environ["PATH"], "COMMENT_TOKEN": "secret", "COMMENT_LINK": "https://forge.example/run/1"}
    command = ["make", "comment", f"PYTHON={shlex.quote(sys.executable)}"]
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
        ".github/workflows/comment.yml", ".github/workflows/build.yml", ".gitlab-ci.yml", ".gitattributes",
        "docs/diff.md",
    )  # fmt: skip
    assert [name for name in there if not (tmp_path / "新" / name).exists()] == []
