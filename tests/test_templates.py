"""`check --templates`: what is wrong with a template is said before there is data, with its place."""

from __future__ import annotations

import pytest

from perfgen import cli
from perfgen.build import template_check
from perfgen.form import forms
from perfgen.render.parts.html_templates import without_comments
from tests.helpers.projects import snapshot
from tests.helpers.tiny import TEMPLATE, UNIT, write_unit
from tests.helpers.words import edit

PART = "word/document.xml"


def findings(root, *changes: tuple[str, str]):
    def change(text: str) -> str:
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    (root / "templates/fruit/form.docx").write_bytes(edit(TEMPLATE, PART, change))
    return template_check.check_templates(forms.find(snapshot(root), "fruit"), snapshot(root))


@pytest.mark.pdf
def test_the_templates_that_ship_are_fine(repository):
    assert (
        template_check.check_templates(forms.find(snapshot(repository), "department-target"), snapshot(repository))
        == []
    )
    assert template_check.check_site(snapshot(repository)) == []


def test_a_good_template_has_no_finding(tiny_project):
    assert findings(tiny_project) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("{{ 果园 }}", "{{ 大果园 }}", "表格第 1 行第 2 列", ["没有“大果园”", "是不是“果园”"]),
        ("{{ 果.斤数 }}", "{{ 果.斤 }}", "表格第 5 行第 2 列", ["没有“果.斤”", "是不是“斤数”"]),
        ("in 水果", "in 果园", "表格第 4 行", ["不是列表"]),
        ("{{ 合计 }}", "{{ 水果 }}", "表格第 7 行第 2 列", ["不能直接印"]),
        ("{{ 合计 }}", "{% merge 果 %}", "表格第 7 行第 2 列", ["不在“果”的循环里"]),
        ("{{ 合计 }}", "{{ 合计 | 大写 }}", "表格第 7 行第 2 列", ["没有“| 大写”"]),
        ("{%tr endfor %}", "{%tr endif %}", "表格第 6 行", ["endif"]),
        ("{{ 备注 }}", "{{ 备注.字 }}", "表格第 2 行第 2 列", ["没有“备注.字”"]),
    ],
)
def test_a_wrong_tag_is_found_with_row_and_column(tiny_project, old, new, where, words):
    said = [f"{f.place} {f.message} {f.hint}" for f in findings(tiny_project, (old, new))]
    assert any(where in text and all(word in text for word in words) for text in said), said
    assert all(text.startswith("templates/fruit/form.docx") for text in said)


def test_all_wrong_tags_come_at_once(tiny_project):
    found = findings(tiny_project, ("{{ 果园 }}", "{{ 甲 }}"), ("{{ 备注 }}", "{{ 乙 }}"))
    assert sum("表里没有" in f.message for f in found) == 2


def test_a_field_nobody_prints_is_said(tiny_project):
    found = findings(tiny_project, ("{{ 备注 }}", "没有"))
    assert [(f.rule, "备注" in f.message) for f in found] == [("template-unprinted", True)]


def test_the_word_file_is_tried_in_both_editions_with_much_and_with_nothing(tiny_project):
    """`| 中文数字` of a field that is no number can only be seen when there is a value."""
    found = findings(tiny_project, ("{{ 备注 }}", "{{ 备注 | 中文数字 }}"))
    assert any("中文数字" in f.message for f in found)


@pytest.mark.usefixtures("pdf_stands_in")
def test_a_broken_page_is_said_with_its_line(project):
    page = project / "templates/department-target/page.html"
    page.write_text(
        page.read_text("utf-8").replace("<h2>目标、职能和任务", "{{ 没有这个 }}<h2>目标、职能和任务", 1), "utf-8"
    )
    found = template_check.check_templates(forms.find(snapshot(project), "department-target"), snapshot(project))
    assert any(f.place.file.endswith("page.html") and f.place.line > 10 and "没有这个" in f.message for f in found)


def test_the_command_exits_with_2(tiny_project, capsys):
    assert cli.main(["-C", str(tiny_project), "check", "--templates"]) == 0
    findings(tiny_project, ("{{ 果园 }}", "{{ 果圆 }}"))
    assert cli.main(["-C", str(tiny_project), "check", "--templates"]) == 2
    assert "果圆" in "".join(capsys.readouterr())


def test_a_comment_of_a_page_is_not_published(tiny_project):
    page = (
        '<!DOCTYPE html><html lang="zh"><head><title>页</title></head><body><!-- 王小测 13900000000\n-->'
        "<p>{{ 果园 }}{{ 年 }}"
        "<!--{{ 合计 }} 内注 --><!-->{{ items }}{% for one in 水果 %}{{ one.名称 }}{{ one.斤数 }}{% endfor %}"
        "{{ 合计 }}</p>"
        "</body></html>"
    )
    (tiny_project / "templates/fruit/page.html").write_text(page, "utf-8")
    unit = UNIT.format(name="东园").replace("水果:\n", "items: '<!-- 名目 -->'\n水果:\n")
    write_unit(tiny_project, "东园", unit)
    assert cli.main(["-C", str(tiny_project), "build", "data/2025/东园.yaml"]) == 0
    made = (tiny_project / "build/public/2025/东园/index.html").read_text("utf-8")
    assert "<!--" not in made and "13900000000" not in made and "内注" not in made
    assert "&lt;!-- 名目 --&gt;" in made and "苹果" in made and made.endswith("</p></body></html>")


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("a<!-- b -->c", "ac"), ("a<!-->c", "ac"), ("a<!--->c", "ac"), ("a<!--b--><!--c-->d", "ad"), ("a", "a"),
        ("a<!-- b", "a<!-- b"), ("a<!-- <!-- b -->c", "ac"), ("<!--" * 100_000, "<!--" * 100_000),
    ],
)  # fmt: skip
def test_a_comment_ends_where_html_ends_it(page, kept):
    assert without_comments(page) == kept
