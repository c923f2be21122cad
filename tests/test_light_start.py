"""What needs no PDF and no Word file starts without the libraries that make them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.helpers import tiny

pytestmark = pytest.mark.long

HEAVY = ("weasyprint", "docxtpl", "docx", "pikepdf", "pydyf", "fontTools", "PIL")
RUN = (
    "import sys, atexit\n"
    "atexit.register(lambda: sys.stderr.write('\\nimported: ' + ' '.join(sorted(sys.modules))))\n"
    "from perfgen import cli\n"
    "sys.exit(cli.main(sys.argv[1:]))"
)


def imported(*arguments):
    """The exit code of a command in a process of its own, and the modules that were imported in the end."""
    found = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], check=False, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    said, _, names = found.stderr.rpartition("\nimported: ")
    assert "Traceback" not in said
    return found.returncode, set(names.split())


@pytest.fixture
def committed(tmp_path):
    root = tiny.make(tmp_path / "p")
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=某", "-c", "user.email=a@b", "commit", "-qm", "一"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def test_the_list_of_the_commands_imports_none_of_them():
    code, modules = imported("--help")
    assert code == 0 and not modules & {
        *HEAVY,
        "yaml",
        "jinja2",
        "jsonschema",
        "lxml",
        "tempfile",
        "random",
        "platform",
    }
    assert not [name for name in modules if name.startswith("perfgen.commands.")]


@pytest.mark.parametrize("arguments", [
    ("check",), ("check", "data/2025/东园.yaml"), ("check", "--format", "json", "-j1"), ("diff",),
    ("diff", "HEAD", "--format", "json"), ("diff", "--years", "2024..2025"), ("explain", "characters"),
    ("build", "--help"), ("check", "--help"),
])  # fmt: skip
def test_what_makes_no_file_imports_nothing_that_makes_one(committed, arguments):
    if "--years" not in arguments:
        unit = committed / "data/2025/东园.yaml"
        unit.write_text(unit.read_text("utf-8").replace("斤数: 1", "斤数: 2"), "utf-8")
    code, modules = imported("-C", str(committed), *arguments)
    assert code in (0, 1, 2) and not modules & set(HEAVY)


def test_a_build_with_nothing_to_do_imports_nothing_that_makes_a_file(committed):
    assert imported("-C", str(committed), "build")[0] == 0
    code, modules = imported("-C", str(committed), "build")
    assert code == 0 and not modules & {*HEAVY, "tempfile", "random"}


def test_a_text_of_a_module_is_read_without_importing_it(tmp_path, monkeypatch):
    from perfgen.plugins import Folder

    (tmp_path / "sheds").mkdir()
    (tmp_path / "sheds/one.py").write_text('"""A shed."""\nHELP = "一"\nraise SystemExit\n', "utf-8")
    (tmp_path / "sheds/two.py").write_text('HELP = "".join(["二", "号"])\n', "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = Folder("sheds", [str(tmp_path / "sheds")], ("HELP",))
    assert [folder.text(name, "HELP") for name in folder.names()] == ["一", "二号"]
    shutil.rmtree(tmp_path / "sheds")
