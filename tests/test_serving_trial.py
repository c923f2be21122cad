"""Empty forms filled in to finished ones by keyboard alone, from the first page on: those of the samples, and one more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from perfgen.check import loading
from perfgen.data import Data
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.helpers import garden
from tests.helpers.browsing import launched, opened
from tests.helpers.clerk import Clerk
from tests.helpers.projects import snapshot
from tests.helpers.serving import Served, samples, serving

pytestmark = pytest.mark.browser
SIZE = {"width": 1280, "height": 800}
REASONS = ("审核说明", "调整理由")
PROJECT = "示例市市场监督管理局/A&B 类特种设备安全监察.yaml"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = samples(tmp_path_factory.mktemp("trial") / "项目")
    garden.add(root)
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as served:
        yield served


def begin_new(clerk: Clerk, title: str, unit: str, about: tuple[str, ...] = ()) -> None:
    """From the first page, an empty file of 2025; last year's, where it is there, is left alone."""
    clerk.tab_to(lambda one: one["text"] == "新建…", 10)
    clerk.press("Enter")
    clerk.select(title)
    for text in ("2025", unit, *about):
        clerk.press("Tab", "Control+a")
        clerk.type(text)
    clerk.press("Enter")
    clerk.page.wait_for_selector("dialog.asking h2:text('有 2024 年的'), .official")
    if clerk.page.locator("dialog").count():
        clerk.tab_to(lambda one: one["text"] == "还是做空的", 5)
        clerk.press("Enter")


def begin_from(clerk: Clerk, before: str, title: str) -> None:
    """From the first page, the file of the next form."""
    clerk.tab_to(lambda one: one["text"] == "接着做…" and one["title"].startswith(before), 200)
    clerk.press("Enter")
    clerk.page.wait_for_selector("dialog")
    clerk.tab_to(lambda one: one["text"] == f"做《{title}》", 8)
    clerk.press("Enter")
    clerk.page.wait_for_selector("dialog h2:text('做好了'), .official")
    if clerk.page.locator("dialog").count():
        clerk.tab_to(lambda one: one["text"] == "打开", 8)
        clerk.press("Enter")


def document(root: Path, source: str) -> Any:
    """The data of a file."""
    return reader.load_yaml((root / source).read_bytes(), source).data


def filled_in(browser: Any, served: Served, root: Path, source: str, begin: Any) -> Clerk:
    """Takes a finished file away and fills it in again from the first page on."""
    wanted = document(root, source)
    fields = loading.filing(snapshot(root), DataFile.at(source)).form.fields
    (root / source).unlink()
    page = opened(browser, served.address, viewport=SIZE)
    clerk = Clerk(page, wanted, {name: field.title or name for name, field in fields.members.items()})
    page.wait_for_selector("details.year", state="attached")
    begin(clerk)
    page.wait_for_selector(".official")
    clerk.fill_in()
    clerk.give_reasons()
    assert page.said == []
    return clerk


def without_reasons(data: Mapping[str, Data]) -> dict[str, Data]:
    return {name: value for name, value in data.items() if name not in REASONS}


def differing(found: Data, wanted: Data, path: tuple[str | int, ...] = ()) -> Iterator[str]:
    """Where two values differ, for a message."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in {**wanted, **found}:
            yield from differing(found.get(name, "nothing"), wanted.get(name, "nothing"), (*path, name))
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, pair in enumerate(zip(found, wanted, strict=True)):
            yield from differing(*pair, (*path, number))
    elif found != wanted or type(found) is not type(wanted):
        yield f"{path}: {found!r}, not {wanted!r}"


def test_it(browser, root, served) -> None:
    source = "data/2025/项目目标/示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）.yaml"
    wanted = document(root, source)
    clerk = filled_in(
        browser,
        served,
        root,
        source,
        lambda clerk: begin_new(
            clerk, "项目支出绩效目标表", "示例市市场监督管理局", ("食品安全监督抽检（≥4 批次/千人）",)
        ),
    )
    assert list(differing(document(root, source), wanted)) == []
