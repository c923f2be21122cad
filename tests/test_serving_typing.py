"""The hand on the form: values, rows and choices typed into the window in a real browser, as in a table of Word."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers import clipboards
from tests.helpers.browsing import TOOLS, launched, opened, until
from tests.helpers.serving import Served, samples, serving

pytestmark = pytest.mark.browser
SAMPLE = "data/2025/示例市档案馆.yaml"
GOALS = (
    "做好档案接收、保管、数字化和开放利用，确保馆藏档案绝对安全，保障单位正常运转。",
    "扩大档案开放范围，丰富档案文化产品，增强全社会档案意识。",
)


_AS_PAINTED = """(() => {
    const form = document.querySelector('#form').cloneNode(true);
    for (const one of form.querySelectorAll('.slot')) {
        one.classList.remove('changed', 'visited');
        one.removeAttribute('spellcheck');
        const given = [...one.attributes].map(({name, value}) => [name, value.split(' ').sort().join(' ')]).sort();
        given.forEach(([name]) => one.removeAttribute(name));
        given.forEach(([name, value]) => one.setAttribute(name, value));
    }
    return form.innerHTML;
})()"""
"""The form, without the marks that fade and the order of attributes."""


@dataclass
class Window:
    """A page with the form of a file of its own."""

    page: Any
    file: Path

    @property
    def text(self) -> str:
        """The file."""
        return self.file.read_text("utf-8")

    @property
    def data(self) -> Any:
        """What the file says, all scalars as texts."""
        return yaml.load(self.text, yaml.BaseLoader)

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Types a text where the caret is."""
        self.page.keyboard.insert_text(text)

    def click(self, text: str, number: int = 0) -> None:
        """Clicks a place of the form that shows a text."""
        self.page.locator("#form .slot", has_text=text).nth(number).click()

    def hears(self, words: str) -> None:
        """Waits until the window says some words."""
        until(self.page, f"document.querySelector('#told').innerText.includes('{words}')")

    def edits(self, text: str) -> None:
        """Waits until a place with a text is edited."""
        until(
            self.page,
            f"document.activeElement.matches('.editing') && document.activeElement.innerText.trim() === '{text}'",
        )

    def saved(self) -> str:
        """What the bar says when nothing is on its way."""
        until(self.page, "document.querySelector('#state').textContent.match(/^(已保存|有没保存的)/)")
        return str(self.page.inner_text("#state"))

    @property
    def here(self) -> str:
        """The text of the place that is edited; empty where none is."""
        return str(
            self.page.evaluate("document.activeElement.matches('.editing') ? document.activeElement.innerText : ''")
        )

    @property
    def told(self) -> str:
        """What the window said last."""
        return str(self.page.inner_text("#told"))

    def lines(self) -> tuple[list[str], list[str]]:
        """The lines of the file that the sample does not have, and those that it lacks."""
        before, now = (Path(SAMPLE).read_text("utf-8").split("\n"), self.text.split("\n"))
        return [one for one in now if one not in before], [one for one in before if one not in now]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    root = samples(tmp_path_factory.mktemp("typing") / "项目")
    with serving(root) as served:
        served.__dict__["root"] = root
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


_numbers = itertools.count(1)


@pytest.fixture
def window(served, browser) -> Iterator[Callable[..., Window]]:
    """Opens a copy of a sample, or the same file again."""
    pages = []

    def open_one(sample: str = SAMPLE, again: Window | None = None, **options: Any) -> Window:
        root = served.__dict__["root"]
        file = again.file if again else root / f"data/2025/试填{next(_numbers)}.yaml"
        if not again:
            shutil.copyfile(sample, file)
        page = opened(browser, served.window(file.relative_to(root).as_posix()), **options)
        pages.append(page)
        page.wait_for_selector("#form table")
        return Window(page, file)

    yield open_one
    for page in pages:
        said = [one for one in page.said if "Failed to load resource" not in one]
        page.close()
        assert said == []


