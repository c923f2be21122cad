"""The tags of 国办发〔2017〕47号 as data: of the start page, of a column, of an article; and what the settings add."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.report import site, tags
from perfgen.report.publication import DAYS, Publication
from perfgen.report.report import Edition, Report
from perfgen.report.site import Site
from perfgen.system.day import Day, Origin
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import restored, snapshot, with_form

pytestmark = pytest.mark.long

OF_SITE = ["SiteName", "SiteDomain", "SiteIDCode"]
OF_COLUMN = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]
OF_ARTICLE = ["ArticleTitle", "PubDate", "ContentSource"]
REAL = "data/2025/示例市档案馆.yaml"
PROJECT = "data/2025/项目目标/示例市档案馆/馆库与数字档案系统运行维护.yaml"


def settings() -> Site:
    project = snapshot(REPOSITORY)
    return site.shown(project, site.load_site(project))


def named(found: tuple[tags.Tag, ...]) -> dict[str, str]:
    by_name = {tag.name: tag.content for tag in found}
    assert len(by_name) == len(found) and all(by_name.values())
    return by_name


def public(source: str, root: Path = REPOSITORY) -> Report:
    project = snapshot(root)
    return job.reports(project, DataFile.at(source), site.load_site(project))[1][Edition.PUBLIC]


@pytest.mark.parametrize("source", [REAL, PROJECT])
def test_a_page_about_one_file_carries_all_ten_and_more(source):
    report = public(source)
    found = named(report.facts.tags)
    assert list(found) == [*OF_SITE, *OF_COLUMN, *OF_ARTICLE, "Keywords", "Description", "Url"]
    assert found["ArticleTitle"] == report.heading and found["ContentSource"] == "示例市档案馆"
    assert found["PubDate"] == "2025-02-12 00:00"
    assert found["Description"] == f"{report.heading}，2025-01-24 批复，2025-02-12 公开。"
    assert found["Url"].startswith("https://www.example.gov.cn/jixiao/2025/") and found["Url"].isascii()
    assert found["Url"].endswith("/index.html") and report.form.title in found["Keywords"].split(",")


def test_a_form_stands_in_its_own_column():
    usual, own = named(tags.column(settings())), named(tags.column(settings(), "project-target"))
    assert list(usual) == list(own) == [*OF_SITE, *OF_COLUMN]
    assert usual["ColumnName"] == "部门整体绩效目标" and own["ColumnName"] == "项目支出绩效目标"
    assert own["ColumnType"] == usual["ColumnType"], "what it does not say is the usual one's"
    assert public(PROJECT).facts.tags[3:7] == tags.column(settings(), "project-target")[3:]
    assert tags.column(settings(), "no-such-form") == tags.column(settings())


def test_the_start_page_is_in_the_usual_column_or_its_own():
    assert list(named(tags.start(settings()))) == [*OF_SITE, *OF_COLUMN, "Url"]
    home = {"名称": "绩效公开", "说明": "一页", "关键词": "甲,乙", "类别": "首页"}
    found = named(tags.start(Site({**settings().settings, "首页": home})))
    assert found["ColumnName"] == "绩效公开" and found["ColumnType"] == "首页"


def test_without_settings_there_are_the_articles_alone():
    bare = Site({})
    article = tags.Article("题", "甲", "2025-02-10", ("甲", "", "甲", "乙"), "一句。", "2025/甲/index.html")
    assert tags.start(bare) == tags.column(bare) == () and bare.column() == {} and bare.address("a") == ""
    found = named(tags.content(bare, "fruit", article))
    assert list(found) == [*OF_ARTICLE, "Keywords", "Description"] and found["Keywords"] == "甲,乙"


def test_what_is_not_published_has_no_tags():
    project = snapshot(REPOSITORY)
    editions = job.reports(project, DataFile.at(REAL), Site({}))[1]
    assert list(editions) == [Edition.OFFICIAL] and editions[Edition.OFFICIAL].facts.tags == ()


def test_an_address_is_quoted_whatever_the_name():
    site_ = Site({"站点": {"网址": "http://a.example:8080/x/"}})
    assert site_.address("2025/A&B 类“甲”/index.html") == (
        "http://a.example:8080/x/2025/A%26B%20%E7%B1%BB%E2%80%9C%E7%94%B2%E2%80%9D/index.html"
    )


# the settings

OLD = "站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}\n"
COLUMN = "栏目: {名称: 甲, 说明: 乙, 关键词: 丙, 类别: %s%s}\n"


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.make(tmp_path_factory.mktemp("栏目") / "果园")


def check(root: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with restored(root):
        (root / "data/site.yaml").write_text(text, "utf-8")
        code = cli.main(["-C", str(root), "check", "--all"])
        return code, capsys.readouterr().out


@pytest.mark.parametrize(
    "more",
    [
        COLUMN % ("数据发布", ""), COLUMN % ("以前写的别的词", ""),
        "首页: {名称: 甲, 说明: 乙, 关键词: 丙, 类别: 首页}\n",
        COLUMN % ("数据发布", ", 表: {fruit: {名称: 水果}}"),
    ],
)  # fmt: skip
def test_settings_of_old_and_new_load(orchard, more, capsys):
    assert check(orchard, OLD + more, capsys)[0] == 0


@pytest.mark.parametrize(
    "name",
    [
        "网址: https://www.example.gov.cn/", "网址: http://a.cn:80/b/c-d/", "主办单位: 某局", "联系方式: 0711-0000000",
        "联系方式: 办公室 0711-1234567 转 801", "ICP备案: 鄂ICP备05012345号-1", "公安备案: 鄂公网安备 42070002000123号",
    ],
)  # fmt: skip
def test_what_a_footer_says_may_be_said(orchard, name, capsys):
    code, said = check(orchard, OLD.replace("}", f", {name}}}"), capsys)
    assert code == 0, said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("网址: https://www.example.gov.cn", "以 / 结尾"), ("网址: ftp://a.cn/", "网址以 http"),
        ("网址: https://甲.cn/", "网址以 http"), ("网址: https://a.cn/?x=/", "网址以 http"),
        ("网址: javascript:alert(1)/", "网址以 http"), ("网址: https://x@a.cn/", "网址以 http"),
        ("联系方式: 王某 13812345678", "像手机号"), ("主办: 某局", "主办"),
    ],
)  # fmt: skip
def test_what_it_may_not_say_is_an_error(orchard, name, said, capsys):
    code, told = check(orchard, OLD.replace("}", f", {name}}}"), capsys)
    assert code == 1 and said in told and "data/site.yaml:1:" in told


def test_a_column_of_a_form_that_is_not_there_is_said(orchard, capsys):
    code, said = check(orchard, OLD + COLUMN % ("数据发布", ", 表: {fruits: {名称: 水果}}"), capsys)
    assert code == 0 and "data/site.yaml:2:" in said and "里有 fruits，没有这张表" in said and "fruit”" in said
    assert "没有这张表" not in check(orchard, OLD + COLUMN % ("数据发布", ", 表: {fruit: {名称: 水果}}"), capsys)[1]


def test_a_column_of_a_form_may_not_be_called_by_its_title(orchard, capsys):
    code, said = check(orchard, OLD + COLUMN % ("数据发布", ", 表: {水果: {名称: 水果}}"), capsys)
    assert code == 1 and "表名" in said


# the dates


@pytest.mark.parametrize(
    ("published", "day_number", "late"),
    [
        ("2025-01-24", 0, 0),
        ("2025-02-10", 17, 0),
        ("2025-02-13", DAYS, 0),
        ("2025-02-14", 21, 1),
        ("2026-01-24", 365, 345),
    ],
)
def test_dates_say_whether_it_was_in_time(published, day_number, late):
    found = Publication("2025-01-24", published)
    assert (found.deadline, found.day_number, found.days_late) == ("2025-02-13", day_number, late)
    assert found.in_time == (late == 0) and found.has_come(published)


def test_the_last_day_is_one_of_the_calendar():
    assert Publication("2024-02-10", "2024-03-01").deadline == "2024-03-01", "a leap year"
    assert Publication("2024-12-20", "2025-01-09").deadline == "2025-01-09"
    assert date.fromisoformat(Publication("2025-01-31", "2025-02-01").deadline) == date(2025, 2, 20)


def test_a_page_template_sees_them(tmp_path):
    root = tiny.make(tmp_path / "果园")
    words = "{{ report.publication.deadline }} {{ report.publication.day_number }} {{ report.publication.in_time }}"
    page = root / "templates/fruit/page.html"
    page.write_text(tiny.PAGE.replace("</body>", f"<p>{words} {{{{ report.tags|length }}}}</p></body>"), "utf-8")
    assert cli.main(["-C", str(root), "build", "--only", "html", "--date", "2025-03-01"]) == 0
    assert "<p>2025-02-13 17 True 8</p>" in (root / "build/public/2025/东园/index.html").read_text("utf-8")


# corrections

ROWS = [
    {"何时": "2025-03-05", "为何": "看错了一行", "何处": "水果[1].斤数", "曾是": "3"},
    {"何时": "2025-03-09", "为何": "又看错了一行", "何处": "合计", "曾是": "5"},
]  # fmt: skip


def with_corrections(root: Path, names: tuple[str, ...]) -> Path:
    root = tiny.make(root, ("东园",))
    text = {"type": "string", "x-public": True, "x-printed": False}
    schema = json.loads(tiny.SCHEMA_TEXT)
    item = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(names, text)}
    schema["properties"]["改过"] = {"type": "array", "x-role": "corrections", "x-printed": False, "items": item}
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    return root


def test_corrections_are_told_whatever_a_form_calls_them(tmp_path):
    root = with_corrections(tmp_path / "果园", ("何时", "为何", "何处", "曾是"))
    rows = "改过:\n" + "".join(f"  - {json.dumps(row, ensure_ascii=False)}\n" for row in ROWS)
    tiny.write_unit(root, "东园", tiny.UNIT.format(name="东园") + rows)
    found = public("data/2025/东园.yaml", root).facts.corrections
    assert [(one.day, one.reason, one.place, one.before) for one in found] == [tuple(row.values()) for row in ROWS]
    assert found[1].before.path == ("改过", 1, "曾是")


@pytest.mark.parametrize("names", [("何时", "为何", "何处", "曾是"), ("何时", "为何")])
def test_without_entries_or_without_their_parts_there_are_none(tmp_path, names):
    root = with_corrections(tmp_path / "果园", names)
    assert public("data/2025/东园.yaml", root).facts.corrections == ()


@pytest.mark.parametrize("form", [form.name for form in forms.loaded(snapshot(REPOSITORY)) if form.has_page])
def test_every_form_that_is_published_tells_them(form):
    assert forms.find(snapshot(REPOSITORY), form).fields.find_parts("corrections", 4)


def test_old_settings_make_the_page_that_they_made(tmp_path):
    """The four column tags and the three of the site, as they were before columns could be a form's own."""
    root = with_form(tmp_path / "仓库", REAL)
    dates = "公开: {2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}}\n"
    (root / "data/site.yaml").write_text(OLD + COLUMN % ("数据发布", "") + dates, "utf-8")
    assert cli.main(["-C", str(root), "build", "--only", "html", "--date", "2025-03-01"]) == 0
    page = (root / "build/public/2025/示例市档案馆/index.html").read_text("utf-8")
    assert [name for name in (*OF_SITE, *OF_COLUMN, *OF_ARTICLE) if page.count(f'<meta name="{name}"') != 1] == []
    assert '<meta name="ColumnName" content="甲">' in page and '<meta name="Url"' not in page


