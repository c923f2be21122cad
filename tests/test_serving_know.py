"""What the window knows: findings lead to their cells, reasons are written beside them, figures to their sources."""

from __future__ import annotations

import json

import pytest

from perfgen.check import check, loading
from perfgen.findings import Level
from tests.helpers.browsing import TOOLS, launched, opened, until
from tests.helpers.projects import snapshot
from tests.helpers.serving import samples, serving

pytestmark = pytest.mark.browser
WARNED = "data/2024/鄂州市财政局.yaml"
SCORED = "data/2025/部门自评/示例市档案馆.yaml"
TARGET = "data/2025/示例市档案馆.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return samples(tmp_path_factory.mktemp("know") / "项目")


@pytest.fixture(scope="module")
def served(root):
    with serving(root) as served:
        yield served


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture
def window(browser, served, request):
    """The window of a file, of some width; it may say nothing on its console."""
    pages = []

    def open_(source, **options):
        page = opened(browser, served.window(source), **{"viewport": {"width": 1280, "height": 800}, **options})
        page.wait_for_selector("main .slot")
        pages.append(page)
        return page

    yield open_
    for page in pages:
        said = page.said
        page.close(run_before_unload=False)
        assert said == []


@pytest.fixture
def rewritten(root):
    """Puts a text in place of another in a file, which is as it was at the end of the test."""
    kept = {}

    def rewrite(source, *pairs):
        path = root / source
        kept.setdefault(path, path.read_bytes())
        text = path.read_text("utf-8")
        for old, new in pairs:
            assert text.count(old)
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")

    yield rewrite
    for path, content in kept.items():
        path.write_bytes(content)


@pytest.fixture(autouse=True)
def _as_it_was(root):
    """Each test leaves the files as they were."""
    kept = {path: path.read_bytes() for path in (root / "data").rglob("*.yaml")}
    yield
    for path, content in kept.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


def document(root, source):
    project = snapshot(root)
    return loading.filing_of(project, source, (root / source).read_bytes())


def saved(page):
    until(page, "document.getElementById('state').textContent.startsWith('已保存')")


def test_a_finding_leads_to_its_cell_which_names_it(window):
    page = window(WARNED)
    finding = page.locator(".finding", has_text="“财政监督检查专项”的用途只是重复项目名称").first
    finding.locator("button.there").click()
    assert page.evaluate("document.activeElement.closest('.slot').textContent") == "财政监督检查专项"
    cell = page.locator("main .slot.editing")
    described = cell.get_attribute("aria-describedby").split()
    texts = [page.locator(f"#{one}").text_content() for one in described]
    assert any("警告：" in text and "“财政监督检查专项”的用途" in text for text in texts)
    page.wait_for_selector("#help .finding")
    assert "“财政监督检查专项”的用途" in page.locator("#help").inner_text()


def test_the_keyboard_alone_goes_from_a_finding_to_its_cell(window):
    page = window(WARNED)
    page.locator("#findings button.there").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("!!document.activeElement.closest('main .slot')")


def test_a_reason_is_written_changed_and_taken_out_beside_its_finding(window, root):
    page = window(WARNED)
    finding = page.locator("#findings .finding.warning", has_text="“财政监督检查专项”的用途只是重复项目名称")
    field = finding.locator("textarea")
    before = page.locator("#findings section.warning .finding").count()
    field.fill("公开的表里就是这样写的。")
    field.press("Enter")
    until(page, f"document.querySelectorAll('#findings section.warning .finding').length === {before - 1}")
    reasons = document(root, WARNED).document.data["审核说明"]
    assert reasons["E03 财政监督检查专项"] == "公开的表里就是这样写的。"
    page.locator("#findings .rest > summary").click()
    answered = page.locator("#findings .answered", has_text="“财政监督检查专项”的用途")
    answered.locator("textarea").fill("照公开的表抄的。")
    answered.get_by_role("button", name="写上").or_(page.locator("#title")).last.click()
    saved(page)
    until(
        page, "[...document.querySelectorAll('#findings textarea')].some(one => one.dataset.was === '照公开的表抄的。')"
    )
    assert document(root, WARNED).document.data["审核说明"]["E03 财政监督检查专项"] == "照公开的表抄的。"
    page.locator("#findings .answered", has_text="“财政监督检查专项”的用途").get_by_role(
        "button", name="删掉理由"
    ).click()
    until(page, f"document.querySelectorAll('#findings section.warning .finding').length === {before}")
    assert "E03 财政监督检查专项" not in document(root, WARNED).document.data["审核说明"]


