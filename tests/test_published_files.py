"""`perfgen verify`: a published file is told by its content, its data found in the commits, changes to it shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.report.report import Edition
from perfgen.system import git
from perfgen.verifying.verify import Verifier
from tests.conftest import REPOSITORY
from tests.helpers import by_project, tiny, versions
from tests.helpers.projects import snapshot
from tests.helpers.published import (
    EAST,
    RENDERERS,
    WEST,
    as_it_is,
    commit,
    made,
    replaced,
    report,
    repository,
    resaved,
    saved,
    swapped,
)
from tests.helpers.words import docx_of

KINDS = ("json", "csv", "word")
PRIVATE = "备注: 内部"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "repository")


@pytest.fixture
def history(root: Path) -> dict[str, str]:
    """Four commits by what they did: two of them changed public data of the eastern unit."""
    made = {"first": commit(root, "2025-01-10")}
    versions.edit(root, PRIVATE, "备注: 换了一个内部的说法", EAST)
    made["private"] = commit(root, "2025-01-11")
    versions.edit(root, "斤数: 3.5", "斤数: 4", WEST)
    made["other"] = commit(root, "2025-01-12")
    versions.edit(root, "斤数: 3.5", "斤数: 7.25", EAST)
    made["public"] = commit(root, "2025-01-13")
    return made


def verify(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and the answer; nothing may be complained of beside it."""
    code = cli.main(["-C", str(root), "verify", *arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err and said.err == ""
    return code, said.out


def result(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, dict]:
    """The exit code and what a program reads of one file."""
    code, out = verify(capsys, root, "--format", "json", *arguments)
    (found,) = json.loads(out)["results"]
    return code, found


def places(found: dict) -> list[tuple[str, str, str | None, str | None]]:
    return [(one["place"], one["in"], one["file"], one["data"]) for one in found["differences"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_an_older_commit_names_it_whatever_program_saved_it(capsys, tmp_path, root, kind):
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, resaved(kind, made(root, kind), as_it_is))
    versions.edit(root, "斤数: 3.5", "斤数: 7.25", EAST)
    commit(root, "2025-01-13")
    code, out = verify(capsys, root, path)
    assert code == 0
    assert f"数据相同。和提交 {first[:12]}（2025-01-10）的公开数据一样。" in out
    assert "现在的文件也一样" not in out and "没有字节相同的成品" in out


@pytest.mark.parametrize("kind", KINDS)
def test_a_commit_that_changed_only_private_data_is_the_same_data(capsys, tmp_path, root, history, kind):
    versions.git(root, "checkout", "-q", history["first"])
    path = saved(tmp_path, made(root, kind))
    versions.git(root, "checkout", "-q", "main")
    code, found = result(capsys, root, path)
    assert (code, found["status"], found["data_file"]) == (0, "same", EAST)
    assert found["first"]["commit"] == history["first"] and found["newest"]["commit"] == history["private"]
    assert found["differences"] == [] and found["nearest"] is None


def test_the_file_on_the_disk_is_told_from_the_commits(capsys, tmp_path, root, history):
    path = saved(tmp_path, made(root, "json"))
    said = f"和提交 {history['public'][:12]}（2025-01-13）的公开数据一样，现在的文件也一样。"
    assert said in verify(capsys, root, path)[1]
    versions.edit(root, "斤数: 7.25", "斤数: 9", EAST)
    assert "现在的文件也一样" not in verify(capsys, root, path)[1]
    path = saved(tmp_path, made(root, "json"))
    assert "和现在的文件（改过，还没有提交）的公开数据一样。" in verify(capsys, root, path)[1]


DIGIT = {
    "json": [("水果[1].斤数", "data", "8.5", "3.5")],
    "csv": [("水果/1/斤数", "data", "8.5", "3.5")],
    "word": [("表格第 3 行第 2 格", "print", "8.5", "3.5")],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_digit_is_shown_with_what_stood_there(capsys, tmp_path, root, kind):
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, resaved(kind, made(root, kind), replaced("3.5", "8.5")))
    code, found = result(capsys, root, path)
    assert code == 1 and found["status"] == "different"
    assert places(found) == DIGIT[kind]
    code, out = verify(capsys, root, path)
    assert code == 1 and "文件里是“8.5”，数据里是“3.5”。" in out
    assert "现在的文件，有 1 处不同" in out and first


@pytest.mark.parametrize("kind", KINDS)
def test_swapped_cells_are_seen(capsys, tmp_path, root, kind):
    commit(root, "2025-01-10")
    path = saved(tmp_path, resaved(kind, made(root, kind), swapped("苹果", "梨")))
    code, found = result(capsys, root, path)
    assert code == 1
    assert {one["file"][-1] for one in found["differences"]} == {"果", "梨"} and len(found["differences"]) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_was_taken_out_is_missed(capsys, tmp_path, root, kind):
    commit(root, "2025-01-10")
    short = made(root, kind)
    text = (root / EAST).read_text("utf-8")
    (root / EAST).write_text(text.replace("  - {名称: 梨, 斤数: 2}\n", ""), "utf-8")
    path = saved(tmp_path, made(root, kind))
    versions.git(root, "checkout", "-q", EAST)
    code, found = result(capsys, root, path)
    assert code == 1 and short
    missed = [one["data"] for one in found["differences"] if one["file"] is None]
    assert any("梨" in text for text in missed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_unit_is_held_against_that_unit(capsys, tmp_path, root, history, kind):
    path = tmp_path / "东园.bin"
    path.write_bytes(made(root, kind, WEST))
    code, found = result(capsys, root, str(path))
    assert (code, found["data_file"], found["newest"]["commit"]) == (0, WEST, None)
    assert found["first"]["commit"] == history["other"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_unit_that_nobody_knows_is_not_found(capsys, tmp_path, root, kind):
    commit(root, "2025-01-10")
    path = saved(tmp_path, resaved(kind, made(root, kind), lambda text: text.replace("东园", "假园")))
    code, found = result(capsys, root, path)
    assert (code, found["status"], found["says"][0]["unit"]) == (1, "unknown", "假园")
    assert "没有可以比的数据文件：假园" in verify(capsys, root, path)[1]


def test_without_dates_what_the_schema_marks_public_is_compared(capsys, tmp_path, root):
    content = made(root, "json")
    (root / "data/site.yaml").unlink()
    first = commit(root, "2025-01-10")
    code, found = result(capsys, root, saved(tmp_path, content))
    assert (code, found["first"]["commit"]) == (0, first)
    versions.edit(root, PRIVATE, "备注: 别的", EAST)
    assert result(capsys, root, saved(tmp_path, content))[0] == 0


def with_last_year(root: Path) -> None:
    """Lets the form compute a figure from the file of the year before."""
    schema = json.loads((root / "schema/fruit.schema.json").read_text("utf-8"))
    schema["properties"]["上年合计"] = {"type": "number", "x-public": True, "x-printed": False}
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(tiny.RULES + "  上年合计: 上年表.合计\n", "utf-8")
    (root / "data/2024").mkdir()
    text = tiny.UNIT.format(name="东园").replace("年: 2025", "年: 2024")
    (root / "data/2024/东园.yaml").write_text(text, "utf-8")
    dates = "  2024: {批复日期: 2024-01-24, 公开日期: 2024-02-10}\n"
    (root / "data/site.yaml").write_text(tiny.SITE + dates, "utf-8")


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_figures_from_other_files_are_those_of_the_commit(capsys, tmp_path, root, kind):
    with_last_year(root)
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, made(root, kind))
    assert b"\xe4\xb8\x8a\xe5\xb9\xb4\xe5\x90\x88\xe8\xae\xa1" in Path(path).read_bytes()
    versions.edit(root, "斤数: 3.5", "斤数: 30.5", "data/2024/东园.yaml")
    second = commit(root, "2025-01-20")
    code, found = result(capsys, root, path)
    assert (code, found["first"]["commit"], found["newest"]["commit"]) == (0, first, first)
    path = saved(tmp_path, made(root, kind))
    assert result(capsys, root, path)[1]["first"]["commit"] == second


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_forms_of_today_cannot_read_is_read_by_those_of_its_commit(capsys, tmp_path, root, kind):
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, made(root, kind))
    for name, old, new in (
        ("schema/fruit.schema.json", "斤数", "公斤"),
        ("schema/fruit.rules.yaml", "斤数", "公斤"),
        (EAST, "斤数", "公斤"),
        (WEST, "斤数", "公斤"),
    ):
        versions.edit(root, old, new, name)
    (root / "templates/fruit/form.docx").write_bytes(
        docx_of([["果园", "{{ 果园 }}"], ["备注", "{{ 备注 }}"], ["名目", "{{ items }}"], ["合计数", "{{ 合计 }}"]])
    )
    commit(root, "2025-03-01")
    code, out = verify(capsys, root, path)
    assert code == 0
    assert f"和提交 {first[:12]}（2025-01-10）的公开数据一样。" in out and "按那个提交自己的表和模板读的" in out


def test_a_file_that_was_moved_and_one_that_was_deleted_are_found(capsys, tmp_path, root):
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, made(root, "json"))
    versions.git(root, "mv", EAST, "data/2025/搬了.yaml")
    versions.edit(root, "斤数: 3.5", "斤数: 7.25", "data/2025/搬了.yaml")
    commit(root, "2025-02-01")
    code, found = result(capsys, root, path)
    assert (code, found["data_file"], found["first"]["commit"]) == (0, EAST, first)
    versions.git(root, "rm", "-q", "data/2025/搬了.yaml")
    commit(root, "2025-02-02")
    assert result(capsys, root, path)[1]["first"]["commit"] == first


def test_a_unit_that_was_renamed_is_found_by_the_name_it_had(capsys, tmp_path, root):
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, made(root, "csv"))
    versions.edit(root, "果园: 东园", "果园: 东方园", EAST)
    commit(root, "2025-02-01")
    code, found = result(capsys, root, path)
    assert (code, found["data_file"], found["first"]["commit"]) == (0, EAST, first)


def test_a_broken_file_on_the_disk_does_not_hide_its_commits(capsys, tmp_path, root):
    first = commit(root, "2025-01-10")
    path = saved(tmp_path, made(root, "csv"))
    (root / EAST).write_text("form: fruit\n果园: [\n", "utf-8")
    code, found = result(capsys, root, path)
    assert (code, found["first"]["commit"]) == (0, first)


def test_without_git_only_the_files_here_are_compared(capsys, tmp_path, tiny_project):
    path = saved(tmp_path, made(tiny_project, "json"))
    code, out = verify(capsys, tiny_project, path)
    assert code == 0 and "和现在的文件的公开数据一样" in out and "这里没有 git 的历史" in out


def test_a_history_that_was_cut_off_is_said(capsys, tmp_path, root, history):
    path = saved(tmp_path, resaved("json", made(root, "json"), replaced("7.25", "3.5")))
    shallow = tmp_path / "shallow"
    versions.git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(shallow))
    code, out = verify(capsys, shallow, path)
    assert code == 1 and "这是浅克隆" in out and "git fetch --unshallow" in out


