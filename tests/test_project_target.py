"""The project's target form: the rows of the national form, its samples, each of its rules, and what is published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.findings import Finding
from perfgen.form import forms
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition, Report
from tests.conftest import REPOSITORY
from tests.helpers.found import by_rule, unanswered
from tests.helpers.projects import document_and_form, snapshot
from tests.test_import import typed

FORM = "project-target"
SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/项目目标/*/*.yaml"))
OFFICE = "项目目标/示例市市场监督管理局"
FOOD, FOOD_2025 = (f"data/{year}/{OFFICE}/食品安全监督抽检（≥4 批次_千人）.yaml" for year in (2024, 2025))
LIFTS, LIFTS_2025 = (f"data/{year}/{OFFICE}/A&B 类特种设备安全监察.yaml" for year in (2024, 2025))
RIGHTS = f"data/2024/{OFFICE}/消费维权与价格监管.yaml"
LAB = f"data/2024/{OFFICE}/“#1 检验室”能力提升.yaml"
PILOT = f"data/2025/{OFFICE}/知识产权保护与质量强市[试点].yaml"
STORE = "data/2024/项目目标/示例市档案馆/档案库房运行维护.yaml"

# The rows of the form, typed from its national layout before ours was made: text, columns, rows; … is a value.
# Of the layout itself (财预〔2015〕88号, with the column of weights since 财预〔2021〕101号) every span is from general
# knowledge, none was read in an official file. Ours: 填报人 and 联系电话 in a row of their own; the mid-term and the
# yearly target side by side in one tree of measures, where the layout has two trees; so 三级指标 takes two columns.
HEAD = [
    [("项目名称", 1, 1), ("…", 7, 1)],
    [("主管部门及代码", 2, 1), ("…", 2, 1), ("实施单位", 2, 1), ("…", 2, 1)],
    [("填报人", 2, 1), ("…", 2, 1), ("联系电话", 2, 1), ("…", 2, 1)],
    [("项目属性", 2, 1), ("…", 2, 1), ("项目期", 2, 1), ("…", 2, 1)],
    [("项目资金（万元）", 2, 3), ("中期资金总额", 1, 1), ("…", 2, 1), ("年度资金总额", 1, 1), ("…", 2, 1)],
    [("其中：财政拨款", 1, 1), ("…", 2, 1), ("其中：财政拨款", 1, 1), ("…", 2, 1)],
    [("其他资金", 1, 1), ("…", 2, 1), ("其他资金", 1, 1), ("…", 2, 1)],
    [("总体目标", 1, 2), ("中期目标（2024年—2025年）", 4, 1), ("年度目标", 3, 1)],
    [("…", 4, 1), ("…", 3, 1)],
]
MEASURES = [("绩效指标", 1, 11), ("一级指标", 1, 1), ("二级指标", 1, 1), ("三级指标", 2, 1),
            ("中期指标值", 1, 1), ("年度指标值", 1, 1), ("分值权重", 1, 1)]  # fmt: skip
TREE = {
    "成本指标": ["经济成本指标", "社会成本指标", "生态环境成本指标"],
    "产出指标": ["数量指标", "质量指标", "时效指标"],
    "效益指标": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
    "满意度指标": ["服务对象满意度指标"],
}
"""Kinds of measures after 财预〔2021〕101号."""


def official(source: str, root: Path = REPOSITORY) -> Report:
    return job.reports(snapshot(root), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL]


def spans(rows: Sequence[Sequence[docx_cells.PhysicalCell]]) -> list[list[tuple[str, int, int]]]:
    """By row, the cells that begin there: text without spaces, columns, rows."""
    found = []
    for number, row in enumerate(rows):
        cells = []
        for cell in (cell for cell in row if not cell.continues):
            end = number + 1
            while end < len(rows) and any(below.column == cell.column and below.continues for below in rows[end]):
                end += 1
            cells.append((re.sub(r"\s", "", cell.text), cell.colspan, end - number))
        found.append(cells)
    return found


def test_the_word_form_has_the_rows_of_the_national_layout():
    outside, physical = docx_cells.read_cells(docx.render(official(LAB)))
    assert [text for text in outside if text] == ["项目支出绩效目标表", "（2024年度）", "单位：万元"]
    rows = spans(physical)
    for row, wanted in zip(rows, HEAD, strict=False):
        assert [cell[1:] for cell in row] == [cell[1:] for cell in wanted]
        assert all(cell[0] == label for cell, (label, *_) in zip(row, wanted, strict=True) if label != "…")
    assert rows[9] == MEASURES
    assert len(rows) == 9 + MEASURES[0][2]
    assert rows[10] == [("成本指标", 1, 3), ("经济成本指标", 1, 1), ("设备购置成本", 2, 1), ("≤560万元", 1, 1),
                        ("≤310万元", 1, 1), ("12", 1, 1)]  # fmt: skip
    assert rows[13][:2] == [("产出指标", 1, 4), ("数量指标", 1, 2)]


def test_the_kinds_of_measures_are_those_of_the_guidelines():
    form = forms.find(snapshot(REPOSITORY), FORM)
    assert form is not None
    measures = form.fields.at(("绩效指标",))
    assert measures is not None
    assert {one: list(field.members) for one, field in measures.members.items()} == TREE


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """The forms and all data: what a target is compared with is there."""
    root = tmp_path_factory.mktemp("target")
    for folder in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    return root


def test_there_are_five_samples_a_year():
    assert [source.split("/")[1] for source in SAMPLES] == ["2024"] * 5 + ["2025"] * 5


@pytest.mark.parametrize("source", SAMPLES)
def test_a_sample_is_clean_and_its_word_file_comes_back(source):
    found = job.check_file(snapshot(REPOSITORY), DataFile.at(source))[0].findings
    assert not unanswered(found)
    document, form = document_and_form(REPOSITORY, source)
    order = import_file.ImportOrder(snapshot(REPOSITORY), form=FORM)
    imported = import_file.import_form(docx.render(official(source)), "表.docx", order)
    assert imported.notes == []
    assert imported.proof.changed == 0 and imported.proof.same == imported.proof.cells > 60
    assert typed(imported.data, form) == typed(document.data, form)


def test_what_is_computed():
    _, rows = docx_cells.read_cells(docx.render(official(LAB)))
    assert [cell.text for cell in rows[4] if not cell.continues][1:] == ["中期资金总额", "560", "年度资金总额", "310"]


@dataclass(frozen=True)
class Case:
    """How a rule is broken, and what its advice says to do about it: texts of the file, old and new."""

    rule: str
    source: str
    broken: tuple[tuple[str, str], ...]
    mended: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.rule} {self.broken[0][1][:16]}"


def case(rule: str, source: str, old: str, new: str, mended: str | None = None, *more: tuple[str, str]) -> Case:
    """A rule that one text in place of another breaks, and a third in its place mends; the old one, if none is said."""
    back = tuple((now, before) for before, now in more)
    return Case(rule, source, ((old, new), *more), ((new, old if mended is None else mended), *back))


def value(rule: str, typed_value: str, mended: str, name: str = "食品抽检批次") -> Case:
    """A rule about how the value of a measure is typed."""
    old = '三级指标: 食品抽检批次, 指标值: "≥6,200批次"'
    return case(rule, FOOD, old, f'三级指标: {name}, 指标值: "{typed_value}"', f'三级指标: {name}, 指标值: "{mended}"')


OUTPUTS = re.search(r"  产出指标:\n.*?(?=  效益指标)", (REPOSITORY / FOOD).read_text("utf-8"), re.DOTALL)
SATISFIED = re.search(r"  满意度指标:\n.*", (REPOSITORY / FOOD).read_text("utf-8"), re.DOTALL)
assert OUTPUTS and SATISFIED
CASES = [
    case("P01", FOOD, "财政拨款: 742.5}", "财政拨款: 742.5, 总额: 742.6}", "财政拨款: 742.5, 总额: 742.5}"),
    case("P01a", STORE, "项目名称: 档案库房运行维护", "项目名称: 库房", "项目名称: 库房\n年度资金: {财政拨款: 28}"),
    case("P01b", STORE, "单位: 示例市档案馆", "单位: 示例市库房中心", "单位: 示例市库房中心\n主管部门: 示例市档案馆"),
    case("P02", FOOD, "≤742.5万元, 权重: 8", "≤742.5万元, 权重: 9"),
    case("P03", FOOD, "≤742.5万元, 权重: 8", "≤742.5万元, 权重: 6", None, ("12场, 权重: 6", "12场, 权重: 8")),
    case("P03", LIFTS, "≥90%, 权重: 10", "≥90%, 权重: 5", None, ("健全, 权重: 10", "健全, 权重: 15")),
    case("P04", FOOD, "健全, 权重: 8", "健全, 权重: 0"),
    case("P05", FOOD, OUTPUTS[0], ""),
    case("P05a", FOOD, SATISFIED[0], ""),
    case("P06", LIFTS, "绩效指标:\n", "绩效指标: # 没有成本\n",
         "绩效指标:\n  成本指标:\n    经济成本指标:\n      - {三级指标: 检查成本, 指标值: ≤900元, 权重: 20}\n"),
    case("P07", FOOD, "≤742.5万元", "≤0.08亿元"),
    case("P07a", LAB, "中期指标值: ≤560万元", "中期指标值: ≤600万元"),
    case("P08", LAB, "中期资金: {财政拨款: 560", "中期资金: {财政拨款: 309.99"),
    case("P08a", LAB, "中期资金: {财政拨款: 560, 其他资金: 0}", "中期资金: {财政拨款: 300, 其他资金: 260}"),
    case("P09", LAB, "结束年: 2025", "结束年: 2023"),
    case("P09", LAB, "开始年: 2024", "开始年: 2025"),
    case("P10", LAB, "  中期目标: ", "  # 中期："),
    case("P10", FOOD, "结束年: 2024", "结束年: 2026"),
    case("P10", FOOD_2025, "开始年: 2025", "开始年: 2024"),
    case("P10a", LAB, "中期指标值: ≤8天, ", ""),
    case("P11", LAB, "新增项目\n开始年: 2024", "新增项目\n开始年: 2023", "持续性项目\n开始年: 2023"),
    case("P11a", FOOD_2025, "项目属性: 持续性项目", "项目属性: 新增项目"),
    case("P12", FOOD, "{财政拨款: 742.5}", "{财政拨款: 0}"),
    case("P13", FOOD, '食品抽检批次, 指标值: "≥6,200批次"', '食品抽检≥6200批次, 指标值: "≥6200批次"',
         '食品抽检批次, 指标值: "≥6200批次"'),
    case("P13", RIGHTS, "调解文书规范性, 指标值: 规范", "规范, 指标值: 规范"),
    case("P14", FOOD, "项目总成本, ", '"食品抽检单批次成本", ', "抽检总成本, "),
    case("P15", STORE, "年度目标: 库房恒温恒湿、消防和安防设备运行正常，完成档案消毒和装具更换，确保馆藏档案安全。",
         "年度目标: 档案库房运行维护"),
    case("P15", LAB,
         "中期目标: 两年购置气相色谱·质谱联用仪等设备 12 台（套），检测参数扩项 34 项，常用食品检验不出市。",
         "中期目标: 购置设备 7 台（套），检测参数扩项 18 项（不确定度 ≤0.5‰），验收合格并投入使用。"),
    case("P16", FOOD, "指标值: 2024年11月底前", "指标值: 2025年1月1日前", "指标值: 2024年12月31日前"),
    case("P16", FOOD_2025, "指标值: 2025年11月底前", "指标值: 2024年底前", "指标值: 2025年1月1日前"),
    case("P17", FOOD, "三级指标: 食品抽检批次", "三级指标: 项目预算执行率"),
    case("P20", FOOD, "实施单位: 示例市市场监督管理局", "实施单位: 示例市市场监管局"),
    case("C10", FOOD, "三级指标: 食品抽检批次", "三级指标: 指标1：食品抽检批次"),
    case("C10", FOOD, "年度目标: 完成", "年度目标: 于20XX年完成"),
    value("C10", "≥**批次", "≥6200批次"),
    value("C10", "……", "≥6200批次"),
    value("C10", "≥ %", "≥6200批次"),
    case("D01", LIFTS, "≥6次", "较好", None, ("=100%", "规范"), ("≥98%", "合规"), ("≥90%", "优秀")),
    case("B11a", LAB, "中期指标值: ≥12台（套）", "中期指标值: ≥12"),
    case("D02g", LAB, "中期指标值: ≤8天", "中期指标值: 8天"),
    case("E02", LAB, "中期指标值: ≥12台（套）", "中期指标值: ≥5台（套）", "中期指标值: ≥7台（套）"),
    case("E02", LAB, "中期指标值: ≥34项", "中期指标值: ≥34个"),
    case("P21", RIGHTS, "项目名称: 消费维权与价格监管", "项目名称: 消费维权和价格监管"),
    case("P22", FOOD, "财政拨款: 742.5}", "财政拨款: 740}"),
    case("P23", PILOT, "中期资金: {财政拨款: 400}", "中期资金: {财政拨款: 420}"),
    case("P23", PILOT, "结束年: 2026", "结束年: 2025", None, ("中期资金: {财政拨款: 400}\n", "# 没有中期资金\n")),
    case("D19a", FOOD_2025, "≥6,500批次", "≥6,100批次", "≥6,200批次"),
    value("B11", "≥6200", "≥6200批次"),
    value("D02", "6200批次", "≥6200批次"),
    value("D02a", "6000-6500批次", "≥6000批次"),
    value("D02b", "约6200批次", "≥6200批次"),
    value("D02c", "全覆盖", "≥100%", name="食品抽检覆盖率"),
    value("D03", "≥6200批次", "≥90%", name="抽检完成率"),
    value("D04", "完成全年食品安全监督抽检的各项任务指标", "≥6200批次"),
    value("D06", "稳步提升", "≥6200批次"),
    value("D07", "抽检完", "≥6200批次"),
    value("D07a", "11月底前", "2024年11月底前"),
    value("D07b", "无", "≥6200批次"),
    value("D08", "≤98%", "≥98%", name="抽检合格率"),
    value("D10", "≥60%", "≥85%", name="企业满意度"),
    case("D14", FOOD, "三级指标: 食品抽检批次", "三级指标: 数量指标"),
    value("D18", "≥120%", "≥98%", name="抽检合格率"),
    value("D18a", "≥-5批次", "≥5批次"),
    value("D18b", "≥400天", "≥300天", name="抽检日数"),
]  # fmt: skip


def changed(text: str, changes: Sequence[tuple[str, str]]) -> str:
    for old, new in changes:
        assert text.count(old) == 1 or old == "", f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def findings(root: Path, source: str, text: str) -> list[Finding]:
    (root / source).write_text(text, "utf-8")
    return job.check_file(snapshot(root), DataFile.at(source))[0].findings


@pytest.mark.parametrize("one", CASES, ids=str)
def test_a_rule_speaks_and_its_advice_mends(one, root):
    good = (REPOSITORY / one.source).read_text("utf-8")
    try:
        broken = changed(good, one.broken)
        told = [found for found in by_rule(findings(root, one.source, broken), one.rule) if not found.reason]
        assert told and all(finding.message and finding.hint for finding in told)
        mended = changed(broken, one.mended) if one.mended[0][0] else good
        assert not [found for found in by_rule(findings(root, one.source, mended), one.rule) if not found.reason]
    finally:
        (root / one.source).write_text(good, "utf-8")


def test_each_rule_is_broken_by_a_case():
    form = forms.find(snapshot(REPOSITORY), FORM)
    assert form is not None
    own = {rule_id for rule_id, rule in form.rules.rules.items() if not rule.kept_by}
    common = {"C05", "C06", "C09"}
    assert own - common - {one.rule for one in CASES} <= {"D09"}, "all but what department-target's cases break"


def test_a_rule_is_silent_where_there_is_nothing_to_compare(root):
    """No department's form, no earlier year: undecided, not wrong; a year's sample of another project is not it."""
    alone = root / "data/2026/项目目标/示例市文化馆/展览.yaml"
    alone.parent.mkdir(parents=True)
    text = (REPOSITORY / STORE).read_text("utf-8").replace("2024", "2026").replace("示例市档案馆", "示例市文化馆")
    text += "主管部门: 示例市文化馆\n年度资金: {财政拨款: 28}\n"
    alone.write_text(text.replace("项目名称: 档案库房运行维护", "项目名称: 展览"), "utf-8")
    try:
        found = job.check_file(snapshot(root), DataFile.at(alone.relative_to(root).as_posix()))[0].findings
        assert not unanswered(found)
    finally:
        shutil.rmtree(root / "data/2026")


def test_a_measure_of_last_year_that_is_gone_is_told(root, capsys):
    """By project, as the measures of a unit's other projects have nothing to do with it."""
    file = root / RIGHTS.replace("2024", "2025")
    good = file.read_text("utf-8")
    try:
        without = "      - {三级指标: 比较试验, 指标值: ≥4次, 权重: 6}\n"
        file.write_text(changed(good, [(without, ""), ("≥12期, 权重: 8", "≥12期, 权重: 14")]), "utf-8")
        assert cli.main(["-C", str(root), "check", file.relative_to(root).as_posix()]) == 0
        told = capsys.readouterr().out
        assert told.count("[Y04]") == 1 and "“比较试验”上年要求 ≥4次" in told
        reason = "调整理由:\n  比较试验: 并入价格监测报告，不再单列。\n\n项目名称:"
        file.write_text(changed(file.read_text("utf-8"), [("\n项目名称:", reason)]), "utf-8")
        assert cli.main(["-C", str(root), "check", "--all", file.relative_to(root).as_posix()]) == 0
        assert "已说明：并入价格监测报告，不再单列。" in capsys.readouterr().out
    finally:
        file.write_text(good, "utf-8")


