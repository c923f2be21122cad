"""All components of the public site in a real browser: for every reader, at every width, in light, dark and large."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.helpers import showcase
from tests.helpers.browsing import launched, nu_checker, opened, served, violations

pytestmark = pytest.mark.browser
LARGE = "?text=large"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    return showcase.laid(tmp_path_factory.mktemp("site") / "根 一")


@pytest.fixture(scope="module")
def address(page_file):
    return page_file.as_uri()


@pytest.mark.parametrize("text", ["", LARGE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_no_violation(browser, address, viewport, scheme, text):
    assert violations(browser, address + text, viewport=viewport, color_scheme=scheme) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 3840])
@pytest.mark.parametrize("text", ["", LARGE])
def test_no_width_makes_the_page_scroll_sideways(browser, address, width, text):
    """A window of 1280 at 400 % is one of 320; only a table scrolls, in its own frame."""
    page = opened(browser, address + text, viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(_OUTSIDE) == []
    page.close()


_OUTSIDE = """[...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => !e.closest('.table-frame') && e.getClientRects().length)
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""
"""What reaches out of the window without being in a frame that scrolls."""


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("text", ["", LARGE])
def test_no_number_is_parted_from_its_unit_and_every_target_is_in_the_window(browser, address, width, text):
    page = opened(browser, address + text, viewport={"width": width, "height": 800})
    assert page.evaluate(_PARTED) == []
    rights = page.evaluate(
        "[...document.querySelectorAll('.measure-target')].map(e => e.getBoundingClientRect().right)"
    )
    assert len(rights) == 7 and max(rights) <= width
    page.close()


_PARTED = r"""[...document.querySelectorAll('.whole, .number:not(th)')]
    .filter(e => e.getClientRects().length && e.innerText.length < 14)
    .filter(e => { const r = document.createRange(); r.selectNodeContents(e);
        const tops = [...r.getClientRects()].filter(b => b.width > 1).map(b => Math.round(b.bottom / 16));
        return Math.max(...tops) - Math.min(...tops) > 1; })
    .map(e => e.innerText)"""
"""Short pieces that stand on more than one line."""


def test_large_text_is_large_has_large_targets_and_no_less_content(browser, address):
    """适老化: letters of 18 points and more, 60 pixels to hit, and the same words."""
    normal, large = (opened(browser, address + text, viewport=PHONE) for text in ("", LARGE))
    words = "document.body.innerText.replace(/\\s+/g, '')"
    assert normal.evaluate(words) == large.evaluate(words)
    assert min(large.evaluate(_SIZES)) >= 24 and min(normal.evaluate(_SIZES)) >= 15
    assert min(normal.evaluate(_HEIGHTS, _ALONE)) >= 44 and min(large.evaluate(_HEIGHTS, _ALONE)) >= 60
    assert min(normal.evaluate(_HEIGHTS, "a, summary, label")) >= 24
    assert large.evaluate(_LEADING) > normal.evaluate(_LEADING) > 1.3
    normal.close()
    large.close()


_SIZES = """[...new Set([...document.querySelectorAll('body *')].filter(e => e.innerText)
    .map(e => parseFloat(getComputedStyle(e).fontSize)))]"""
_ALONE = """.site-name, .text-switch, .breadcrumbs a, .contents a, .downloads a, .link-list a, .pager a, .site-footer a,
    summary"""
"""What is hit by itself, and stands in no sentence."""
_HEIGHTS = "which => [...document.querySelectorAll(which)].map(e => e.getBoundingClientRect().height)"
_LEADING = """(e => parseFloat(e.lineHeight) / parseFloat(e.fontSize))(getComputedStyle(
    document.querySelector('main p')))"""


def test_the_nu_checker_finds_no_error(page_file):
    assert nu_checker(page_file) == (0, "")


def size(page) -> float:
    """The size of letters, once the page is there."""
    page.wait_for_load_state()
    return page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")


def test_large_text_is_kept_over_pages(browser, page_file):
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_file.as_uri())
    before = size(page)
    page.get_by_role("switch", name="大字").check()
    assert size(page) == pytest.approx(1.5 * before)
    page.get_by_role("link", name="首页").click()
    assert size(page) == pytest.approx(1.5 * before) and page.get_by_role("switch").is_checked()
    page.go_back()
    assert size(page) == pytest.approx(1.5 * before)
    page.get_by_role("switch").uncheck()
    page.reload()
    assert size(page) == before
    context.close()