def test_the_same_bytes_are_only_those_of_this_trees_build(capsys, tmp_path, root, history):
    assert cli.main(["-C", str(root), "build", "--date", "2025-03-01", "--only", "data_json"]) == 0
    capsys.readouterr()
    built = "build/public/2025/东园/data.json"
    path = saved(tmp_path, (root / built).read_bytes())
    assert result(capsys, root, path)[1]["same_bytes"] == [built]
    path = saved(tmp_path, resaved("json", (root / built).read_bytes(), as_it_is))
    code, found = result(capsys, root, path)
    assert (code, found["same_bytes"]) == (0, [])


def test_the_official_word_file_is_told_to_be_official(capsys, tmp_path, root):
    commit(root, "2025-01-10")
    path = saved(tmp_path, made(root, "word", edition=Edition.OFFICIAL))
    code, out = verify(capsys, root, path)
    assert code == 0 and "不要放到网上" in out


def test_a_guarded_formula_is_the_text_that_it_was(capsys, tmp_path, root):
    versions.edit(root, "备注: 内部", "备注: 内部\nitems: '=1+1'", EAST)
    commit(root, "2025-01-10")
    content = made(root, "csv")
    assert "'=1+1" in content.decode()
    assert verify(capsys, root, saved(tmp_path, content))[0] == 0
    code, found = result(capsys, root, saved(tmp_path, content.replace(b"=1+1", b"=1+2")))
    assert code == 1 and places(found) == [("items", "data", "=1+2", "=1+1")]


