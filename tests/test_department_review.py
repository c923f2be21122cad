"""The self-evaluation of a department (Hubei): its table, its rules, its samples, and who may see what of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.check import loading
from perfgen.check.check import check_filing
from perfgen.data import value_at
from perfgen.findings import Level
from perfgen.form import forms
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.review import returned
from tests.helpers.cycle import change, write
from tests.helpers.found import unanswered
from tests.helpers.projects import REPOSITORY, restored, settings, snapshot, with_form

ARCHIVE, MARKET = "示例市档案馆", "示例市市场监督管理局"
SAMPLES = [f"data/{year}/部门自评/{unit}.yaml" for year in (2024, 2025) for unit in (ARCHIVE, MARKET)]
TARGET, REVIEW = f"data/2025/{ARCHIVE}.yaml", f"data/2025/部门自评/{ARCHIVE}.yaml"

# Hubei's form, each cell as (text, columns, rows), None for a value. Known are the seven columns of the indicators,
# the two last rows, and the words of the head: 单位名称, 填报日期, 总分, 基本支出总额, 项目支出总额,
# 预算执行情况（20分）, 部门整体支出总额, 预算数(A), 执行数(B), 执行率, 得分, 年度目标N（xx分）. Ours are all spans,
# 等级 beside 总分, the row of 填报人 and 联系电话, the labels 一级指标 and 二级指标 before the seven columns, the
# column 未完成原因 (a district's form of 2021 has it), what one scores oneself below the outcome, and the notes, which
# Hubei has below its form for projects.
HEAD = [
    [("单位名称", 2, 1), (None, 4, 1), ("填报日期", 2, 1), (None, 2, 1)],
    [("填报人", 2, 1), (None, 4, 1), ("联系电话", 2, 1), (None, 2, 1)],
    [("总分", 2, 1), (None, 4, 1), ("等级", 2, 1), (None, 2, 1)],
    [("基本支出总额", 2, 1), (None, 4, 1), ("项目支出总额", 2, 1), (None, 2, 1)],
    [("预算执行情况（万元）（20分）", 2, 2), ("", 1, 1), ("预算数（A）", 2, 1), ("执行数（B）", 2, 1),
     ("执行率（B/A）", 2, 1), ("得分（20分×执行率）", 1, 1)],
    [("部门整体支出总额", 1, 1), (None, 2, 1), (None, 2, 1), (None, 2, 1), (None, 1, 1)],
    [("年度目标1（80分）", 2, 1), (None, 8, 1)],
]  # fmt: skip
COLUMNS = ["指标名称", "计算符号", "指标值", "实际完成值", "计量单位", "权重", "实际得分"]
FOOT = ["偏差大或目标未完成的原因分析", "改进措施及结果应用方案"]


def report_of(source: str, root: Path = REPOSITORY, edition: Edition = Edition.OFFICIAL) -> Report:
    result, editions = job.reports(snapshot(root), DataFile.at(source), site.Site({}))
    assert edition in editions, [finding.message for finding in result.findings]
    return editions[edition]


def rows_of(source: str) -> tuple[list[str], list[list[tuple[str, int, int]]]]:
    """What stands above the table, and its rows: each cell that begins in one, with its columns and rows."""
    above, rows = docx_cells.read_cells(docx.render(report_of(source)))
    starts = [[(cell, number) for cell in row if not cell.continues] for number, row in enumerate(rows)]

    def height(number: int, column: int) -> int:
        below = (any(cell.column == column and cell.continues for cell in row) for row in rows[number + 1 :])
        return 1 + next((count for count, goes_on in enumerate(below) if not goes_on), len(rows) - number - 1)

    found = [
        [(cell.text.replace("\n", ""), cell.colspan, height(number, cell.column)) for cell, number in row]
        for row in starts
    ]
    return [text for text in above if text], found


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> Path:
    """The repository's forms with the target and the review of one unit."""
    return with_form(tmp_path_factory.mktemp("forms"), TARGET, REVIEW)


@pytest.fixture
def root(laid) -> Iterator[Path]:
    """The same, for a test that changes it."""
    with restored(laid) as root:
        yield root