def test_a_text_is_edited_where_it_stands_and_the_table_does_not_jump(window):
    made = window()
    boxes = """[...document.querySelectorAll('#form td, #form th')].map((cell) => {
        const [box, sheet] = [cell, document.querySelector('#form .sheet')].map((one) => one.getBoundingClientRect());
        return [box.left - sheet.left, box.top - sheet.top, box.width, box.height].map(Math.round).join();
    })"""
    before = made.page.evaluate(boxes)
    made.click(GOALS[0])
    assert made.page.evaluate(boxes) == before
    made.press("Control+End")
    made.type("并按时移交。")
    assert made.page.evaluate("document.activeElement.getBoundingClientRect().height") > 20
    made.press("Enter")
    assert made.saved().startswith("已保存")
    assert made.lines() == ([f"  - {GOALS[0]}并按时移交。"], [f"  - {GOALS[0]}"])


def test_keys_go_on_as_in_a_table(window):
    made = window()
    made.click("公用经费控制率", 1)
    seen = []
    for key in ("Tab", "Tab", "Shift+Tab", "Enter", "ArrowUp", "ArrowDown", "Home", "ArrowLeft", "End", "ArrowRight"):
        made.press(key)
        seen.append(made.here)
    assert seen == ["95.8%", "96.1%", "95.8%", "96%", "95.8%", "96%", "96%", "在职人员控制率", "在职人员控制率", "96%"]
    assert made.text == Path(SAMPLE).read_text("utf-8")


def test_enter_goes_to_the_next_paragraph_and_to_the_value_below(window):
    made = window()
    made.click(GOALS[0])
    made.press("Enter")
    assert made.here == GOALS[1]
    made.press("ArrowUp")
    assert made.here == GOALS[0]


def test_escape_gives_up_and_typing_in_a_place_that_has_the_focus_begins_anew(window):
    made = window()
    made.click("96.1%")
    made.press("End")
    made.type("99")
    made.press("Escape")
    assert made.here == "96.1%"
    made.press("Escape")
    assert made.here == "" and made.page.evaluate("document.activeElement.textContent") == "96.1%"
    made.page.keyboard.type("97%")
    made.press("F2", "Home")
    made.press("Delete")
    made.type("5")
    made.press("Tab")
    made.saved()
    assert made.data["年度绩效指标"][0]["运行成本"]["公用经费控制"][0]["上年"] == "57%"


def test_a_line_break_is_typed_with_shift_or_alt(window):
    made = window()
    made.click("办公、水电")
    made.press("Control+Home")
    for key in ("Shift+Enter", "Alt+Enter"):
        made.type("一")
        made.press(key)
    made.press("Tab")
    made.saved()
    assert made.data["项目支出"][1]["用途"] == "一\n一\n办公、水电、邮电、差旅、培训等日常运转支出。"


@pytest.mark.parametrize("way", ["arrows", "digit", "pointer"])
def test_a_choice_is_taken_from_a_list(window, way):
    made = window()
    made.click("绩效基本型")
    assert made.page.locator("#choices [aria-selected=true]").inner_text() == "绩效基本型"
    if way == "arrows":
        made.press("ArrowDown", "Enter")
    elif way == "digit":
        made.press("2")
    else:
        made.page.click("#choices >> text=绩效创新型")
    made.saved()
    group = made.data["长期绩效指标"][0]["运行成本"]
    assert [group["公用经费控制"][0]["分类"], group["在职人员控制"][0]["分类"]] == ["绩效创新型", "绩效基本型"]
    assert made.here == "绩效基本型"  # of the row below
    made.press("Escape", "Escape")
    assert made.page.locator("#choices").count() == 0


def test_a_value_between_fixed_words_is_edited_alone_and_changes_wherever_it_is_printed(window):
    made = window()
    assert made.page.inner_text("#form").count("2029年") == 2
    made.click("2029")
    made.press("Control+A")
    made.type("2030")
    made.press("Tab")
    made.saved()
    assert made.page.inner_text("#form").count("2030年") == 2
    assert made.lines() == (["  截止年: 2030"], ["  截止年: 2029"])


def test_nothing_half_typed_of_an_input_method_reaches_the_file(window):
    made = window()
    method = made.page.context.new_cdp_session(made.page)

    def compose(text: str) -> None:
        method.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})

    made.click("示例市档案馆")
    made.press("Control+A")
    compose("dang'an")
    made.page.evaluate("""document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true}))""")
    assert made.here == "dang'an"  # Enter ended the syllable, and went nowhere
    other = made.text.replace("填报人: 示例", "填报人: 示范")
    made.file.write_text(other, "utf-8")
    made.page.wait_for_timeout(900)
    assert made.here == "dang'an" and "示范" not in made.page.inner_text("#form")  # the page waits
    method.send("Input.insertText", {"text": "档案馆"})
    made.page.wait_for_selector("#form >> text=示范")
    assert made.here == "档案馆" and made.text == other
    made.press("Enter")
    made.saved()
    assert made.text == other.replace("部门名称: 示例市档案馆", "部门名称: 档案馆")
    # left by the pointer in the middle of a syllable
    made.click("示范")
    made.press("Control+A")
    compose("wang")
    made.click("0000-0000002")
    made.saved()
    assert made.data["填报人"] == "wang" and made.here == "0000-0000002"


