"""What `scripts/setup.sh` makes works in a folder with a Chinese name and blanks, in any locale."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.long

PARTS = ("perfgen", "schema", "templates", "data", "scripts", "pyproject.toml", "README.md", "LICENSE")
SAMPLE = "data/2025/示例市档案馆.yaml"


def run(root: Path, *command: str, locale: str = "C", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    return subprocess.run(
        command, cwd=root, env={**environment, "LC_ALL": locale, **variables}, capture_output=True, encoding="utf-8",
        errors="replace", timeout=300,
    )  # fmt: skip


def set_up(root: Path) -> subprocess.CompletedProcess[str]:
    """Runs the script as make does, with nothing to download."""
    return run(root, "sh", "scripts/setup.sh", sys.executable, ".venv", "none.txt", PIP_NO_INDEX="1")


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """The repository in such a folder, set up with LC_ALL=C; the libraries are those of the tests."""
    root = tmp_path_factory.mktemp("x") / "预算 资料 (2025)" / "仓库"
    root.mkdir(parents=True)
    for name in PARTS:
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    (root / "none.txt").write_text("")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=root, check=True)
    (site_packages,) = root.glob(".venv/lib/python*/site-packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not package.name.lower().startswith(("perfgen", "__pycache__")) and package.suffix != ".pth":
            (site_packages / package.name).symlink_to(package)
    done = set_up(root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def gbk(tmp_path_factory) -> dict[str, str]:
    """The variables of a GBK locale, made for the test."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        pytest.skip("没有 localedef")
    subprocess.run(["localedef", "-i", "zh_CN", "-f", "GBK", str(folder / "zh_CN.GBK")], capture_output=True)
    if not (folder / "zh_CN.GBK").exists():
        pytest.skip("做不出 GBK 的语言环境")
    return {"LOCPATH": str(folder)}


def works(root: Path, **locale: str) -> None:
    perfgen = ".venv/bin/perfgen"
    version = run(root, perfgen, "--version", **locale)
    assert (version.returncode, version.stderr) == (0, "") and version.stdout.startswith("perfgen ")
    for command in ((perfgen,), (".venv/bin/python", "-m", "perfgen")):
        checked = run(root, *command, "check", SAMPLE, **locale)
        assert checked.returncode == 0 and SAMPLE in checked.stdout and "Traceback" not in checked.stderr
    shown = run(root, ".venv/bin/python", "-c", "import perfgen; print(ascii(perfgen.__file__))", **locale)
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", ""])
def test_it_works_in_a_locale(locale, root):
    works(root, locale=locale)


def test_it_works_in_gbk(root, gbk):
    assert run(root, "locale", "charmap", locale="zh_CN.GBK", **gbk).stdout.strip() == "GBK"
    works(root, locale="zh_CN.GBK", **gbk)


def test_the_code_that_runs_is_that_of_the_folder(root):
    (path_file,) = root.glob(".venv/lib/python*/site-packages/_perfgen.pth")
    assert path_file.read_bytes() == b"../../../..\n"
    found = run(root, ".venv/bin/python", "-c", "import perfgen; print(perfgen.__file__)", locale="C.UTF-8")
    assert Path(found.stdout.strip()) == root / "perfgen/__init__.py"


def test_pip_knows_it(root):
    shown = run(root, ".venv/bin/python", "-m", "pip", "show", "perfgen")
    assert shown.returncode == 0 and "Name: perfgen" in shown.stdout


def test_setting_up_again_also_mends_what_pip_wrote_before(root):
    (path_file,) = root.glob(".venv/lib/python*/site-packages/_perfgen.pth")
    path_file.write_text(f"{root}\n", "utf-8")
    assert run(root, ".venv/bin/perfgen", "--version").returncode != 0 or sys.version_info >= (3, 13)
    done = set_up(root)
    assert done.returncode == 0, done.stderr
    works(root, locale="C")


def test_every_setting_of_the_makefile_can_be_written():
    """One that is not among the settings is refused, as a name that make does not know."""
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    settings = set(re.search(r"^settings := (.*)$", makefile, re.MULTILINE)[1].split())
    empty = set(re.findall(r"^([A-Z]+) (?::|\?)= *(?:python3)?$", makefile, re.MULTILINE))
    assert {"RUNS", "FILE", "BASE"} <= empty <= settings