# the pages


def tags_of(page: str) -> list[tuple[str, str]]:
    """The tags in the head of a page, in order."""
    head = page.partition("</head>")[0]
    found = re.findall(r'<meta name="([A-Z][A-Za-z]+)" content="([^"]*)">', head)
    return [(name, html.unescape(text)) for name, text in found]


@pytest.mark.usefixtures("pdf_stands_in")
def test_whatever_page_is_made_carries_the_tags_of_its_kind(tmp_path):
    """Whoever adds a page adds its tags: a bare fragment, which is no page of its own, has no head."""
    root = with_form(tmp_path / "仓库", "data/site.yaml", REAL, PROJECT)
    assert batch.build(BuildOrder(snapshot(root), day=Day(date(2025, 3, 1), Origin.OPTION))).exit_code == 0
    top = root / "build/public"
    pages = {path.relative_to(top).as_posix(): path.read_text("utf-8") for path in sorted(top.rglob("*.html"))}
    whole = {name: tags_of(text) for name, text in pages.items() if "<html" in text}
    about_files = {DataFile.at(source).stem: source for source in (REAL, PROJECT)}
    assert {"index.html", *(f"{stem}/index.html" for stem in about_files)} <= whole.keys()
    for name, found in whole.items():
        names = [tag for tag, _ in found]
        assert names[:7] == [*OF_SITE, *OF_COLUMN] and len(names) == len(set(names)), name
        assert all(text.strip() for _, text in found), name
        assert ("ArticleTitle" in names) == ("PubDate" in names) == ("ContentSource" in names), name
    for stem, source in about_files.items():
        report = public(source, root)
        assert dict(whole[f"{stem}/index.html"]) == named(report.facts.tags)
    assert dict(whole["index.html"])["ColumnName"] == settings().column()["名称"]
