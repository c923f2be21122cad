"""The whole year of one unit, from last year's Word forms to scores that are public, by the commands a clerk types.

Nothing is typed twice: what a file of the year holds already, no later file has to be given again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.parse
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfgen import cli
from perfgen.check import loading
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.test_import import word_of

pytestmark = pytest.mark.long

UNIT, KEPT, NEW = "示例市档案馆", "档案库房运行维护", "数字档案系统运维"
DEPARTMENT = f"data/2025/{UNIT}.yaml"
OF_LAST_YEAR = (f"data/2024/{UNIT}.yaml", f"data/2024/项目目标/{UNIT}/{KEPT}.yaml")
PHONE = "0000-0000002"
MONITOR = {
    "库房运行维护总成本": {"执行情况": "9.6万元", "可能性": "确定能"},
    "每平方米库房维护成本": {"执行情况": "43元", "可能性": "有可能", "备注": "下半年要换两台除湿机。"},
    "设备巡检次数": {"执行情况": "6次", "可能性": "确定能"},
    "更换档案装具": {"执行情况": "150个", "可能性": "有可能"},
    "库房温湿度达标率": {"执行情况": "98.3%", "可能性": "确定能"},
    "消防安防设备完好率": {"执行情况": "100%", "可能性": "确定能"},
    "设备故障响应时间": {"执行情况": "1.5小时", "可能性": "确定能"},
    "档案安全责任事故": {"执行情况": "0起", "可能性": "确定能"},
    "库房每平方米用电量": {"执行情况": "29千瓦时", "可能性": "确定能"},
    "库房管理制度健全性": {"执行情况": "健全", "可能性": "确定能"},
    "查档群众满意度": {"执行情况": "98%", "可能性": "确定能"},
    "立档单位满意度": {"执行情况": "—", "可能性": "有可能", "备注": "年底测评。"},
}
REVIEW = {
    "库房运行维护总成本": {"完成值": "21.4万元"},
    "每平方米库房维护成本": {
        "完成值": "96元",
        "原因": "除湿机换了两台，单价高于预算；下年先询价。",
    },  # 8×(1−16÷80) = 6.4
    "设备巡检次数": {"完成值": "12次"},
    "更换档案装具": {"完成值": "270个", "原因": "一批装具验收不合格，已退货重做。"},  # 8×270÷300 = 7.2
    "库房温湿度达标率": {"完成值": "98.6%"},
    "消防安防设备完好率": {"完成值": "100%"},
    "设备故障响应时间": {"完成值": "2小时"},
    "档案安全责任事故": {"完成值": "0起"},
    "库房每平方米用电量": {"完成值": "60千瓦时"},
    "库房管理制度健全性": {"完成值": "基本健全", "评分": "3.5", "原因": "应急预案还没有修订。"},  # 3 to under 4
    "查档群众满意度": {"完成值": "98%"},
    "立档单位满意度": {"完成值": "94%"},
}
"""In full: 90 − 1.6 − 0.8 − 1.5 = 86.1 points; 21.4 of 22.3 spent is 95.96 %, 9.6 points; 95.7 together."""
REVIEW_OF_NEW = {
    "系统运维成本": {"完成值": "11.7万元"},
    "系统巡检次数": {"完成值": "12次"},
    "系统故障恢复时间": {"完成值": "5小时", "原因": "一次存储故障等备件一天。"},  # 20×(1−1÷4) = 15
    "备份制度健全性": {"完成值": "健全"},
    "系统用户满意度": {"完成值": "96%"},
}
"""In full: 90 − 5 = 85 points; 11.7 of 11.8 spent is 99.15 %, 9.92 points; 94.92 together."""
PLAN_OF_NEW = """\
绩效指标:
  成本指标:
    经济成本指标:
      - {三级指标: 系统运维成本, 指标值: ≤12万元, 权重: 20}
  产出指标:
    数量指标:
      - {三级指标: 系统巡检次数, 指标值: ≥12次, 权重: 20}
    时效指标:
      - {三级指标: 系统故障恢复时间, 指标值: ≤4小时, 权重: 20}
  效益指标:
    可持续影响指标:
      - {三级指标: 备份制度健全性, 指标值: 健全, 权重: 20}
  满意度指标:
    服务对象满意度指标:
      - {三级指标: 系统用户满意度, 指标值: ≥95%, 权重: 10}
