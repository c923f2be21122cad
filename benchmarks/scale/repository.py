"""Makes the repository of a bureau with so many departments, 21 documents each in a year; the same bytes each time.

A department has its own target form and its own review, and seven projects: a target form each, and a mid-year monitor
and a review of all but the last, which began late. None of them has an error.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import forms
from benchmarks.measuring import ROOT

PROJECTS = 7
DOCUMENTS = 2 + PROJECTS + 2 * (PROJECTS - 1)
"""Of a department in a year: its two forms, the projects' targets, and what came of all but the last."""
LAST_YEAR = 2025

_PLACES = ("东城", "西城", "南湖", "北山", "河口", "新桥", "高新", "临港", "古田", "青山")
_KINDS = ("农业农村局", "水务局", "文化馆", "中学", "人民医院", "街道办事处", "城市管理局")
_TOPICS = ("管网更新", "设备维护", "惠民补助", "人员培训", "监测网络", "场馆开放", "巡查整治")
_WORKS = ("点位", "村居", "台账", "线路", "样本", "摊位", "设施", "案卷", "站房", "水样")
_UNITS = ("个", "件", "次", "处", "批", "公里")
_REVIEWED_WEIGHT = 80
"""What the weights of a department's review add up to."""
_GROUPS = (
    ("成本指标", "经济成本指标", 20, (1, 2)),
    ("产出指标", "数量指标", 20, (2, 4)),
    ("产出指标", "质量指标", 12, (1, 3)),
    ("产出指标", "时效指标", 8, (1, 2)),
    ("效益指标", "社会效益指标", 12, (1, 2)),
    ("效益指标", "可持续影响指标", 8, (1, 1)),
    ("满意度指标", "服务对象满意度指标", 10, (1, 2)),
)
"""The groups of a project's rows: both names, what the weights add up to, and how many rows there may be."""
_ROW = re.compile(r"(?P<head> *- )\{三级指标: (?P<name>[^,]+),.* 指标值: ≥(?P<value>\d+)(?P<unit>[^,]+),.*\}")
_Said = Callable[[int, str, int], str]
"""What a form says of a row: of its value, its unit and its weight."""


def settings(years: Sequence[int]) -> str:
    """The site settings: all of these years are approved and published."""
    head = (ROOT / "data/site.yaml").read_text("utf-8").partition("\n公开:")[0]
    return "\n".join([head, "公开:", *(line for year in years for line in _dates(year)), ""])


def _dates(year: int) -> Iterator[str]:
    """The dates of a year; the reviews are published with the final accounts, the monitors are not."""
    yield from (f"  {year}:", f"    批复日期: {year}-01-24", f"    公开日期: {year}-02-10", "    表:")
    for form in ("project-review", "department-review"):
        yield f"      {form}: {{批复日期: {year + 1}-07-31, 公开日期: {year + 1}-08-15}}"


def lay(folder: Path, departments: int, years: Sequence[int] = (LAST_YEAR,)) -> int:
    """Makes a project of so many departments below a folder that is there; gives the number of its data files."""
    for name in ("schema", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".gitignore").write_text("/build/\n", "utf-8")
    (folder / "data").mkdir()
    (folder / "data/site.yaml").write_text(settings(years), "utf-8")
    count = 0
    for source, text in documents(departments, years):
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        count += 1
    return count


def documents(departments: int, years: Sequence[int] = (LAST_YEAR,)) -> Iterator[tuple[str, str]]:
    """The data files of all departments, year after year, each as its path in the project and its text."""
    for year in years:
        for number in range(departments):
            yield from of_department(number, year)


def department(number: int) -> str:
    """What a department is called; no two alike."""
    place, kind = _PLACES[number % len(_PLACES)], _KINDS[number % len(_KINDS)]
    return f"样例{number // len(_PLACES) + 1}区{place}{kind}"


def of_department(number: int, year: int) -> Iterator[tuple[str, str]]:
    """The data files of a department in a year, each as its path and its text."""
    unit = department(number)
    target = forms.form(unit, year, number)
    yield f"data/{year}/{unit}.yaml", target
    yield f"data/{year}/部门自评/{unit}.yaml", _review_of(target, unit, year)
    for turn in range(PROJECTS):
        project = _Project(unit, year, number, turn)
        yield f"data/{year}/项目目标/{unit}/{project.name}.yaml", project.target()
        if turn < PROJECTS - 1:
            yield f"data/{year}/项目监控/{unit}/{project.name}.yaml", project.monitor()
            yield f"data/{year}/项目自评/{unit}/{project.name}.yaml", project.review()