def test_what_others_change_leaves_what_is_being_typed_as_it_is(window):
    made, other = window(), None
    made.click(GOALS[1])
    made.press("Home")
    made.type("继续")
    other = window(again=made)
    other.click("查档群众满意度", 1)
    other.press("Control+Enter")
    other.type("新的满意度")
    other.press("Tab")
    other.saved()
    made.page.wait_for_selector("#form >> text=新的满意度")
    made.type("大力")
    assert made.here == f"继续大力{GOALS[1]}"
    # a row comes above the one that is edited
    other.click(GOALS[0])
    other.press("Control+Enter")
    other.type("中间的目标")
    other.press("Tab")
    other.saved()
    made.page.wait_for_selector("#form >> text=中间的目标")
    assert made.here == f"继续大力{GOALS[1]}"
    made.press("Tab")
    made.saved()
    assert made.data["年度目标"] == [GOALS[0], "中间的目标", f"继续大力{GOALS[1]}"]


@pytest.mark.parametrize(("choice", "value"), [("用我的", "我的"), ("用文件里的", "别人的")])
def test_where_two_change_one_value_nothing_is_overwritten_and_both_are_shown(window, choice, value):
    made = window()
    made.click("示例市档案馆")
    made.press("Control+A")
    made.type("我的")
    made.file.write_text(made.text.replace("部门名称: 示例市档案馆", "部门名称: 别人的"), "utf-8")
    made.page.wait_for_timeout(900)
    made.press("Tab")
    made.page.wait_for_selector("#kept .kept")
    assert made.data["部门名称"] == "别人的"
    assert "我的" in made.page.inner_text("#kept") and "别人的" in made.page.inner_text("#kept")
    made.page.click(f"#kept >> text={choice}")
    made.page.wait_for_selector("#kept", state="hidden")
    made.saved()
    assert made.data["部门名称"] == value
    assert made.page.locator("#form .unsaved").count() == 0


def test_a_change_that_nobody_saw_come_is_a_conflict_too(window):
    """The window did not hear of it yet: the server says so."""
    made = window()
    made.page.route("**/api/window*", lambda route: route.abort())
    made.click("示例市档案馆")
    made.press("Control+A")
    made.type("我的")
    text = made.text.replace("部门名称: 示例市档案馆", "部门名称: 别人的")
    made.file.write_text(text, "utf-8")
    made.press("Tab")
    made.page.wait_for_selector("#kept .kept")
    assert made.text == text and "别人的" in made.page.inner_text("#kept")


@pytest.mark.parametrize("answer", ["gone", "full"])
def test_what_could_not_be_saved_stays_in_the_window_and_can_be_tried_again(window, answer):
    made = window()

    def refuse(route: Any) -> None:
        if answer == "gone":
            route.abort()
        else:
            route.fulfill(status=400, json={"trouble": "磁盘满了。"})

    made.page.route("**/api/put", refuse)
    made.click("示例市档案馆")
    made.press("Control+A")
    made.type("新的名称")
    made.press("Tab")
    made.page.wait_for_selector("#kept .kept")
    assert made.saved().startswith("有没保存的") and "没有保存" in made.told
    assert made.page.inner_text("#form .unsaved") == "新的名称"
    assert made.text == Path(SAMPLE).read_text("utf-8")
    # it is still there when another place is typed into, and leaving asks
    made.click("0000-0000002")
    assert made.page.inner_text("#form .unsaved") == "新的名称"
    assert made.page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    made.page.unroute("**/api/put")
    made.page.click("#kept >> text=再试")
    made.page.wait_for_selector("#kept", state="hidden")
    made.saved()
    assert made.data["部门名称"] == "新的名称"
    assert made.page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))")