def test_tracked_changes_in_a_word_file_are_told(capsys, tmp_path, root):
    inserted = '<w:ins w:id="1" w:author="x"/></w:trPr>'
    content = resaved("word", made(root, "word"), lambda text: text.replace("<w:tr>", f"<w:tr><w:trPr>{inserted}", 1))
    code, found = result(capsys, root, saved(tmp_path, content))
    assert code == 0 and any("修订标记" in remark for remark in found["remarks"])


@pytest.mark.parametrize("shift", range(3))
def test_a_longer_csv_is_known_wherever_its_characters_lie(capsys, tmp_path, root, shift):
    versions.edit(root, "备注: 内部", f"备注: 内部\nitems: {'x' * shift}{'字' * 9000}", EAST)
    assert verify(capsys, root, saved(tmp_path, made(root, "csv")))[0] == 0


def test_the_gravest_of_several_files_decides(capsys, tmp_path, root):
    commit(root, "2025-01-10")
    good, bad, other = (tmp_path / name for name in ("a", "b", "c"))
    good.write_bytes(made(root, "json"))
    bad.write_bytes(good.read_bytes().replace(b"3.5", b"9.5"))
    other.write_bytes(b"hello")
    assert verify(capsys, root, str(good))[0] == 0
    assert verify(capsys, root, str(good), str(bad))[0] == 1
    code, out = verify(capsys, root, str(good), str(other), str(bad))
    assert code == 2 and "数据相同" in out and "数据不同" in out and "没有读" in out


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_units_several_files_the_one_is_found_that_is_about_the_same(capsys, tmp_path, kind):
    root = by_project.make(tmp_path / "p")
    sources = [by_project.write(root, "东园", name) for name in ("修路", "种树", "打井")]
    for source in sources[:2]:
        code, found = result(capsys, root, saved(tmp_path, made(root, kind, source)))
        assert (code, found["data_file"], found["status"]) == (0, source, "same")


@pytest.mark.long
@pytest.mark.parametrize("form", sorted({path.parent.relative_to(REPOSITORY / "data/2024").parts[:1] for path in
                                         (REPOSITORY / "data/2024").rglob("*.yaml")}))  # fmt: skip
def test_a_file_of_every_form_that_there_is_is_the_same(monkeypatch, form):
    """The first file in each folder of a year, in every format but PDF."""
    monkeypatch.setattr(git, "head", lambda _: None)  # nothing is asked of this repository's own history
    source = min((REPOSITORY / "data/2024").joinpath(*form).rglob("*.yaml")).relative_to(REPOSITORY).as_posix()
    project = snapshot(REPOSITORY)
    made_from = report(REPOSITORY, source, project=project)
    verifier = Verifier(project)
    for kind, render in RENDERERS.items():
        outcome = verifier.verify(kind, render(made_from))
        assert (outcome.status, outcome.run[0].candidate.file.source) == ("same", source), kind