"""
TYPED_AGAIN = {
    # a project of which there is no file yet begins with an empty one; another person may answer for it
    (f"data/2025/项目目标/{UNIT}/{NEW}.yaml", "联系电话"),
}

NO_AMOUNTS = ("权重", "开始年", "结束年")


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The values of a file with their paths; the rows of a list by the names that tell them apart."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, (*path, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            named = value.get("三级指标") or value.get("项目名称") if isinstance(value, dict) else None
            yield from leaves(value, (*path, named or number))
    elif data is not None:
        yield path, data


class Year:
    """A clerk's folder: commands, files that are filled in, and a record of all that was typed."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys
        self.typed: list[tuple[str, tuple[str | int, ...], Any]] = []
        for folder in ("schema", "templates"):
            shutil.copytree(REPOSITORY / folder, root / folder)
        (root / "data").mkdir()
        shutil.copy(REPOSITORY / "data/site.yaml", root / "data/site.yaml")
        subprocess.run(["git", "init", "-q", str(root)], check=True)

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command says; it must end with `code`."""
        self.capsys.readouterr()
        ended = cli.main(["-C", str(self.root), *arguments])
        said = self.capsys.readouterr()
        assert ended == code, said.out + said.err
        return said.out + said.err

    def read(self, source: str) -> str:
        return (self.root / source).read_text("utf-8")

    def data(self, text: str) -> dict[tuple[str | int, ...], Any]:
        return dict(leaves(reader.load_yaml(text.encode(), "x.yaml").data))

    def write(self, source: str, text: str) -> None:
        """Fills in a file that a command made; puts down what is new in it."""
        made = self.data(self.read(source))
        (self.root / source).write_text(text, "utf-8")
        self.typed += [(source, path, value) for path, value in self.data(text).items() if made.get(path) != value]

    def fill(self, source: str, rows: dict[str, dict[str, str]], **put: str) -> None:
        """Fills in the rows of a file and what is open of its top level; takes out what stays open."""
        text = self.read(source)
        for name, members in rows.items():
            row = ", ".join(f"{key}: {value}" for key, value in members.items())
            text, count = re.subn(rf"(- {{三级指标: {name}), .*}}", rf"\1, {row}}}", text)
            assert count == 1, name
        for name, value in put.items():
            text, count = re.subn(rf"^( *){name}:(?: .*)?$", rf"\1{name}: {value}", text, flags=re.M)
            assert count == 1, name
        text = re.sub(r"^#.*\n", "", text, flags=re.M)
        text = re.sub(r"^\w+: *\n(?=\S|\n|\Z)", "", text, flags=re.M)
        self.write(source, re.sub(r", \w+: (?=[,}])", "", text))

    def figures(self, source: str) -> dict[str, Any]:
        """The figures of a file, by dotted path."""
        found = loading.filing(snapshot(self.root), DataFile.at(source)).figures
        return {".".join(map(str, path)): value for path, value in found.items()}

    def public(self) -> dict[str, bytes]:
        """What is public, by its place."""
        top = self.root / "build/public"
        return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


@pytest.fixture
def year(tmp_path, capsys) -> Year:
    return Year(tmp_path / "p", capsys)


def last_year(year: Year) -> None:
    """Last year's two Word forms come in, and a warning of the check is answered."""
    (year.root / "收来的表").mkdir()
    for number, source in enumerate(OF_LAST_YEAR):
        (year.root / f"收来的表/{number}.docx").write_bytes(word_of(source))
    year.run("import", "收来的表", "--year", "2024")
    assert all((year.root / source).is_file() for source in OF_LAST_YEAR)
    assert "D06" in year.run("check")
    answer = "审核说明:\n  D06 档案文化影响力: 影响力由读者问卷评价。\n"
    year.write(OF_LAST_YEAR[0], year.read(OF_LAST_YEAR[0]).replace("收入构成:\n", f"{answer}收入构成:\n", 1))


def targets(year: Year) -> None:
    """This year's targets: of the department and of a project that goes on by rollover, of a new project by new."""
    year.run("rollover", "data/2024")
    sample = (REPOSITORY / DEPARTMENT).read_text("utf-8")
    projects = "\n".join(
        f"  - {{项目名称: {name}, 类别: 运转类项目支出, 总预算: {total}, 本年度预算: {total}, 用途: {use}}}"
        for name, total, use in ((KEPT, "22.5", "库房和安防设备维护保养。"), (NEW, "12", "系统运维和异地备份。"))
    )
    year.write(DEPARTMENT, re.sub(r"  - {项目名称: 馆库与数字.*", projects, sample))
    kept, new = (f"data/2025/项目目标/{UNIT}/{name}.yaml" for name in (KEPT, NEW))
    text = "".join(line for line in year.read(kept).splitlines(True) if not line.startswith("# 续写"))
    for old, now in (("年: 2024\n", "年: 2025\n"), ("≤28万元", "≤22.5万元")):
        assert old in text
        text = text.replace(old, now)
    year.write(kept, text)
    year.run("new", "2025", UNIT, "--subject", NEW, "--form", "project-target")
    head = (
        f"项目属性: 新增项目\n开始年: 2025\n结束年: 2025\n填报人: 示例\n联系电话: {PHONE}\n"
        "总体目标: {年度目标: 数字档案系统稳定运行，数据每年异地备份一次。}\n"
    )
    identity = f"表式: project-target\n年度: 2025\n项目名称: {NEW}\n实施单位: {UNIT}\n"
    year.write(new, f"{identity}{head}{PLAN_OF_NEW}")


