"""A made-up city: units by the dozen over several years, made of the samples, with changes planted between the years.

Each year's file continues the one before as a rollover and an author would: columns of earlier years move, targets
stay. Then changes are planted, and written down: what a comparison of the two years must say, and nothing else.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from perfgen.display import show
from tests.helpers.projects import REPOSITORY

SAMPLES = sorted((REPOSITORY / "data/2025").glob("*.yaml"))
YEAR = 2025
"""The year before the plants; those after it follow."""
_ROW = re.compile(
    r"^ +- \{三级指标: (?P<name>.+?), 前年: (?P<second>.+?), 上年: (?P<last>.+?), 指标值: (?P<value>.+?), 依据"
)
_SUMS = re.compile(r"\{当年: (?P<now>[\d.]+), 上年: (?P<last>[\d.]+), 前年: [\d.]+\}")
_PAST = re.compile(r"^  (?P<kind>\S+类项目支出): \{上年: (?P<last>[\d.]+), 前年: [\d.]+\}")
_PROJECT = re.compile(
    r"\{项目名称: (?P<name>[^,]+), 类别: (?P<kind>[^,]+), 总预算: (?P<whole>[\d.]+), 本年度预算: (?P<now>[\d.]+),"
)

Told = tuple[str, str]
"""The class of a change, and the last part of its label."""


@dataclass
class Unit:
    """A unit of the city in the later year, and what a comparison with the year before must say of it."""

    name: str
    text: str
    told: list[Told] = field(default_factory=list)
    before: str = ""
    """What it was called the year before, where that is another name."""
    is_gone: bool = False
    is_new: bool = False

    def edit(self, old: str, new: str, *told: Told) -> None:
        """Changes the one such piece of the later year's text."""
        assert self.text.count(old) == 1, (self.name, old, self.text.count(old))
        self.text = self.text.replace(old, new)
        self.told += [(meaning, name.strip('"')) for meaning, name in told]


def named(text: str, name: str) -> str:
    """A sample's text under another unit's name."""
    return re.sub(r"^部门名称: .*$", f"部门名称: {name}", text, count=1, flags=re.MULTILINE)


def first_year(sample: Path, name: str, year: int) -> str:
    """A sample as the file of a unit and year, without what its author answered."""
    text = re.sub(r"^(审核说明|调整理由):\n(  .*\n)+", "", sample.read_text("utf-8"), flags=re.MULTILINE)
    return named(re.sub(r"^年度: .*$", f"年度: {year}", text, count=1, flags=re.MULTILINE), name)


def next_year(text: str) -> str:
    """The next year's file: the columns of earlier years moved on, all targets reached and kept."""
    sums: dict[str, Decimal] = {}
    for project in _PROJECT.finditer(text):
        sums[project["kind"]] = sums.get(project["kind"], Decimal(0)) + Decimal(project["now"])
    lines = [_moved_on(line, sums) for line in text.split("\n")]
    moved = "\n".join(lines)
    return re.sub(r"^年度: (\d+)$", lambda year: f"年度: {int(year[1]) + 1}", moved, count=1, flags=re.MULTILINE)


def _moved_on(line: str, sums: dict[str, Decimal]) -> str:
    if row := _ROW.match(line):
        reached = re.sub("[≥≤=＝<>＜＞]", "", row["value"])
        old = f"前年: {row['second']}, 上年: {row['last']}, "
        return line.replace(old, f"前年: {row['last']}, 上年: {reached}, ", 1)
    if past := _PAST.match(line):
        now = show(sums.get(past["kind"], Decimal(0)))
        return f"  {past['kind']}: {{上年: {now}, 前年: {past['last']}}}"
    return _SUMS.sub(lambda found: f"{{当年: {found['now']}, 上年: {found['now']}, 前年: {found['last']}}}", line)


def rows(text: str) -> Iterator[re.Match[str]]:
    """The rows of this year's targets, as matches of whole lines."""
    yield from (match for line in text.split("\n") if (match := _ROW.match(line)))


