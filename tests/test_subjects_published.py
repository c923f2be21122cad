"""What is made of several files of a unit: each says in its name, its headings and its columns what it is about."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import pytest

from perfgen import cli
from tests.helpers import by_project
from tests.helpers.words import edit

SUBJECTS = ("档案 数字化（一期）", "供水/排水")


CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>旧</dc:title></cp:coreProperties>'
)
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"


def with_properties(template: Path) -> None:
    """Gives a Word template the part that holds its title, as Word writes it."""
    content = edit(
        template.read_bytes(),
        "[Content_Types].xml",
        lambda text: text.replace(
            "</Types>", f'<Override PartName="/docProps/core.xml" ContentType="{CORE_TYPE}"/></Types>'
        ),
    )
    content = edit(
        content,
        "_rels/.rels",
        lambda text: text.replace(
            "</Relationships>",
            f'<Relationship Id="r2" Type="{CORE_RELATION}" Target="docProps/core.xml"/></Relationships>',
        ),
    )
    template.write_bytes(content)
    with zipfile.ZipFile(template, "a") as package:
        package.writestr("docProps/core.xml", CORE)


def title_of(file: Path) -> str:
    with zipfile.ZipFile(file) as package:
        return re.findall("<dc:title>(.*)</dc:title>", package.read("docProps/core.xml").decode())[0]


def build(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["-C", str(root), "build", "--date", "2026-03-01", "-j1"]) == 0, capsys.readouterr()


@pytest.fixture
def built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two units with the same two projects, built."""
    root = by_project.make(tmp_path / "p")
    with_properties(root / "templates/project/form.docx")
    for unit in ("东园", "西园"):
        for subject in SUBJECTS:
            by_project.write(root, unit, subject, path=f"项目/{unit}/{subject.replace('/', '_')}")
    build(root, capsys)
    return root / "build"


def links(page: Path) -> list[tuple[str, str]]:
    """Where links lead, and their names: what a person hears who reads without seeing."""
    found = re.findall(r'<a href="([^"]*index\.html)"(?: aria-label="([^"]*)")?>([^<]*)</a>', page.read_text("utf-8"))
    return [(address, label or text) for address, label, text in found]


def test_no_two_links_have_the_same_words(built):
    by_words: dict[str, set[str]] = {}
    for address, text in links(built / "public/index.html"):
        by_words.setdefault(text, set()).add(address)
    assert all(len(addresses) == 1 for addresses in by_words.values()), by_words
    new = {f"2025年{unit}果园项目表：{subject}" for unit in ("东园", "西园") for subject in SUBJECTS}
    assert new <= by_words.keys()


def test_titles_and_properties_say_the_project(built):
    page = (built / "public/2025/项目/东园/供水_排水/index.html").read_text("utf-8")
    assert "<title>东园2025年果园项目表：供水/排水</title>" in page
    word = built / "official/2025/项目/西园/档案 数字化（一期）.docx"
    assert title_of(word) == "西园2025年果园项目表：档案 数字化（一期）"


def test_the_csv_has_columns_for_the_form_and_the_project(built):
    text = (built / "public/2025/项目/东园/供水_排水/供水_排水.csv").read_text("utf-8-sig")
    heading, *rows = csv.reader(text.splitlines())
    assert heading == ["年度", "单位", "表", "项目名称", "位置", "名称", "内容"]
    assert rows and all(row[:4] == ["2025", "东园", "果园项目表", "供水/排水"] for row in rows)


def test_a_project_that_is_not_public_is_in_nothing_public(tmp_path, capsys):
    fields = {**by_project.SCHEMA["properties"], "项目": {"type": "string", "x-role": "subject"}}
    root = by_project.make(tmp_path / "p", by_project.schema(properties=fields, **{"x-path": None}))
    with_properties(root / "templates/project/form.docx")
    by_project.write(root, "东园", "秘密工程", path="东园")
    build(root, capsys)
    public = [path.read_bytes() for path in (root / "build/public").rglob("*") if path.is_file()]
    assert public and not any("秘密工程".encode() in content for content in public)
    assert title_of(root / "build/official/2025/东园.docx").endswith("：秘密工程")


def test_messages_of_a_build_name_unit_and_project(tmp_path, capsys):
    root = by_project.make(tmp_path / "p")
    by_project.write(root, "东园", "买树苗")
    (root / "data/site.yaml").write_text(
        by_project.SITE.replace("公开日期: 2025-02-10", "公开日期: 2025-12-10"), "utf-8"
    )
    cli.main(["-C", str(root), "build", "--date", "2025-02-01", "-j1"])
    said = capsys.readouterr()
    assert "2025-12-10 公开 2025 年的东园 买树苗" in said.out + said.err
    cli.main(["-C", str(root), "check", "--date", "2025-02-01"])
    said = capsys.readouterr()
    assert "2025 年的东园 买树苗，2025-01-24 批复" in said.out + said.err
    (root / "data/site.yaml").write_text("站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n", "utf-8")
    cli.main(["-C", str(root), "build", "--date", "2025-02-01", "-j1"])
    said = capsys.readouterr()
    assert "没有做网页（2025 年 东园 买树苗）" in said.out + said.err


def test_a_form_without_a_subject_is_called_as_before(tiny_project, capsys):
    with_properties(tiny_project / "templates/fruit/form.docx")
    build(tiny_project, capsys)
    assert title_of(tiny_project / "build/official/2025/东园.docx") == "东园2025年水果登记表"