def said(root: Path, source: str = REVIEW) -> set[str]:
    """The rules that ask something of a file."""
    return {finding.rule for finding in unanswered(check_filing(loading.filing(snapshot(root), DataFile.at(source))))}


def test_the_rows_and_columns_are_those_of_the_form():
    above, rows = rows_of(REVIEW)
    assert above[:2] == ["部门整体绩效自评表", "（2025年度）　　单位：万元"]
    for row, wanted in zip(rows, HEAD, strict=False):
        shown = zip(row, wanted, strict=True)
        assert [(text if known is not None else None, *spans) for (text, *spans), (known, *_) in shown] == wanted
    heads, *measures = rows[len(HEAD) : -len(FOOT)]
    assert [text for text, *_ in heads] == ["一级指标", "二级指标", *COLUMNS, "未完成原因"]
    assert all(cell[1:] == (1, 1) for cell in heads)
    assert len(measures) == 30 and all(cell[1] == 1 for row in measures for cell in row)
    assert [row[0][0] for row in rows[-2:]] == FOOT and [row[1][1:] for row in rows[-2:]] == [(8, 1)] * 2


def test_a_promise_stands_in_three_columns():
    _, rows = rows_of(REVIEW)
    shown = {row[-8][0]: [text for text, *_ in row[-7:-1]] for row in rows[len(HEAD) + 1 : -len(FOOT)]}
    assert shown["接收档案数量"] == ["≥", "12000", "11520卷（件）", "卷（件）", "4", "3.84"]
    assert shown["资产管理规范性"] == ["", "规范", "基本规范（自评1.4分）", "", "2", "1.4"]


@pytest.mark.parametrize("source", SAMPLES)
def test_nothing_is_asked_of_a_sample(source):
    assert unanswered(check_filing(loading.filing(snapshot(REPOSITORY), DataFile.at(source)))) == []


SCORES = [
    # 524.39/532.92 = 98.399…; everything reached
    (SAMPLES[0], "98.40", "19.68", "99.68", {}),
    # 5337.18/5606.28 = 95.200…; what a stopped project was to buy: 0 of 3
    (SAMPLES[1], "95.20", "19.04", "96.04", {"设备购置验收合格率": "0"}),
    # 548.72/565.1 = 97.101…; 2×5/5.6, 2×97.1/98, in the second tier, 4×11520/12000, 1.5×18/20
    (SAMPLES[2], "97.10", "19.42", "98.28",
     {"预算调整率": "1.79", "预算执行率": "1.98", "资产管理规范性": "1.4", "接收档案数量": "3.84",
      "电子档案单套归档比例": "1.35"}),
    # 5389.62/5608.55 = 96.096…; in the second tier, 3×18/18.6, 3×286/300, 3×4.6/5, 3×3.5/3.8
    (SAMPLES[3], "96.10", "19.22", "97.90",
     {"中长期规划相符性": "1.4", "电梯困人救援到场时间": "2.9", "老旧电梯评估（年限>15年）": "2.86",
      "市场主体数量增速": "2.76", "过度包装抽查不合格率": "2.76"}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "share", "spent", "total", "lower"), SCORES)
def test_the_scores_are_those_by_hand(source, share, spent, total, lower):
    filing = loading.filing(snapshot(REPOSITORY), DataFile.at(source))
    figures = filing.figures
    assert figures["部门整体支出总额", "执行率"] == Decimal(share)
    assert figures["部门整体支出总额", "得分"] == Decimal(spent)
    assert (figures["总分",], figures["等级",]) == (Decimal(total), "优")
    rows = [path[:-1] for path in figures if path[0] == "年度绩效指标" and path[-1] == "得分" and len(path) == 6]
    typed = {row: value_at(filing.document.data, row) for row in rows}
    found = {
        row["三级指标"]: figures[*path, "得分"] for path, row in typed.items() if figures[*path, "得分"] < row["权重"]
    }
    assert found == {name: Decimal(score) for name, score in lower.items()}
    assert sum(row["权重"] for row in typed.values()) == figures["年度绩效指标", 0, "分值"] == 80


