"""What a page says is made of the engine's general words, stands at its place, and is proven there."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.project.layout import DataFile
from perfgen.prove import html_reader
from perfgen.prove.proof import ProofError
from perfgen.render import fragment, html, table_page
from perfgen.render.parts.fragments import fragment as fragment_of
from perfgen.report import site
from perfgen.report.page_facts import Wanted, for_pages
from perfgen.report.report import Edition, Report
from perfgen.system.day import Day, Origin
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import snapshot, with_form
from tests.helpers.words import docx_of

FIVE_LINES = """\
{% extends 'form-page.html' %}
{% block lead %}
<p>{{ 果园 }}今年的水果。</p>
{% endblock %}
{% block note %}金额单位为万元。{% endblock %}
"""
ROWS = [
    ["果园", "{{ 果园 }}"], ["备注", "{{ 备注 }}"], [("{%tr for 果 in 水果 %}", 2)], ["{{ 果.名称 }}", "{{ 果.钱 }}"],
    [("{%tr endfor %}", 2)], ["合计", "{{ 合计 }}"], [("{%tr for 行 in 指标 %}", 2)],
    ["{{ 行.名称 }}{{ 行.依据 }}", "{{ 行.目标值 }}{{ 行.上年 }}"], [("{%tr endfor %}", 2)],
]  # fmt: skip
UNIT = """\
form: fruit
年: {year}
果园: 东园
备注: 内部
水果:
  - {{名称: 苹果, 钱: {apples}}}
  - {{名称: 梨, 钱: 20000}}
指标:
  - {{名称: 好果率, 目标值: {good}, 上年: 90%, 依据: 合同}}
  - {{名称: 新种的树, 目标值: ≥100棵, 上年: 80棵}}
"""


def grove(root):
    """A form made of files, with money and promises, and two years of one unit; its page has five lines."""
    tiny.make(root, ())
    schema = json.loads(tiny.SCHEMA_TEXT)
    row = schema["properties"]["水果"]["items"]
    row["properties"] = {
        "名称": row["properties"]["名称"],
        "钱": {"type": "number", "x-public": True, "x-unit": "万元"},
    }
    schema["properties"].pop("items")
    schema["properties"]["合计"] = {"title": "全部的钱", "type": "number", "x-public": True, "x-unit": "万元"}
    text, value = {"type": "string", "x-public": True}, {"type": "string", "x-public": True, "x-measure": True}
    measure = {"名称": text, "目标值": value, "上年": {**value, "x-next": "目标值"}, "依据": text}
    items = {"type": "object", "additionalProperties": False, "properties": measure}
    schema["properties"]["指标"] = {"title": "看什么", "type": "array", "x-identity": "名称", "items": items}
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "schema/fruit.rules.yaml").write_text("计算:\n  合计: 水果 | 求和('钱')\n", "utf-8")
    (root / "templates/fruit/form.docx").write_bytes(docx_of(ROWS))
    (root / "templates/fruit/page.html").write_text(FIVE_LINES, "utf-8")
    dates = "\n".join(f"  {year}: {{批复日期: {year}-01-24, 公开日期: {year}-02-10}}" for year in (2024, 2025))
    names = "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000, 网址: https://fruit.example/guo/}"
    (root / "data/site.yaml").write_text(f"{names}\n公开:\n{dates}\n", "utf-8")
    for year, apples, good in ((2024, "3.5", "≥95%"), (2025, "4.5", "≥92%")):
        path = root / f"data/{year}/东园.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(UNIT.format(year=year, apples=apples, good=good), "utf-8")
    return root


def report_of(root, source) -> Report:
    """The public report of a data file of a project."""
    project = snapshot(root)
    settings = site.load_site(project)
    made = job.reports(project, DataFile.at(source), site.Site(settings.settings, "2025-03-01"))
    return made[1][Edition.PUBLIC]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return report_of(grove(tmp_path_factory.mktemp("page") / "p"), "data/2025/东园.yaml")


@pytest.fixture(scope="module")
def page(report):
    return html.render(report).decode()


def words(markup: str) -> str:
    """What a page says, without its tags and the blanks between them."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", "<main" + markup.partition("<main")[2]))


