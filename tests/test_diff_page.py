"""The page of a comparison in a real browser: accessible, quiet, on a phone, in the dark, on paper."""

from __future__ import annotations

import subprocess

import pytest

from perfgen.review import formats
from perfgen.review.compare import Comparison
from tests.conftest import REPOSITORY
from tests.helpers.browsing import TOOLS, nu_checker, opened
from tests.helpers.projects import snapshot
from tests.helpers.versions import CASES, case, compared
from tests.test_diff import ENDS
from tests.test_page_browser import browser  # noqa: F401

pytestmark = pytest.mark.browser
NAMES = ("weaker-and-stricter", "weaker-with-reason", "money", "prose", "awkward", "broken", "goal-dropped")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    gone = compared(CASES.joinpath("prose/old.yaml").read_bytes(), None)
    comparison = Comparison(
        snapshot(REPOSITORY), ENDS, (*(case(name, f"data/2025/{name}.yaml") for name in NAMES), gone)
    )
    path = tmp_path_factory.mktemp("page") / "diff.html"
    path.write_text(formats.render("html", comparison), "utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser, page_file, scheme):  # noqa: F811
    axe = (TOOLS / "axe-core/axe.min.js").read_text("utf-8")
    page = browser.new_page(color_scheme=scheme, bypass_csp=True)
    page.goto(page_file.as_uri())
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.add_script_tag(content=axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in result["violations"]] == []
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_it_does_not_scroll_sideways_and_says_nothing(browser, page_file, width):  # noqa: F811
    page = opened(browser, page_file, viewport={"width": width, "height": 800})
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == [] and [url for url in page.asked if not url.startswith("data:")] == [page_file.as_uri()]
    page.close()


def test_marks_do_not_need_colour(browser, page_file):  # noqa: F811
    """A marked cell has a border and a word; what was removed is struck through, what came is underlined."""
    page = opened(browser, page_file)
    looks = page.evaluate(
        """() => [...document.querySelectorAll('p.marked')].map(p =>
        [getComputedStyle(p).outlineStyle, p.querySelector('mark')?.textContent ?? ''])"""
    )
    assert looks and all(style == "solid" and word for style, word in looks)
    lines = {
        tag: page.evaluate(f"getComputedStyle(document.querySelector('{tag}')).textDecorationLine")
        for tag in ("del", "ins")
    }
    assert lines == {"del": "line-through", "ins": "underline"}
    page.close()


def test_it_prints(browser, page_file, tmp_path):  # noqa: F811
    page = opened(browser, page_file)
    page.pdf(path=str(tmp_path / "x.pdf"), format="A4")
    text = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "放宽 3 个百分点" in text and "单个服务点建设成本" in text
    page.close()


def test_the_nu_checker_finds_no_error(page_file):
    assert nu_checker(page_file) == (0, "")