def test_a_province_changes_the_points_in_the_parameters(tmp_path):
    """Where the rate of execution has no points of its own, the measures have all hundred."""
    for folder in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    rules = tmp_path / "schema/project-target.rules.yaml"
    ours = [("指标满分: 90", "指标满分: 100"), ("\n  产出指标权重: 40", "\n  产出指标权重: 50")]
    rules.write_text(changed(rules.read_text("utf-8"), ours), "utf-8")
    text = (tmp_path / STORE).read_text("utf-8")
    [told] = by_rule(findings(tmp_path, STORE, text), "P02")
    assert told.message == "权重加起来是 90 分，少了 10 分，应当是 100 分。"
    assert not unanswered(findings(tmp_path, STORE, changed(text, [("≥12次, 权重: 10", "≥12次, 权重: 20")])))


ONE_ROW = "      - {三级指标: 办展场次, 指标值: ≥10场（次）, 权重: 50}\n"
SMALL = f"""\
表式: project-target
年度: 2025
项目名称: 小项目
主管部门: 示例市文化馆
实施单位: 示例市文化馆
填报人: 示例
联系电话: 0000-0000009
项目属性: 新增项目
开始年: 2025
结束年: 2025
年度资金: {{财政拨款: 10}}
总体目标: {{年度目标: 办好展览。}}
绩效指标:
  产出指标:
    数量指标:
{ONE_ROW}\
  效益指标:
    社会效益指标:
      - {{三级指标: 观展人次, 指标值: ≥1万人次, 权重: 30}}
  满意度指标:
    服务对象满意度指标:
      - {{三级指标: 观众满意度, 指标值: ≥90%, 权重: 10}}
"""
"""A form without all that can be left out."""
SMALL_FILE = "data/2025/项目目标/示例市文化馆/小项目.yaml"