def _line(text: str, row: re.Match[str]) -> str:
    return next(line for line in text.split("\n") if line.startswith(row[0]))


def _pick(unit: Unit, at: int, fits: Callable[[re.Match[str]], bool]) -> re.Match[str]:
    """One of the rows that fit and that no plant touched yet."""
    touched = {name for _, name in unit.told}
    fitting = [row for row in rows(unit.text) if fits(row) and row["name"] not in touched]
    assert fitting, unit.name
    return fitting[at % len(fitting)]


def _more_is_better(row: re.Match[str]) -> bool:
    return re.match(r"≥\d{2,}", row["value"]) is not None


def _weaker(value: str) -> str:
    number = re.search(r"\d+(?:\.\d+)?", value)
    assert number
    return value.replace(number[0], show((Decimal(number[0]) * Decimal("0.9")).quantize(Decimal("0.1"))), 1)


def weakened(unit: Unit, at: int = 0) -> None:
    """A target a tenth lower."""
    row = _pick(unit, at, _more_is_better)
    line = _line(unit.text, row)
    unit.edit(line, line.replace(f"指标值: {row['value']}", f"指标值: {_weaker(row['value'])}"), ("放宽", row["name"]))


def stricter(unit: Unit, at: int = 0) -> None:
    """A number that must not be reached, a tenth higher."""
    row = _pick(unit, at, lambda row: re.match(r"≥\d{2,}(?!.*%)", row["value"]) is not None)
    line = _line(unit.text, row)
    value = row["value"].replace("≥", "≥1", 1)
    unit.edit(line, line.replace(f"指标值: {row['value']}", f"指标值: {value}"), ("趋严", row["name"]))


def dropped(unit: Unit, at: int = 0) -> None:
    """A row gone, from a list that has others."""
    row = _pick(unit, at, lambda row: _has_neighbour(unit.text, row))
    unit.edit(f"{_line(unit.text, row)}\n", "", ("取消", row["name"]))


def _has_neighbour(text: str, row: re.Match[str]) -> bool:
    lines = text.split("\n")
    number = lines.index(_line(text, row))
    return any(_ROW.match(lines[other]) for other in (number - 1, number + 1))


def renamed_and_weakened(unit: Unit, at: int = 0) -> None:
    """A row under a name that has little of the old one; its past values tell."""
    row = _pick(
        unit,
        at,
        lambda row: _more_is_better(row) and re.search(r"\d{2,}", row["last"]) is not None and "100" not in row["last"],
    )
    line, name = _line(unit.text, row), f"新口径{row['name'][-2:]}"
    new = line.replace(f"三级指标: {row['name']},", f"三级指标: {name},")
    new = new.replace(f"指标值: {row['value']}", f"指标值: {_weaker(row['value'])}")
    unit.edit(line, new, ("放宽", name), ("仅文字", name))


def redefined(unit: Unit, at: int = 0) -> None:
    """A target counted in another unit of measure."""
    row = _pick(unit, at, lambda row: re.fullmatch(r"≥\d+[次项个批家人]", row["value"]) is not None)
    line = _line(unit.text, row)
    unit.edit(
        line, line.replace(f"指标值: {row['value']}", f"指标值: {row['value'][:-1]}轮"), ("口径变化", row["name"])
    )


def lower_grade(unit: Unit, at: int = 0) -> None:
    """A grade one step lower."""
    row = _pick(unit, at, lambda row: row["value"] in ("合规", "相符"))
    line, value = _line(unit.text, row), row["value"]
    unit.edit(line, line.replace(f"指标值: {value}", f"指标值: 基本{value}"), ("放宽", row["name"]))


def value_gone(unit: Unit, at: int = 0) -> None:
    """A target that is a dash now."""
    row = _pick(unit, at, _more_is_better)
    line = _line(unit.text, row)
    unit.edit(line, line.replace(f"指标值: {row['value']}", "指标值: —"), ("取消", row["name"]))