def test_a_page_of_five_lines_says_money_promises_and_changes(page):
    said = words(page)
    assert len(FIVE_LINES.splitlines()) == 5
    assert "全部的钱20004.5万元（2亿元）" in said and "2025年承诺什么" in said
    assert "好果率≥92%" in said and "不低于" in said and "2024年90%" in said and "合同" in said
    assert "和2024年比" in said and "放宽1处" in said and "由≥95%改为≥92%，放宽3个百分点" in said
    assert "2025-02-10公开，批复后第17天，及时" in said and "东园今年的水果。" in said and "金额单位为万元。" in said
    assert "内部" not in page


def test_it_leads_to_the_table_the_downloads_and_the_unit(page):
    links = html_reader.read(page).links
    assert {"table.html", "#downloads", "data.json", "../../units/%E4%B8%9C%E5%9B%AD/index.html"} <= set(links)
    assert not re.search(r'<table class="official"', page)


def test_everything_that_is_said_is_proven(report, page):
    read = html_reader.read(page)
    assert html.prove(page.encode(), report) == len(read.values) + len(read.facts)
    assert {fact.key.partition("/")[0] for fact in read.facts} >= {
        "a",
        "m",
        "c",
        "dates",
        "change_counts",
        "compared_with",
    }


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((">≥92%</span>", ">≥95%</span>"), id="a promise"),
        pytest.param((">3 个百分点<", ">1 个百分点<"), id="a change"),
        pytest.param((">放宽</span>", ">趋严</span>"), id="the kind of a change"),
        pytest.param((">2 亿元<", ">3 亿元<"), id="the reader's unit"),
        pytest.param((">1</span> 处", ">2</span> 处"), id="a count"),
        pytest.param((">17</span> 天", ">7</span> 天"), id="a date"),
        pytest.param((">不低于<", ">不高于<"), id="the direction"),
        pytest.param(('data-fact="m/0/value"', 'data-fact="m/1/value"'), id="another row's place"),
        pytest.param(('data-fact="m/0/value"', 'data-fact="m/9/value"'), id="no row's place"),
        pytest.param(('data-fact="m/0/value"', 'data-fact="m/0/path"'), id="a place that says nothing"),
        pytest.param(("</main>", "</div></main>"), id="tags that are no pairs"),
        pytest.param(("</main>", "</main"), id="a tag without an end"),
    ],
)
def test_a_spoilt_page_is_not_written(report, page, change):
    old, new = change
    assert old in page, old
    with pytest.raises(ProofError):
        html.prove(page.replace(old, new).encode(), report)


def test_what_has_no_place_is_not_said(report):
    wanted = Wanted(report)
    assert wanted.text("m/0/value") == "≥92%" and wanted.text("c/0/kind") == "放宽"
    for nowhere in (
        "",
        "x",
        "m",
        "m/0",
        "m/x/value",
        "m/99/value",
        "m/0/record",
        "m/0/path/0",
        "m/0/value/0",
        "_report",
    ):
        assert wanted.text(nowhere) is None, nowhere


def test_the_table_is_a_page_of_its_own_proven_cell_by_cell(report):
    table = table_page.render(report)
    assert table_page.prove(table, report) == len(list(report.table.cells()))
    for old, new in ((">≥92%", ">≥95%"), (' data-cell="1,1"', ""), ("<p>苹果</p>", "<p>苹果</p><p>x</p>")):
        assert old in table.decode()
        with pytest.raises(ProofError):
            table_page.prove(table.decode().replace(old, new, 1).encode(), report)


def test_the_table_has_a_page_beside_the_page_and_both_are_built(tmp_path):
    root = grove(tmp_path / "p")
    order = BuildOrder(
        snapshot(root), only=("html", "table_page", "fragment"), day=Day(date(2025, 3, 1), Origin.OPTION)
    )
    outcome = batch.build(order)
    assert outcome.exit_code == 0, outcome.findings
    folder = root / "build/public/2025/东园"
    assert {"index.html", "table.html", "fragment.html"} <= {path.name for path in folder.iterdir()}


def test_a_fragment_is_the_page_without_what_is_around_it(report, page):
    made = fragment.render(report).decode()
    assert fragment.prove(made.encode(), report) == html.prove(page.encode(), report)
    assert words("<main" + made) == words(page.partition("</main>")[0].replace("东园2025年水果登记表</h1>", ""))
    assert made.startswith('<div class="pg-page">') and made.count("<div") == made.count("</div")
    assert not re.search(r"<(script|style|link|meta|html|body|main|h1)\b| style=| on\w+=", made)
    classes = re.findall(r'class="([^"]*)"', made)
    assert classes and all(name.startswith("pg-") for each in classes for name in each.split())
    links = [link for link in html_reader.read(made).links if not link.startswith("#")]
    assert links and all(link.startswith("https://fruit.example/guo/") for link in links)