VISITS = "{三级指标: 接待查阅人次, 权重: 4, 完成值: 5180人次}"
PLANS = "{三级指标: 年度工作计划健全性, 权重: 2, 完成值: 健全}"
GOAL = "目标: 做好档案接收、保管、数字化和开放利用，确保馆藏档案绝对安全，保障单位正常运转。"
MONEY = "{预算数: 565.1, 执行数: 548.72}"
BROKEN = [
    ("Z01", (f"        - {PLANS}\n", ""), ("完成值: 相符}\n", f"完成值: 相符}}\n        - {PLANS}\n")),
    ("Z01", (PLANS, f"{PLANS}\n        - {PLANS}"), (f"{PLANS}\n        - {PLANS}", PLANS)),
    ("Z02", (GOAL, "目标: 做好档案工作。"), ("目标: 做好档案工作。", GOAL)),
    ("Z03", (VISITS, VISITS.replace("4,", "5,")), ("权重: 5,", "权重: 4,")),
    ("Z04", ("项目支出总额: 43.14", "项目支出总额: 34.14"), ("34.14", "43.14")),
    ("Z05", (MONEY, "{预算数: 548.71, 执行数: 548.72}"), ("548.71,", "565.1,")),
    ("Z06", (MONEY, "{预算数: 665.1, 执行数: 548.72}"), ("665.1,", "565.1,")),
    ("Z06", (MONEY, "{预算数: 665.1, 执行数: 548.72}"),
     ("单位名称:", "审核说明:\n  Z06: 年中增加了馆库抢修资金一百万元。\n单位名称:")),
    ("Z07", ("\n偏差原因:", "\n# 偏差原因:"), ("\n# 偏差原因:", "\n偏差原因:")),
    ("Z08", ("\n改进措施:", "\n# 改进措施:"), ("\n# 改进措施:", "\n改进措施:")),
    ("Z10", (MONEY, "{预算数: 0, 执行数: 548.72}"), ("预算数: 0,", "预算数: 565.1,")),
    ("Z09", (VISITS, VISITS.replace("人次, 权", "人数, 权")), ("接待查阅人数", "接待查阅人次")),
]  # fmt: skip
FOLLOWS = {"Z01", "Z02", "Z03", "Z05", "Z06", "S06", "Z09"}
"""What else is said of a row or a goal that is not the target's."""


@pytest.mark.parametrize(
    ("rule", "breaking", "mending"), BROKEN, ids=[f"{n}-{case[0]}" for n, case in enumerate(BROKEN)]
)
def test_a_rule_asks_and_what_it_advises_answers_it(root, rule, breaking, mending):
    change(root, REVIEW, breaking)
    found = said(root)
    assert rule in found and found <= {rule, *FOLLOWS}
    change(root, REVIEW, mending)
    assert said(root) == set()


def test_every_rule_of_the_form_is_broken_here():
    form = forms.find(snapshot(REPOSITORY), "department-review")
    own = {rule for rule in form.rules.rules if rule.startswith("Z")}
    assert own == {rule for rule, *_ in BROKEN if rule.startswith("Z")}


def test_a_measure_that_two_goals_have_is_held_to_its_own_goal(root):
    """The second goal promises more visits than the first."""
    second = "依法推进档案开放审核，开展档案编研和宣传展览。"
    more = f"  - 目标: {second}\n    履职效能:\n      档案利用服务:\n        - {{三级指标: 接待查阅人次, "
    target, review = (root / source for source in (TARGET, REVIEW))
    promise = "指标值: ≥10360人次, 依据: 计划标准, 分类: 绩效基本型}\n"
    target.write_text(f"{target.read_text('utf-8').rstrip()}\n{more}{promise}", "utf-8")
    text = review.read_text("utf-8").replace(VISITS, VISITS.replace("4,", "2,"))
    review.write_text(
        text.replace("\n偏差原因:", f"{more}权重: 2, 完成值: 5180人次, 原因: 没有做到}}\n\n偏差原因:"), "utf-8"
    )
    figures = loading.filing(snapshot(root), DataFile.at(REVIEW)).figures
    rows = {path[1]: path[:-1] for path, value in figures.items() if value in ("≥5000人次", "≥10360人次")}
    assert [figures[*rows[goal], "得分"] for goal in (0, 1)] == [2, 1]