def test_a_name_that_is_taken_is_refused_in_words_and_given_up_with_escape(window):
    made = window()
    made.click("档案利用服务")
    made.press("Control+A")
    made.type("档案保管安全")
    made.press("Enter")
    made.page.wait_for_selector("#kept .kept")
    assert "已经有“档案保管安全”了" in made.page.inner_text("#kept")
    made.page.locator("#form .unsaved").click()
    made.press("Escape")
    made.page.wait_for_selector("#kept", state="hidden")
    assert made.here == "档案利用服务" and made.page.locator("#form .unsaved").count() == 0
    assert made.text == Path(SAMPLE).read_text("utf-8")


def test_who_presses_the_keys_for_saving_is_told_that_it_is_saved(window):
    made = window()
    made.click("0000-0000002")
    made.press("End")
    made.type("5")
    made.press("Control+s")
    made.hears("已经保存了")
    assert made.data["联系电话"] == "0000-00000025" and made.here == "0000-00000025"


def test_a_program_that_ended_is_said_and_what_is_typed_after_it_stays(tmp_path, browser):
    root = samples(tmp_path / "项目")
    with serving(root) as served:
        page = opened(browser, served.window(SAMPLE))
        made = Window(page, root / SAMPLE)
        page.wait_for_selector("#form table")
        made.page.wait_for_timeout(300)
    until(made.page, "document.querySelector('#state').textContent.startsWith('程序没有在运行')")
    made.click("0000-0000002")
    made.press("End")
    made.type("5")
    made.press("Tab")
    made.page.wait_for_selector("#kept .kept")
    assert "再试" in made.page.inner_text("#kept") and made.page.inner_text("#form .unsaved") == "0000-00000025"
    page.close()


def test_what_was_not_saved_does_not_overwrite_what_others_wrote_there_meanwhile(window):
    made = window()
    made.page.route("**/api/put", lambda route: route.abort())
    made.click("示例市档案馆")
    made.press("Control+A")
    made.type("我的")
    made.press("Tab")
    made.page.wait_for_selector("#kept .kept")
    made.file.write_text(made.text.replace("部门名称: 示例市档案馆", "部门名称: 别人的"), "utf-8")
    made.page.unroute("**/api/put")
    made.page.click("#kept >> text=再试")
    made.page.wait_for_selector("#kept >> text=用文件里的")
    assert made.data["部门名称"] == "别人的"


def test_what_is_composed_while_a_row_is_on_its_way_stands_in_that_row(window):
    made = window()
    method = made.page.context.new_cdp_session(made.page)
    made.click(GOALS[1])
    made.press("Control+Enter")
    method.send("Input.imeSetComposition", {"text": "mubiao", "selectionStart": 6, "selectionEnd": 6})
    made.page.wait_for_timeout(700)
    method.send("Input.insertText", {"text": "目标"})
    made.edits("目标")
    made.press("Tab")
    made.saved()
    assert made.data["年度目标"] == [*GOALS, "目标"]


def test_an_empty_form_shows_where_to_begin_and_a_row_comes_with_its_first_value(window, tmp_path):
    empty = tmp_path / "空.yaml"
    empty.write_text("表式: department-target\n年度: 2025\n部门名称: 空表局\n", "utf-8")
    made = window(empty)
    assert made.page.locator("#form .slot.blank").count() > 50
    made.page.locator("#form [data-column] .slot.name.blank").first.focus()
    made.type("行政服务")
    for text in ("办件量", "≥100件"):
        made.press("Tab")
        made.type(text)
    made.press("Tab", "Escape", "Escape")
    made.saved()
    group = made.data["长期绩效指标"][0]["履职效能"]
    assert list(group) == ["行政服务"]
    assert (group["行政服务"][0]["三级指标"], group["行政服务"][0]["指标值"]) == ("办件量", "≥100件")


def test_who_types_faster_than_the_disk_is_fast_finds_everything_where_it_was_typed(window):
    made = window()
    made.page.evaluate("""() => {
        const ask = window.fetch;
        window.fetch = (...how) => new Promise((done) => setTimeout(done, 500)).then(() => ask(...how));
    }""")
    made.click(GOALS[0])
    made.press("Control+Enter")
    made.type("甲")
    made.press("Tab")  # to the next goal
    made.press("Control+A")
    made.type("乙")
    made.press("Control+Shift+ArrowUp")
    made.click("办公、水电")  # while rows are on their way
    made.press("Control+A")
    made.type("丙")
    made.click(GOALS[0])
    made.press("Control+End")
    made.type("丁")
    made.press("Tab", "Shift+Tab")
    made.page.wait_for_timeout(300)
    made.saved()
    assert made.data["年度目标"] == [f"{GOALS[0]}丁", "乙", "甲"]
    assert made.data["项目支出"][1]["用途"] == "丙"
    assert made.here == f"{GOALS[0]}丁"