def test_reasons_are_written_one_after_the_other_by_keyboard(window, root):
    page = window(WARNED)
    page.locator("#findings textarea").nth(3).focus()
    for number in range(3):
        count = page.locator("#findings section.warning .finding").count()
        page.keyboard.type(f"理由之{number}，写清楚。")
        page.keyboard.press("Enter")
        until(page, f"document.querySelectorAll('#findings section.warning .finding').length < {count}")
    page.keyboard.type("最后一条，离开就保存。")
    page.locator("#title").click()
    until(page, "[...document.querySelectorAll('#findings textarea')].some(one => one.dataset.was.startsWith('最后'))")
    reasons = document(root, WARNED).document.data["审核说明"].values()
    assert sum(text.startswith(("理由之", "最后")) for text in reasons) == 4


def test_what_is_typed_as_a_reason_outlives_a_change_from_elsewhere(window, root, rewritten):
    page = window(WARNED)
    finding = page.locator("#findings .finding.warning", has_text="“会计行业管理专项”的用途只是重复项目名称")
    finding.locator("textarea").click()
    page.keyboard.type("写到一半")
    rewritten(WARNED, ("填报人: 示例", "填报人: 王五"))
    until(page, "document.querySelector('#form').textContent.includes('王五')")
    assert page.evaluate("document.activeElement.value") == "写到一半"
    page.keyboard.type("的理由")
    page.keyboard.press("Enter")
    until(page, "!document.activeElement.value?.includes('写到一半')")
    saved(page)
    assert document(root, WARNED).document.data["审核说明"]["E03 会计行业管理专项"] == "写到一半的理由"


def test_a_reason_is_written_beside_the_cell_that_is_edited(window, root):
    page = window(WARNED)
    page.locator("main .slot.measure.warning", has_text="100%").first.click()
    field = page.locator("#help textarea").first
    field.wait_for()
    key = json.loads(field.get_attribute("data-reason"))[1]
    page.keyboard.press("Control+a")
    page.keyboard.type("90%")
    field.click()  # what was typed is saved, and the page painted anew
    until(page, "document.getElementById('state').textContent.startsWith('已保存')")
    page.wait_for_timeout(500)
    page.keyboard.type("用途就是这一项。")
    page.keyboard.press("Enter")
    until(
        page, "[...document.querySelectorAll('#findings textarea')].some(one => one.dataset.was === '用途就是这一项。')"
    )
    data = document(root, WARNED).document.data
    assert "公用经费控制率, 指标值: 90%" in (root / WARNED).read_text("utf-8")
    assert data["审核说明"][key] == "用途就是这一项。"


def test_an_input_method_writes_a_reason_and_no_half_of_it(window, root):
    page = window(WARNED)
    method = page.context.new_cdp_session(page)
    before = (root / WARNED).read_bytes()
    page.locator("#findings textarea").nth(3).focus()
    method.send("Input.imeSetComposition", {"text": "yi'he'dui", "selectionStart": 9, "selectionEnd": 9})
    page.evaluate(
        """document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true}))"""
    )
    page.wait_for_timeout(400)
    assert (root / WARNED).read_bytes() == before
    method.send("Input.insertText", {"text": "已经核对过。"})
    page.keyboard.press("Enter")
    until(page, "[...document.querySelectorAll('#findings textarea')].some(one => one.dataset.was === '已经核对过。')")
    assert "已经核对过。" in document(root, WARNED).document.data["审核说明"].values()