def test_a_department_without_a_target_is_told_so_once(root):
    (root / TARGET).unlink()
    assert said(root) == {"reference-missing"}


def test_nothing_of_the_target_is_typed_again():
    typed = (REPOSITORY / REVIEW).read_text("utf-8")
    assert "指标值" not in typed and "得分" not in typed and "总分:" not in typed and "≥" not in typed


def test_it_is_started_from_the_target_of_the_department(root, capsys):
    (root / REVIEW).unlink()
    assert cli.main(["-C", str(root), "next", TARGET, "--form", "department-review"]) == 0
    capsys.readouterr()
    text = (root / REVIEW).read_text("utf-8")
    assert "{三级指标: 接待查阅人次, 权重: , 完成值: }" in text and "\n指标值" not in text
    assert f"  - {GOAL}" in text and "填报日期:\n" in text


def typed(source: str, root: Path = REPOSITORY) -> returned.Returned:
    """What the Word file of a sample says of its data."""
    project = snapshot(root)
    standing = returned.read_standing(project, source, (root / source).read_bytes())
    order = import_file.ImportOrder(project, folder_year=standing.year)
    content = docx.render(report_of(source, root))
    return returned.returned(project, import_file.import_form(content, "表.docx", order), standing)


@pytest.mark.parametrize("source", SAMPLES)
def test_the_word_file_comes_back_without_a_difference(source):
    back = typed(source)
    assert not back.is_different
    # a sign typed in full width is one of another width beside it on paper: a note says so
    assert all(note.level is Level.NOTE for note in back.imported.notes), back.imported.notes


def test_what_is_taken_by_the_names_of_groups_in_a_list_is_public():
    """A promise is found by the names of its groups, which stand in the rows of a list: they are public there too."""
    form = forms.find(snapshot(REPOSITORY), "department-review")
    row = ("年度绩效指标", 0, "运行成本", "公用经费控制", 0)
    assert form.figures.fields.at((*row, "指标值")).public
    assert form.figures.fields.at((*row, "得分")).public
    assert form.figures.fields.at(("总分",)).public


SITE = settings("示例市绩效公开", "department-review", "2026-07-31", "2026-08-15")


def built(root: Path, day: str, *more: str) -> dict[str, bytes]:
    """The public files, by path below the year."""
    assert cli.main(["-C", str(root), "build", "--date", day, *more]) == 0
    folder = root / "build/public/2025"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def only(root: Path, count: int) -> Path:
    """The unit with that many measures in place of its own, and nothing that may be left out."""
    names = [f"第{number}项接收、整理和数字化的完成情况" for number in range(1, count + 1)]
    head, _, _ = (root / TARGET).read_text("utf-8").partition("\n年度绩效指标:")
    begin = f"年度绩效指标:\n  - {GOAL}\n    履职效能:\n      档案业务:\n"
    promise = "指标值: ≥10场（次）, 依据: 计划标准, 分类: 绩效基本型"
    rows = "".join(f"        - {{三级指标: {name}, {promise}}}\n" for name in names)
    write(root, TARGET, f"{head}\n{begin}{rows}")
    head, _, _ = (root / REVIEW).read_text("utf-8").partition("\n年度绩效指标:")
    head = head.replace("{预算数: 565.1,", "{预算数: 548.72,")
    weights = [80 - count + 1, *[1] * (count - 1)]
    outcomes = zip(names, weights, strict=True)
    rows = "".join(f"        - {{三级指标: {name}, 权重: {weight}, 完成值: 10场（次）}}\n" for name, weight in outcomes)
    write(root, REVIEW, f"{head}\n{begin}{rows}")
    write(root, "data/site.yaml", SITE)
    return root


@pytest.mark.pdf
@pytest.mark.parametrize("count", [1, 60])
def test_the_shortest_and_a_long_one_are_built_and_proven(root, count, capsys):
    files = built(only(root, count), "2026-09-01", REVIEW)
    capsys.readouterr()
    assert {path.rpartition(".")[2] for path in files} >= {"csv", "docx", "html", "json", "pdf"}
    back = typed(REVIEW, root)
    assert not back.is_different and not back.imported.notes
