"""The public pages in a real browser: accessible, quiet, self-contained, at any width."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from tests.helpers import stand_in
from tests.helpers.browsing import launched, nu_checker, opened, violations
from tests.helpers.projects import snapshot, with_form

pytestmark = pytest.mark.browser
LARGE = "?text=large"
UNITS = ("2024/鄂州市财政局", "2025/示例市教育局", "2025/示例市档案馆", "2025/示例市市场监督管理局")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A built web root of some units, the awkward one among them; served from a sub-path of nowhere."""
    project = tmp_path_factory.mktemp("web") / "仓库 一"
    with_form(project, *(f"data/{name}.yaml" for name in UNITS), "data/site.yaml")
    with pytest.MonkeyPatch.context() as patch:
        stand_in.for_pdf(patch)  # the pages lead to the PDFs; nothing here opens one
        outcome = batch.build(BuildOrder(snapshot(project), jobs=1))
    assert outcome.exit_code == 0, outcome.findings
    return project / "build/public"


@pytest.fixture(scope="module")
def pages(root):
    return [root / "index.html", *(root / name / "index.html" for name in UNITS)]


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser, pages, scheme):
    for path in pages:
        assert violations(browser, path, color_scheme=scheme) == [], path


@pytest.mark.parametrize(("width", "text"), [(320, ""), (768, ""), (1280, ""), (3840, ""), (320, LARGE), (768, LARGE)])
def test_no_page_scrolls_sideways(browser, pages, width, text):
    for path in pages:
        page = opened(browser, path.as_uri() + text, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.close()


def test_large_text_stays_within_the_page(browser, pages):
    """Twice the size of letters, as a browser's own setting makes them, on a phone and on a desk."""
    for width in (400, 1280):
        page = opened(browser, pages[2], viewport={"width": width, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main li')).fontSize)") >= 34
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_this_years_target_is_in_the_window(browser, pages, scheme):
    """Before the past values, with no figure parted from its unit, and no column of one character a line."""
    for path in pages[1:]:
        page = opened(browser, path, viewport={"width": 390, "height": 844}, color_scheme=scheme)
        heads = page.evaluate(_HEADS)
        assert heads and all(re.fullmatch(r"20\d\d年目标", names[2]) for names in heads)
        assert all(re.fullmatch(r"20\d\d年", name) for names in heads for name in names[3:5])
        rights = page.evaluate(_RIGHTS)
        assert max(rights) <= 390, path
        assert page.evaluate(_PARTED) == [], path
        assert page.evaluate(_NARROW) == [], path
        page.close()


_HEADS = """[...document.querySelectorAll('.annual')]
    .map(t => [...t.querySelectorAll('thead th')].map(h => h.innerText))"""
_RIGHTS = """[...document.querySelectorAll('.annual thead th:nth-child(3)')]
    .map(h => h.getBoundingClientRect().right)"""
_PARTED = """[...document.querySelectorAll('.targets .whole, .targets thead th, .money + .scroll thead th')]
    .filter(e => e.getClientRects().length && e.innerText.length < 9)
    .filter(e => { const r = document.createRange(); r.selectNodeContents(e);
        return new Set([...r.getClientRects()].map(b => Math.round(b.bottom / 8))).size > 1; })
    .map(e => e.innerText)"""
"""Short pieces of a table that stand on more than one line."""
_NARROW = """[...document.querySelectorAll('.wide td, .wide th')]
    .filter(e => e.getClientRects().length && e.innerText.length > 3)
    .filter(e => { const s = getComputedStyle(e);
        const room = e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight);
        return room < 3 * parseFloat(s.fontSize); })
    .map(e => e.innerText)"""
"""Cells with less room than three characters."""


def test_it_asks_for_nothing_outside_and_says_nothing(browser, pages, root):
    """A page asks for itself and the site's shared files, and gets them."""
    for path in pages:
        page = opened(browser, path)
        asked = [url for url in page.asked if not url.startswith("data:")]
        assert asked[0] == path.as_uri() and len(asked) <= 4
        assert all(url.startswith(f"{root.as_uri()}/assets/") for url in asked[1:]), asked
        assert page.said == []
        assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
        page.close()


@pytest.mark.parametrize(
    "written",
    [
        '<p style="color: red">x</p>', "<style>p { color: red }</style>", '<img src="http://127.0.0.1:9/x.png" alt="">',
        '<a href="javascript:document.title = 1" id="go">x</a>', '<p onclick="document.title = 1" id="go">x</p>',
        '<iframe src="index.html" title="x"></iframe>', '<form action="x.html"><button id="go">x</button></form>',
    ],
)  # fmt: skip
def test_the_policy_forbids_what_stands_in_a_page_or_comes_from_elsewhere(browser, pages, written):
    page = opened(browser, pages[1])
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", written)
    page.evaluate("document.getElementById('go')?.click()")
    for _ in range(40):
        if not page.said:
            page.wait_for_timeout(50)
    assert any("Content Security Policy" in said for said in page.said), page.said
    page.close()


def test_the_keyboard_reaches_everything_that_moves(browser, pages):
    page = opened(browser, pages[2])
    wanted = page.evaluate("document.querySelectorAll('a, summary, [tabindex=\"0\"]').length")
    hidden = page.evaluate("document.querySelectorAll('details:not([open]) [tabindex=\"0\"]').length")
    reached = set()
    for _ in range(wanted - hidden):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
    assert len(reached) >= wanted - hidden
    page.close()


def test_it_prints(browser, pages, tmp_path):
    page = opened(browser, pages[1])
    page.pdf(path=str(tmp_path / "x.pdf"), format="A4")
    text = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "3226.88" in text and "下载 PDF" not in text
    assert "完成上级交办的其他工作" in text, "what is folded away on the screen is printed"
    page.close()


def test_the_nu_checker_finds_no_error(pages):
    assert nu_checker(*pages) == (0, "")


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "meta" and "name" in found:
            self.tags[found["name"]] = found["content"]
        if tag == "a":
            self.links.append(found["href"])


def read(path: Path) -> _Head:
    head = _Head()
    head.feed(path.read_text("utf-8"))
    return head


def test_all_ten_tags_and_more_on_a_units_page_and_seven_on_a_list(pages):
    site = ["SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]
    content = ["ArticleTitle", "PubDate", "ContentSource"]
    assert [name for name in read(pages[0]).tags if name != "viewport"] == site
    tags = read(pages[1]).tags
    assert [name for name in tags if name != "viewport"] == site + content + ["Keywords", "Description", "Url"]
    assert all(tags.values())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", tags["PubDate"])
    assert tags["ContentSource"] == "鄂州市财政局"


def test_every_cell_of_the_official_table_names_its_headers(browser, pages):
    page = opened(browser, pages[1])
    spoken = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.official td')].map(cell => [cell.dataset.cell,
           (cell.getAttribute('headers') || '').split(' ').filter(Boolean).map(id =>
             document.querySelector('.official').querySelector('#' + id).innerText.replace(/\\s/g, ''))]))"""
    )
    # the public table has no row for the contacts, so rows stand one higher than on the form
    assert spoken["37,4"] == ["指标值", "长期绩效指标", "管理效率", "预算执行", "预算执行率"]
    assert spoken["8,4"] == ["占比", "部门总体资金情况", "支出构成", "运转类项目支出"]
    page.close()


def test_every_link_is_alive_and_relative(pages):
    for path in pages:
        links = read(path).links
        assert len(links) > 3
        for link in links:
            assert not re.match(r"[a-z]+:|/", link), link
            target = path if link.startswith("#") else path.parent / unquote(link)
            assert target.resolve().is_file(), link