def _review_of(target: str, unit: str, year: int) -> str:
    """A department's review: each of the year's rows of its target form reached."""
    rows = target.partition("\n年度绩效指标:\n")[2]
    weights = iter(_shared(_REVIEWED_WEIGHT, len(_ROW.findall(rows))))
    reviewed = _ROW.sub(
        lambda row: (
            f"{row['head']}{{三级指标: {row['name']}, 权重: {next(weights)}, "
            f"完成值: {int(row['value']) + 3}{row['unit']}}}"
        ),
        rows,
    )
    spent = int(sum(float(text) for text in re.findall(r"本年度预算: ([\d.]+)", target)) * 95)
    return "\n".join(
        [
            "表式: department-review",
            f"年度: {year}",
            f"单位名称: {unit}",
            f"填报日期: {year + 1}-03-12",
            "填报人: 示例",
            "联系电话: 0000-0000000",
            f"基本支出总额: {spent * 6 // 10 / 100:.2f}",
            f"项目支出总额: {(spent - spent * 6 // 10) / 100:.2f}",
            "年度绩效指标:",
            reviewed,
        ]
    )


def _shared(whole: int, count: int) -> list[int]:
    """A whole number in so many parts that differ by one at most."""
    return [whole // count + (turn < whole % count) for turn in range(count)]


class _Project:
    """A project of a department in a year, with the rows that its three forms have in common."""

    def __init__(self, unit: str, year: int, number: int, turn: int) -> None:
        self.unit, self.year = unit, year
        self.dice = random.Random(number * PROJECTS + turn)  # not for secrets
        self.name = f"{_TOPICS[turn]}（{self.dice.randint(1, 60)} 标段）"
        self.money = self.dice.randint(1_000, 90_000)
        self.rows = [(kind, group, list(self._rows(group, whole, counts))) for kind, group, whole, counts in _GROUPS]

    def _rows(self, group: str, whole: int, counts: tuple[int, int]) -> Iterator[tuple[str, int, str, int]]:
        """The rows of a group: name, value, unit, weight."""
        for turn, weight in enumerate(_shared(whole, self.dice.randint(*counts)), 1):
            name = f"{group.removesuffix('指标')}第{turn}项{self.dice.choice(_WORKS)}"
            yield name, self.dice.randint(20, 900), self.dice.choice(_UNITS), weight

    def target(self) -> str:
        """The target form."""
        money = f"{{财政拨款: {self.money / 100:.2f}}}"
        aim = f"完成{self.name}，{self._sentence()}"
        return self._text(
            "project-target",
            ["项目属性: 持续性项目", f"开始年: {self.year}", f"结束年: {self.year}", f"年度资金: {money}",
             f"总体目标: {{年度目标: {aim}}}"],
            lambda value, unit, weight: f"指标值: ≥{value}{unit}, 权重: {weight}",
        )  # fmt: skip

    def monitor(self) -> str:
        """The monitor of the first half of the year."""
        spent = f"{{半年执行数: {self.money // 2 / 100:.2f}, 全年预计执行数: {self.money / 100:.2f}}}"
        return self._text(
            "project-monitor",
            ["项目类型: 常年性", "项目类别: 部门预算项目", "年度资金:", f"  总额: {spent}",
             f"  一般公共预算拨款: {spent}"],
            lambda value, unit, _: f"执行情况: {value * 6 // 10}{unit}, 可能性: 确定能",
        )  # fmt: skip

    def review(self) -> str:
        """The review after the year."""
        return self._text(
            "project-review",
            [f"资金: {{财政拨款: {{全年执行数: {self.money * 97 // 100 / 100:.2f}}}}}",
             f"实际完成情况: {self._sentence()}"],
            lambda value, unit, _: f"完成值: {value + 3}{unit}",
        )  # fmt: skip

    def _sentence(self) -> str:
        parts = [f"{self.dice.choice(_WORKS)} {self.dice.randint(2, 900)} 处" for _ in range(self.dice.randint(3, 9))]
        return f"全年做好{'，'.join(parts)}。"

    def _text(self, form: str, members: list[str], said: _Said) -> str:
        lines = [f"表式: {form}", f"年度: {self.year}", f"项目名称: {self.name}", f"实施单位: {self.unit}",
                 "填报人: 示例", "联系电话: 0000-0000000", *members, "绩效指标:"]  # fmt: skip
        above = ""
        for kind, group, rows in self.rows:
            lines += [f"  {kind}:"] if kind != above else []
            lines.append(f"    {group}:")
            lines += [f"      - {{三级指标: {name}, {said(*row)}}}" for name, *row in rows]
            above = kind
        return "\n".join([*lines, ""])
