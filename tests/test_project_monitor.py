"""The monitoring form of a project: its rows are those of the published form, its rules ask and are answered."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx as python_docx
import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.check import loading
from perfgen.check.check import check_filing
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.prove import docx_cells
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.review import returned
from tests.conftest import REPOSITORY
from tests.helpers.cycle import change
from tests.helpers.found import unanswered
from tests.helpers.projects import restored, snapshot, with_form

FOLDER = "data/2025/项目监控"
FOOD = f"{FOLDER}/示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）.yaml"
LIFTS = f"{FOLDER}/示例市市场监督管理局/A&B 类特种设备安全监察.yaml"
ARCHIVE = f"{FOLDER}/示例市档案馆/馆库与数字档案系统运行维护.yaml"
SAMPLES = (FOOD, LIFTS, ARCHIVE)
PROMISES = ARCHIVE.replace("项目监控", "项目目标")

# 黄石市项目支出绩效监控表（项目）(2019年度): each cell as (text, columns, rows), None for a value. Its seven heads
# stand over eight columns: 一级指标 has two below it (产出{质量,时效,成本}). Ours, because the published text gives no
# spans: those of 主管部门 and 项目执行单位, those of the money, the two lines of 项目类型 as two rows, and the row of
# 填报人 and 联系电话. The words above the table are in one line; its four notes are not known, and left out.
TITLE = ["项目支出绩效运行监控表", "（2025年度）", "项目单位（盖章）：示例市档案馆　　　　单位：万元"]
HEAD = [
    [("项目名称", 1, 1), (None, 7, 1)],
    [("主管部门", 1, 1), (None, 3, 1), ("项目执行单位", 1, 1), (None, 3, 1)],
    [("填报人", 1, 1), (None, 3, 1), ("联系电话", 1, 1), (None, 3, 1)],
    [("项目属性", 1, 1), (None, 7, 1)],
    [("项目类型", 1, 2), (None, 7, 1)],
    [(None, 7, 1)],
    [("项目资金（万元）", 1, 3), ("", 3, 1), ("年初预算数", 1, 1), ("1—6月执行数", 1, 1), ("全年预计执行数", 2, 1)],
    [("年度资金总额", 3, 1), (None, 1, 1), (None, 1, 1), (None, 2, 1)],
    [("其中：当年一般公共预算拨款", 3, 1), (None, 1, 1), (None, 1, 1), (None, 2, 1)],
]
COLUMNS = [
    ("一级指标", 2, 1), ("指标名称", 1, 1), ("指标值", 1, 1), ("半年度指标执行情况", 1, 1), ("完成目标可能性", 1, 1),
    ("备注", 1, 1),
]  # fmt: skip
FOOT = ["偏差或不能完成目标原因分析", "相关建议或举措"]
BOXES = [
    "1.持续性 □　　2.新增性 ☑",
    "1.常年性 ☑　　2.延续性 □　　3.一次性 □",
    "1.部门预算项目 ☑　　2.省直专项 □　　3.省对下转移支付项目 □",
]


def report_of(source: str, root: Path = REPOSITORY, edition: Edition = Edition.OFFICIAL) -> Report:
    result, editions = job.reports(snapshot(root), DataFile.at(source), site.Site({}))
    assert edition in editions, [finding.message for finding in result.findings]
    return editions[edition]


def rows_of(source: str, root: Path = REPOSITORY) -> tuple[list[str], list[list[tuple[str, int, int]]]]:
    """What stands above the table, and its rows: each cell that begins in one, with its columns and rows."""
    above, rows = docx_cells.read_cells(docx.render(report_of(source, root)))
    starts = [[(cell, number) for cell in row if not cell.continues] for number, row in enumerate(rows)]

    def height(number: int, column: int) -> int:
        below = (any(cell.column == column and cell.continues for cell in row) for row in rows[number + 1 :])
        return 1 + next((count for count, goes_on in enumerate(below) if not goes_on), len(rows) - number - 1)

    found = [[(cell.text, cell.colspan, height(number, cell.column)) for cell, number in row] for row in starts]
    return [text for text in above if text], found


def squeezed(text: str) -> str:
    return text.replace("\n", "")


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> Path:
    """The repository's forms with one project of each unit: its target, its monitoring form, the unit's own form."""
    units = [f"{path.rpartition('/')[0].replace('项目监控/', '')}.yaml" for path in (ARCHIVE, LIFTS)]
    return with_form(
        tmp_path_factory.mktemp("forms"), ARCHIVE, PROMISES, LIFTS, LIFTS.replace("项目监控", "项目目标"), *units
    )


@pytest.fixture
def root(laid) -> Iterator[Path]:
    """The same, for a test that changes it."""
    with restored(laid) as root:
        yield root


def said(root: Path, source: str = ARCHIVE) -> list[str]:
    """The rules that ask something of a file, in order of their places."""
    found = unanswered(check_filing(loading.filing(snapshot(root), DataFile.at(source))))
    return [finding.rule for finding in sorted(found, key=lambda finding: finding.place)]


def messages(root: Path, source: str = ARCHIVE) -> str:
    found = unanswered(check_filing(loading.filing(snapshot(root), DataFile.at(source))))
    return "\n".join(f"{finding.message}{finding.hint}" for finding in found)


def test_the_rows_and_columns_are_those_of_the_published_form():
    above, rows = rows_of(ARCHIVE)
    assert above == TITLE
    for row, wanted in zip(rows, HEAD, strict=False):
        shown = zip(row, wanted, strict=True)
        assert [
            (squeezed(text) if known is not None else None, *spans) for (text, *spans), (known, *_) in shown
        ] == wanted
    (label, *heads), *measures = rows[len(HEAD) : -len(FOOT)]
    assert (squeezed(label[0]), *label[1:]) == ("绩效指标", 1, 1 + len(measures)) and len(measures) == 12
    assert [(squeezed(text), *spans) for text, *spans in heads] == COLUMNS
    assert all(cell[1] == 1 for row in measures for cell in row) and {len(row) for row in measures} == {5, 6, 7}
    assert [squeezed(row[0][0]) for row in rows[-2:]] == FOOT and [row[1][1:] for row in rows[-2:]] == [(7, 1)] * 2


def test_the_groups_stand_beside_their_measures():
    _, rows = rows_of(ARCHIVE)
    firsts = [row[0] for row in rows[len(HEAD) + 1 : -len(FOOT)] if len(row) == 7]
    assert firsts == [("成本指标", 1, 2), ("产出指标", 1, 5), ("效益指标", 1, 3), ("满意度指标", 1, 2)]


def test_the_boxes_of_what_was_chosen_are_ticked():
    _, rows = rows_of(ARCHIVE)
    assert [row[-1][0] for row in rows[3:6]] == BOXES


@pytest.mark.parametrize("source", SAMPLES)
def test_nothing_is_asked_of_a_sample(source):
    filing = loading.filing(snapshot(REPOSITORY), DataFile.at(source))
    assert unanswered(check_filing(filing)) == []


FIGURES = [
    # 34.5 and 15.9: 15.9/34.5 = 46.0869…
    (ARCHIVE, "34.5", "46.09%", ["≤22.5万元", "≤12万元", "≥12次", "≥1次"]),
    # 279.8 and 86.2: 86.2/279.8 = 30.8077…
    (LIFTS, "279.8", "30.81%", ["≤1,500元", "≥1,920台次", "≥300台", "≥6次"]),
    # 768 and 391.7: 391.7/768 = 51.0026…
    (FOOD, "768", "51%", ["≤1,190元", "≤768万元", "≥6,500批次", "≥12场"]),
]


@pytest.mark.parametrize(("source", "budget", "share", "promises"), FIGURES)
def test_what_the_target_says_is_not_typed_again(source, budget, share, promises):
    view = report_of(source).view
    for line in ("总额", "一般公共预算拨款"):
        assert (view["年度资金"][line]["年初预算数"], view["年度资金"][line]["半年执行率"]) == (budget, share)
    listed = [row for first in view["绩效指标"]["一级指标"] for second in first["二级指标"] for row in second["指标"]]
    assert [row["指标值"] for row in listed][:4] == promises
    typed = (REPOSITORY / source).read_text("utf-8")
    assert "指标值:" not in typed and "年初预算数:" not in typed and "主管部门:" not in typed


ROW = "{三级指标: 设备巡检次数, 执行情况: 6次, 可能性: 确定能}"
TIME = "{三级指标: 系统故障恢复时间, 执行情况: 2.5小时, 可能性: 确定能}"
SPENT = "{半年执行数: 15.9, 全年预计执行数: 34.2}"
TOTAL, PUBLIC = f"总额: {SPENT}", f"一般公共预算拨款: {SPENT}"
NOTE = "备注: 巡检单位下半年补齐"
END = "可能性: 有可能, 备注: 年底一并测评。}"
BROKEN = [
    ("M01", (TOTAL, "总额: {半年执行数: 34.3, 全年预计执行数: 34.2}"), ("34.3,", "15.9,")),
    ("M02", (TOTAL, "总额: {半年执行数: 15.9, 全年预计执行数: 36}"), ("36}", "34.2}")),
    (
        "M02",
        (TOTAL, "总额: {半年执行数: 15.9, 全年预计执行数: 36}"),
        ("项目类型:", "审核说明:\n  M02: 八月追加了预算一万五千元。\n项目类型:"),
    ),
    ("M03", (PUBLIC, "一般公共预算拨款: {半年执行数: 16, 全年预计执行数: 34.2}"), ("16,", "15.9,")),
    ("M03", (PUBLIC, "一般公共预算拨款: {半年执行数: 15.9, 全年预计执行数: 34.3}"), ("34.3", "34.2")),
    ("M04", (SPENT, "{半年执行数: 13.7, 全年预计执行数: 34.2}"), (END, f"{END}\n\n偏差原因: 系统运维费到验收才付。")),
    ("M05", (ROW, ROW.replace("确定能", "不可能")), ("不可能}", f"不可能, {NOTE}}}")),
    ("M05", (ROW, ROW.replace("确定能", "不可能")), (END, f"{END}\n\n偏差原因: 设备巡检次数少，是因为换了单位。")),
    ("M06", (ROW, ROW.replace("6次", "3次")), ("3次, 可能性: 确定能}", f"3次, 可能性: 确定能, {NOTE}}}")),
    ("M06", (TIME, TIME.replace("2.5小时, 可能性: 确定能", "5小时, 可能性: 有可能")),
     ("可能性: 有可能}\n  效益", f"可能性: 有可能, {NOTE}}}\n  效益")),
    ("M07", (TIME, TIME.replace("2.5小时, 可能性: 确定能", f"5小时, 可能性: 确定能, {NOTE}")),
     (f"确定能, {NOTE}", f"有可能, {NOTE}")),
    ("M07", (ROW, ROW.replace("6次, 可能性: 确定能", f"12次, 可能性: 不可能, {NOTE}")), ("不可能,", "确定能,")),
    ("M08a", (f"      - {ROW}\n", ""), ("    数量指标:\n", f"    数量指标:\n      - {ROW}\n")),
    ("outcome-unlike", (ROW, ROW.replace("6次", "6台")), ("6台", "6次")),
    ("M09", (ROW, ROW.replace("6次", "≥6次")), ("≥6次", "6次")),
    ("M08", (ROW, ROW.replace("设备巡检次数", "设备巡检台数")), ("设备巡检台数", "设备巡检次数")),
    ("schema-enum", (ROW, ROW.replace("确定能", "能")), ("可能性: 能", "可能性: 确定能")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "breaking", "mending"), BROKEN, ids=[f"{n}-{case[0]}" for n, case in enumerate(BROKEN)]
)
def test_a_rule_asks_and_what_it_advises_answers_it(root, rule, breaking, mending):
    change(root, ARCHIVE, breaking)
    found = set(said(root))
    assert rule in found and found <= {rule, "M08a"}
    change(root, ARCHIVE, mending)
    assert said(root) == []


def test_every_rule_of_the_form_is_broken_here():
    form = loading.filing(snapshot(REPOSITORY), DataFile.at(ARCHIVE)).form
    own = {rule for rule in form.rules.rules if rule.startswith("M")}
    assert own == {rule for rule, _, _ in BROKEN if rule.startswith("M")}


def test_half_of_the_limits_is_a_province_s_own(root):
    """What counts as slow, and as far behind, are parameters."""
    change(root, ARCHIVE, (SPENT, "{半年执行数: 13.7, 全年预计执行数: 34.2}"), (ROW, ROW.replace("6次", "4次")))
    assert said(root) == ["M04"]
    change(root, "schema/project-monitor.rules.yaml", ("半年执行率下限: 40", "半年执行率下限: 35"),
           ("半年进度下限: 30", "半年进度下限: 40"))  # fmt: skip
    assert said(root) == ["M06"]
    assert "指标值 ≥12次，上半年 4次，落后很多" in messages(root)


def test_a_project_without_a_target_is_told_so_once(root):
    (root / PROMISES).unlink()
    assert said(root) == ["reference-missing"]


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
    assert not back.is_different and not back.imported.notes


def test_two_kinds_that_are_ticked_are_doubtful(tmp_path):
    content = docx.render(report_of(ARCHIVE))
    document = python_docx.Document(io.BytesIO(content))
    cell = document.tables[0].rows[4].cells[1]  # the line of 项目类型
    run = next(run for run in cell.paragraphs[0].runs if "□" in run.text)
    run.text = run.text.replace("□", "☑")
    document.save(str(tmp_path / "表.docx"))
    order = import_file.ImportOrder(snapshot(REPOSITORY), folder_year=2025)
    imported = import_file.import_form((tmp_path / "表.docx").read_bytes(), "表.docx", order)
    assert any(note.rule == "import-unsure" and "项目类型" in note.message for note in imported.notes)


def made(root: Path, *arguments: str) -> Iterator[Path]:
    """The files that a build of one monitoring form writes, its outputs alone."""
    assert cli.main(["-C", str(root), "build", "--date", "2025-09-01", *arguments]) == 0
    return (path for path in (root / "build").rglob("*") if "项目监控" in str(path) and "manifest" not in str(path))


SITE = """\
站点: {名称: 示例市绩效公开, 域名: www.example.gov.cn, 标识码: bm00000000}
公开:
  2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
