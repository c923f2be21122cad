"""Every view and state of the window and the first page: nothing shuts anybody out, and nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.browsing import TOOLS, launched, opened
from tests.helpers.serving import Served, samples, serving
from tests.helpers.tiny import SITE

pytestmark = pytest.mark.browser
SOURCE = "data/2025/项目监控/示例市档案馆/馆库与数字档案系统运行维护.yaml"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ((1280, "light"), (390, "dark"), (390, "light"), (1280, "dark"))
PASTED = "馆库运行维护成本\t10.4万元\n数字档案系统运维成本\t5.5万元"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("views") / "项目", git=True)


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as served:
        yield served


class Audit:
    """Looks at a page in several sizes and colours, and keeps what is wrong with it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.found: list[str] = []
        self.seen = 0

    def look(self, state: str) -> None:
        """Looks at the page as it is: at each state in two of the ways, so that all four come in turn."""
        self.page.evaluate("() => document.fonts.ready")
        self.page.evaluate(_STILL)
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.add_script_tag(content=(TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
        for number in (0, 1):
            width, scheme = LOOKS[(self.seen * 2 + number) % 4]
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.wait_for_timeout(100)
            for what in self.page.evaluate(_AXE, TAGS):
                self.found.append(f"{state}, {width} {scheme}: {what}")
            wide = self.page.evaluate("() => document.scrollingElement.scrollWidth")
            if wide > width:
                self.found.append(f"{state}, {width}: {wide} wide")
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.seen += 1

    def dialog(self, state: str, press: Any, opener: str | None = None) -> None:
        """Opens a dialog, looks at it, and closes it with Esc; the focus goes back to what opened it."""
        press()
        self.page.wait_for_selector("dialog[open], #menu")
        self.look(state)
        inside = self.page.evaluate("() => !!document.activeElement.closest('dialog, #menu')")
        if not inside:
            self.found.append(f"{state}: the focus is outside")
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector("dialog[open], #menu", state="detached")
        back = self.page.evaluate("() => document.activeElement.textContent")
        if opener is not None and opener not in back:
            self.found.append(f"{state}: the focus goes to {back[:40]!r}")


_STILL = """() => { for (const one of document.getAnimations()) try { one.finish() } catch { one.cancel() } }"""
_AXE = """async (tags) => {
  const { violations, passes } = await axe.run(document, {
    runOnly: tags, resultTypes: ["violations"], iframes: false });
  const found = violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))}`);
  return passes.length < 12 ? [...found, "axe looked at nothing"] : found;
}"""


def test_the_first_page_and_its_dialogs(browser: Any, served: Served) -> None:
    page = opened(browser, served.address, viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.wait_for_selector("summary")
    audit = Audit(page)
    audit.look("the list")
    button = page.get_by_role("button", name="新建…").first
    audit.dialog("new", lambda: (button.focus(), button.press("Enter")), "新建")
    after = page.get_by_role("button", name="接着做").first
    audit.dialog("next", lambda: (after.focus(), after.press("Enter")), "接着做")
    page.fill("#text", "zzz")
    audit.look("nothing found")
    assert not audit.found, "\n".join(audit.found)
    assert page.said == []
    page.close()


def test_an_empty_project(browser: Any, tmp_path: Path) -> None:
    root = samples(tmp_path / "项目")
    for path in sorted(root.glob("data/**/*.yaml")):
        path.unlink()
    (root / "data/site.yaml").write_text(SITE, "utf-8")
    with serving(root) as served:
        page = opened(browser, served.address, viewport={"width": 1280, "height": 800}, bypass_csp=True)
        page.wait_for_selector("#empty:not([hidden])")
        audit = Audit(page)
        audit.look("empty")
        assert not audit.found, "\n".join(audit.found)
        assert page.said == []
        page.close()


def test_a_window_while_somebody_types_and_its_dialogs(browser: Any, served: Served, root: Path) -> None:
    page = opened(browser, served.window(SOURCE), viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.wait_for_selector(".official")
    audit = Audit(page)
    page.on("response", lambda one: one.status >= 400 and page.said.append(f"{one.status} {one.url} {one.text()}"))
    audit.look("the window")
    page.get_by_text("10.4万元").click()
    audit.look("a text that is edited")
    audit.dialog("a menu", lambda: page.keyboard.press("Shift+F10"))
    page.get_by_text("确定能").first.click()
    page.wait_for_selector("#choices")
    audit.look("choices")
    page.keyboard.press("Escape")
    page.get_by_text("馆库运行维护成本").click()
    audit.dialog("a pasted table", lambda: page.evaluate(_PASTE, PASTED))
    for name in ("接着做…", "提交…"):
        assert served.put(SOURCE, ["填报人"], name.strip("…")).status == 200
        button = page.locator("#tools").get_by_role("button", name=name)
        page.wait_for_selector("#commit[aria-disabled=false]")
        audit.dialog(name, lambda button=button: (button.focus(), button.press("Enter")), name.strip("…"))
    _conflict(page, served)
    audit.look("a conflict")
    page.get_by_role("button", name="用文件里的").click()
    for name, made in {"改了什么": ".changes", "网页": "#side iframe"}.items():
        page.get_by_role("tab", name=name).click()
        page.wait_for_selector(made, timeout=60_000)
        audit.look(f"tab {name}")
    page.get_by_role("tab", name="检查").click()
    text = (root / SOURCE).read_text("utf-8")
    (root / SOURCE).write_text(text.replace("年度: 2025", "年度: [2025"), "utf-8")
    page.wait_for_selector(".broken")
    audit.look("a broken file")
    (root / SOURCE).write_text(text, "utf-8")
    page.wait_for_selector(".broken", state="detached")
    assert not audit.found, "\n".join(audit.found)
    wrong = [said for said in page.said if "409" not in said]
    assert not wrong, "\n".join(wrong)
    page.close()


_PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def _conflict(page: Any, served: Served) -> None:
    """Somebody else changes a value while it is typed."""
    page.get_by_text("5.5万元").click()
    page.keyboard.insert_text("6万元")
    path = next(one["path"] for one in served.view(SOURCE)["slots"] if one["typed"] == "5.5万元")
    assert served.put(SOURCE, path, "7万元").status == 200
    page.wait_for_timeout(500)
    page.keyboard.press("Tab")
    page.wait_for_selector("#kept .kept")
