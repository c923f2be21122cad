"""The project review, 项目支出绩效自评表: rows and columns, samples, rules, Word form, page, what stays private."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.check import check, loading
from perfgen.data import as_group
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers import reviews
from tests.helpers.cycle import write
from tests.helpers.editor import Editor
from tests.helpers.found import errors, unanswered
from tests.helpers.projects import snapshot
from tests.test_privacy import everything

SERVER = REPOSITORY / ".ci/node/node_modules/yaml-language-server/bin/yaml-language-server"
SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/项目自评/*/*.yaml"))

# 财预〔2020〕10号, as filled in and published in 2022 (9 columns); typed from there before the form was made.
# A cell is (text, columns, rows); `…` is a value. The order and the texts are that form's, and where only the texts are
# known, the spans are ours: all but those of the first rows, the money and the goals.
HEAD = [
    [("项目名称", 2, 1), ("…", 7, 1)],
    [("主管部门", 2, 1), ("…", 3, 1), ("实施单位", 2, 1), ("…", 2, 1)],
]
OURS_PRIVATE = [[("填报人", 2, 1), ("…", 3, 1), ("联系电话", 2, 1), ("…", 2, 1)]]
COLUMNS_OF_MONEY = ["", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
SOURCES = ["其中：本年财政拨款", "上年结转资金", "其他资金"]
MONEY = [
    [("项目资金（万元）", 2, 5), *((name, 1, 1) for name in COLUMNS_OF_MONEY)],
    [("年度资金总额", 1, 1), *[("…", 1, 1)] * 3, ("10", 1, 1), *[("…", 1, 1)] * 2],
    *([(name, 1, 1), *[("…", 1, 1)] * 3, *[("—", 1, 1)] * 3] for name in SOURCES),
]
GOAL = [[("年度总体目标", 1, 2), ("预期目标", 4, 1), ("实际完成情况", 4, 1)], [("…", 4, 1), ("…", 4, 1)]]
COLUMNS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
TOTAL = [("总分", 6, 1), ("100", 1, 1), ("…", 1, 1), ("…", 1, 1)]
LEVELS = {
    "成本指标": ["经济成本指标", "社会成本指标", "生态环境成本指标"],
    "产出指标": ["数量指标", "质量指标", "时效指标"],
    "效益指标": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
    "满意度指标": ["服务对象满意度指标"],
}
"""Of that form, but for the costs: there they stand under 产出指标; they are a group since 财预〔2021〕101号."""
OURS_REASONS = {"执行率低的原因": ("资金", "原因"), "项目停止的原因": ("停止",)}
"""Rows of ours, each there where its value is typed: a label over 2 columns and a text over 7."""


def table(source: str):
    result, editions = job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))
    assert not errors(result.findings)
    return editions[Edition.OFFICIAL].table


def spans(row) -> list[tuple[str, int, int]]:
    return [(re.sub(r"\s", "", cell.text), cell.colspan, cell.rowspan) for cell in row.cells]


def like(found, wanted) -> bool:
    """Whether rows are those of a list, in which `…` stands for any text."""
    same = [
        len(row) == len(of) and all(a[1:] == b[1:] and b[0] in ("…", a[0]) for a, b in zip(row, of, strict=True))
        for row, of in zip(found, wanted, strict=True)
    ]
    return all(same)


@pytest.fixture(scope="module")
def rows():
    return [spans(row) for row in table("data/2024/项目自评/示例市档案馆/档案库房运行维护.yaml").rows]


class TestLayout:
    def test_the_rows_above_the_indicators(self, rows):
        wanted = [*HEAD, *OURS_PRIVATE, *MONEY, *GOAL]
        assert like(rows[: len(wanted)], wanted), rows[: len(wanted)]

    def test_the_columns_of_the_indicators(self, rows):
        at = len([*HEAD, *OURS_PRIVATE, *MONEY, *GOAL])
        count = len(rows) - at - 1
        assert rows[at] == [("绩效指标", 1, count), *((name, 1, 1) for name in COLUMNS)]
        assert like([rows[-1]], [TOTAL])

    def test_an_indicator_is_one_row_under_its_groups(self, rows):
        at = len([*HEAD, *OURS_PRIVATE, *MONEY, *GOAL]) + 1
        assert rows[at][:2] == [("成本指标", 1, 2), ("经济成本指标", 1, 2)]
        assert [len(row) for row in rows[at : at + 2]] == [8, 6]
        assert all(cell[1:] == (1, 1) for row in rows[at:-1] for cell in row if cell[0] not in (*LEVELS, *sum_levels()))

    def test_the_groups_and_their_order(self):
        schema = json.loads((REPOSITORY / "schema/project-review.schema.json").read_text("utf-8"))
        groups = schema["properties"]["绩效指标"]["properties"]
        assert {name: list(group["properties"]) for name, group in groups.items()} == LEVELS
        assert list(groups) == list(LEVELS)

    @pytest.mark.parametrize("label", OURS_REASONS)
    def test_a_row_of_reasons_is_there_where_it_is_typed(self, label):
        for source in SAMPLES:
            value = loading.filing(snapshot(REPOSITORY), DataFile.at(source)).document.value(OURS_REASONS[label])
            found = [row for row in map(spans, table(source).rows) if row[0][0] == label]
            assert [row[0][1:] for row in found] == ([(2, 1)] if value else [])

    def test_the_page_lies_on_its_side(self):
        page = table(SAMPLES[0]).page
        assert page.width > page.height


def sum_levels() -> list[str]:
    return list(itertools.chain.from_iterable(LEVELS.values()))


class TestSamples:
    def test_there_are_five_and_four(self):
        assert [sum(f"data/{year}/" in source for source in SAMPLES) for year in (2024, 2025)] == [5, 4]

    @pytest.mark.parametrize("source", SAMPLES)
    def test_it_is_clean(self, source):
        assert unanswered(check.check_filing(loading.filing(snapshot(REPOSITORY), DataFile.at(source)))) == []

    @pytest.mark.parametrize(
        ("source", "total", "rating"),
        [  # by hand: the points that a sample loses, and the tenth of its percentage of money spent
            ("2024/项目自评/示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）", "99.95", "优"),  # 99.52 % → 9.95
            # 1.2 + 4 + 1 + 4 + 1 = 11.2 lost of 90; 207.1/286.4 = 72.31 % → 7.23
            ("2024/项目自评/示例市市场监督管理局/A&B 类特种设备安全监察", "86.03", "良"),
            # 12 + 12 + 10 + 10 + 1.12 (71/80·10 = 8.875 → 8.88) = 45.12 lost; 58.9/62.4 = 94.39 % → 9.44
            ("2024/项目自评/示例市市场监督管理局/“#1 检验室”能力提升", "54.32", "差"),
            # 1.8 + 1.5 + 0.5 + 2.4 = 6.2 lost; 94.1/96.8 = 97.21 % → 9.72
            ("2024/项目自评/示例市市场监督管理局/消费维权与价格监管", "93.52", "优"),
            # what is above its target adds nothing; 1.5/62·5 = 0.12 lost; 27.9/30.5 = 91.48 % → 9.15
            ("2024/项目自评/示例市档案馆/档案库房运行维护", "99.03", "优"),
            # 14/1190·12 = 0.14 and two days, 1, lost; 761.3/768 = 99.13 % → 9.91
            ("2025/项目自评/示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）", "98.77", "优"),
            # 0.9/18·8 = 0.4 and 10 − 90.2/91·10 = 0.09 lost; 272.6/279.8 = 97.43 % → 9.74
            ("2025/项目自评/示例市市场监督管理局/A&B 类特种设备安全监察", "99.25", "优"),
            # 1.5 + 0.5 + 1.5 lost; 86.2/88.5 = 97.4 % → 9.74
            ("2025/项目自评/示例市市场监督管理局/消费维权与价格监管", "96.24", "优"),
            ("2025/项目自评/示例市档案馆/馆库与数字档案系统运行维护", "99.8", "优"),  # 33.8/34.5 = 97.97 % → 9.8
        ],
    )
    def test_its_total(self, source, total, rating):
        figures = loading.filing(snapshot(REPOSITORY), DataFile(*source.split("/", 1))).figures
        assert (str(figures["总分",].normalize()), figures["等级",]) == (total, rating)


GOOD: list[reviews.Row] = [
    ("巡检次数", 40, "≥300次", "300次", ""),
    ("管理制度", 20, "健全", "健全", ""),
    ("每件费用", 20, "≤500元", "500元", ""),
    ("完工时间", 10, "2024年9月底前", "2024年9月20日", ""),
]
"""A review without a finding; the tables below change one row of it, by its number."""


def changed(number: int, done: str, rest: str = "") -> list[reviews.Row]:
    return [(*row[:3], done, rest) if place == number else row for place, row in enumerate(GOOD)]


# rule: what breaks it, as rows and the rest of `reviews.files`; what its advice makes of that; where it is said
Change = tuple[list[reviews.Row], dict[str, str]]
BROKEN: list[tuple[str, Change, Change, str]] = [
    ("S01", (changed(0, "300件"), {}), (changed(0, "300次"), {}), "300件"),
    ("S01", (changed(3, "30天"), {}), (changed(3, "2024年9月30日"), {}), "30天"),
    ("S02", (changed(0, "288次"), {}), (changed(0, "288次", ", 原因: 检修停机"), {}), "288次"),
    ("S02", (changed(2, "510元"), {}), (changed(2, "510元"), {"more": "停止: 八月停止\n"}), "510元"),
    ("S02", (changed(1, "—"), {}), (changed(1, "—", ", 原因: 没有制定"), {}), "—"),
    ("S03", (changed(1, "做了修订"), {}), (changed(1, "部分达成", ", 评分: 13, 原因: 修订了一半"), {}), "做了修订"),
    ("S03", (changed(1, "86分"), {}), (changed(1, "达成", ", 评分: 17, 原因: 缺一项"), {}), "86分"),
    ("S04", (changed(1, "较健全"), {}), (changed(1, "较健全", ", 评分: 12, 原因: 缺一项"), {}), "较健全"),
    ("S04", (changed(1, "不健全"), {}), (changed(1, "不健全", ", 评分: 11.9, 原因: 没有制定"), {}), "不健全"),
    # 20 points: 16 to 20, 12 to below 16, 0 to below 12
    (
        "S05",
        (changed(1, "健全", ", 评分: 15.9, 原因: 缺"), {}),
        (changed(1, "健全", ", 评分: 16, 原因: 缺"), {}),
        "评分",
    ),
    ("S05", (changed(1, "健全", ", 评分: 21, 原因: 缺"), {}), (changed(1, "健全", ", 评分: 20"), {}), "评分"),
    (
        "S05",
        (changed(1, "较健全", ", 评分: 16, 原因: 缺"), {}),
        (changed(1, "较健全", ", 评分: 15.9, 原因: 缺"), {}),
        "评分",
    ),
    (
        "S05",
        (changed(1, "不健全", ", 评分: 12, 原因: 缺"), {}),
        (changed(1, "不健全", ", 评分: 0, 原因: 缺"), {}),
        "评分",
    ),
    ("S06", (changed(0, "300次", ", 评分: 40"), {}), (changed(0, "300次"), {}), "评分"),
    ("S06", (changed(3, "2024年9月20日", ", 评分: 9"), {}), (changed(3, "2024年9月20日"), {}), "评分"),
    ("S07", (changed(0, "≥300次"), {}), (changed(0, "300次"), {}), "≥300次"),
    ("S07", (changed(0, "=300次"), {}), (changed(0, "300次"), {}), "=300次"),
    ("S07", (changed(3, "2024年9月底前"), {}), (changed(3, "2024年9月30日"), {}), "2024年9月底前"),
    ("S08", (changed(0, "390次"), {}), (changed(0, "390次", ", 原因: 大检查加密了巡检"), {}), "390次"),
    ("V01", (GOOD, {"more": "总分: 99\n"}), (GOOD, {"more": "总分: 100\n"}), "总分"),
    ("V01", (GOOD, {"more": "等级: 良\n"}), (GOOD, {"more": "等级: 优\n"}), "等级"),
    (
        "V01",
        (changed(0, "288次", ", 得分: 40, 原因: 检修"), {}),
        (changed(0, "288次", ", 得分: 38.4, 原因: 检修"), {}),
        "得分",
    ),
    ("V01", (changed(0, "300次", ", 权重: 30"), {}), (changed(0, "300次", ", 权重: 40"), {}), "权重"),
    ("V01", (changed(0, "300次", ", 指标值: ≥200次"), {}), (changed(0, "300次", ", 指标值: ≥300次"), {}), "指标值"),
    ("V02", (GOOD, {"spent": "100.01"}), (GOOD, {"spent": "100.01", "budget": "110"}), "财政拨款"),
    ("V03", (GOOD, {"spent": "89.99"}), (GOOD, {"spent": "89.99", "why": "合同推迟签订"}), "资金"),
    ("V07", (GOOD, {"result": "库房全年安全"}), (GOOD, {"result": "全年没有发生事故"}), "实际完成情况"),
    ("V07", (GOOD, {"result": "已完成：库房全年安全。"}), (GOOD, {"result": "全年没有发生事故"}), "实际完成情况"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return reviews.folder(tmp_path_factory.mktemp("rules"))


def said(root: Path):
    return unanswered(check.check_filing(reviews.filing(root)))


class TestRules:
    def test_nothing_is_said_of_a_good_one(self, folder):
        assert said(reviews.files(folder, GOOD)) == []

    @pytest.mark.parametrize("number", range(len(BROKEN)), ids=[rule for rule, *_ in BROKEN])
    def test_it_is_said_and_its_advice_mends_it(self, folder, number):
        rule, (rows, rest), (better, also), where = BROKEN[number]
        found = said(reviews.files(folder, rows, **rest))
        assert [one.rule for one in found] == [rule]
        line = (folder / reviews.REVIEW).read_text("utf-8").splitlines()[found[0].place.line - 1]
        assert where in line
        assert said(reviews.files(folder, better, **also)) == []

    def test_an_indicator_that_the_target_does_not_have(self, folder):
        reviews.files(folder, GOOD)
        path = folder / reviews.REVIEW
        text = path.read_text("utf-8").replace("三级指标: 巡检次数", "三级指标: 巡查次数")
        path.write_text(text.replace("300次", "300次', 评分: 40, 原因: '没有"), "utf-8")
        assert [one.rule for one in said(folder)] == ["V05", "V06", "V04"]

    def test_a_project_without_a_target(self, folder):
        reviews.files(folder, GOOD)
        (folder / reviews.TARGET).unlink()
        assert [one.rule for one in said(folder)] == ["reference-missing"]

    def test_an_indicator_that_was_left_out(self, folder):
        reviews.files(folder, GOOD)
        path = folder / reviews.REVIEW
        left = [line for line in path.read_text("utf-8").splitlines(keepends=True) if "每件费用" not in line]
        path.write_text("".join(left), "utf-8")
        found = said(folder)
        assert [one.rule for one in found] == ["V05", "V06"]
        assert "每件费用" in found[0].message

    def test_a_typed_ratio_that_is_not_the_computed_one(self, folder):
        reviews.files(folder, GOOD, budget="4753.66", spent="3824.26", why="合同推迟签订")
        path = folder / reviews.REVIEW
        text = path.read_text("utf-8")
        for ratio, points, rules in [("100%", "10", ["V01", "V01"]), ("80.45%", "8.05", [])]:
            path.write_text(text.replace("资金:\n", f"资金:\n  总额: {{执行率: {ratio}, 得分: {points}}}\n"), "utf-8")
            assert [one.rule for one in said(folder)] == rules

    def test_a_place_that_scores_differently_says_its_own_bounds(self, tmp_path):
        root = reviews.folder(tmp_path, 部分达成下限=0.5, 执行率满分=20)
        rows = [("制度", 80.0, "健全", "较健全", ", 评分: 39, 原因: 缺")]
        [found] = said(reviews.files(root, rows))
        assert (found.rule, "不少于 40 分，不到 64 分" in found.message) == ("S05", True)
        assert said(reviews.files(root, [(*rows[0][:4], ", 评分: 40, 原因: 缺")])) == []

    def test_a_place_that_does_not_ask(self, tmp_path):
        root = reviews.folder(tmp_path, 超额倍数=0, 要说明的执行率=0)
        assert said(reviews.files(root, changed(0, "390次"), spent="40")) == []

    def test_a_way_to_score_that_is_not_known(self, tmp_path):
        [found] = said(reviews.files(reviews.folder(tmp_path, 反向="倒数法"), GOOD))
        assert (found.rule, "倒数法" in found.message) == ("S09", True)


class TestStopped:
    """A project that was stopped: what was not done is 0 points, and its one reason counts for every row."""

    def test_one_reason_for_all(self, folder):
        rows = [(name, weight, goal, "—", "") for name, weight, goal, *_ in GOOD]
        assert {one.rule for one in said(reviews.files(folder, rows))} == {"S02"}
        reviews.files(folder, rows, budget="30", spent="12", more="停止: 八月停止，场地被征用\n")
        assert said(folder) == []
        figures = reviews.filing(folder).figures
        assert (figures["总分",], figures["等级",]) == (4, "差")

    def test_money_that_was_taken_back(self, folder):
        reviews.files(folder, changed(0, "—"), budget="0", spent="0", more="停止: 八月停止，场地被征用\n")
        assert said(folder) == []
        assert reviews.filing(folder).figures["资金", "总额", "得分"] == 0


MANY: list[reviews.Row] = [
    (f"第{number}项检查", 1.5, "≥12次", "9次", ", 原因: 检修停机一个月，少做了一次；下一年提前安排，每月核对。")
    for number in range(60)
]
SECRETS = {"填报人: 示例": "填报人: 张秘密", "联系电话: 0000-0000002": "联系电话: 0000-7654321"}
DATES = (
    "站点: {名称: 示例, 域名: www.example.gov.cn, 标识码: bm00000000}\n公开:\n  2024:\n    批复日期: 2024-01-26\n"
    "    公开日期: 2024-02-08\n    表: {project-review: {批复日期: 2025-07-31, 公开日期: 2025-08-15}}\n"
)


@pytest.fixture(scope="module", params=["least", "many", "stopped"])
def built(request, tmp_path_factory):
    """A folder with its outputs, all of them proven: as little as there can be, 60 indicators, a stopped project."""
    root = reviews.folder(tmp_path_factory.mktemp("built"))
    if request.param == "many":
        reviews.files(root, MANY, spent="80", why="合同推迟签订")
    elif request.param == "stopped":
        reviews.files(root, changed(0, "—"), budget="0", spent="0", more="停止: 八月停止，场地被征用\n")
    else:
        reviews.files(root, [("巡检次数", 90, "≥300次", "300次", "")])
    path = root / reviews.REVIEW
    text = path.read_text("utf-8")
    for old, new in SECRETS.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    write(root, "data/site.yaml", DATES)
    outcome = batch.build(BuildOrder(snapshot(root), (DataFile("2024", reviews.NAME),)))
    assert not errors(outcome.findings)
    return root


@pytest.mark.pdf
class TestOutputs:
    """What is written is proven before: `batch.build` says so, or the file is not there."""

    def test_all_are_there(self, built):
        public = built / f"build/public/2024/{reviews.NAME}"
        assert {path.name for path in public.iterdir()} >= {"index.html", f"{reviews.PROJECT}.pdf", "data.json"}
        assert (built / f"build/official/2024/{reviews.NAME}.docx").exists()

    def test_the_page_leads_to_the_target(self, built):
        page = (built / f"build/public/2024/{reviews.NAME}/index.html").read_text("utf-8")
        assert f"/2024/项目目标/{reviews.UNIT}/{reviews.PROJECT}/index.html" in unquote(page)

    def test_nothing_private_is_public(self, built):
        for path in (built / "build/public").rglob("*"):
            if path.is_file():
                assert not [word for word in ("张秘密", "7654321") if word in everything(path)], path
        official = everything(built / f"build/official/2024/{reviews.NAME}.docx")
        assert "张秘密" in official


@pytest.mark.parametrize("source", SAMPLES)
def test_the_word_form_comes_back(source):
    """Every cell is printed again as it was, nothing is doubtful, and what was typed is what is read."""
    result, editions = job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))
    assert not errors(result.findings)
    order = import_file.ImportOrder(snapshot(REPOSITORY), year=int(source.split("/")[1]))
    imported = import_file.import_form(docx.render(editions[Edition.OFFICIAL]), "表.docx", order)
    assert imported.notes == []
    assert imported.proof.same == imported.proof.cells
    document = loading.filing(snapshot(REPOSITORY), DataFile.at(source)).document
    read = {name: value for name, value in imported.data.items() if name in document.top}
    read["资金"] = {name: value for name, value in as_group(read["资金"]).items() if name != "总额"}
    assert read == document.data


@pytest.mark.node
class TestEditor:
    @pytest.fixture(scope="class")
    @classmethod
    def editor(cls):
        there = SERVER.exists() and shutil.which("node")
        if not there and os.environ.get("PERFGEN_TESTS_REQUIRE") == "all":
            pytest.fail("Node.js and yaml-language-server are required here")
        if not there:
            pytest.skip("没有 yaml-language-server；在 .ci/node 里运行 npm ci 就会测")
        editor = Editor(SERVER, REPOSITORY)
        for source in SAMPLES:
            editor.open(source, (REPOSITORY / source).read_text("utf-8"))
        yield editor
        editor.close()

    def test_it_has_nothing_against_the_samples(self, editor):
        assert [editor.diagnostics(source) for source in SAMPLES] == [[]] * len(SAMPLES)

    @pytest.mark.parametrize(
        ("key", "title"),
        [("全年执行数", "全年执行数"), ("实际完成情况", "实际完成情况"), ("完成值", "实际完成值"), ("评分", "评分")],
    )
    def test_it_tells_what_to_fill_in(self, editor, key, title):
        source = next(source for source in SAMPLES if "2024" in source and "消费维权" in source)
        lines = (REPOSITORY / source).read_text("utf-8").splitlines()
        line = next(number for number, text in enumerate(lines) if f"{key}: " in text)
        assert editor.hover(source, line + 1, lines[line].index(f"{key}: ") + 2).startswith(f"#### {title}\n")

    def test_it_offers_a_row_of_an_indicator(self, editor):
        name = "data/2024/项目自评/新的.yaml"
        text = "# yaml-language-server: $schema=../../../schema/project-review.schema.json\n绩效指标:\n  产出指标:\n"
        editor.open(name, f"{text}    数量指标:\n      - ")
        labels = [item["label"] for item in editor.complete(name, 5, 9)]
        assert {"一条指标", "一条指标，没有达到", "一条指标，定性", "三级指标", "完成值"} <= set(labels)


def test_the_page_says_nothing_of_a_target_that_is_not_public(tmp_path):
    root = reviews.files(reviews.folder(tmp_path), GOOD)
    write(root, "data/site.yaml", DATES.replace("    批复日期: 2024-01-26\n    公开日期: 2024-02-08\n", ""))
    outcome = batch.build(BuildOrder(snapshot(root), (DataFile("2024", reviews.NAME),), ("html",)))
    assert not errors(outcome.findings)
    page = (root / f"build/public/2024/{reviews.NAME}/index.html").read_text("utf-8")
    text = re.sub(r"<[^>]+>", "", page[page.index("<main") : page.index("公开和下载")])
    assert "做到300次" in re.sub(r"\s+", "", text)
    assert not re.search(r"目标 ，|得 分|满分 分|（ 分|自评 +分|，[，。]|年初", text)
