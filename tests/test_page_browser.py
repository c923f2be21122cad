"""The pages of files in a real browser, beyond what tests/test_site_pages.py looks at on every page of the site."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from tests.helpers import stand_in
from tests.helpers.browsing import launched, opened
from tests.helpers.projects import snapshot, with_form

pytestmark = pytest.mark.browser
LARGE = "?text=large"
UNITS = ("2024/鄂州市财政局", "2025/示例市教育局", "2025/示例市档案馆", "2025/示例市市场监督管理局")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A built web root of some units, the awkward one among them; served from a sub-path of nowhere."""
    project = tmp_path_factory.mktemp("web") / "仓库 一"
    files = [*UNITS, "2024/示例市市场监督管理局", "2025/部门自评/示例市市场监督管理局"]
    with_form(project, *(f"data/{name}.yaml" for name in files), "data/site.yaml")
    with pytest.MonkeyPatch.context() as patch:
        stand_in.for_pdf(patch)  # the pages lead to the PDFs; nothing here opens one
        outcome = batch.build(BuildOrder(snapshot(project), jobs=1))
    assert outcome.exit_code == 0, outcome.findings
    return project / "build/public"


@pytest.fixture(scope="module")
def pages(root):
    return [root / "index.html", *(root / name / "index.html" for name in UNITS)]


@pytest.fixture(scope="module")
def tables(root):
    return [root / name / "table.html" for name in UNITS]


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


# test_site_pages has the widths between, in both sizes of text, for each kind of page
@pytest.mark.parametrize(("width", "text"), [(320, ""), (3840, ""), (320, LARGE)])
def test_no_page_scrolls_sideways(browser, pages, tables, width, text):
    for path in [*pages, *tables]:
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


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_this_years_targets_are_in_the_window_and_no_number_is_parted_from_its_unit(browser, pages, width):
    """Also of what is folded away; and no column is of one character a line."""
    for path in pages[1:]:
        page = opened(browser, path, viewport={"width": width, "height": 844})
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        boxes = page.evaluate(_TARGETS)
        shown = len(re.findall('class="measure"', path.read_text("utf-8")))
        assert len(boxes) == shown > 3 and all(0 <= left < right <= width for left, right in boxes), path
        assert page.evaluate(_PARTED) == [], path
        assert page.evaluate(_NARROW) == [], path
        page.close()


def test_the_first_screen_of_a_phone_says_how_much_what_is_promised_and_what_changed(browser, root):
    page = opened(browser, root / f"{UNITS[-1]}/index.html", viewport={"width": 390, "height": 844})
    ends = page.evaluate(
        "[...document.querySelectorAll('.glance > section')].map(s => s.getBoundingClientRect().bottom)"
    )
    said = page.evaluate("document.querySelector('.glance').innerText")
    assert len(ends) == 3 and max(ends) <= 844, ends
    assert all(
        part in said
        for part in ("收入合计", "万元", "财政拨款", "2025年承诺什么", "食品抽检批次", "和2024年比", "放宽")
    )
    page.close()


def test_a_page_weighs_little(root, pages):
    """With its styles and scripts, at most 150 KB."""
    for path in pages[1:]:
        links = [link for link in read(path).files if "/assets/" in link]
        assert len(links) == 3
        weight = sum(file.stat().st_size for file in [path, *(path.parent / link for link in links)])
        assert weight <= 150 * 1024, (path, weight)


def test_the_page_of_the_table_prints_wide(browser, root, tmp_path):
    page = opened(browser, root / UNITS[0] / "table.html")
    page.pdf(path=str(tmp_path / "x.pdf"), prefer_css_page_size=True)
    made = subprocess.run(["pdfinfo", tmp_path / "x.pdf"], capture_output=True, text=True, check=True).stdout
    width, height = map(float, re.findall(r"Page size: +([\d.]+) x ([\d.]+)", made)[0])
    assert width > height
    page.close()


def test_a_fragment_can_be_read_without_any_style(browser, root, tmp_path):
    """In a page of another site, where no class of it is known."""
    made = (root / UNITS[-1] / "fragment.html").read_text("utf-8")
    around = (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>x</title></head><body>{made}</body></html>'
    )
    (tmp_path / "x.html").write_text(around, "utf-8")
    page = opened(browser, tmp_path / "x.html", viewport={"width": 390, "height": 844})
    assert page.said == [] and "食品抽检批次" in page.evaluate("document.body.innerText")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