"""
OWN_DATES = """\
站点: {名称: 示例市绩效公开, 域名: www.example.gov.cn, 标识码: bm00000000}
公开:
  2025:
    批复日期: 2025-01-24
    公开日期: 2025-02-10
    表: {project-monitor: {批复日期: 2025-08-05, 公开日期: 2025-08-20}}
"""


@pytest.mark.pdf
def test_it_is_public_only_with_dates_of_its_own_and_then_without_what_is_private(root):
    (root / "data/site.yaml").write_text(SITE, "utf-8")
    paths = list(made(root, ARCHIVE))
    assert {path.suffix for path in paths if path.is_file() and "summaries" not in path.parts} == {".docx", ".pdf"}
    (root / "data/site.yaml").write_text(OWN_DATES, "utf-8")
    public = [path for path in made(root, ARCHIVE) if path.is_file() and "public" in path.parts]
    assert {path.suffix for path in public} >= {".docx", ".pdf", ".html", ".csv", ".json"}
    page = next(path for path in public if path.name == "index.html").read_text("utf-8")
    assert "备份安排在 10 月，场地已经落实。" in re.sub("<[^>]*>", "", page)
    for path in public:
        assert b"0000-0000002" not in path.read_bytes()
    word = docx_cells.read_cells(next(path for path in public if path.suffix == ".docx").read_bytes())
    assert "填报人" not in str(word) and "联系电话" not in str(word)


def page_of(root: Path) -> str:
    """The text of the page of the archive's project, without tags."""
    assert list(made(root, "--only", "html", ARCHIVE))
    page = root / "build/public" / ARCHIVE.removeprefix("data/").replace(".yaml", "/index.html")
    return re.sub("<[^>]+>", "", page.read_text("utf-8").partition("<main")[2].partition("公开和下载")[0])


