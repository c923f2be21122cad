"""The page of the status in a real browser: accessible, quiet, on a phone, in the dark."""

from __future__ import annotations

from datetime import date

import pytest

from perfgen.project.layout import DataFile
from perfgen.status import formats
from perfgen.status.rows import Row, Status
from perfgen.system.day import Day, Origin
from tests.conftest import REPOSITORY
from tests.helpers.browsing import TOOLS, nu_checker, opened
from tests.helpers.projects import snapshot
from tests.test_page_browser import browser  # noqa: F401

pytestmark = pytest.mark.browser
DAY = Day(date(2026, 1, 12), Origin.OPTION)


def row(name: str, **more: object) -> Row:
    files = (DataFile("2026", name), DataFile("2026", f"{name}/一个名称很长很长很长很长的项目"))
    return Row(name, "x", "整体表", DAY, **{"files": files, "group": "一组", **more})


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    rows = (
        row("示例市一局", files=(), deadline="2026-01-10"),
        row("示例市住房和城乡建设局房屋征收补偿服务中心", holes=12, errors=3, warnings=4, deadline="2026-02-10"),
        row("示例市三局", errors=1, remarks=("名单里没有",)),
        row("示例市四局", warnings=120, records=3),
        row("示例市五局"),
        row("示例市六局", approved="2026-01-01", published="2026-01-30"),
        row("示例市七局", approved="2026-01-01", published="2026-01-10"),
        Row("示例市八局", "y", "另一张表", DAY),
    )
    path = tmp_path_factory.mktemp("page") / "status.html"
    status = Status("2026", DAY, rows, is_listed=False, excused={"示例市九局": "撤并"}, findings=("data/x.yaml: 错误",))
    path.write_text(formats.render("html", status, snapshot(REPOSITORY)), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_violation(browser, page_file, scheme, width):  # noqa: F811
    axe = (TOOLS / "axe-core/axe.min.js").read_text("utf-8")
    page = browser.new_page(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900})
    page.goto(page_file.as_uri())
    page.add_script_tag(content=axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in result["violations"]] == []
    page.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_does_not_scroll_sideways_and_says_nothing(browser, page_file, width):  # noqa: F811
    page = opened(browser, page_file, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == [] and [url for url in page.asked if not url.startswith("data:")] == [page_file.as_uri()]
    page.close()


def test_on_a_phone_nothing_empty_is_shown(browser, page_file):  # noqa: F811
    page = opened(browser, page_file, viewport={"width": 390, "height": 800})
    shown = page.evaluate(
        "[...document.querySelectorAll('td')].filter(td => td.offsetHeight && !td.textContent).length"
    )
    texts = page.evaluate("[...document.querySelectorAll('td')].filter(td => td.offsetHeight).length")
    assert shown == 0 and texts > 20
    page.close()


def test_the_nu_checker_finds_no_error(page_file):
    assert nu_checker(page_file) == (0, "")
