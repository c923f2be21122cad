"""The wheel is complete: what is shipped, found alike in it and in a checkout, and a repository started from it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

import pytest

from perfgen import __version__, cli
from perfgen.findings import ToolError, UsageError
from perfgen.project import shipped
from perfgen.repository import contents, wheel
from perfgen.system import environment as of_this
from tests.conftest import REPOSITORY

SAMPLE = "data/2025/示例市档案馆.yaml"
with_pip = pytest.mark.long
"""For tests with an environment in which pip is started: it takes seconds, and a small change seldom breaks it."""


@pytest.fixture(scope="module")
def own() -> wheel.Wheel:
    """The wheel of this checkout."""
    return wheel.own()


def environment(**more: str) -> dict[str, str]:
    """The variables of a shell in the C locale, where nothing leads to this repository or to an index."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG", "PIP_"))}
    return {**kept, "LC_ALL": "C", "PIP_NO_INDEX": "1", **more}


def run(cwd: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=environment(), capture_output=True, encoding="utf-8", errors="replace", timeout=600
    )


def empty_environment(folder: Path) -> Path:
    """A virtual environment with the libraries of the tests and without perfgen; gives its folder."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not package.name.lower().startswith(("perfgen", "_perfgen", "__pycache__")) and package.suffix != ".pth":
            (site_packages / package.name).symlink_to(package)
    return folder


@pytest.fixture(scope="module")
def installed(own, tmp_path_factory) -> Path:
    """An environment into which pip installed the wheel, in a folder with a blank and a Chinese name."""
    top = tmp_path_factory.mktemp("x") / "预算 资料"
    top.mkdir()
    venv = empty_environment(top / "环境")
    (top / own.file).write_bytes(own.content)
    done = run(top, str(venv / "bin/python"), "-m", "pip", "install", "-q", "--no-deps", own.file)
    assert done.returncode == 0, done.stderr
    return venv


@pytest.fixture(scope="module")
def started(installed) -> Path:
    """A repository that `init` of the installed wheel made; the lock is emptied, as the libraries are there."""
    top = installed.parent
    done = run(top, str(installed / "bin/perfgen"), "init", "新 仓库")
    assert done.returncode == 0, done.stderr
    (step,) = [line for line in done.stdout.splitlines() if line.startswith("    cd ")]
    assert shlex.split(step) == ["cd", str(top / "新 仓库")]
    root = top / "新 仓库"
    (root / "requirements/dependencies.txt").write_text("")
    empty_environment(root / ".venv")
    return root


def test_what_is_shipped_is_the_same_in_the_wheel_and_in_a_checkout(own, tmp_path):
    (tmp_path / own.file).write_bytes(own.content)
    with zipfile.ZipFile(tmp_path / own.file) as archive:
        names = set(archive.namelist())
        inside = {name.removeprefix("perfgen/shipped/") for name in names if name.startswith("perfgen/shipped/")}
        assert sorted(inside) == shipped.paths() and len(inside) > 20
        for path in inside:
            assert archive.read(f"perfgen/shipped/{path}") == shipped.read(path)
    starter = {f"perfgen/starter/{path.relative_to(shipped.STARTER).as_posix()}"
               for path in shipped.STARTER.rglob("*") if path.is_file()}  # fmt: skip
    assert {name for name in names if name.startswith("perfgen/starter/")} == starter and len(starter) > 5
    code = {path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "perfgen").rglob("*.py")}
    window = {path.relative_to(REPOSITORY).as_posix() for folder in ("pages", "static")
              for path in (REPOSITORY / "perfgen/serving" / folder).iterdir()}  # fmt: skip
    assert len(window) > 10 and window <= names
    assert code | {"perfgen/py.typed"} <= names
    top = {name.partition("/")[0] for name in names}
    assert top == {"perfgen", f"perfgen-{__version__}.dist-info"}


def test_the_wheel_says_what_it_is(own, tmp_path):
    (tmp_path / own.file).write_bytes(own.content)
    with zipfile.ZipFile(tmp_path / own.file) as archive:
        metadata = archive.read(f"perfgen-{__version__}.dist-info/METADATA").decode()
    for line in ("Summary: ", "License-Expression: Apache-2.0", "Requires-Python: >=3.11", "Typing :: Typed"):
        assert line in metadata
    assert not re.search(r"^Project-URL|^Home-page", metadata, re.MULTILINE)


def test_the_wheel_has_the_same_bytes_each_time(own):
    assert wheel.own() == own


@with_pip
def test_no_file_of_the_program_is_in_a_new_repository(started):
    names = [path.relative_to(started).as_posix() for path in started.rglob("*") if ".venv" not in path.parts]
    shared = {"templates/shared", "templates/shared/form.html", "templates/shared/print.css"}  # the bureau's own paper
    assert shared <= set(names) and not [
        name for name in names
        if name.endswith(".py") or (name.startswith(("perfgen", "templates/shared")) and name not in shared)
    ]  # fmt: skip


@pytest.mark.pdf
def test_make_all_in_a_new_repository_uses_the_wheel_beside_it(started):
    made = run(started, "make", "all", "test", "PYTHON=" + sys.executable)
    assert made.returncode == 0, made.stdout + made.stderr
    assert (started / "build/official/2025/示例市档案馆.docx").exists()
    assert (started / "build/public/index.html").exists()
    pieces = "".join(path.read_text("utf-8") for path in (started / "build/manifest").rglob("*.json"))
    assert '"perfgen:templates/shared/' in pieces
    assert '"perfgen:templates/site/index.html"' in (started / "build/manifest.json").read_text("utf-8")
    shown = run(started, ".venv/bin/python", "-c", "import perfgen; print(ascii(perfgen.__file__))")
    assert "site-packages" in shown.stdout


@with_pip
def test_an_installed_wheel_lays_a_wheel_that_installs(started, own):
    (laid,) = (started / "vendor").glob("*.whl")
    assert laid.name == own.file
    pin = (started / "requirements/perfgen.txt").read_text()
    assert hashlib.sha256(laid.read_bytes()).hexdigest() in pin and f"perfgen=={__version__}" in pin
    with zipfile.ZipFile(laid) as ours:
        (started.parent / own.file).write_bytes(own.content)
        with zipfile.ZipFile(started.parent / own.file) as first:
            names = [name for name in first.namelist() if not name.endswith("/RECORD")]
            assert sorted(names) == sorted(n for n in ours.namelist() if not n.endswith("/RECORD"))
            assert all(ours.read(name) == first.read(name) for name in names)


@with_pip
@pytest.mark.pdf
def test_the_wheel_and_its_checkout_may_work_in_one_cluster(installed):
    asked = "from perfgen.system import environment; import json; print(json.dumps(environment.of_machine([], ())))"
    done = run(installed.parent, str(installed / "bin/python"), "-c", asked)
    assert done.returncode == 0, done.stderr
    assert of_this.differences(of_this.of_machine([], ()), json.loads(done.stdout)) == []


@with_pip
def test_a_changed_installation_is_not_laid(installed):
    (code,) = installed.glob("lib/python*/site-packages/perfgen/data.py")
    before = code.read_bytes()
    code.write_bytes(before + b"\n")
    try:
        done = run(installed.parent, str(installed / "bin/perfgen"), "init", "另一个")
    finally:
        code.write_bytes(before)
    assert done.returncode == 3 and "perfgen/data.py" in done.stderr and "Traceback" not in done.stderr
    assert not (installed.parent / "另一个").exists()


def test_a_project_elsewhere_uses_the_templates_of_this_checkout(capsys, project):
    for name in ("shared", "site", "review"):
        shutil.rmtree(project / "templates" / name)
    (project / "schema/site.schema.json").unlink()
    assert cli.main(["-C", str(project), "build", "--only", "table_page,index"]) == 0
    pieces = "".join(path.read_text("utf-8") for path in (project / "build/manifest").rglob("*.json"))
    assert '"perfgen:templates/shared/table.html"' in pieces
    own = project / "templates/shared/table.html"
    own.parent.mkdir()
    own.write_bytes(shipped.read("templates/shared/table.html") + b"{{ nothing }}")
    code = cli.main(["-C", str(project), "build", "--only", "table_page"])
    assert code == 2 and "templates/shared/table.html" in capsys.readouterr().err


@pytest.mark.pdf
def test_the_installed_schema_decides_about_the_settings(capsys, project):
    (project / "schema/site.schema.json").write_text('{"type": "string"}', "utf-8")
    assert cli.main(["-C", str(project), "check"]) == 0
    cli.main(["-C", str(project), "doctor"])
    assert "schema/site.schema.json" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["schema", "data"])
def test_forms_or_data_make_a_project(capsys, project, folder):
    shutil.rmtree(project / "templates")
    shutil.rmtree(project / ("data" if folder == "schema" else "schema"))
    below = project / folder / "下"
    below.mkdir()
    cli.main(["-C", str(below), "check"])
    assert "不在 perfgen 的项目里" not in capsys.readouterr().err


def test_a_release_is_pinned_from_its_list(own, tmp_path):
    digest = hashlib.sha256(own.content).hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  dist/{own.file}\n{'0' * 64}  perfgen-{__version__}.tar.gz\n")
    assert cli.main(["-C", str(tmp_path), "init", "新", "--pin", "SHA256SUMS"]) == 0
    assert (tmp_path / "新/requirements/perfgen.txt").read_text() == own.pin
    assert not (tmp_path / "新/vendor").exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "x\n",
        f"{'0' * 64}  other-1.0-py3-none-any.whl\n",
        f"{'0' * 64}  perfgen-1.0-py3-none-any.whl\n{'0' * 64}  perfgen-1.1-py3-none-any.whl\n",
    ],
)
def test_a_list_of_no_release_is_refused(content):
    with pytest.raises(UsageError, match="清单"):
        wheel.listed(content.encode(), "清单.txt")


@with_pip
def test_pip_takes_the_pin_from_a_folder_that_stands_for_an_index(own, tmp_path):
    index, venv = tmp_path / "index", empty_environment(tmp_path / "环 境")
    index.mkdir()
    (index / own.file).write_bytes(own.content)
    (tmp_path / "perfgen.txt").write_text(own.pin)
    python = str(venv / "bin/python")
    install = (python, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", "perfgen.txt")
    assert run(tmp_path, *install, "--find-links", str(index)).returncode == 0
    assert run(tmp_path, str(venv / "bin/perfgen"), "--version").stdout == f"perfgen {__version__}\n"
    (index / own.file).write_bytes(own.content + b"x")
    assert run(tmp_path, *install, "--force-reinstall", "--find-links", str(index)).returncode != 0


def test_a_form_is_laid_and_never_over_a_file(capsys, project):
    for path in project.glob("schema/department-target*"):
        path.unlink()
    assert cli.main(["-C", str(project), "form", "add", "department-target"]) == 2
    assert "templates/department-target/form.docx" in capsys.readouterr().err
    assert not list(project.glob("schema/department-target*"))
    shutil.rmtree(project / "templates/department-target")
    assert cli.main(["-C", str(project), "form", "add", "department-target"]) == 0
    for path, content in contents.form("department-target").items():
        assert (project / path).read_bytes() == content
    assert (project / ".vscode/settings.json").exists()
    assert cli.main(["-C", str(project), "form", "add", "没有的"]) == 2


def test_without_pip_the_dependencies_are_not_fetched(monkeypatch, tmp_path):
    from perfgen.system import pip

    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    monkeypatch.setattr(pip.sys, "executable", str(bare / "bin/python"))
    with pytest.raises(ToolError, match="没有 pip"):
        pip.download(REPOSITORY / contents.DEPENDENCIES, tmp_path, "3.11", ["any"])


def test_the_ci_of_a_new_repository_is_that_of_this_one():
    assert (shipped.STARTER / ".gitlab-ci.yml").read_bytes() == (REPOSITORY / ".gitlab-ci.yml").read_bytes()


@with_pip
def test_a_double_click_checks_builds_and_says_so_in_chinese(started):
    unit = started / SAMPLE
    before = unit.read_text("utf-8")
    done = run(started, "env", "PERFGEN_NO_WINDOW=1", "sh", "全部生成.sh")
    assert done.returncode == 0 and "都好了。Word 表在 build/official 里。" in done.stdout, done.stdout + done.stderr
    unit.write_text(before.replace("年度: 2025", "年度: 很久以前"), "utf-8")
    try:
        done = run(started, "env", "PERFGEN_NO_WINDOW=1", "sh", "填表.sh", "all")
    finally:
        unit.write_text(before, "utf-8")
    assert done.returncode == 1 and "照上面写的改好" in done.stdout and "Traceback" not in done.stderr
    assert os.access(started / "全部生成.sh", os.X_OK)


@with_pip
def test_a_double_click_opens_the_window_and_ctrl_c_ends_it_calmly(started):
    process = subprocess.Popen(
        ["sh", "填表.sh"], cwd=started, env=environment(PERFGEN_NO_WINDOW="1"), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    lines = iter(process.stdout.readline, "")
    address = next((line.strip() for line in lines if line.startswith("http://127.0.0.1:")), "")
    try:
        window = f"{address}file/{urllib.parse.quote(SAMPLE)}"
        with urllib.request.urlopen(window, timeout=60) as answer:  # the pages and scripts are in the wheel
            assert SAMPLE in answer.read().decode()
        with urllib.request.urlopen(f"{address}static/window.js", timeout=60) as answer:
            assert answer.status == 200
    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "结束了" in said and "中断" not in said and "Traceback" not in said
    assert os.access(started / "填表.sh", os.X_OK)


@with_pip
def test_a_double_click_without_python_says_what_to_do(started, tmp_path):
    for name in ("sh", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name))
    done = run(started, "env", f"PATH={tmp_path}", shutil.which("sh"), "填表.sh")
    assert done.returncode == 3 and "Python 3.11" in done.stdout


def test_the_other_file_for_windows_calls_the_first():
    content = (shipped.STARTER / "全部生成.cmd").read_bytes()
    assert b"\n" not in content.replace(b"\r\n", b"") and content.startswith(b"@echo off\r\nchcp 65001 >nul\r\n")
    assert content.decode().endswith('call "%~dp0填表.cmd" all\r\n')


def test_the_file_for_windows_is_one_that_cmd_reads():
    content = (shipped.STARTER / "填表.cmd").read_bytes()
    lines = content.decode("utf-8").split("\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"") and not content.startswith(b"\xef\xbb\xbf")
    # cp936 until the code page is changed: nothing but ASCII stands before that
    assert lines[:2] == ["@echo off", "chcp 65001 >nul"]
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {found for line in lines for found in re.findall(r"goto (\w+)", line)} == labels
    assert content.count(b"pause >nul") == content.count(b"exit /b") - 1  # the window was closed in good order
    assert b".venv\\Scripts\\perfgen serve || goto failed\r\nexit /b 0\r\n" in content
    for path in re.findall(r"(?:requirements|scripts)\\\\?[\w.]+", content.decode()):
        assert path.replace("\\", "/") in contents.program_part() or path.endswith("perfgen.txt")
