"""Every kind of page of the public site in a real browser: for every reader, in every view, at every width."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import whole_site as looking
from tests.helpers.browsing import launched, opened, served
from tests.helpers.whole_site import LARGE, WIDTHS, Site

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
VIEWS = ("", LARGE)
INSIDE = (
    "color-contrast",
    "heading-order",
    "duplicate-id-aria",
    "td-headers-attr",
    "list",
    "definition-list",
    "link-name",
)
"""The rules for what stands inside a page; those for a whole one are its site's."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def whole(whole_site: Site) -> dict[str, Path]:
    """By kind, the largest page that stands by itself: a fragment is looked at in a page of its own."""
    return {kind: page for kind, page in whole_site.samples().items() if not kind.startswith("fragment")}


def test_every_page_is_of_a_kind_that_is_looked_at(whole_site):
    """A new kind of page is entered in tests/helpers/whole_site.py, and is tried here from then on."""
    assert "" not in whole_site.samples(), whole_site.samples()[""]
    forms = {summary["form"] for summary in whole_site.summaries.values()}
    wanted = {f"{kind} of {form}" for form in forms for kind in looking.OF_A_FILE.values()}
    assert set(whole_site.samples()) == {"start", "unit", "measures", "measure", "year"} | wanted
    assert len(forms) >= 4


def test_axe_finds_no_violation_on_a_desk_in_the_dark_or_on_a_phone_in_large_text(browser, whole):
    found = {}
    for kind, path in whole.items():
        # the policy lets no script in but the site's own; the checker comes from outside
        page = browser.new_page(bypass_csp=True, viewport=DESK)
        page.goto(path.as_uri())
        found[kind] = looking.accessible(page)
        page.emulate_media(color_scheme="dark")
        found[f"{kind}, dark"] = looking.accessible(page, ("color-contrast",))
        page.set_viewport_size(PHONE)
        page.goto(path.as_uri() + LARGE)
        found[f"{kind}, large"] = looking.accessible(page)
        page.close()
    looking.require_nothing(found)


@pytest.mark.parametrize("way", ["file", "sub-path"])
def test_a_page_asks_only_for_the_sites_files_gets_them_and_says_nothing(browser, whole_site, way):
    found = {}
    if way == "file":
        found = _heard(browser, whole_site, whole_site.public.as_uri() + "/")
    else:
        with served(whole_site.public) as root:
            assert root.count("/") == 4, "a path of its own below the server's root"
            found = _heard(browser, whole_site, root)
    looking.require_nothing(found)


def _heard(browser: Any, site: Site, root: str) -> dict[str, list[str]]:
    found = {}
    for kind, path in site.samples().items():
        page = browser.new_page(viewport=PHONE)
        found[kind] = looking.watched(page, root)
        page.goto(root + path.relative_to(site.public).as_posix())
        search = page.locator("input[type=search]")
        if search.count():
            search.fill("sjyj")
            page.locator("#search-found a").first.wait_for(timeout=5000)
        page.close()
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_at_every_width_nothing_reaches_out_of_the_window_and_nothing_is_parted(browser, whole, view):
    """A window of 1280 at 400 % is one of 320 × 256; only a table may scroll, in its own frame."""
    found = {}
    for kind, path in whole.items():
        page = opened(browser, path.as_uri() + view, viewport=PHONE)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 256 if width == 320 else 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found[kind, width, "page"] = [wide] if wide > width else []
            for name in ("OUTSIDE", "PARTED", "OUT_OF_SIGHT", "COMMA_FIRST"):
                found[kind, width, name] = page.evaluate(getattr(looking, name))
        page.close()
    looking.require_nothing(found)


def test_every_promise_of_a_year_has_its_target_on_the_page(browser, whole_site, whole):
    """What the test above finds in the window is all that there is."""
    for kind, path in whole.items():
        if not kind.startswith("page of "):
            continue
        stem = path.parent.relative_to(whole_site.public).as_posix()
        page = opened(browser, path)
        shown = page.evaluate("[...document.querySelectorAll('.measure-target')].length")
        assert shown >= len(whole_site.summaries[stem]["measures"]) > 0, kind
        page.close()


