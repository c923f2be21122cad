"""A new form is small files, a new output format is one module: nothing else is touched."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfgen import cli, commands, formats, render
from perfgen.check import checks
from perfgen.form import all_units as kinds
from perfgen.plugins import Folder
from perfgen.review import formats as review_formats
from tests.conftest import REPOSITORY
from tests.helpers import tiny

pytestmark = pytest.mark.long

PLAIN_TEXT = '''\
"""The form as plain text."""

from perfgen.prove.proof import compare_places
from perfgen.report.report import Report

TARGETS = {"official": "official/{stem}.txt"}
NEEDS = ("form.docx",)
READS = ("form.docx",)
PACKAGES = ()
STYLES = ()


def render(report: Report) -> bytes:
    return "\\n".join(cell.text for cell in report.table.cells()).encode()


def prove(content: bytes, report: Report) -> int:
    cells = list(report.table.cells())
    lines = content.decode().split("\\n")
    compare_places(report, [(str(c.row), c.text, line, ()) for c, line in zip(cells, lines, strict=True)])
    return len(cells)
'''


def build(root: Path, package: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perfgen", "-C", str(root), "build"],
        cwd=package, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_a_form_of_three_small_files_builds(tmp_path):
    root = tiny.make(tmp_path / "project")
    said = build(root, REPOSITORY)
    assert said.returncode == 0, said.stderr
    assert sorted(p.name for p in (root / "build/official/2025").iterdir()) == [
        "东园.docx", "全部单位.xlsx", "西园.docx",
    ]  # fmt: skip


@pytest.mark.pdf
def test_a_form_gets_its_pdf_from_the_shared_templates(tmp_path):
    """The way docs/form.md shows; the small Word file says nothing of paper, headings or alignment."""
    root = tiny.make(tmp_path / "project")
    shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    said = build(root, REPOSITORY)
    assert said.returncode == 0, said.stderr
    assert (root / "build/official/2025/东园.pdf").exists()
    assert (root / "build/public/2025/东园/东园.pdf").exists()


@pytest.mark.pdf
def test_several_forms_live_in_one_project(tmp_path, project):
    tiny_root = tiny.make(tmp_path / "tiny")
    for folder in ("schema", "templates"):
        shutil.copytree(tiny_root / folder, project / folder, dirs_exist_ok=True)
    (project / "data/2025/示例市档案馆").mkdir()
    shutil.copy(tiny_root / "data/2025/东园.yaml", project / "data/2025/示例市档案馆/水果.yaml")
    said = build(project, REPOSITORY)
    assert said.returncode == 0, said.stderr
    assert (project / "build/official/2025/示例市档案馆.docx").exists()
    assert (project / "build/official/2025/示例市档案馆/水果.docx").exists()


def with_modules(folder: Path, modules: dict[str, str]) -> Path:
    """A copy of the package with some modules more, and beside it what is shipped with it."""
    for name in ("perfgen", "schema", "templates"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in modules.items():
        (folder / "perfgen" / path).write_text(text, "utf-8")
    return folder


def test_the_examples_of_the_page_for_contributors_work(tmp_path):
    page = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
    check, renderer = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    modules = {"check/checks/trailing_space.py": check, "render/plaintext.py": renderer}
    package = with_modules(tmp_path / "copy", modules)
    root = tiny.make(tmp_path / "project")
    text = (root / "data/2025/东园.yaml").read_text("utf-8")
    (root / "data/2025/东园.yaml").write_text(text.replace("备注: 内部", '备注: "内部 "'), "utf-8")
    said = build(root, package)
    assert said.returncode == 0, said.stderr
    assert "1 个提示" in said.stderr
    assert "东园" in (root / "build/official/2025/东园.txt").read_text("utf-8")


@pytest.mark.parametrize("package", [commands, checks, kinds, render, formats, review_formats])
def test_every_plug_in_is_what_its_folder_asks_for(package):
    folder = package.FOLDER
    assert len(folder.modules()) >= 3
    for module in folder.modules():
        assert all(hasattr(module, name) for name in folder.contract)


def test_a_module_that_is_not_is_said_to_whoever_wrote_it(tmp_path, monkeypatch):
    package = tmp_path / "halves"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "half.py").write_text("one = 1\n")
    (package / "parts").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    folder = Folder("halves", [str(package)], ("one", "other"))
    assert folder.names() == ["half"]
    with pytest.raises(TypeError, match=r"halves\.half does not define other"):
        folder.modules()


def test_a_package_without_its_files_says_so(tmp_path):
    package = with_modules(tmp_path / "copy", {})
    (package / "schema/site.schema.json").unlink()
    said = build(tiny.make(tmp_path / "project"), package)
    assert said.returncode == 3 and "装得不完整" in said.stderr and "fault.txt" not in said.stderr


def test_a_format_of_one_module_builds(tmp_path):
    package = with_modules(tmp_path / "copy", {"render/plaintext.py": PLAIN_TEXT})
    root = tiny.make(tmp_path / "project")
    said = build(root, package)
    assert said.returncode == 0, said.stderr
    text = (root / "build/official/2025/东园.txt").read_text("utf-8").splitlines()
    assert text[:2] == ["果园", "东园"]
    assert text[-2:] == ["合计", "5.5"]


@pytest.mark.pdf
def test_a_form_takes_what_it_has_and_the_rest_is_shared(tmp_path, capsys):
    """Its own style with the shared page; a fault is said in the file that has it."""
    root = tiny.make(tmp_path / "project", ("东园",))
    shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    shared = root / "templates/shared/print.css"
    own = root / "templates/fruit/print.css"
    made = root / "build/official/2025/东园.pdf"
    assert cli.main(["-C", str(root), "build", "--only", "pdf"]) == 0
    before = made.read_bytes()
    own.write_text(shared.read_text("utf-8").replace("10.5pt", "9pt") + "h1 { color: red }", "utf-8")
    assert cli.main(["-C", str(root), "build", "--only", "pdf"]) == 0
    assert made.read_bytes() != before
    own.write_text(shared.read_text("utf-8") + "h1 { margin: nonsense }", "utf-8")
    capsys.readouterr()
    assert cli.main(["-C", str(root), "build", "--only", "pdf"]) == 2
    assert "templates/fruit/print.css: 错误" in capsys.readouterr().err
    own.unlink()
    shared.write_text(shared.read_text("utf-8") + "h1 { margin: nonsense }", "utf-8")
    assert cli.main(["-C", str(root), "build", "--only", "pdf"]) == 2
    assert "templates/shared/print.css: 错误" in capsys.readouterr().err
    shared.unlink()
    assert cli.main(["-C", str(root), "build"]) == 0
    assert not made.exists()