def test_rows_of_every_kind_are_added_moved_and_deleted_by_keys(window):
    made = window()
    for text, number, read in [
        (GOALS[0], 0, lambda data: data["年度目标"]),
        ("公用经费", 0, lambda data: [row["项目名称"] for row in data["项目支出"]]),
        (
            "档案开放审核数量",
            0,
            lambda data: [r["三级指标"] for r in data["年度绩效指标"][0]["履职效能"]["档案利用服务"]],
        ),
    ]:
        before = read(made.data)
        at = before.index(text)
        made.click(text, number)
        made.press("Control+Enter")
        made.type("新加的")  # before the row is there
        made.edits("新加的")
        made.press("Control+Shift+ArrowUp", "Control+Shift+ArrowUp", "Control+Shift+ArrowUp")
        made.hears("最上面")
        wanted = ["新加的", *before] if at < 2 else before
        assert read(made.data) == wanted
        made.press(*["Control+Shift+ArrowDown"] * (len(before) + 1))
        made.hears("最下面")
        assert read(made.data) == [*before, "新加的"]
        assert made.here == "新加的"
        made.press("Control+Delete")
        made.hears("删掉了")
        assert "新加的" in made.told and read(made.data) == before
        made.page.click("#told >> text=撤销")
        made.hears("撤销了")
        assert read(made.data) == [*before, "新加的"]
        made.press("Control+y")
        made.hears("重做了")
        assert read(made.data) == before
    assert made.text == Path(SAMPLE).read_text("utf-8")


def test_groups_are_added_under_a_name_moved_and_deleted_with_what_is_in_them(window):
    made = window()

    def names() -> list[str]:
        return list(made.data["年度绩效指标"][0]["履职效能"])

    before = names()
    made.click("档案保管安全", 1)
    made.press("Control+Enter")
    made.page.wait_for_selector("dialog.ask")
    made.type("编研宣传")
    made.press("Enter")
    made.edits("")
    made.type("编印史料种数")
    made.press("Tab")
    made.saved()
    assert names() == [*before, "编研宣传"]
    assert made.data["年度绩效指标"][0]["履职效能"]["编研宣传"][0]["三级指标"] == "编印史料种数"
    made.click("编研宣传")
    made.press(*["Control+Shift+ArrowUp"] * 5)
    made.hears("最上面")
    assert names() == ["编研宣传", *before]
    made.press("Control+Delete")
    made.hears("删掉了")
    assert "二级指标“编研宣传”" in made.told and "连同里面的 1 行" in made.told
    assert made.text == Path(SAMPLE).read_text("utf-8")


def test_the_menu_names_what_it_is_about_and_works_by_keyboard_and_by_the_handle(window):
    made = window()
    made.page.locator("#form .slot", has_text="库房安全检查次数").hover()
    handle = made.page.locator("#handle")
    box = handle.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    handle.click()
    titles = made.page.locator("#menu [role=group] > p").all_inner_texts()
    assert titles[:2] == ["三级指标“库房安全检查次数”", "二级指标“档案保管安全”"]
    made.press("Escape")
    assert made.page.locator("#menu").count() == 0
    made.click("库房安全检查次数")
    made.press("Shift+F10", "ArrowDown", "Enter")
    made.edits("")
    made.type("一条")
    made.press("Enter")
    made.saved()
    rows = made.data["年度绩效指标"][0]["履职效能"]["档案保管安全"]
    assert [row["三级指标"] for row in rows] == ["一条", "库房安全检查次数", "档案安全责任事故"]


def test_undo_first_takes_back_what_is_being_typed_and_then_what_was_saved(window):
    made = window()
    made.click("96.1%")
    made.press("Control+A")
    made.type("97%")
    made.press("Tab")
    made.saved()
    made.click("0000-0000002")
    made.press("End")
    made.page.keyboard.type("5")
    made.press("Control+z")
    assert made.here == "0000-0000002" and "97%" in made.text
    made.press("Control+z")
    made.hears("撤销了")
    assert "上年" in made.told and made.text == Path(SAMPLE).read_text("utf-8")
    made.page.click("#redo")
    made.hears("重做了")
    assert made.data["年度绩效指标"][0]["运行成本"]["公用经费控制"][0]["上年"] == "97%"


