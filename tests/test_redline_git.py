"""`perfgen diff --redline`: a Word file for each changed unit, signed by its commit."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile

import pytest
from lxml import etree

from perfgen import cli
from perfgen.table.template import W
from tests.helpers.tiny import write_unit
from tests.helpers.versions import commit, git

pytestmark = pytest.mark.long


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


NAMES = {
    "控制\x01字符": "控制<U+0001>字符",
    "\x1b[31m红": "<U+001B>[31m红",
    "张\u202e三": "张<U+202E>三",
    "张\x7f\x9b三": "张<U+007F><U+009B>三",
    "张\ufffe\uffff三": "张<U+FFFE><U+FFFF>三",
    "张\t三": "张<U+0009>三",
    "&\"']]>": "&\"']]",
    "名" * 5000: "名" * 200 + "…",
    "": "没有署名",
}


def commit_object(root, author: bytes):
    """A commit as a stranger can make one: git checks neither the name nor the date."""
    git(root, "commit", "-qam", "改")
    tree, parent = git(root, "rev-parse", "HEAD^{tree}"), git(root, "rev-parse", "HEAD~1")
    text = (
        f"tree {tree}\nparent {parent}\n".encode()
        + b"author "
        + author
        + b"\ncommitter "
        + author
        + "\n\n改\n".encode()
    )
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=root, input=text, capture_output=True, check=True,
    )  # fmt: skip
    git(root, "update-ref", "HEAD", made.stdout.decode().strip())


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_whatever_a_commit_is_signed_with_is_shown(repository_of_two, name, capsys):
    """Word refuses what XML does not hold; lxml refused it first, with a traceback."""
    root = repository_of_two
    change(root)
    commit_object(root, name.encode() + b" <x@example.cn> 1741102200 +0800")
    assert run(root, "HEAD~1..HEAD") == 1
    assert {author for author, _ in marks(root / "out/2025/东园.docx")[0]} in ({NAMES[name]}, {name})
    assert "自己出了错" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["本\x02机", "一\n二", "\ufffe"], ids=ascii)
def test_whatever_a_user_is_called_is_shown(repository_of_two, name):
    root = repository_of_two
    git(root, "config", "user.name", name)
    change(root)
    assert run(root, "HEAD") == 1
    (signed,) = marks(root / "out/2025/东园.docx")[0]
    assert signed[0] in ("本<U+0002>机", "一 二", "<U+FFFE>")


@pytest.mark.parametrize(
    "date", ["99999999999999999 +0000", "-1 +0000", "253402300799 -9959", "0 +9999", "x", "", "1741102200", "1e9 +0800"]
)
def test_a_date_that_no_calendar_has_stops_nothing(repository_of_two, date, capsys):
    root = repository_of_two
    change(root)
    commit_object(root, b"A <x@example.cn> " + date.encode())
    assert run(root, "HEAD~1..HEAD") == 1
    ((author, day),) = marks(root / "out/2025/东园.docx")[0]
    assert author == "A" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", day)
    assert "自己出了错" not in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["\\x01", "\\x1b[31m", "\\uFFFE", "\\0", "\\b", "\\v"])
@pytest.mark.parametrize("field", ["备注: 内部", "名称: 苹果"])
def test_a_character_that_no_word_file_holds_stops_no_other_unit(repository_of_two, typed, field, capsys):
    """`check` refuses it; the redline of that unit was said to be a broken template, and there were no others."""
    root = repository_of_two
    name, _, value = field.partition(": ")
    change(root, "东园", field, f'{name}: "{value}{typed}"')
    change(root, "西园")
    assert run(root, "HEAD") == 1
    assert "2025/东园.docx：有一个版本里有 Word 文件不能有的控制字符" in capsys.readouterr().err
    assert (root / "out/2025/西园.docx").exists() and not (root / "out/2025/东园.docx").exists()