def test_everything_that_can_be_hit_is_large_enough(browser, whole):
    """WCAG 2.5.8: 24 pixels; 适老化: 60 for what is a control in large text."""
    found = {}
    for kind, path in whole.items():
        page = opened(browser, path, viewport=PHONE)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        found[kind] = page.evaluate(looking.SMALL, 24)
        page.goto(path.as_uri() + LARGE)
        found[f"{kind}, large"] = page.evaluate(looking.CONTROLS, 60)
        page.close()
    looking.require_nothing(found)


def test_the_keyboard_comes_to_everything_sees_it_and_leaves_again(browser, whole):
    found = {}
    for kind, path in whole.items():
        page = opened(browser, path, viewport=PHONE)
        found[kind] = list(_walked(page))
        page.close()
    looking.require_nothing(found)


def _walked(page: Any) -> Iterator[str]:
    """What is wrong on the way of the Tab key through a page."""
    wanted, reached = page.evaluate(looking.FOCUSABLE), set()
    for _ in range(wanted):
        page.keyboard.press("Tab")
        focused = page.evaluate(looking.FOCUSED)
        if focused is None:
            break
        reached.add(focused["index"])
        for what in ("seen", "inside", "free"):
            if not focused[what]:
                yield f"not {what}: {focused['html']}"
    if len(reached) != wanted:
        yield f"{len(reached)} of {wanted} reached"
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement !== document.body"):
        yield "the way has no end"


def test_the_first_key_leads_to_the_content(browser, whole):
    for kind, path in whole.items():
        page = opened(browser, path, viewport=PHONE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.skip')"), kind
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", kind
        page.close()


def test_paper_holds_what_is_folded_away_on_the_screen(browser, whole, tmp_path):
    folded = 0
    for kind, path in whole.items():
        page = opened(browser, path, viewport=DESK)
        texts = page.evaluate(looking.FOLDED)
        if texts:
            page.pdf(path=str(tmp_path / "x.pdf"), format="A4")
            told = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True)
            printed = re.sub(r"\s", "", told.stdout)
            assert [text for text in texts if text not in printed] == [], kind
            assert "跳到正文" not in printed, kind
            folded += len(texts)
        page.close()
    assert folded > 5


def test_without_script_a_page_says_the_same(browser, whole):
    """Scripts only add: a box to search in, which says nothing by itself."""
    for kind, path in whole.items():
        words = []
        for allowed in (True, False):
            context = browser.new_context(java_script_enabled=allowed)
            page = context.new_page()
            page.goto(path.as_uri())
            main = page.locator("main")
            text = main.inner_text()
            for added in page.locator("main form, main .sort-mark").all():
                text = text.replace(added.inner_text(), "", 1)
            words.append(re.sub(r"\s", "", text))
            context.close()
        assert words[0] == words[1] and len(words[0]) > 30, kind


def test_a_fragment_stands_in_the_page_of_another_site(browser, whole_site, tmp_path):
    """Bare, it has no head, no script, no style of its own; it is pasted into a page of a content management system."""
    for kind, path in whole_site.samples().items():
        if not kind.startswith("fragment"):
            continue
        bare = path.read_text("utf-8")
        assert not re.search(r"<(html|head|body|script|style|link|meta)\b|\sstyle=|\son\w+=", bare), kind
        host = tmp_path / "host.html"
        head = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>某网站</title></head>'
        host.write_text(f"{head}<body><main><h1>某网站</h1>\n{bare}\n</main></body></html>", "utf-8")
        page = browser.new_page(viewport=PHONE)
        said = looking.watched(page, host.as_uri())
        page.goto(host.as_uri())
        assert looking.accessible(page, INSIDE) == [], kind
        assert said == [], kind
        page.close()