def test_rows_out_of_word_are_pasted_after_a_preview_of_what_goes_where(window):
    made = window()
    made.click("接待查阅人次")
    rows = [
        ("接待查阅人次", "4386人次", "4730人次", "≥5100人次", "历史标准", "绩效基本型"),
        ("档案开放审核数量", "7200件", "8150件", "≥9000件", "计划标准", "绩效基本型"),
        ("举办展览场次", "2场", "2场", "≥3场", "计划标准", "绩效创新型"),
        ("接待团体数", "20个", "22个", "≥25个", "计划标准", "绩效创新型", "多出来的"),
    ]
    clipboards.paste(made.page, *clipboards.word(*rows))
    made.page.wait_for_selector("dialog.paste")
    said = made.page.inner_text("dialog.paste")
    assert (
        "新加 1 行" in said
        and "≥5000人次" in said
        and "≥5100人次" in said
        and "接待团体数" in said
        and "多出来的" in said
    )
    assert made.text == Path(SAMPLE).read_text("utf-8")
    made.page.click("dialog.paste >> text='贴上'")
    made.hears("贴上了")
    found = made.data["年度绩效指标"][0]["履职效能"]["档案利用服务"]
    assert [(row["三级指标"], row["前年"], row["上年"], row["指标值"], row["依据"], row["分类"]) for row in found] == [
        row[:6] for row in rows
    ]
    made.press("Control+z")
    made.hears("撤销了")
    assert made.text == Path(SAMPLE).read_text("utf-8")


def test_what_is_pasted_can_be_left_and_a_single_cell_goes_into_the_text(window):
    made = window()
    made.click("96.1%")
    made.press("Control+A")
    clipboards.paste(made.page, *clipboards.excel(("95%",)))
    made.edits("95%")
    made.press("Control+A")
    clipboards.paste(made.page, "", "96.5%")
    made.edits("96.5%")
    clipboards.paste(made.page, *clipboards.excel(("1%", "≤90%"), ("2%", "≤91%")))
    made.page.click("dialog.paste >> text=不贴")
    made.edits("96.5%")
    made.press("Tab")
    made.saved()
    added, gone = made.lines()
    assert len(added) == len(gone) == 1 and "上年: 96.5%" in added[0]


def test_lines_pasted_onto_a_paragraph_become_paragraphs_or_one_text(window):
    made = window()
    made.click(GOALS[1])
    made.press("Control+A")
    clipboards.paste(made.page, "", "第一个新目标\n第二个新目标\n")
    made.page.click("dialog.paste >> text='贴上'")
    made.hears("贴上了")
    assert made.data["年度目标"] == [GOALS[0], "第一个新目标", "第二个新目标"]


def test_after_many_changes_a_page_shows_what_a_new_window_shows(window):
    """The page is patched where it differs; nothing of what it was before is left."""
    made = window()
    made.click("档案保管安全", 1)
    made.press("Control+Shift+ArrowUp", "Control+Shift+ArrowUp")
    made.click("接收档案数量")
    made.press("Control+Delete", "Control+Enter")
    made.type("一")
    made.press("Tab", "Control+Shift+ArrowDown", "Control+z", "Control+z", "Control+y")
    made.click(GOALS[0])
    made.press("Control+Enter")
    made.type("二")
    made.press("Control+Shift+ArrowUp", "Control+Delete", "Escape", "Escape")
    made.hears("删掉了")
    made.saved()
    other = window(again=made)
    seen = []
    for one in (made, other):
        one.page.evaluate("document.activeElement.blur()")
        one.page.wait_for_timeout(300)
        seen.append(one.page.evaluate(_AS_PAINTED))
    assert seen[0] == seen[1] and len(seen[0]) > 20_000


def test_a_form_that_cannot_be_read_now_is_grey_and_is_not_edited(window):
    made = window()
    text = made.text
    made.file.write_text(text + "坏: [\n", "utf-8")
    made.page.wait_for_selector("#form .stale")
    made.page.locator("#form .slot", has_text=GOALS[0]).first.click()
    assert made.here == ""
    made.file.write_text(text, "utf-8")
    made.page.wait_for_selector("#form .sheet:not(.stale)")
    made.click(GOALS[0])
    assert made.here == GOALS[0]