def test_a_stale_reason_is_deleted_with_a_button(window, root, rewritten):
    rewritten(WARNED, ("审核说明:\n", "审核说明:\n  E03 早就没有的一行: 以前写的理由\n"))
    page = window(WARNED)
    page.locator(".finding", has_text="用不着了").get_by_role("button", name="删掉这一条").click()
    until(page, "!document.querySelector('#findings').textContent.includes('用不着了')")
    assert "E03 早就没有的一行" not in document(root, WARNED).document.data["审核说明"]


def test_a_value_that_the_advice_offers_is_put_with_a_button_and_taken_back_once(window, root):
    page = window(WARNED)
    before = (root / WARNED).read_bytes()
    finding = page.locator(".finding", has_text="“会议费控制率”的指标值 100% 没有写方向").first
    said = "“会议费控制率”的指标值 100% 没有写方向"
    listed = f"document.querySelector('#findings section.warning').textContent.includes('{said}')"
    finding.get_by_role("button", name="写成 ≤100%").click()
    until(page, "!" + listed)
    old, new = before.decode().splitlines(), (root / WARNED).read_text("utf-8").splitlines()
    assert [line for line in new if line not in old] == [
        one.replace("100%", "≤100%", 1) for one in old if one not in new
    ]
    page.keyboard.press("Control+z")
    until(page, listed)
    assert (root / WARNED).read_bytes() == before


def test_what_the_program_can_put_right_is_put_right_with_a_button(window, root, rewritten):
    rewritten(TARGET, ("填报人: ", "填报人: \u200b"))
    page = window(TARGET)
    with_character = (root / TARGET).read_bytes()
    page.locator("#findings").get_by_role("button", name="改正").first.click()
    until(page, "!document.querySelector('#findings [data-repair]')")
    assert "\u200b" not in (root / TARGET).read_text("utf-8")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#findings [data-repair]")
    assert (root / TARGET).read_bytes() == with_character


def test_holes_are_counted_folded_and_gone_through(window, rewritten):
    rewritten(TARGET, ("填报人: ", "填报人: # "), ("收入构成:\n", "收入构成:\n  单位资金:\n    当年:\n    上年:\n"))
    page = window(TARGET)
    fold = page.locator("#findings details.hole")
    assert fold.get_attribute("open") is None
    assert fold.locator("summary .count").inner_text() == "3"
    assert page.locator("#findings .finding.hole").count() == 2  # one says both of a row
    seen = []
    for _ in range(4):
        page.get_by_role("button", name="下一个没有填的").click()
        seen.append(page.evaluate("document.activeElement.closest('.slot').dataset.slot"))
    assert seen[0] == seen[3]
    assert len(set(seen)) == 3
    assert page.locator("main .slot.found.hole").count() == 3


def test_a_computed_cell_shows_its_formula_and_leads_to_its_figures(window):
    page = window(TARGET)
    cell = page.locator("main .slot.figure", has_text="100%").first
    cell.click()
    page.wait_for_selector("#help .how")
    assert "收入构成·财政拨款·当年 ÷ 收入构成·合计·当年 × 100" in page.locator("#help .how").inner_text()
    cell.press("Enter")
    assert page.evaluate("document.activeElement.id") == "help"
    page.locator("#help .sources button", has_text="当年").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main .slot.editing")
    assert page.evaluate("document.activeElement.closest('tr').textContent").strip().startswith("收入")


def test_a_figure_of_another_file_leads_to_its_window(window):
    page = window(SCORED)
    page.locator("main .slot.figure", has_text="12000").first.click()
    link = page.locator("#help .sources a")
    link.wait_for()
    link.click()
    page.wait_for_selector("main .slot.editing")
    assert page.evaluate("document.body.dataset.file") == TARGET
    assert page.locator("main .slot.editing").inner_text() == "≥12000卷（件）"


def test_a_figure_that_is_not_printed_is_explained_in_its_turn(window):
    page = window(SCORED)
    page.locator("main .slot.figure", has_text="98.28").first.click()
    page.locator("#help .sources button", has_text="指标得分").click()
    page.wait_for_selector("#help h2:text('指标得分')")
    assert page.locator("#help .sources li").count() > 20
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "98.28"