_TARGETS = """[...document.querySelectorAll('.measure')].map(m => {
    const b = m.querySelector('.measure-target').getBoundingClientRect(); return [b.left, b.right]; })"""
_PARTED = """(() => {
  const number = "[≥≤＞＜><=]?[0-9]+(?:[.,][0-9]+)* ?";
  const name = "[%％‰℃㎡]|[万亿]?元|[万亿]|个(?:工作日|百分点)?|项|件|次|场|批次|户|台|家|人|天|条|处|分钟?|套|名|年";
  const found = [], unit = new RegExp(`${number}(?:${name})`, "g");
  for (const block of document.querySelectorAll('main :is(p, li, dd, dt, th, td, h1, h2, h3, h4, caption)')) {
    if (block.querySelector('p, li, dd, td, ul, dl, table') || block.closest('.official')) continue;
    const nodes = [], walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let n; (n = walk.nextNode());) nodes.push(n);
    const text = nodes.map(n => n.data).join('');
    const place = at => { for (const n of nodes) { if (at <= n.data.length) return [n, at]; at -= n.data.length; } };
    for (const match of text.matchAll(unit)) {
      const range = document.createRange();
      let [n, o] = place(match.index);
      if (o === n.data.length) [n, o] = [nodes[nodes.indexOf(n) + 1], 0];
      range.setStart(n, o); range.setEnd(...place(match.index + match[0].length));
      const rects = [...range.getClientRects()].filter(r => r.width > 0);
      if (rects.length && Math.max(...rects.map(r => r.top)) >= Math.min(...rects.map(r => r.bottom)))
        found.push(match[0] + ' in ' + text.slice(0, 40));
    }
  }
  return found;
})()"""
"""Numbers that stand on another line than their unit."""
_NARROW = """[...document.querySelectorAll('main :is(td, th)')]
    .filter(e => e.getClientRects().length && e.innerText.length > 3 && !e.closest('.official'))
    .filter(e => { const s = getComputedStyle(e);
        const room = e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight);
        return room < 3 * parseFloat(s.fontSize); })
    .map(e => e.innerText)"""
"""Cells with less room than three characters."""


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


def test_it_prints(browser, pages, tmp_path):
    page = opened(browser, pages[1])
    page.pdf(path=str(tmp_path / "x.pdf"), format="A4")
    text = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "3226.88" in text and "JSON Schema" not in text
    assert "完成上级交办的其他工作" in text, "what is folded away on the screen is printed"
    page.close()


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.links: list[str] = []
        self.files: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "meta" and "name" in found:
            self.tags[found["name"]] = found["content"]
        if tag in ("link", "script") and (found.get("href") or found.get("src")):
            self.files.append(found.get("href") or found["src"])
        if tag == "a":
            self.links.append(found["href"])


def read(path: Path) -> _Head:
    head = _Head()
    head.feed(path.read_text("utf-8"))
    return head


def test_all_ten_tags_and_more_on_a_units_page_and_seven_on_a_list(pages):
    site = ["SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]
    content = ["ArticleTitle", "PubDate", "ContentSource"]
    assert [name for name in read(pages[0]).tags if name not in ("viewport", "Url")] == site
    tags = read(pages[1]).tags
    assert [name for name in tags if name != "viewport"] == site + content + ["Keywords", "Description", "Url"]
    assert all(tags.values())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", tags["PubDate"])
    assert tags["ContentSource"] == "鄂州市财政局"


def test_every_cell_of_the_official_table_names_its_headers(browser, tables):
    page = opened(browser, tables[0])
    spoken = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.official td')].map(cell => [cell.dataset.cell,
           (cell.getAttribute('headers') || '').split(' ').filter(Boolean).map(id =>
             document.querySelector('.official').querySelector('#' + id).innerText.replace(/\\s/g, ''))]))"""
    )
    # the public table has no row for the contacts, so rows stand one higher than on the form
    assert spoken["37,4"] == ["指标值", "长期绩效指标", "管理效率", "预算执行", "预算执行率"]
    assert spoken["8,4"] == ["占比", "部门总体资金情况", "支出构成", "运转类项目支出"]
    page.close()