def added(unit: Unit, at: int = 0) -> None:
    """A new row, which says that it has no past."""
    row = _pick(unit, at, lambda row: True)
    line = _line(unit.text, row)
    new = "        - {三级指标: 便民服务点建成数, 前年: —, 上年: —, 指标值: ≥7处, 依据: 计划标准, 分类: 绩效创新型}"
    unit.edit(line, f"{line}\n{new}", ("新增", "便民服务点建成数"))


def project_moved(unit: Unit, at: int = 0) -> None:
    """A project in another category; no sum of the whole changes."""
    projects = [project for project in _PROJECT.finditer(unit.text) if project["kind"] == "运转类项目支出"]
    project = projects[at % len(projects)]
    new = project[0].replace("类别: 运转类项目支出", "类别: 特定目标类项目支出")
    unit.edit(project[0], new, ("资金调整", "支出项目类别"))


def money_cut(unit: Unit, at: int = 0) -> None:
    """Ten less for a project and in the income."""
    project = [project for project in _PROJECT.finditer(unit.text) if Decimal(project["now"]) > 20][at]
    now, whole = (Decimal(project[part]) for part in ("now", "whole"))
    new = (
        project[0]
        .replace(f"总预算: {project['whole']}", f"总预算: {whole - 10}")
        .replace(f"本年度预算: {project['now']}", f"本年度预算: {now - 10}")
    )
    unit.edit(project[0], new, ("资金减", "项目总预算"), ("资金减", "项目本年度预算"))
    income = re.search(r"财政拨款: \{当年: ([\d.]+)", unit.text)
    assert income
    unit.edit(income[0], income[0].replace(income[1], str(Decimal(income[1]) - 10)), ("资金减", "当年金额"))


def reworded(unit: Unit, at: int = 0) -> None:
    """Another word in a task."""
    begin = unit.text.index("年度工作任务:")
    tasks = [line for line in unit.text[begin:].split("\n") if line.startswith("  - ") and line.endswith("。")]
    line = tasks[at]
    unit.edit(f"\n{line}\n", f"\n{line.rstrip('。')}，并且做好总结。\n", ("仅文字", "年度工作任务"))


def moved_to_another_group(unit: Unit, at: int = 0) -> None:
    """A row that stands under another heading of its group."""
    line = next(
        line
        for line in unit.text.split("\n")
        if _ROW.match(line) and _has_neighbour(unit.text, _ROW.match(line)) and _in_own_business(unit.text, line)
    )
    row = _ROW.match(line)
    assert row
    unit.edit(f"{line}\n", "")
    head = _last_business(unit.text)
    unit.edit(head, f"{head}\n{line}", ("仅文字", row["name"]))


def _own_business(text: str) -> str:
    part = text[text.rindex("\n    履职效能:\n") :]
    return part[: part.index("\n    社会效应:\n")]


def _in_own_business(text: str, line: str) -> bool:
    return line in _own_business(text)


def _last_business(text: str) -> str:
    """The last line below the last heading of what the unit is there for."""
    return _own_business(text).rstrip("\n").split("\n")[-1]


PLANTS = (
    weakened, dropped, renamed_and_weakened, project_moved, money_cut, added, reworded, stricter, redefined,
    lower_grade, value_gone, moved_to_another_group,
)  # fmt: skip


def city(root: Path, plan: list[tuple[Callable[[Unit], None], ...]], years: int = 2) -> list[Unit]:
    """Writes a city at `root`: a unit for each part of the plan, whose plants lie between the last two years."""
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    units = []
    for number, plants in enumerate(plan):
        name = f"示例市第{number:02}局"
        text = first_year(SAMPLES[number % len(SAMPLES)], name, YEAR + 2 - years)
        for year in range(YEAR + 2 - years, YEAR + 1):
            _write(root, year, name, text)
            text = next_year(text)
        unit = Unit(name, text)
        for plant in plants:
            plant(unit)
        _write(root, YEAR + 1, unit.name, unit.text)
        units.append(unit)
    return units


def _write(root: Path, year: int, name: str, text: str) -> None:
    path = root / f"data/{year}/{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
