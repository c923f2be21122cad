"""`perfgen diff --redline`: a Word file for each changed unit, signed by its commit."""

from __future__ import annotations

import io
import shutil
import zipfile

import pytest
from lxml import etree

from perfgen import cli
from perfgen.table.template import W
from tests.helpers.tiny import write_unit
from tests.helpers.versions import commit, git


@pytest.fixture
def repository_of_two(tiny_project):
    git(tiny_project, "init", "-q", "-b", "main")
    git(tiny_project, "config", "user.name", "本机")
    commit(tiny_project)
    return tiny_project


def change(root, name="东园", old="斤数: 2}", new="斤数: 4}"):
    path = root / f"data/2025/{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def marks(path):
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
        tree = etree.fromstring(package.read("word/document.xml"))
    found = list(tree.iter(f"{W}ins", f"{W}del"))
    return {(mark.get(f"{W}author"), mark.get(f"{W}date")) for mark in found}, "".join(tree.itertext())


def run(root, *arguments):
    return cli.main(["-C", str(root), "diff", *arguments, "--redline", "out"])


def test_a_commit_signs_its_change(repository_of_two, capsys):
    root = repository_of_two
    change(root)
    git(root, "commit", "-qam", "改", date="2025-03-04T23:30:00+08:00")
    assert run(root, "HEAD~1..HEAD") == 1
    who, text = marks(root / "out/2025/东园.docx")
    assert who == {("示例", "2025-03-04T15:30:00Z")}
    assert "4" in text and "2" in text
    assert not (root / "out/2025/西园.docx").exists()
    assert "2025/东园.docx：修订稿已写好" in capsys.readouterr().err


def test_what_is_not_committed_bears_the_user_and_the_date_before(repository_of_two):
    root = repository_of_two
    change(root)
    assert run(root, "HEAD") == 1
    assert marks(root / "out/2025/东园.docx")[0] == {("本机", "2025-01-10T01:00:00Z")}


def test_the_same_bytes_in_another_clone(repository_of_two, tmp_path):
    root = repository_of_two
    change(root)
    git(root, "commit", "-qam", "改")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(root), str(clone))
    for one in (root, clone):
        assert run(one, "HEAD~1..HEAD") == 1
    assert (root / "out/2025/东园.docx").read_bytes() == (clone / "out/2025/东园.docx").read_bytes()


def test_a_new_unit_and_one_that_went(repository_of_two):
    root = repository_of_two
    (root / "data/2025/西园.yaml").unlink()
    write_unit(root, "南园", "form: fruit\n年: 2025\n果园: 全新的园\n水果: []\n")
    commit(root)
    assert run(root, "HEAD~1..HEAD") == 1
    assert (root / "out/2025/南园.docx").exists() and (root / "out/2025/西园.docx").exists()


def test_a_version_that_cannot_be_read_is_said_and_the_rest_goes_on(repository_of_two, capsys):
    root = repository_of_two
    change(root)
    change(root, "西园", "果园: ", "果园：")
    assert run(root, "HEAD") == 1
    assert (root / "out/2025/东园.docx").exists() and not (root / "out/2025/西园.docx").exists()
    assert "2025/西园.docx：有一个版本读不出来" in capsys.readouterr().err


def test_nothing_to_see_on_the_form_makes_no_file(repository_of_two, capsys):
    root = repository_of_two
    shutil.copy(root / "schema/fruit.schema.json", root / "schema/x")
    schema = root / "schema/fruit.schema.json"
    note = '"密记": {"type": "string", "x-printed": false}, "备注"'
    schema.write_text(schema.read_text("utf-8").replace('"备注"', note, 1), "utf-8")
    change(root, old="备注: 内部", new="备注: 内部\n密记: 新")
    assert run(root, "HEAD") == 1
    assert not (root / "out").exists()
    assert "正式的表上没有不同" in capsys.readouterr().err
