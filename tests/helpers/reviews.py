"""A project's target and its review in a folder of a test, a few lines each, by the forms of this repository."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from perfgen.check import loading
from perfgen.check.filing import Filing
from perfgen.project.layout import DataFile
from tests.helpers import projects
from tests.helpers.cycle import write

UNIT, PROJECT = "示例市档案馆", "库房维护"
NAME = f"项目自评/{UNIT}/{PROJECT}"
TARGET, REVIEW = f"data/2024/项目目标/{UNIT}/{PROJECT}.yaml", f"data/2024/{NAME}.yaml"
_HEAD = f"年度: 2024\n项目名称: {PROJECT}\n实施单位: {UNIT}\n填报人: 示例\n联系电话: 0000-0000002\n"
_ABOUT = (
    f"主管部门: {UNIT}\n项目属性: 持续性项目\n开始年: 2024\n结束年: 2024\n年度资金: {{财政拨款: 100}}\n"
    "总体目标: {年度目标: 库房全年安全}\n"
)
_ROWS = "绩效指标:\n  产出指标:\n    数量指标:\n"

Row = tuple[str, float, str, str, str]
"""Name, weight, what was promised, what came of it, and what else is typed in the review's row."""


def folder(root: Path, **parameters: object) -> Path:
    """A folder with the forms of this repository, in which parameters of the scoring are other ones."""
    for name in ("schema", "templates"):
        shutil.copytree(projects.REPOSITORY / name, root / name)
    rules = root / "schema/scoring.rules.yaml"
    text = rules.read_text("utf-8")
    for name, value in parameters.items():
        [line] = [line for line in text.splitlines() if line.startswith(f"  {name}: ")]
        text = text.replace(line, f"  {name}: {value}")
    rules.write_text(text, "utf-8")
    return root


def files(root: Path, rows: Iterable[Row], **review: str) -> Path:
    """Writes a target and its review with some rows.

    `review`: `budget` and `spent`, `why` not all was spent, the `result` in words, and what `more` stands in it.
    """
    listed = list(rows)
    targets = (f"      - {{三级指标: {name}, 指标值: '{goal}', 权重: {weight}}}\n" for name, weight, goal, *_ in listed)
    outcomes = (f"      - {{三级指标: {name}, 完成值: '{done}'{rest}}}\n" for name, _, _, done, rest in listed)
    said = {"budget": "100", "spent": "100", "result": "没有发生事故", "more": "", **review}
    money = f"资金:\n  财政拨款: {{全年预算数: {said['budget']}, 全年执行数: {said['spent']}}}\n"
    why = f"  原因: {said['why']}\n" if "why" in said else ""
    about = f"{_HEAD}{money}{why}实际完成情况: {said['result']}\n{said['more']}"
    write(root, TARGET, f"表式: project-target\n{_HEAD}{_ABOUT}{_ROWS}{''.join(targets)}")
    write(root, REVIEW, f"表式: project-review\n{about}{_ROWS}{''.join(outcomes)}")
    return root


def filing(root: Path) -> Filing:
    """The review of a folder, with its figures."""
    return loading.filing(projects.snapshot(root), DataFile("2024", NAME))