def test_a_finding_about_another_file_opens_it(window, rewritten):
    rewritten(TARGET, ("填报人: ", "填报人: # "))
    page = window(SCORED)
    page.get_by_role("button", name=f"打开 {TARGET}").click()
    page.wait_for_selector("main .slot.found.hole")
    assert page.evaluate("document.body.dataset.file") == TARGET


def test_a_claim_is_shown_and_can_be_removed(window, root, rewritten):
    rewritten(TARGET, ("填报人: ", "前年: 2023\n填报人: "))
    page = window(TARGET)
    page.locator("main .slot.figure", has_text="2023").first.click()
    page.get_by_role("button", name="删掉写着的").click()
    until(page, "!document.querySelector('#help .claim')")
    saved(page)
    assert "前年" not in document(root, TARGET).document.data


def test_how_a_target_is_understood_is_told_while_it_is_typed(window):
    page = window(TARGET)
    page.locator("main .slot.measure", has_text="≥5000人次").first.click()
    page.wait_for_selector("#help .understood .part")
    page.keyboard.press("Control+a")
    page.keyboard.type("不少于1.2万人次")
    until(page, "document.querySelector('#help .understood').textContent.includes('1.2')")
    text = page.locator("#help .understood").inner_text()
    assert "≥" in text and "12000人次" in text
    page.keyboard.press("Control+a")
    page.keyboard.type("稳步提升")
    page.wait_for_selector("#help .understood .trouble")
    assert "上年：" in page.locator("#help").inner_text()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_help_lies_over_no_cell_that_is_edited(window, width):
    page = window(TARGET, viewport={"width": width, "height": 800})
    cells = page.locator("main .slot.text[role], main .slot.measure[role], main .slot.number[role]")
    for number in range(0, cells.count(), 25):
        cells.nth(number).click()
        page.wait_for_selector("#help .from")
        page.wait_for_timeout(80)
        overlap = page.evaluate(
            """() => { const a = document.querySelector('.editing').getBoundingClientRect(),
                       b = document.querySelector('#help').getBoundingClientRect();
                return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1 }"""
        )
        assert not overlap, number
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")


def test_a_cell_knows_where_it_stands_in_the_file(window, root):
    page = window(TARGET)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("main .slot.measure", has_text="≥5000人次").first.click()
    place = page.locator("#help .from button")
    place.wait_for()
    place.click()
    until(page, "document.getElementById('told').textContent.includes('已复制')")
    copied = page.evaluate("navigator.clipboard.readText()")
    file, line, column = copied.rsplit(":", 2)
    assert file == TARGET
    assert (root / TARGET).read_text("utf-8").splitlines()[int(line) - 1][int(column) - 1 :].startswith("≥5000人次")
    assert page.locator("#help .from a").get_attribute("href").startswith("vscode://file/")
    assert page.evaluate("!!document.querySelector('.editing')")


def test_members_that_people_name_are_added_and_removed_below_the_form(window, root):
    page = window(TARGET)
    fold = page.locator("details", has=page.locator("summary", has_text="允许公开的内容"))
    fold.locator("summary").click()
    fold.locator("input[name=name]").fill("13800000000")
    fold.locator("input[name=text]").fill("公开的服务热线")
    fold.get_by_role("button", name="加一条").click()
    page.wait_for_selector("[data-rename*='13800000000']")
    assert document(root, TARGET).document.data["允许公开的内容"] == {"13800000000": "公开的服务热线"}
    fold.get_by_role("button", name="删掉“13800000000”").click()
    until(page, "!document.querySelector('[data-rename*=\"13800000000\"]')")
    assert not document(root, TARGET).document.data.get("允许公开的内容")


def test_a_member_that_people_named_gets_another_name(window, root):
    page = window(WARNED)
    name = page.locator("[data-rename*='Y03'], input[value=Y03]").first
    name.fill("Y03 换了名称")
    name.press("Enter")
    until(page, "!document.querySelector('input[value=Y03]')")
    reasons = document(root, WARNED).document.data["审核说明"]
    assert "Y03" not in reasons
    assert reasons["Y03 换了名称"].startswith("样例")
    taken = page.locator("input[value='Y03 换了名称']")
    taken.fill("B08")
    taken.press("Enter")
    until(page, "document.getElementById('told').textContent.includes('已经有')")
    assert taken.input_value() == "Y03 换了名称"
    page.said.clear()  # the browser tells of the answer that refused it


