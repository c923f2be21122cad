"""The pages about all units in a real browser: search, sorting, from a disk and from a sub-path of a server."""

from __future__ import annotations

import re

import pytest

from tests.helpers.browsing import launched, opened, served
from tests.helpers.projects import snapshot
from tests.helpers.summaries import amount, change, report, row, site, write

pytestmark = pytest.mark.browser
REPORTS = [
    report("重庆市教育局", amounts=[amount("收入", "120.5", y2024="100")],
           changes=[change("放宽", "及时率", "由 9 到 8")],
           measures=[row("及时率", "≥98%", y2024="96%"), row("成本", "≤2万元")]),
    report("长沙市行政审批局", amounts=[amount("收入", "80")], measures=[row("及时率", "≥100%"), row("成本", "≤30元")]),
    report("卫生局", amounts=[amount("收入", "9")], measures=[row("及时率", "≥9%"), row("成本", "≤100元")]),
    report("卫生局", form="自评表", measures=[row("及时率", "≥9%", "7%", "没有达到"), row("成本", "尽量低")]),
    report("卫生局", form="项目表", subject="“#1 室” A&B/改造"),
]  # fmt: skip
WIDTHS = (320, 1280)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "网 站" / "一#1"
    (folder / "data").mkdir(parents=True)
    return write(site(snapshot(folder), *REPORTS), folder / "public")


@pytest.fixture(scope="module")
def browser():
    with launched() as one:
        yield one


@pytest.fixture(scope="module")
def pages(root):
    names = ("index", "2025/index", "units/卫生局/index", "units/重庆市教育局/index", "measures/index")
    return [root / f"{name}.html" for name in (*names, "measures/成本/index")]


def search(page, text: str) -> list[str]:
    """What is found for a text."""
    page.fill("#search-text", text)
    page.wait_for_function("window.perfgenNames !== undefined")
    page.wait_for_function("document.getElementById('search-count').textContent.indexOf('正在') < 0")
    return page.eval_on_selector_all("#search-found a", "links => links.map(link => link.textContent)")


def test_names_are_found_by_characters_initials_and_spelling(browser, root):
    page = opened(browser, root / "index.html")
    assert page.is_visible("#search-text")
    assert not any("search-data" in url for url in page.asked), "the names are asked for when the box is used"
    for text in (
        "教育",
        "cqsjyj",
        "chongqing",
        "jiaoyuju",
        "jyj",
        "jyuju",
        "ＪＹＪ",
        "重庆市教育局",
        "chongq",
    ):
        assert search(page, text)[:1] == ["重庆市教育局"], text
    assert search(page, "xzsp") == ["长沙市行政审批局"] == search(page, "xingzheng") == search(page, "cs")
    assert search(page, "abgz") == ["“#1 室” A&B/改造"] == search(page, "1室")
    assert search(page, "jsl") == ["及时率"]
    assert search(page, "没有这个") == [] == search(page, "zzz")
    assert page.inner_text("#search-count") == "没有找到。"
    assert page.said == []
    page.close()


def test_the_keyboard_goes_through_what_is_found(browser, root):
    page = opened(browser, root / "index.html")
    page.focus("#search-text")
    assert len(search(page, "j")) > 2
    page.focus("#search-text")
    focused = "document.activeElement.textContent || document.activeElement.id"
    page.keyboard.press("ArrowDown")
    first = page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) != first
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == first
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "search-text"
    assert re.fullmatch("找到 \\d+ 个。", page.inner_text("#search-count"))
    search(page, "wsj")
    page.keyboard.press("Enter")
    page.wait_for_function("document.title === '卫生局'")
    page.close()


def test_the_same_from_a_sub_path_of_a_server(browser, root):
    with served(root) as address:
        page = opened(browser, f"{address}index.html")
        assert len(page.asked) <= 4
        assert search(page, "abgz") == ["“#1 室” A&B/改造"]
        assert page.said == []
        page.keyboard.press("Enter")
        page.wait_for_function("document.title === '2025/项目表/卫生局/“#1 室” A&B_改造'")
        assert all(url.startswith((address, "data:")) for url in page.asked)
        page.close()


def test_without_scripts_the_search_is_not_there_and_the_lists_are(browser, root):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((root / "index.html").as_uri())
    assert not page.is_visible("#search-text")
    assert page.is_visible("text=长沙市行政审批局 >> nth=0")
    page.goto((root / "measures/成本/index.html").as_uri())
    assert page.locator("table button").count() == 0
    context.close()


def column(page, number: int) -> list[str]:
    return page.eval_on_selector_all(
        "table.sortable tbody tr", f"rows => rows.map(row => row.cells[{number}].innerText.trim())"
    )


def test_a_column_is_sorted_by_numbers_of_one_unit(browser, root):
    page = opened(browser, root / "measures/成本/index.html")
    assert page.locator("thead th").nth(1).get_attribute("aria-sort") is None
    button = page.locator("thead button").nth(1)
    button.click()
    assert column(page, 1) == ["≤100元；尽量低", "≤30元", "≤2万元"], "of most units first; 2 万元 is not put between"
    assert page.locator("thead th").nth(1).get_attribute("aria-sort") == "descending"
    assert "计量单位不同的分开排：元、万元" in page.locator("p[role=status]").inner_text()
    button.press("Enter")
    assert column(page, 1) == ["≤30元", "≤100元；尽量低", "≤2万元"]
    assert page.locator("thead th").nth(1).get_attribute("aria-sort") == "ascending"
    page.locator("thead button").nth(0).click()
    assert page.locator("thead th").nth(1).get_attribute("aria-sort") is None
    assert page.said == []
    page.close()


def test_the_money_of_a_year_is_sorted(browser, root):
    page = opened(browser, root / "2025/index.html")
    page.locator("thead button").nth(1).click()
    assert column(page, 1) == ["120.5", "80", "9"]
    page.locator("thead button").nth(1).click()
    assert column(page, 1) == ["9", "80", "120.5"]
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_or_asks_for_anything_else(browser, pages, root, width):
    for path in pages:
        for text in ("", "?text=large"):
            page = opened(browser, path.as_uri() + text, viewport={"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert all(url.startswith((root.as_uri(), "data:")) for url in page.asked)
            assert page.said == []
            page.close()


def test_what_is_touched_is_large_enough(browser, pages):
    for path in pages:
        page = opened(browser, path, viewport={"width": 390, "height": 844})
        small = """[...document.querySelectorAll('main :is(a, button, input)')].filter(e => e.getClientRects().length)
            .filter(e => e.getBoundingClientRect().height < 24).map(e => e.textContent)"""
        assert page.evaluate(small) == [], path
        page.close()