def test_large_text_is_kept_over_pages_without_storage(browser, page_file):
    """Where the browser keeps nothing, the address says it; links to other sites, files and places stay as they are."""
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    page = context.new_page()
    page.goto(page_file.as_uri())
    before = size(page)
    page.get_by_role("switch").check()
    page.get_by_role("link", name="首页").click()
    assert page.url.endswith(LARGE) and size(page) == pytest.approx(1.5 * before)
    links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
    assert {link for link in links if "?" in link} == {"index.html" + LARGE} and "#money" in links
    page.get_by_role("switch").uncheck()
    page.get_by_role("link", name="首页").click()
    assert size(page) == before
    context.close()


def test_without_scripts_the_page_is_whole_and_the_switch_still_works(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    before = page.locator("main p").first.bounding_box()
    assert page.get_by_role("heading", level=1).is_visible() and page.locator(".measure-target").count() == 7
    page.get_by_role("switch").check()
    after = page.locator("main p").first.bounding_box()
    assert after["height"] > 1.4 * before["height"]
    context.close()


def test_the_keyboard_reaches_everything_and_is_seen(browser, address):
    page = opened(browser, address, viewport=DESK)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a, summary, input, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length"
    )
    reached = set()
    for _ in range(wanted):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        shown = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{shown}.outlineStyle") == "solid" and page.evaluate(f"{shown}.outlineWidth") == "3px"
        box = page.evaluate("(b => [b.left, b.top, b.right, b.bottom])(document.activeElement.getBoundingClientRect())")
        assert box[0] >= 0 and box[1] >= -1 and box[2] <= 1281, "what has the focus is in the window"
    assert len(reached) == wanted > 20
    page.close()


def test_the_skip_link_comes_first_and_leads_to_the_content(browser, address):
    page = opened(browser, address, viewport=PHONE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


@pytest.mark.parametrize("way", ["file", "sub-path"])
def test_styles_and_scripts_work_from_a_file_and_below_any_path(browser, page_file, way):
    if way == "file":
        assert _works(browser, page_file.as_uri())
    else:
        with served(page_file.parents[1]) as root:
            assert _works(browser, f"{root}%E4%B8%80%E5%B1%82/index.html")


def _works(browser, address) -> bool:
    page = opened(browser, address)
    ran = page.evaluate("document.documentElement.dataset.text") == "normal"
    styled = page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    assert page.said == [] and len(page.asked) == 3
    page.close()
    return ran and styled


def test_a_line_holds_about_forty_characters(browser, address):
    page = opened(browser, address, viewport=DESK)
    longest = max(page.evaluate(_LINES))
    assert 38 <= longest <= 42
    page.close()


_LINES = """[...document.querySelectorAll('main p, main ol > li')].filter(e => !e.closest('.table-frame'))
    .map(e => e.getBoundingClientRect().width / parseFloat(getComputedStyle(e).fontSize))"""


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_heading_has_a_gap_below_it(browser, address, viewport):
    """What follows a heading stands less than a line below it, and nearer to it than what is above."""
    page = opened(browser, address, viewport=viewport)
    gaps = page.evaluate(
        """[...document.querySelectorAll('main h2, main h3')].filter(h => h.nextElementSibling).map(h => {
        const next = h.nextElementSibling.getBoundingClientRect(), own = h.getBoundingClientRect();
        return next.top - own.bottom; })"""
    )
    assert len(gaps) > 10 and max(gaps) <= 20 and min(gaps) >= 0
    page.close()


def test_it_prints_on_paper_what_is_folded_and_no_navigation(browser, address, tmp_path):
    page = opened(browser, address, color_scheme="dark")
    page.pdf(path=str(tmp_path / "x.pdf"), format="A4")
    text = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True).stdout
    text = re.sub(r"\s", "", text)
    assert "贯彻执行档案工作的法律" in text and "≥85%" in text
    assert "下载PDF" not in text and "跳到正文" not in text and "大字" not in text
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()