def many(count: int) -> str:
    """The small form with so many measures of quantity, some of them with long names."""
    long = "（含流动展览和进校园展览）"
    row = "      - {{三级指标: 第{0}个分馆办展场次{1}, 指标值: ≥10场（次）, 权重: {2}}}\n"
    each = Decimal(50) // count
    weights = [each] * (count - 1) + [50 - each * (count - 1)]
    rows = "".join(row.format(number + 1, long * (number % 3), weight) for number, weight in enumerate(weights))
    return SMALL.replace(ONE_ROW, rows)


@pytest.mark.pdf
@pytest.mark.parametrize("text", [SMALL, many(50)], ids=["empty", "long"])
def test_the_smallest_and_a_long_form_are_made_and_proven(text, tmp_path, capsys):
    """What is written has been read back and compared; nothing private is in what is public."""
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    (tmp_path / SMALL_FILE).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / "data/site.yaml", tmp_path / "data/site.yaml")
    (tmp_path / SMALL_FILE).write_text(text, "utf-8")
    assert cli.main(["-C", str(tmp_path), "build", "--date", "2026-03-01", "-j1"]) == 0, capsys.readouterr().err
    public = tmp_path / "build/public/2025/项目目标/示例市文化馆/小项目"
    assert {path.suffix for path in public.iterdir()} >= {".csv", ".docx", ".html", ".json", ".pdf"}
    for path in public.iterdir():
        content = path.read_bytes()
        rows = docx_cells.read_cells(content)[1] if path.suffix == ".docx" else []
        shown = content + "".join(cell.text for row in rows for cell in row).encode()
        assert not [private for private in ("0000-0000009", "填报人", "联系电话") if private.encode() in shown], path
