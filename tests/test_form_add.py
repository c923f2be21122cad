"""`form add` brings a form with those that it refers to; what a bureau has stays, and works with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.repository import contents
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

OWN = "department-target"
UNIT = "示例市档案馆"
TARGETS, REVIEWS = f"data/2024/项目目标/{UNIT}", f"data/2024/项目自评/{UNIT}"


@pytest.fixture
def root(tmp_path) -> Path:
    """A repository as perfgen laid it out when it had one form; the bureau changed the rules and the page."""
    root = tmp_path / "本局"
    for path in (f"schema/{OWN}.schema.json", *(f"data/{year}/{UNIT}.yaml" for year in (2024, 2025))):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / path, root / path)
    shutil.copy(REPOSITORY / "tests/cases/plain.rules.yaml", root / f"schema/{OWN}.rules.yaml")
    shutil.copytree(REPOSITORY / f"templates/{OWN}", root / f"templates/{OWN}")
    (root / f"templates/{OWN}/page.html").write_text("<!DOCTYPE html><p>本局的</p>", "utf-8")
    return root


@pytest.fixture
def run(root, capsys):
    def command(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        found = cli.main(["-C", str(root), *arguments])
        told = capsys.readouterr()
        assert found == code, told
        return told.out + told.err

    return command


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_an_older_repository_gets_the_forms_of_a_year_and_keeps_its_own(root, run):
    """It then checks, starts reviews from targets, and builds."""
    before = everything(root)
    said = run("form", "add", "project-review")
    assert "project-review 要引用的表也放进来了：project-target" in said
    assert {path: content for path, content in everything(root).items() if path in before} == before
    shutil.copytree(REPOSITORY / TARGETS, root / TARGETS)
    run("next", TARGETS)
    (started,) = (root / REVIEWS).iterdir()
    assert started.name == next((root / TARGETS).iterdir()).name
    shutil.copy(REPOSITORY / REVIEWS / started.name, started)
    assert " 错误 " not in run("check")
    run("build", "--only", "docx", "--date", "2026-12-01")
    assert (root / f"build/official/2024/项目自评/{UNIT}/{started.stem}.docx").exists()


def test_a_form_that_is_there_is_said_and_left(root, run):
    names = contents.with_referred("department-review")
    assert OWN in names
    said = run("form", "add", "department-review")
    assert f"要引用的 {OWN} 仓库里已经有，没有动。" in said
    page = root / f"templates/{OWN}/page.html"
    assert page.read_text("utf-8") == "<!DOCTYPE html><p>本局的</p>"


def test_a_part_of_another_form_that_is_in_the_way_stops_all_of_it(root, run):
    (root / "templates/project-target").mkdir(parents=True)
    (root / "templates/project-target/form.docx").write_bytes(b"")
    before = everything(root)
    said = run("form", "add", "project-review", code=2)
    assert "templates/project-target/form.docx" in said
    assert everything(root) == before


def test_a_form_of_the_bureau_that_others_cannot_refer_to_stops_all_of_it(root, run):
    """Its own schema calls the unit otherwise."""
    schema = root / f"schema/{OWN}.schema.json"
    schema.write_text(schema.read_text("utf-8").replace('"部门名称"', '"单位的名称"'), "utf-8")
    rules = root / f"schema/{OWN}.rules.yaml"
    rules.write_text("参数: {甲: 1}\n", "utf-8")
    before = everything(root)
    said = run("form", "add", "department-review", code=2)
    assert f"schema/{OWN}.schema.json" in said and "没有放进任何文件" in said and "部门名称" in said
    assert everything(root) == before


def test_what_comes_into_an_empty_repository_can_be_read(root, run):
    """All forms that it reaches come, in circles too: none of them lacks another."""
    for folder in ("schema", "templates", "data"):
        shutil.rmtree(root / folder)
    (root / "data/2025").mkdir(parents=True)
    run("form", "add", OWN)
    assert [form.name for form in forms.loaded(snapshot(root))] == sorted(contents.with_referred(OWN))


NOTHING = "参数: {甲: 1}\n".encode()


def rules(*names: str) -> bytes:
    return ("引用:\n" + "".join(f"  甲{n}: {{表: {name}}}\n" for n, name in enumerate(names))).encode()


@pytest.fixture
def shipped_forms(monkeypatch):
    """Puts other forms in place of the shipped ones: by name, their rules and what these include."""

    def put(**forms: bytes | tuple[bytes, bytes]) -> None:
        def parts(name: str) -> tuple[bytes, bytes]:
            found = forms[name]
            return found if isinstance(found, tuple) else (found, NOTHING)

        monkeypatch.setattr(contents, "form_names", lambda: sorted(forms))
        monkeypatch.setattr(contents, "form", lambda name: {f"schema/{name}.rules.yaml": parts(name)[0]})
        monkeypatch.setattr(contents, "included", lambda name: {"schema/common.rules.yaml": parts(name)[1]})

    return put


def test_forms_are_found_through_others_in_circles_and_in_what_is_included(shipped_forms):
    shipped_forms(
        a=rules("b", "b"), b=rules("c", "a"), c=(NOTHING, rules("d", "c")), d=rules("a", "no-such"), e=rules("a")
    )
    assert contents.with_referred("a") == ("a", "b", "c", "d")
    assert contents.with_referred("c") == ("c", "d", "a", "b")
    assert contents.with_referred("e") == ("e", "a", "b", "c", "d")


@pytest.mark.parametrize("text", ["引用: 1", "引用: {甲: 1}", "引用: {甲: {表: [1]}}", "- 1", "引用:"])
def test_rules_that_are_written_otherwise_name_no_form(shipped_forms, text):
    shipped_forms(a=text.encode(), b=rules("a"))
    assert contents.with_referred("a") == ("a",)


def test_a_form_that_is_not_shipped(tmp_path):
    with pytest.raises(UsageError, match="没有 没有的 这张表"):
        contents.with_referred("没有的")
