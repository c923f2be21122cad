"""The forms that are measured: made by this generator, 70 to 140 rows each; not the samples that code is tuned on."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import ROOT

YEARS = (2024, 2025)
FEWEST_ROWS, MOST_ROWS = 70, 140
_ROWS_AROUND = 30
"""About how many rows a form has that are no indicators."""

_GROUPS = {
    "运行成本": ("公用经费控制", "在职人员控制", "项目支出成本控制"),
    "管理效率": ("战略管理", "预算编制", "预算执行", "绩效管理", "资产管理", "财务管理"),
    "履职效能": ("服务供给", "设施运行", "监督检查", "信息服务"),
    "社会效应": ("经济效益", "社会效益", "生态效益"),
    "可持续发展能力": ("体制机制改革", "人才支撑", "科技支撑"),
    "满意度": ("服务对象满意度", "联系部门满意度"),
}
_DO = ("受理", "抽查", "巡检", "培训", "编制", "维护", "走访", "评审", "整治", "发布")
_OF = ("泵站闸门", "公交站点", "社区药房", "田间水渠", "图书流通点", "山塘堤坝", "商户台账", "校车线路", "湿地样方")
_UNITS = ("件", "次", "处", "家", "份", "公里", "人次")
_BASES = ("计划标准", "行业标准", "历史标准", "预算支出标准", "其他标准")


def project(folder: Path, count: int) -> list[str]:
    """Makes a project of `count` forms, two years of each unit; gives the paths of its data files."""
    for name in ("schema", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data/site.yaml", folder / "data/site.yaml")
    sources = []
    for number in range(count):
        unit, year = f"示例市第{number // 2 + 1}局", YEARS[number % 2]
        path = folder / f"data/{year}/{unit}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(form(unit, year, number), "utf-8")
        sources.append(path.relative_to(folder).as_posix())
    return sources


def form(unit: str, year: int, seed: int) -> str:
    """The text of a data file; the same one for the same seed. It has no errors."""
    dice = random.Random(seed)  # not for secrets
    rows = dice.randint(FEWEST_ROWS, MOST_ROWS) - _ROWS_AROUND
    costs = [dice.randint(1000, 90000) for _ in range(dice.randint(3, 7))]
    long_rows = max(rows // 3, 20)
    return "\n".join(
        [
            "表式: department-target",
            f"年度: {year}",
            f"部门名称: {unit}",
            "填报人: 示例",
            "联系电话: 0000-0000000",
            "收入构成:",
            f"  财政拨款: {{当年: {_money(sum(costs))}, 上年: {_money(sum(costs))}, 前年: {_money(sum(costs))}}}",
            "支出构成:",
            f"  人员类项目支出: {{上年: {_money(costs[0])}, 前年: {_money(costs[0])}}}",
            f"  运转类项目支出: {{上年: {_money(sum(costs[1:]))}, 前年: {_money(sum(costs[1:]))}}}",
            "部门职能概述:",
            *_sentences(dice, 5),
            "年度工作任务:",
            *_sentences(dice, 6),
            "项目支出:",
            *(_expense(number, cost) for number, cost in enumerate(costs)),
            "长期目标:",
            f"  截止年: {year + 4}",
            "  目标:",
            *("  " + line for line in _sentences(dice, 2)),
            "年度目标:",
            *_sentences(dice, 2),
            "长期绩效指标:",
            *_indicators(dice, long_rows, ""),
            "年度绩效指标:",
            *_indicators(dice, max(rows - long_rows, 20), "前年: {before}, 上年: {last}, "),
            "",
        ]
    )


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _sentences(dice: random.Random, count: int) -> list[str]:
    """So many items of a list, of 20 to 120 characters each."""
    return [f"  - {_sentence(dice)}" for _ in range(count)]


def _sentence(dice: random.Random) -> str:
    parts = [f"{dice.choice(_DO)}{dice.choice(_OF)}{dice.randint(2, 900)}处" for _ in range(dice.randint(2, 10))]
    return f"做好全年工作，{'，'.join(parts)}。"


def _expense(number: int, cost: int) -> str:
    kind = "运转类项目支出" if number else "人员类项目支出"
    amounts = f"总预算: {_money(cost)}, 本年度预算: {_money(cost)}"
    return (
        f"  - {{项目名称: 第{number + 1}类经费, 类别: {kind}, {amounts}, 用途: 日常运转和第{number + 1}类业务开支。}}"
    )


def _indicators(dice: random.Random, count: int, earlier: str) -> Iterator[str]:
    """The lines of so many indicators, at least one in each group."""
    places = [(first, second) for first, seconds in _GROUPS.items() for second in seconds]
    more = dice.choices([place for place in places if place[0] == "履职效能"], k=max(count - len(places), 0))
    yield f"  - 目标: {_sentence(dice)}"
    for first, seconds in _GROUPS.items():
        yield f"    {first}:"
        for second in seconds:
            yield f"      {second}:"
            for number in range(1 + more.count((first, second))):
                yield f"        - {_indicator(dice, second, number, earlier)}"


def _indicator(dice: random.Random, group: str, number: int, earlier: str) -> str:
    value, unit = dice.randint(20, 4000), dice.choice(_UNITS)
    name = f"{group}第{number + 1}项{dice.choice(_OF)}{dice.choice(_DO)}数量"
    years = earlier.format(before=f"{value - 9}{unit}", last=f"{value - 4}{unit}")
    return f"{{三级指标: {name}, {years}指标值: ≥{value}{unit}, 依据: {dice.choice(_BASES)}, 分类: 绩效基本型}}"