def test_the_page_tells_what_was_promised_only_where_that_is_public(root):
    (root / "data/site.yaml").write_text(OWN_DATES, "utf-8")
    shown = page_of(root)
    assert (
        "主管部门是示例市档案馆" in shown
        and "年初预算 34.5 万元，预计全年执行 34.2 万元。" in shown
        and "46.09%" in shown
    )
    assert "≥12次" in shown and "确定能" in shown and "年初的绩效目标表" in shown
    (root / "templates/project-target/page.html").unlink()
    shown = page_of(root)
    assert "主管部门" not in shown and "年初" not in shown and "≥12次" not in shown and "（）" not in shown
    assert "15.9 万元" in shown and "6次" in shown and "确定能" in shown


SHORT = """\
表式: project-monitor
年度: 2025
项目名称: 馆库与数字档案系统运行维护
实施单位: 示例市档案馆
填报人: 示例
联系电话: 0000-0000002
项目类型: 一次性
项目类别: 省直专项
年度资金:
  总额: {半年执行数: 0, 全年预计执行数: 0}
  一般公共预算拨款: {半年执行数: 0, 全年预计执行数: 0}
审核说明:
  M04: 项目下半年才开始。
绩效指标:
  产出指标:
    数量指标:
ROWS
"""


def only(root: Path, count: int) -> Path:
    """The project with that many measures in place of its own."""
    names = [f"第{number}项巡检、维修和记录的完成情况" for number in range(1, count + 1)]
    text = (
        (root / PROMISES).read_text("utf-8").partition("绩效指标:\n")[0].replace("{财政拨款: 34.5}", "{其他资金: 34.5}")
    )
    rows = "\n".join(f"      - {{三级指标: {name}, 指标值: ≥10场（次）, 权重: 1}}" for name in names)
    (root / PROMISES).write_text(f"{text}绩效指标:\n  产出指标:\n    数量指标:\n{rows}\n", "utf-8")
    rows = "\n".join(f"      - {{三级指标: {name}, 执行情况: 6场（次）, 可能性: 有可能}}" for name in names)
    (root / ARCHIVE).write_text(SHORT.replace("ROWS", rows), "utf-8")
    (root / "data/site.yaml").write_text(OWN_DATES, "utf-8")
    return root


@pytest.mark.pdf
@pytest.mark.parametrize("count", [1, 60])
def test_the_shortest_and_a_long_one_are_built_and_proven(root, count):
    suffixes = [path.suffix for path in made(only(root, count), ARCHIVE) if path.is_file()]
    assert (suffixes.count(".docx"), suffixes.count(".pdf")) == (2, 2) and {".csv", ".html", ".json"} <= set(suffixes)
    back = typed(ARCHIVE, root)
    assert not back.is_different and not back.imported.notes