def test_changed_places_are_marked_for_a_while_and_no_others(window):
    made = window()
    made.click("96.1%")
    made.press("Control+A")
    made.type("97%")
    made.press("Tab")
    made.saved()
    made.page.wait_for_selector("#form .changed")
    assert made.page.locator("#form .changed").all_inner_texts() == ["97%"]
    made.click(GOALS[0])
    made.press("Control+Enter")
    made.saved()
    made.page.wait_for_timeout(200)
    assert len(made.page.locator("#form .changed").all()) <= 2


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 1400), ("light", 390)])
def test_axe_finds_no_violation_while_somebody_types(window, scheme, width):
    made = window(color_scheme=scheme, viewport={"width": width, "height": 844}, bypass_csp=True)
    assert made.page.evaluate("document.documentElement.scrollWidth") <= width
    made.page.add_script_tag(content=(TOOLS / "axe-core/axe.min.js").read_text("utf-8"))

    def found() -> list[str]:
        result = made.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{one['id']} {one['nodes'][0]['html'][:100]}" for one in result["violations"]]

    assert found() == []
    made.click("0000-0000002")
    assert found() == []
    made.click("绩效基本型", 3)
    assert found() == []
    made.press("Escape", "Shift+F10")
    assert found() == []
    made.press("Escape")
    made.page.route("**/api/put", lambda route: route.abort())
    made.click("0000-0000002")
    made.type("1")
    made.press("Tab")
    made.page.wait_for_selector("#kept .kept")
    assert found() == []


# somebody who is faster than the server: three rows of a group, by their names
ROWS = ("接待查阅人次", "档案开放审核数量", "举办展览场次")
_CHANGES = re.compile("/api/(put|edit|paste)$")


@contextmanager
def held(made: Window) -> Iterator[None]:
    """Lets no change reach the server before all inside is done; then one after the other."""
    routes: list[Any] = []
    made.page.route(_CHANGES, lambda route: routes.append(route))  # noqa: PLW0108 - playwright takes no other callable
    yield
    for _ in range(1000):
        made.page.wait_for_timeout(20)
        if not routes and made.page.evaluate("!document.querySelector('#state').textContent.includes('正在保存')"):
            break
        while routes:
            routes.pop(0).continue_()
    else:
        raise AssertionError(made.page.inner_text("#state"))
    made.page.unroute(_CHANGES)


def group(made: Window) -> list[str]:
    """The names of the rows, as the file has them."""
    rows = made.data["年度绩效指标"][0]["履职效能"]["档案利用服务"]
    return [row["三级指标"] for row in rows]


def take_out_elsewhere(made: Window) -> None:
    """Another program takes the first row out of the file."""
    lines = made.text.split("\n")
    lines.remove(next(line for line in lines if f"三级指标: {ROWS[0]}" in line))
    made.file.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize(
    ("key", "other", "left", "told"),
    [
        pytest.param("Control+Shift+ArrowDown", 2, [1, 0], "删掉了", id="while another moves"),
        pytest.param("Control+Delete", 1, [2], "删掉了", id="while it moves up itself"),
        pytest.param("Control+Delete", 0, [1, 2], "找不到了", id="that is gone then"),
    ],
)
def test_a_key_is_about_the_row_it_is_pressed_in(window, key, other, left, told):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press(key)
        made.click(ROWS[other])
        made.press("Control+Delete")
    assert group(made) == [ROWS[number] for number in left]
    assert told in made.told


def test_keys_without_a_click_go_on_with_the_row_that_the_one_before_leads_to(window):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press("Control+Shift+ArrowDown", "Control+Shift+ArrowDown", "Control+Delete")
    assert group(made) == [ROWS[1], ROWS[2]]


def test_the_menu_is_about_the_row_it_was_opened_at(window):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press("Control+Delete")
        made.click(ROWS[1])
        made.press("Shift+F10")
        made.page.locator("[role=menuitem]", has_text="删除这一行").first.click()
    assert group(made) == [ROWS[2]]


