"""A template or a style sheet that a text editor saved in another encoding is told with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.findings import FormError
from perfgen.source import encoding
from tests.helpers.projects import with_form
from tests.helpers.versions import commit, git

FORM = "templates/department-target"
SHARED = "templates/shared"
UNIT = "data/2025/示例市档案馆.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of which each test saves one file anew, and puts it back."""
    return with_form(tmp_path_factory.mktemp("encoding") / "project", "data/site.yaml", UNIT)


@pytest.fixture
def saved(root: Path):
    """Saves a file of the project in an encoding, with a remark at its end; for one test."""
    before: dict[Path, bytes] = {}

    def save(name: str, encoding: str, remark: str) -> None:
        path = root / name
        before[path] = path.read_bytes()
        path.write_bytes((path.read_text("utf-8").rstrip("\n") + f"\n{remark}\n").encode(encoding))

    yield save
    for path, content in before.items():
        path.write_bytes(content)


def run(root: Path, *arguments: str) -> int:
    return cli.main(["-C", str(root), *arguments])


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        (f"{FORM}/page.html", "html"), pytest.param(f"{SHARED}/form.html", "pdf", marks=pytest.mark.pdf),
        pytest.param(f"{SHARED}/print.css", "pdf", marks=pytest.mark.pdf),
        (f"{SHARED}/components.html", "html"), (f"{SHARED}/assets/site.css", "assets"),
        ("templates/site/index.html", "index"),
    ],
)  # fmt: skip
def test_it_is_said_where(root, saved, capsys, name, formats):
    saved(name, "gb18030", "{# 中文 #}")
    assert run(root, "build", "-j1", "--only", formats) == 2
    said = capsys.readouterr().err
    lines = [line for line in said.splitlines() if "[template-encoding]" in line]
    assert lines and all(line.startswith(f"{name}:") for line in lines), said
    assert "文件不是 UTF-8 编码，看起来是 GB18030（GBK）" in lines[0] and "自己出了错" not in said


@pytest.mark.pdf
@pytest.mark.nightly  # all templates of all forms; the tests of a build say the same of one
def test_templates_are_checked_for_it(root, saved, capsys):
    saved(f"{FORM}/page.html", "gb18030", "{# 中文 #}")
    assert run(root, "check", "--templates") == 2
    said = capsys.readouterr()
    assert f"{FORM}/page.html:" in said.out + said.err and "template-encoding" in said.out + said.err


@pytest.mark.parametrize(
    ("content", "named", "place"),
    [
        ("中".encode("utf-16"), "UTF-16", ":1:1:"),
        (b"\xfe\xff\x4e\x2d", "UTF-16", ":1:1:"),
        (b"a\n\nb\xff", "未知编码", ":3:2:"),
        (b"\x80", "未知编码", ":1:1:"),
        ("页\n".encode() + "中文".encode("gbk"), "未知编码", ":2:1:"),
        (b"p{}\xc3\x28", "未知编码", ":1:4:"),
    ],
)
def test_other_encodings(content, named, place):
    with pytest.raises(FormError) as caught:
        encoding.decode_template(content, "page.html")
    assert f"page.html{place}" in str(caught.value) and f"看起来是 {named}" in str(caught.value)


def test_the_place_is_that_of_the_first_byte(root, saved, capsys):
    path = root / FORM / "page.html"
    text = path.read_text("utf-8")
    path.write_bytes("<p>\n  字: ".encode() + "中".encode("gb18030"))
    try:
        assert run(root, "build", "--only", "html") == 2
        assert f"{FORM}/page.html:2:6: 错误 文件不是 UTF-8" in capsys.readouterr().err
    finally:
        path.write_text(text, "utf-8")


@pytest.mark.pdf
def test_another_style_that_the_form_asks_for(root, capsys):
    """WeasyPrint would read it as something else, in silence."""
    (root / FORM / "more.css").write_bytes('p::before { content: "中文" }'.encode("gb18030"))
    html = root / SHARED / "form.html"
    text = html.read_text("utf-8")
    html.write_text(text.replace("</head>", '<link rel="stylesheet" href="more.css"></head>'), "utf-8")
    try:
        assert run(root, "build", "--only", "pdf") == 2
        assert f"{FORM}/more.css:1:23: 错误 文件不是 UTF-8" in capsys.readouterr().err
    finally:
        html.write_text(text, "utf-8")
        (root / FORM / "more.css").unlink()


def test_the_page_of_a_comparison(root, saved, capsys):
    git(root, "init", "-q", "-b", "main")
    commit(root)
    saved("templates/review/diff.html", "gb18030", "{# 中文 #}")
    assert run(root, "diff", "--format", "html") == 2
    assert "templates/review/diff.html:" in capsys.readouterr().err
    shutil.rmtree(root / ".git")


def test_a_byte_order_mark_is_none_of_the_page(root, saved, capsys):
    """Notepad writes one."""
    assert run(root, "build", "--only", "html") == 0
    page = next((root / "build/public").rglob("index.html"))
    before = page.read_bytes()
    saved(f"{FORM}/page.html", "utf-8-sig", "")
    assert run(root, "build", "--only", "html") == 0
    assert page.read_bytes().rstrip() == before.rstrip()


@pytest.mark.pdf  # the doctor imports WeasyPrint
def test_the_doctor_looks_at_the_rest(root, saved, capsys):
    saved(f"{SHARED}/print.css", "gb18030", "/* 中文 */")
    assert run(root, "doctor") in (0, 3)
    said = capsys.readouterr()
    assert "Noto Serif CJK SC" in said.out and "自己出了错" not in said.err