def test_rows_below_the_form_are_begun_added_and_removed(window, root):
    page = window(TARGET)
    fold = page.locator("details", has=page.locator("summary", has_text="更正记录"))
    fold.locator("summary").click()
    fold.locator(".slot").first.click()
    page.keyboard.type("2026-01-05")
    page.keyboard.press("Tab")
    fold.get_by_role("button", name="加一条").click()
    fold.locator("fieldset").nth(1).wait_for()
    assert document(root, TARGET).document.data["更正记录"][0]["日期"] == "2026-01-05"
    fold.get_by_role("button", name="删掉这一条").last.click()
    until(page, "document.querySelectorAll('#rest fieldset').length === 1")
    assert len(document(root, TARGET).document.data["更正记录"]) == 1


def test_what_the_form_does_not_have_is_shown_and_can_be_deleted(window, root, rewritten):
    rewritten(TARGET, ("填报人: ", "没有的名称: 多余的\n填报人: "))
    page = window(TARGET)
    stranger = page.locator(".strangers .entry", has_text="没有的名称")
    assert "多余的" in stranger.inner_text()
    page.locator("#findings .error button.there", has_text="没有的名称").click()
    assert page.evaluate("!!document.activeElement.closest('.strangers')")
    stranger.get_by_role("button").click()
    until(page, "!document.querySelector('.strangers')")
    assert "没有的名称" not in document(root, TARGET).document.data


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("source", [WARNED, SCORED])
def test_nothing_shuts_readers_out(browser, served, source, scheme):
    page = browser.new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page.goto(served.window(source))
    page.wait_for_selector("main .slot")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.locator("main .slot.figure").first.click()
    page.wait_for_selector("#help .from")
    page.add_script_tag(path=str(TOOLS / "axe-core/axe.min.js"))
    found = page.evaluate("axe.run({include: [['#findings'], ['#rest'], ['#help']]})")
    page.close()
    assert [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in found["violations"]] == []


def test_messages_name_buttons_and_no_commands(served, root):
    for source in (WARNED, TARGET, SCORED):
        text = served.view(source)["html"]["findings"]
        assert "perfgen " not in text
        assert "里写一行" not in text
    levels = [one.level for one in check.check_filing(document(root, WARNED))]
    assert Level.WARNING in levels


def test_what_need_not_be_filled_in_is_left_out_with_a_button(window, root, rewritten):
    rewritten(TARGET, ("填报人: ", "填报人: # "), ("收入构成:\n", "收入构成:\n  单位资金:\n    当年:\n    上年:\n"))
    page = window(TARGET)
    page.locator("#findings details.hole > summary").click()
    hole = page.locator("#findings .finding.hole", has_text="单位资金").first
    hole.get_by_role("button", name="不填").click()
    until(page, "!document.querySelector('#findings').textContent.includes('单位资金')")
    assert "单位资金" not in document(root, TARGET).document.data["收入构成"]
    assert page.locator("#findings .finding.hole [data-edit]").count() == 0
    assert page.locator("#findings .finding.hole").count() == 1


def test_all_that_need_not_be_filled_in_is_left_out_at_once(window, root, rewritten):
    rewritten(TARGET, ("填报人: ", "填报人: # "), ("收入构成:\n", "收入构成:\n  单位资金:\n    当年:\n    上年:\n"))
    before = (root / TARGET).read_bytes()
    page = window(TARGET)
    page.get_by_role("button", name="可以不填的都不填").click()
    until(page, "document.querySelectorAll('#findings [data-edit]').length === 0")
    assert "单位资金" not in document(root, TARGET).document.data["收入构成"]
    page.keyboard.press("Control+z")
    until(page, "document.querySelectorAll('#findings [data-edit]').length > 0")
    assert (root / TARGET).read_bytes() == before