def test_what_is_typed_into_a_row_that_goes_is_in_no_other_row_and_is_kept(window):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press("Control+Delete")
        made.click("4386人次")
        made.type("4400人次")
        made.press("Tab")
    assert group(made) == [*ROWS[1:]]
    assert "4400人次" not in made.text and "7200件" in made.text
    assert "4400人次" in made.page.inner_text("#kept")
    assert "4400人次" not in made.page.inner_text("#form")
    made.page.locator("#kept button", has_text="不要了").click()
    assert not made.page.inner_text("#kept").strip()


def test_undo_takes_back_what_is_on_its_way(window):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press("Control+Shift+ArrowDown", "Control+Delete", "Control+z")
    assert group(made) == [ROWS[1], ROWS[0], ROWS[2]]


def test_what_is_typed_between_keys_stands_where_the_key_before_it_leads(window):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press("Control+Enter")
        made.type("一")
        made.press("Control+Enter")
        made.type("错了")
        made.press("Control+z")
        made.type("二")
        made.press("Tab")
        made.type("3次")
    assert group(made) == [ROWS[0], "一", "二", *ROWS[1:]]
    assert made.here == "3次"
    made.press("Enter")
    made.saved()
    assert made.data["年度绩效指标"][0]["履职效能"]["档案利用服务"][2]["前年"] == "3次"


def test_what_is_typed_below_a_row_that_goes_stays_in_its_row(window):
    made = window()
    with held(made):
        made.click(ROWS[0])
        made.press("Control+Delete")
        made.click("2场", 1)
        made.press("Control+A")
        made.type("5场")
        made.press("Tab")
    last = made.data["年度绩效指标"][0]["履职效能"]["档案利用服务"][-1]
    assert group(made) == [*ROWS[1:]] and (last["前年"], last["上年"]) == ("2场", "5场")


def test_what_others_take_out_meanwhile_moves_what_is_typed_and_what_is_deleted(window):
    made = window()
    with held(made):
        made.click("2场", 1)
        made.press("Control+A")
        made.type("5场")
        made.press("Tab")
        made.click(ROWS[1])
        made.press("Control+Delete")
        take_out_elsewhere(made)
    assert group(made) == [ROWS[2]]
    assert made.data["年度绩效指标"][0]["履职效能"]["档案利用服务"][0]["上年"] == "5场"


def test_a_button_that_is_pressed_twice_takes_one_row_out(window, served):
    file = served.__dict__["root"] / "data/2025/部门自评/试删.yaml"
    shutil.copyfile("data/2025/部门自评/示例市档案馆.yaml", file)
    made = window(again=Window(None, file))
    made.page.locator("#rest [data-add]").click()
    made.page.locator("#rest [data-add][data-at='2']").wait_for()
    with held(made):
        for _ in range(2):
            made.page.locator("#rest [data-remove]").click()
    assert made.data["年度绩效指标"] == [{"目标": ""}]
    assert "找不到了" in made.told


def test_rows_are_pasted_where_their_row_is_after_the_preview(window):
    made = window()
    made.click("2场")
    clipboards.paste(made.page, *clipboards.excel(("3场", "4场")))
    made.page.wait_for_selector("dialog.paste")
    take_out_elsewhere(made)
    made.page.locator("#form .slot", has_text=ROWS[0]).wait_for(state="detached")
    made.page.click("dialog.paste >> text='贴上'")
    made.hears("贴上了")
    made.saved()
    rows = made.data["年度绩效指标"][0]["履职效能"]["档案利用服务"]
    assert [(row["前年"], row["上年"]) for row in rows] == [("7200件", "8150件"), ("3场", "4场")]


def test_a_new_group_comes_behind_the_one_it_was_asked_for_at(window):
    made = window()
    made.click("档案利用服务")
    made.press("Control+Enter")
    made.page.wait_for_selector("dialog.ask")
    text = made.text
    first = next(line for line in text.split("\n") if line.startswith("      档案资源建设:"))
    begin = text.index(first, text.index("年度绩效指标:"))
    made.file.write_text(text[:begin] + text[text.index("      数字档案馆建设:", begin) :], "utf-8")
    made.page.locator("#form .slot", has_text="接收档案数量").wait_for(state="detached")
    made.type("编研宣传")
    made.press("Enter")
    made.edits("")
    made.saved()
    names = list(made.data["年度绩效指标"][0]["履职效能"])
    assert names == ["数字档案馆建设", "档案利用服务", "编研宣传", "档案保管安全"]