def middle(year: Year) -> None:
    """The monitoring form in July."""
    source = f"data/2025/项目监控/{UNIT}/{KEPT}.yaml"
    year.run("next", f"data/2025/项目目标/{UNIT}/{KEPT}.yaml", "--form", "project-monitor")
    spent = "{半年执行数: 9.8, 全年预计执行数: 22.1}"
    year.fill(source, MONITOR, 项目类型="常年性", 项目类别="部门预算项目", 总额=spent, 一般公共预算拨款=spent)


def end(year: Year) -> None:
    """The self-evaluations in the next spring: of both projects, and of the department."""
    money = {KEPT: "{全年预算数: 22.3, 全年执行数: 21.4}", NEW: "{全年预算数: 11.8, 全年执行数: 11.7}"}
    did = {KEPT: "库房全年没有发生安全事故，换了两台除湿机。", NEW: "系统全年可用，数据已经备份到异地。"}
    for name, rows in ((KEPT, REVIEW), (NEW, REVIEW_OF_NEW)):
        source = f"data/2025/项目自评/{UNIT}/{name}.yaml"
        year.run("next", f"data/2025/项目目标/{UNIT}/{name}.yaml", "--form", "project-review")
        text = year.read(source)
        for kind in ("上年结转资金", "其他资金", "原因"):
            text = re.sub(rf"^  {kind}:.*\n", "", text, flags=re.M)
        (year.root / source).write_text(text, "utf-8")
        year.fill(source, rows, 财政拨款=money[name], 实际完成情况=did[name])
    source = f"data/2025/部门自评/{UNIT}.yaml"
    year.run("next", DEPARTMENT)
    assert "\n审核说明:" not in year.read(source)
    sample = reader.load_yaml((REPOSITORY / source).read_bytes(), source).data
    rows = {}
    for path, value in leaves(sample["年度绩效指标"]):
        if len(path) > 3 and path[-1] != "三级指标":
            rows.setdefault(str(path[-2]), {})[str(path[-1])] = str(value)
    plain = {name: str(sample[name]) for name in ("填报日期", "基本支出总额", "项目支出总额", "偏差原因", "改进措施")}
    year.fill(source, rows, **plain)
    year.write(source, year.read(source) + "部门整体支出总额: {预算数: 565.1}\n")  # what was carried over came in


def test_a_unit_goes_through_its_year(year):
    for step in (last_year, targets, middle, end):
        step(year)
        said = year.run("check")
        assert "错误" not in said and "先看" not in said, f"{step.__name__}: {said}"
    of_kept, of_new, of_all = (
        year.figures(f"data/2025/{path}.yaml")
        for path in (f"项目自评/{UNIT}/{KEPT}", f"项目自评/{UNIT}/{NEW}", f"部门自评/{UNIT}")
    )
    assert (of_kept["总分"], of_kept["等级"], of_kept["资金.总额.得分"]) == (Decimal("95.7"), "优", Decimal("9.6"))
    assert (of_new["总分"], of_new["等级"]) == (Decimal("94.92"), "优")
    # 80 − 0.21 (2×5÷5.6) − 0.02 (2×97.1÷98) − 0.6 − 0.16 (4×11520÷12000) − 0.15 (1.5×18÷20) + 20×97.1 %
    assert (of_all["总分"], of_all["等级"]) == (Decimal("98.28"), "优")
    nothing_is_typed_twice(year)
    public_in_its_time(year)


def nothing_is_typed_twice(year: Year) -> None:
    """No text or amount of some length was typed that another file of the year had before."""
    sources = list(dict.fromkeys(source for source, _, _ in year.typed if source.startswith("data/2025")))
    known: dict[str, set[Any]] = {}
    for number, source in enumerate(sources):
        known[source] = {value for other in sources[:number] for value in year.data(year.read(other)).values()}
    again = {
        (source, *path)
        for source, path, value in year.typed
        if source in known and path[-1] not in NO_AMOUNTS and value in known[source]
        if isinstance(value, Decimal) or len(value) > 5
    }
    assert len(sources) == 7 and again == TYPED_AGAIN


def public_in_its_time(year: Year) -> None:
    """The targets are public in spring, the scores in the next summer; the monitoring never, a telephone nowhere."""
    page, project = f"2025/{UNIT}/index.html", f"2025/项目目标/{UNIT}/{KEPT}/index.html"
    reviews = f"2025/项目自评/{UNIT}/{KEPT}/index.html", f"2025/部门自评/{UNIT}/index.html"
    year.run("build", "--only", "html", "--date", "2025-03-01")
    before = year.public()
    assert {page, project} <= set(before) and not set(reviews) & set(before)
    assert "98.28" not in before[page].decode()
    year.run("build", "--only", "html", "--date", "2026-08-20")
    after = year.public()
    assert {page, project, *reviews} <= set(after)
    assert not [place for place in after if "监控" in place]
    assert not [place for place, content in {**before, **after}.items() if PHONE.encode() in content]
    whole = after[page].decode()
    for told in ("98.28", "≥12000", "11520", "3.84", "两个单位整理不合格退回重做"):
        assert told in whole, told
    assert urllib.parse.quote(reviews[0]) in after[project].decode()
