"""Empty forms filled in to finished ones by keyboard alone, from the first page on: the samples', and another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfgen import cli
from perfgen.check import loading
from perfgen.data import Data, ValuePath
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.helpers import garden
from tests.helpers.browsing import launched, opened
from tests.helpers.clerk import Clerk
from tests.helpers.projects import snapshot
from tests.helpers.serving import Served, samples, serving
from tests.helpers.shortened import shortened

pytestmark = pytest.mark.browser
SIZE = {"width": 1280, "height": 800}
REASONS = ("审核说明", "调整理由")
FOOD = "示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）.yaml"
TITLE = "食品安全监督抽检（≥4 批次/千人）"
SCHOOLS = "data/2025/示例市教育局.yaml"
ARCHIVES = "示例市档案馆.yaml"
Begin = Callable[[Clerk], None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = garden.add(samples(tmp_path_factory.mktemp("trial") / "项目"))
    (root / garden.SOURCE).write_text(GARDEN, "utf-8")
    (root / SCHOOLS).write_bytes(shortened(root, SCHOOLS))
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as served:
        yield served


GARDEN = """\
form: garden
年: 2025
园: 东园
电话: "0012"
说明: |-
  多年的园子：# 一
  “第二行”
面积: 12.5
自留: true
土质: 壤土
产值: ≥90%
要点:
  - "- 头一条"
  - "第二条: 重要"
开始: 2020
结束: 2030
地块:
  东区:
    水面:
      - {作物: 莲, 亩数: 1, 品种: 中熟}
    菜地:
      - {作物: 白菜, 亩数: 2}
      - {作物: 萝卜, 亩数: 3, 收入: 0.5}
    "2025":
      - {作物: 梨, 亩数: 4}
  北坡:
    林地:
      - {作物: 松, 亩数: 5}
      - {作物: yes, 亩数: 6}
备忘:
  一: 甲
  "二: 三": 乙 # 丙
"""


def begin_new(title: str, unit: str, *about: str) -> Begin:
    """From the first page, an empty file of 2025; last year's, where it is there, is left alone."""
    return lambda clerk: _begin_new(clerk, title, unit, about)


def _begin_new(clerk: Clerk, title: str, unit: str, about: tuple[str, ...]) -> None:
    clerk.tab_to(lambda one: one["text"] == "新建…", 10)
    clerk.press("Enter")
    clerk.select(title)
    for text in ("2025", unit, *about):
        clerk.press("Tab", "Control+a")
        clerk.type(text)
    clerk.press("Enter")
    clerk.page.wait_for_selector("dialog[open] h2:text('有 2024 年的'), .official")
    if clerk.page.locator("dialog[open]").count():
        clerk.tab_to(lambda one: one["text"] == "还是做空的", 5)
        clerk.press("Enter")


def begin_from(before: str, title: str) -> Begin:
    """From the first page, the file of the next form."""
    return lambda clerk: _begin_from(clerk, before, title)


def _begin_from(clerk: Clerk, before: str, title: str) -> None:
    clerk.tab_to(lambda one: one["text"] == "接着做…" and one["title"].startswith(before), 200)
    clerk.press("Enter")
    clerk.page.wait_for_selector("dialog[open]")
    clerk.tab_to(lambda one: one["text"] == f"做《{title}》", 8)
    clerk.press("Enter")
    clerk.page.wait_for_selector("dialog[open] h2:text('做好了'), .official")
    if clerk.page.locator("dialog[open]").count():
        clerk.tab_to(lambda one: one["text"] == "打开", 8)
        clerk.press("Enter")


def document(root: Path, source: str) -> Any:
    """The data of a file."""
    return reader.load_yaml((root / source).read_bytes(), source).data


def differing(found: Data, wanted: Data, path: ValuePath = ()) -> Iterator[str]:
    """Where two values differ, for a message."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in {**wanted, **found}:
            yield from differing(found.get(name, "nothing"), wanted.get(name, "nothing"), (*path, name))
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, pair in enumerate(zip(found, wanted, strict=True)):
            yield from differing(*pair, (*path, number))
    elif found != wanted or type(found) is not type(wanted):
        yield f"{path}: {found!r}, not {wanted!r}"


CASES = {
    "a project's target": (
        f"data/2025/项目目标/{FOOD}",
        begin_new("项目支出绩效目标表", "示例市市场监督管理局", TITLE),
    ),
    "what became of it by the middle of the year": (
        f"data/2025/项目监控/{FOOD}",
        begin_from(f"data/2025/项目目标/{FOOD}", "项目支出绩效运行监控表"),
    ),
    "and by its end": (
        f"data/2025/项目自评/{FOOD}",
        begin_from(f"data/2025/项目目标/{FOOD}", "项目支出绩效自评表"),
    ),
    "a department's target": (SCHOOLS, begin_new("部门整体绩效目标表", "示例市教育局")),
    "what became of one": (
        f"data/2025/部门自评/{ARCHIVES}",
        begin_from(f"data/2025/{ARCHIVES}", "部门整体绩效自评表"),
    ),
    "a form that is added as files": (garden.SOURCE, begin_new("园子登记表", "东园")),
}


LONG = (
    "a project's target", "a department's target", "what became of one", "what became of it by the middle of the year",
    "and by its end",
)  # fmt: skip
"""What takes minutes to be typed."""


@pytest.mark.parametrize(
    ("source", "begin"),
    [pytest.param(*case, id=name, marks=[pytest.mark.nightly] * (name in LONG)) for name, case in CASES.items()],
)
def test_an_empty_form_is_filled_in_by_keyboard_to_a_finished_one(
    browser: Any, served: Served, root: Path, source: str, begin: Begin
) -> None:
    finished, wanted = served.view(source)["counts"], document(root, source)
    fields = loading.filing(snapshot(root), DataFile.at(source)).form.fields
    (root / source).unlink()
    page = opened(browser, served.address, viewport=SIZE)
    page.wait_for_selector("details.year", state="attached")
    clerk = Clerk(page, wanted, {name: field.title or name for name, field in fields.members.items()}, REASONS)
    begin(clerk)
    page.wait_for_selector(".official")
    clerk.fill_in()
    clerk.leave_rest()
    clerk.give_reasons()
    found = document(root, source)
    reasons = tuple(f"('{name}'" for name in REASONS)
    wrong = [one for one in differing(found, wanted) if not one.startswith(reasons)]
    assert not wrong, "\n".join(wrong)
    given = {text for name in REASONS for text in (found.get(name) or {}).values()}
    assert given <= set(clerk.reasons().values())
    left = served.view(source)["counts"]
    assert left["warnings"] <= finished["warnings"]
    assert left == {**finished, "warnings": left["warnings"]}
    assert ("没有要改的" in page.text_content("#state")) == (not any(left.values()))
    assert cli.main(["-C", str(root), "check", source]) == bool(finished["errors"])
    assert page.said == []
    page.close()