@pytest.mark.parametrize(
    "tag", ["<script>1</script>", "<style>p {}</style>", "<iframe src='a'></iframe>", "<main></main>"]
)
def test_a_fragment_that_would_change_the_page_around_it_is_not_written(report, tag):
    made = fragment.render(report).decode()
    with pytest.raises(ProofError):
        fragment.prove((made + tag).encode(), report)


def test_a_fragment_of_any_page():
    assert fragment_of("<p>甲</p>", "") == '<div class="pg-page">\n<p>甲</p>\n</div>\n'
    page = "<!DOCTYPE html><html><head><title>题</title></head><body class='x'><h1>题</h1><p class='a b'>乙</p></body>"
    assert fragment_of(page, "") == '<div class="pg-page">\n<p class="pg-a pg-b">乙</p>\n</div>\n'
    page = '<main id="main"><a href="../a?b&amp;c#d">甲</a><a href="#e">乙</a><img src="x.svg"></main>'
    assert fragment_of(page, "https://x.example/1/2/index.html") == (
        '<div class="pg-page">\n<a href="https://x.example/1/a?b&amp;c#d">甲</a><a href="#e">乙</a>'
        '<img src="https://x.example/1/2/x.svg">\n</div>\n'
    )
    assert 'href="../a?b&amp;c#d"' in fragment_of(page, "")


def test_a_page_is_read_as_a_browser_reads_it():
    read = html_reader.read(
        '<!DOCTYPE html><!-- <p> --><title>a < b</title><script>if (a < b) "<p>"</script>'
        '<p DATA-PATH="甲/0">1&lt;2 < 3<br>4</p><td data-cell="0,0"><p>一</p><p>二</p></td>'
        '<svg><rect data-x=">"/></svg>'
        "<span data-fact='m/0'>话</span><a\nhref=\"?a&amp;b\">x</a>"
    )
    assert [tuple(value) for value in read.values] == [("甲/0", "", "1<2 < 34")]
    assert [tuple(cell) for cell in read.cells] == [("0,0", "一\n二")]
    assert [tuple(fact) for fact in read.facts] == [("m/0", "话")] and read.links == ["?a&b"]
    for wrong in ("<p><b></p></b>", "</p>", "<p", "<p class='>", "<a href=x"):
        with pytest.raises(ValueError, match=r"."):
            html_reader.read(wrong)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """A sample with an evaluation, whose page is made by the template of the version before."""
    reviewed = "data/2024/部门自评/示例市市场监督管理局.yaml"
    root = with_form(
        tmp_path_factory.mktemp("earlier") / "p", "data/2024/示例市市场监督管理局.yaml", reviewed, "data/site.yaml"
    )
    old = (REPOSITORY / "tests/data/pages-of-before/form-page.html").read_bytes()
    (root / "templates/department-target/page.html").write_bytes(old)
    project = snapshot(root)
    settings = site.Site(site.load_site(project).settings, "2026-09-01")
    return job.reports(project, DataFile.at("data/2024/示例市市场监督管理局.yaml"), settings)[1][Edition.PUBLIC]


def test_a_page_template_of_the_version_before_still_makes_a_proven_page(earlier):
    page = html.render(earlier)
    assert html.prove(page, earlier) > 400
    said = words(page.decode())
    assert (
        "钱从哪里来，用到哪里去" in said and "做到97.5%" in said and "项目和用途（万元）" in said and "正式的表" in said
    )
    assert table_page.prove(table_page.render(earlier), earlier) > 300
    assert fragment.prove(fragment.render(earlier), earlier) > 400


def test_measures_know_their_year_their_goal_and_what_came_of_them(earlier):
    rows = {row.name: row for row in earlier.measures if row.is_of_year}
    assert len(rows) == 32 and len(earlier.measures) > 50
    row = rows["食品抽检批次"]
    assert row.result is not None and (row.result.outcome, row.verdict) == ("6,231批次", "达到")
    assert row.about.startswith("守住食品") and dict(row.result.notes)["实际得分"] == "3"
    lists = for_pages(earlier).measure_lists
    assert [each.title for each in lists if each.is_of_year] == ["年度绩效指标"]
    assert {each.title for each in lists if not each.is_of_year} == {"长期绩效指标"}
    first = for_pages(earlier).highlights[0]
    assert (first.name, first.verdict) == ("设备购置验收合格率", "没有达到") and first.is_of_year
